"""Writes drawings a moment after the last change, and says when that does not work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.services.drawings.shelf import DrawingShelf
    from tradedesk.ui.chart.panel import ChartPanel

DELAY_MS = 800


class DrawingKeeper(QObject):
    """One writer for the drawings of all charts.

    Parameters
    ----------
    shelf : DrawingShelf
        All books.
    say : callable
        Shows a sentence: its level, then its words.
    """

    def __init__(
        self, shelf: DrawingShelf, say: Callable[[str, str], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(shelf.flush)
        shelf.on_change = self._timer.start
        shelf.on_trouble = lambda sentence: say("warning", sentence)

    def wire(self, chart: ChartPanel) -> None:
        """Let one more chart show and change the drawings of its contract."""
        chart.drawings.keep_in(self._shelf)

    def stop(self) -> None:
        """Write now what is not written yet."""
        self._timer.stop()
        self._shelf.flush()
        self._shelf.on_change = lambda: None
