"""Holds the settings in use and writes them a moment after the last change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.ui.settings import DeskSettings

DELAY_MS = 800


class SettingsKeeper(QObject):
    """One writer for all panels."""

    def __init__(
        self, settings: DeskSettings, save: Callable[[DeskSettings], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._now = settings
        self._saved = settings
        self._save = save
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.flush)

    @property
    def now(self) -> DeskSettings:
        """The settings in use."""
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
