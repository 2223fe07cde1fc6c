"""Open profit and loss; a click shows it in another unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from tradedesk.ui.theme import fonts
from tradedesk.ui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget

    from tradedesk.ui.theme.current import Tone

UNITS = ("dollars", "ticks", "points")


class ProfitLabel(NumberLabel):
    """Shows one of three texts: dollars of the position, ticks or points of a contract.

    Signals
    -------
    unit_changed(str)
        The user took another unit, one of `UNITS`.
    """

    unit_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("+$100,000.00", fonts.figure(), parent=parent)
        self._texts = ("", "", "")
        self._unit = UNITS[0]

    @property
    def unit(self) -> str:
        """What is shown, one of `UNITS`."""
        return self._unit

    def choose(self, unit: str) -> None:
        """Show another unit; an unknown one leaves things as they are."""
        if unit in UNITS:
            self._unit = unit
            self.show_texts(self._texts, self.tone)

    def show_texts(self, texts: tuple[str, str, str], tone: Tone) -> None:
        """The profit in dollars, ticks and points; empty texts for none."""
        self._texts = texts
        text = texts[UNITS.index(self._unit)]
        self.show_text(text, tone)
        pointer = Qt.CursorShape.PointingHandCursor if text else Qt.CursorShape.ArrowCursor
        if self.cursor().shape() is not pointer:
            self.setCursor(pointer)
            tip = "Open profit. A click shows dollars, ticks or points of a contract"
            self.setToolTip(tip if text else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the next unit."""
        if event.button() is not Qt.MouseButton.LeftButton or not self.text:
            super().mousePressEvent(event)
            return
        self.choose(UNITS[(UNITS.index(self._unit) + 1) % len(UNITS)])
        self.unit_changed.emit(self._unit)
