"""What a click would place: the aim line, and the phantom of a market order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF

from tradedesk.ui.chart import inks
from tradedesk.ui.chart.chips import CHIP
from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.primitives import Texts, dashes, pen
from tradedesk.ui.theme.fonts import MEDIUM, SEMIBOLD, ui_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.domain.order import Side
    from tradedesk.ui.chart.inks import Ink
    from tradedesk.ui.chart.marks import Phantom
    from tradedesk.ui.chart.model import ChartModel

_LABEL_PX = 12
_LABEL_HEIGHT = 20.0


@dataclass(frozen=True, slots=True)
class AimMark:
    """A dashed line, its label beside the pointer at `x`.

    `refused` when a click there would place nothing, `pressed` while the button is down.
    """

    ticks: int
    x: float
    label: str
    side: Side
    refused: bool = False
    pressed: bool = False


class AimItem(PaneItem):
    """Draws at most one aim line and the lines of a phantom."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._mark: AimMark | None = None
        self.hide()
        self.restyle()

    def restyle(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._texts = Texts(ui_font(_LABEL_PX, MEDIUM))
        self._bold = Texts(ui_font(_LABEL_PX, SEMIBOLD))

    @property
    def mark(self) -> AimMark | None:
        """What is shown."""
        return self._mark

    def show_mark(self, mark: AimMark | None) -> None:
        """Show another aim line."""
        if mark == self._mark:
            return
        self._update_rows()
        self._mark = mark
        self.setVisible(mark is not None or self.model.phantom is not None)
        self._update_rows()

    def show_phantom(self, phantom: Phantom | None) -> None:
        """Show what a market order would make."""
        self.model.phantom = phantom
        self.setVisible(self._mark is not None or phantom is not None)
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Phantom first, aim over it."""
        phantom = self.model.phantom
        if phantom is not None:
            levels = (
                (phantom.stop_ticks, inks.STOP, "Stop"),
                (phantom.target_ticks, inks.TARGET, "Target"),
                (phantom.entry_ticks, inks.of_side(phantom.side), f"{phantom.side.word} market"),
            )
            for ticks, ink, word in levels:
                if ticks is not None:
                    self._paint_level(painter, ticks, ink, word)
        if self._mark is not None:
            ink = inks.MOVING if self._mark.refused else inks.of_side(self._mark.side)
            width = 2 if self._mark.pressed else 1
            self._paint_level(painter, self._mark.ticks, ink, self._mark.label, width)

    def _paint_level(
        self, painter: QPainter, ticks: int, ink: Ink, label: str, width: int = 1
    ) -> None:
        pane, axis = self.model.panes.price, self.model.panes.price_axis
        y = self.model.y_line(ticks)
        if not pane.top() <= y < pane.bottom():
            return
        painter.setPen(dashes(ink.line, *(ink.dash or (4, 4)), width))
        painter.drawLine(QLineF(pane.left(), y, pane.right() - 1, y))
        box = self._label_box(y, label)
        paint_box(painter, box, ink.ground, ink.line)
        painter.setPen(pen("tx"))
        painter.setFont(self._texts.font)
        self._texts.draw_centred(painter, box, label)
        chip = QRectF(axis.left() + 2, y - CHIP / 2, axis.width() - 4, CHIP)
        paint_box(painter, chip, ink.line)
        painter.setPen(pen("on_chip"))
        painter.setFont(self._bold.font)
        top = chip.top() + (CHIP - self._bold.height()) / 2
        self._bold.draw_right(painter, chip.right() - 5, top, self.model.price_text(ticks))

    def _label_box(self, y: float, label: str) -> QRectF:
        """Beside the pointer; without one at the left, away from tags and newest bars."""
        pane = self.model.panes.price
        width = round(self._texts.width(label)) + 16
        x = 0.0 if self._mark is None else self._mark.x
        left = max(pane.left() + 12, min(round(x) + 14, pane.right() - width - 8))
        top = y - _LABEL_HEIGHT - 4
        if top < pane.top() + 2:
            top = y + 5
        return QRectF(left, top, width, _LABEL_HEIGHT)

    def _update_rows(self) -> None:
        if self._mark is not None:
            y = self.model.y_line(self._mark.ticks)
            self.update(QRectF(self.area.left(), y - 28, self.area.width(), 56))
