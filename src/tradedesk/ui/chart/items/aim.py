"""What a click would place: the aim line with its label and chip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF

from tradedesk.ui.chart import inks
from tradedesk.ui.chart.chips import CHIP
from tradedesk.ui.chart.items.base import LowerLayer, PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.label_places import free_place, rows_of
from tradedesk.ui.chart.primitives import Texts, dashes, pen
from tradedesk.ui.theme.fonts import MEDIUM, SEMIBOLD, ui_font

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.domain.order import Side
    from tradedesk.ui.chart.inks import Ink
    from tradedesk.ui.chart.model import ChartModel

_LABEL_PX = 12
_ROW = 16.0
_PAD = 2.0
_SIDE = 8.0


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
    taken : callable
        Boxes that the label keeps clear of.
    """

    def __init__(self, model: ChartModel, z: float, below_z: float) -> None:
        super().__init__(model, z)
        self.below = LowerLayer(self, below_z, self._paint_line)
        self.taken: Callable[[], list[QRectF]] = list
        self._mark: AimMark | None = None
        self._rows: list[str] = []
        self._box = QRectF()
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
    def label_box(self) -> QRectF:
        """Where its label stands; empty while there is none."""
        return self._box

    @property
    def mark(self) -> AimMark | None:
        """What is shown."""
        return self._mark

    def show_mark(self, mark: AimMark | None) -> None:
        """Show another aim line; None for none."""
        if mark != self._mark:
            self._update_rows()
            self._mark = mark
            self.setVisible(mark is not None)
            self.below.setVisible(mark is not None)
            self._update_rows()
        self.settle()

    def settle(self) -> None:
        """Place the label anew: what it keeps clear of may stand elsewhere."""
        before, mark = self._box, self._mark
        if mark is None and before.isEmpty():
            return
        self._box = QRectF() if mark is None else self._lay_out(mark)
        if before != self._box:
            self._update_label(before)
            self._update_label(self._box)

    def view_changed(self) -> None:
        """Prices stand elsewhere."""
        self.settle()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Label beside the pointer, chip on the axis."""
        mark = self._mark
        if mark is None:
            return
        ink = self._ink(mark)
        y = self.model.y_line(mark.ticks)
        box = self._box
        paint_box(painter, box, ink.ground, ink.line)
        painter.setPen(pen("tx"))
        painter.setFont(self._texts.font)
        for at, row in enumerate(self._rows):
            top = box.top() + _PAD + at * _ROW
            self._texts.draw_centred(painter, QRectF(box.left(), top, box.width(), _ROW), row)
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

    def _lay_out(self, mark: AimMark) -> QRectF:
        """The label above the line, else below; in rows where the pane is narrow."""
        pane, y = self.model.panes.price, self.model.y_line(mark.ticks)
        self._rows = rows_of(mark.label, pane.width() - 2 * _SIDE - 8, self._texts)
        width = round(max(self._texts.width(row) for row in self._rows)) + 2 * _SIDE
        height = len(self._rows) * _ROW + 2 * _PAD
        left = max(pane.left() + 4, min(round(mark.x) + 14, pane.right() - width - 8))
        above = QRectF(left, y - height - 4, width, height)
        wishes = [above, above.translated(0, height + 9)]
        if above.top() < pane.top() + 2:
            wishes.reverse()
        return free_place(wishes, self.taken(), pane)

    def _update_rows(self) -> None:
        if self._mark is not None:
            y = self.model.y_line(self._mark.ticks)
            self.update(QRectF(self.area.left(), y - CHIP, self.area.width(), 2 * CHIP))
            self._update_label(self._box)

    def _update_label(self, box: QRectF) -> None:
        if not box.isEmpty():
            self.update(box.adjusted(-1, -1, 1, 1))
