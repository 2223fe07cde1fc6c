"""Holds what the window remembers and writes it a moment after the last change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.ui.memory import WindowMemory

DELAY_MS = 800


class MemoryKeeper(QObject):
    """One writer for all panels."""

    def __init__(
        self, memory: WindowMemory, save: Callable[[WindowMemory], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._now = memory
        self._saved = memory
        self._save = save
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.flush)

    @property
    def now(self) -> WindowMemory:
        """How the window stands."""
        return self._now

    def change(self, **members: Any) -> None:
        """Replace members; written soon, once for many changes."""
        self._now = msgspec.structs.replace(self._now, **members)
        if self._now != self._saved:
            self._timer.start()

    def flush(self) -> None:
        """Write now if anything changed."""
        self._timer.stop()
        if self._now != self._saved:
            self._saved = self._now
            self._save(self._now)
