"""Keys 1 to 5 take a size preset while the pointer is over the ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

MOST = 5


class PresetKeys(QObject):
    """Switches the keys on with the pointer's coming and off with its going.

    Elsewhere a digit belongs to the chart, which takes it for a bar size, or to the field that is
    being typed in.

    Parameters
    ----------
    panel : QWidget
        What the pointer has to be over.
    take : callable
        Told the place of the preset, from 0.
    count : int
        How many presets there are.
    """

    def __init__(self, panel: QWidget, take: Callable[[int], None], count: int) -> None:
        super().__init__(panel)
        self._keys = []
        for at in range(min(count, MOST)):
            key = QShortcut(QKeySequence(str(at + 1)), panel)
            key.setAutoRepeat(False)
            key.setEnabled(False)
            key.activated.connect(lambda at=at: take(at))
            self._keys.append(key)
        panel.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pointer."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.Hide):
            for key in self._keys:
                key.setEnabled(event.type() == QEvent.Type.Enter)
        return False
