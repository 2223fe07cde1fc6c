"""What a click would place: the aim line with its label and chip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF

from tradedesk.ui.chart import inks
from tradedesk.ui.chart.chips import CHIP
from tradedesk.ui.chart.items.base import LowerLayer, PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.primitives import Texts, dashes, pen
from tradedesk.ui.theme.fonts import MEDIUM, SEMIBOLD, ui_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.domain.order import Side
    from tradedesk.ui.chart.inks import Ink
    from tradedesk.ui.chart.model import ChartModel

_LABEL_PX = 12
_LABEL_HEIGHT = 20.0


@dataclass(frozen=True, slots=True)
class AimMark:
    """A dashed line, its label beside the pointer at `x`.

    `refused` when a click there would place nothing, `pressed` while the button is down. `ink` is
    that of the side unless given.
    """

    ticks: int
    x: float
    label: str
    side: Side
    refused: bool = False
    pressed: bool = False
    ink: Ink | None = None


class AimItem(PaneItem):
    """The label and the chip of the aim line; the line itself is drawn by `below`.

    Attributes
    ----------
    below : LowerLayer
        To be put into the scene as well, under the tags.
    """

    def __init__(self, model: ChartModel, z: float, below_z: float) -> None:
        super().__init__(model, z)
        self.below = LowerLayer(self, below_z, self._paint_line)
        self._mark: AimMark | None = None
        self.hide()
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._texts = Texts(ui_font(_LABEL_PX, MEDIUM))
        self._bold = Texts(ui_font(_LABEL_PX, SEMIBOLD))

    @property
    def price_chip(self) -> QRectF | None:
        """Where its chip on the price axis stands; None while it has none."""
        return None if self._mark is None else self._chip_box(self.model.y_line(self._mark.ticks))

    @property
    def mark(self) -> AimMark | None:
        """What is shown."""
        return self._mark

    def show_mark(self, mark: AimMark | None) -> None:
        """Show another aim line; None for none."""
        if mark == self._mark:
            return
        self._update_rows()
        self._mark = mark
        self.setVisible(mark is not None)
        self.below.setVisible(mark is not None)
        self._update_rows()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Label beside the pointer, chip on the axis."""
        mark = self._mark
        if mark is None:
            return
        ink = self._ink(mark)
        y = self.model.y_line(mark.ticks)
        box = self._label_box(y, mark)
        paint_box(painter, box, ink.ground, ink.line)
        painter.setPen(pen("tx"))
        painter.setFont(self._texts.font)
        self._texts.draw_centred(painter, box, mark.label)
        chip = self._chip_box(y)
        paint_box(painter, chip, ink.line)
        painter.setPen(pen("on_chip"))
        painter.setFont(self._bold.font)
        top = chip.top() + (CHIP - self._bold.height()) / 2
        self._bold.draw_right(painter, chip.right() - 5, top, self.model.price_text(mark.ticks))

    def _paint_line(self, painter: QPainter) -> None:
        mark = self._mark
        if mark is None:
            return
        pane, ink = self.model.panes.price, self._ink(mark)
        y = self.model.y_line(mark.ticks)
        painter.setPen(dashes(ink.line, *(ink.dashes or (4, 4)), 2 if mark.pressed else 1))
        painter.drawLine(QLineF(pane.left(), y, pane.right() - 1, y))

    def _chip_box(self, y: float) -> QRectF:
        axis = self.model.panes.price_axis
        return QRectF(axis.left() + 2, y - CHIP / 2, axis.width() - 4, CHIP)

    def _ink(self, mark: AimMark) -> Ink:
        return inks.MOVING if mark.refused else mark.ink or inks.of_side(mark.side)

    def _label_box(self, y: float, mark: AimMark) -> QRectF:
        pane = self.model.panes.price
        width = round(self._texts.width(mark.label)) + 16
        left = max(pane.left() + 12, min(round(mark.x) + 14, pane.right() - width - 8))
        top = y - _LABEL_HEIGHT - 4
        if top < pane.top() + 2:
            top = y + 5
        return QRectF(left, top, width, _LABEL_HEIGHT)

    def _update_rows(self) -> None:
        if self._mark is not None:
            y = self.model.y_line(self._mark.ticks)
            self.update(QRectF(self.area.left(), y - 28, self.area.width(), 56))
