"""Price labels and chips at the right."""

from __future__ import annotations

from functools import partial, reduce
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from tradedesk.ui.chart.chips import CHIP, Chip, place_chips
from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.panes import LEAST_AXIS_WIDTH
from tradedesk.ui.chart.primitives import Texts, pen
from tradedesk.ui.theme.current import color, palette
from tradedesk.ui.theme.fonts import REGULAR, SEMIBOLD, ui_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_LABEL_PX = 12
_SECOND_PX = 11
_RADIUS = 2.0
_CHIP_PAD = 5.0
_HAIRLINE = 4.0
_RIGHT_GAP = 2 + _CHIP_PAD
_ARROW = 7.0


class PriceAxis(PaneItem):
    """Labels at round prices; one that would touch a chip is left out."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._chips: list[tuple[Chip, QRectF]] = []
        self._held: QRectF | None = None
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._labels = Texts(ui_font(_LABEL_PX, REGULAR))
        self._bold = Texts(ui_font(_LABEL_PX, SEMIBOLD))
        self._second = Texts(ui_font(_SECOND_PX, REGULAR))
        self._label_pen, self._chip_pen = pen("tx3"), pen("on_chip")
        self._arrow_room = _ARROW + 3 if palette().shapes else 0.0

    def area_in(self, panes: Panes) -> QRectF:
        """Beside the price pane."""
        return panes.price_axis

    def width_for(self, model: ChartModel) -> float:
        """Width that the longest price of the series needs, in steps of 4 pixels."""
        # Every digit is as wide as any other, so the newest price stands for those of its length.
        highest = model.series.high[-1] if len(model.series) else model.viewport.y_high
        digits = max((model.price_text(int(highest)), model.price_text(0)), key=len)
        needed = self._bold.width(digits) + 4 + 2 * _CHIP_PAD + self._arrow_room
        return max(LEAST_AXIS_WIDTH, 4.0 * ceil(needed / 4))

    @property
    def chips(self) -> list[tuple[Chip, QRectF]]:
        """As placed last, the most important one first."""
        return self._chips

    @property
    def held(self) -> QRectF | None:
        """Where the pointer's own chip is; None while it has none."""
        return self._held

    def show_chips(self, chips: list[Chip], held: QRectF | None = None) -> None:
        """Place these chips and repaint what changed; `held` is where the pointer's own one is."""
        placed = place_chips(chips, self.area, held)
        if (placed, held) == (self._chips, self._held):
            return
        old, self._chips = self._chips, placed
        changed = [pair for pair in (*old, *placed) if pair not in old or pair not in placed]
        # labels above and below make room for a chip
        rects = [self._touched(*pair) | pair[1].adjusted(-2, -CHIP, 2, CHIP) for pair in changed]
        if held != self._held:
            rects += [box.adjusted(-2, -CHIP, 2, CHIP) for box in (held, self._held) if box]
            self._held = held
        # one rectangle: more would cut the strip of the newest bar, which is repainted as well,
        # into more pieces
        self.update(reduce(QRectF.united, rects, QRectF()))

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Labels first, chips over them."""
        dirty = self.model.exposure.within(self.rect())
        if dirty.isEmpty():
            return
        self._paint_labels(painter, dirty)
        for chip, box in reversed(self._chips):
            if self._touched(chip, box).intersects(dirty):
                self._paint_chip(painter, chip, box)

    def place(self, area: QRectF) -> None:
        """Cover the axis, and of the pane beside it what hairlines of shifted chips take."""
        super().place(area)
        self.setRect(area.adjusted(-_HAIRLINE, 0, 0, 0))

    def _touched(self, chip: Chip, box: QRectF) -> QRectF:
        """The box of a chip with its hairline, if it has one: that reaches into the pane."""
        around = box.adjusted(-1, -1, 2, 1)
        if not _is_shifted(chip, box):
            return around
        line = QRectF(self.area.left() - _HAIRLINE, chip.y - 2, 2 * _HAIRLINE, 4)
        return around | line

    def _paint_labels(self, painter: QPainter, dirty: QRectF) -> None:
        model, height = self.model, self._labels.height()
        right, bottom = self.area.right() - _RIGHT_GAP, model.panes.price.bottom()
        painter.setFont(self._labels.font)
        painter.setPen(self._label_pen)
        first, last = max(2.0, dirty.top() - height), min(bottom - height, dirty.bottom())
        boxes = [box for _, box in self._chips]
        boxes += [self._held] if self._held is not None else []
        taken = [(box.top() + 2 - height, box.bottom() - 2) for box in boxes]
        for mark in model.price_marks():
            top = mark.y - height / 2
            if first <= top <= last and not any(low < top < high for low, high in taken):
                self._labels.draw_right(painter, right, top, mark.text)

    def _paint_chip(self, painter: QPainter, chip: Chip, box: QRectF) -> None:
        if _is_shifted(chip, box):
            middle = box.top() + CHIP / 2
            painter.setPen(pen(chip.ground))
            painter.drawLine(QLineF(self.area.left() - _HAIRLINE + 1, chip.y, box.left(), middle))
        shows = ("chip", chip.text, chip.ground, chip.second, chip.urgent, chip.arrow)
        self.model.stamps.draw(
            painter, box, self.model.ratio, shows, partial(self._paint_face, chip)
        )

    def _paint_face(self, chip: Chip, painter: QPainter, box: QRectF) -> None:
        paint_box(painter, box, chip.ground)
        if chip.second:
            self._paint_second(painter, chip, box)
        if chip.arrow:
            _paint_arrow(painter, box, chip.arrow)
        painter.setPen(self._chip_pen)
        painter.setFont(self._bold.font)
        top = box.top() + (CHIP - self._bold.height()) / 2
        self._bold.draw_right(
            painter, box.right() - _CHIP_PAD, top + (chip.second != ""), chip.text
        )

    def _paint_second(self, painter: QPainter, chip: Chip, box: QRectF) -> None:
        row = QRectF(box.left(), box.top() + CHIP, box.width(), box.height() - CHIP)
        if chip.urgent:
            painter.fillRect(row, color("warn"))
        painter.setPen(self._chip_pen)
        painter.setFont(self._second.font)
        top = row.top() + (row.height() - self._second.height()) / 2 - 1
        self._second.draw_right(painter, row.right() - _CHIP_PAD, top, chip.second)


def _is_shifted(chip: Chip, box: QRectF) -> bool:
    """Whether a chip does not stand at its price."""
    return abs(box.top() + CHIP / 2 - chip.y) > 1


def paint_box(painter: QPainter, box: QRectF, ground: str, border: str | None = None) -> None:
    """A box with slightly rounded corners, filled, with or without a border of one pixel."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(color(ground))
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
    else:
        # As wide as it is inset at every scale: a cosmetic line would be half as wide at 2.
        painter.setPen(QPen(color(border), 1.0))
        inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(inner, _RADIUS + 1, _RADIUS + 1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_arrow(painter: QPainter, box: QRectF, up: int) -> None:
    """A small triangle at the left of a chip, +1 up or -1 down."""
    left, middle, tall = box.left() + _CHIP_PAD - 1, box.top() + CHIP / 2, up * _ARROW / 2
    points = [QPointF(left, middle + tall), QPointF(left + _ARROW, middle + tall)]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color("on_chip"))
    painter.drawPolygon(QPolygonF([*points, QPointF(left + _ARROW / 2, middle - tall)]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
