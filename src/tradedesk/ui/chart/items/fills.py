"""Small triangles where our orders were filled; one for many where there is no room."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from tradedesk.domain.order import Side
from tradedesk.ui.chart.fill_groups import FillGroup, bars_a_mark, group_fills
from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_HALF = (5.0, 6.0)
_TALL = (8.0, 10.0)
_EDGE = 1.5


class PlacedFill(NamedTuple):
    """A mark in view and the pixels that it takes."""

    group: FillGroup
    box: QRectF


class FillItem(PaneItem):
    """▲ below the price of a buy, ▼ above that of a sell, its tip at the price."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._rows: list[int] = []
        self._groups: list[FillGroup] = []
        self._bars = 0
        self._placed: tuple[int, list[PlacedFill]] | None = None

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    def locate(self) -> None:
        """Find the bar of each fill anew."""
        moments = np.array([mark.ts_ns for mark in self.model.fills], np.int64)
        rows = np.searchsorted(self.model.series.ts_ns, moments, side="right") - 1
        self._rows = rows.tolist()
        self._bars, self._placed = 0, None
        self.setVisible(bool(self._rows))
        self.update()

    def bars_exchanged(self) -> None:
        """The fills stand at other rows."""
        if self.model.fills:
            self.locate()

    def placed(self) -> list[PlacedFill]:
        """Marks in view, worked out once for a view."""
        model = self.model
        if self._placed is None or self._placed[0] != model.stamp:
            bars = bars_a_mark(model.viewport.spacing)
            if bars != self._bars:
                self._bars = bars
                self._groups = group_fills(model.fills, self._rows, bars)
            first, stop = model.viewport.visible_rows()
            shown = [self._place(one) for one in self._groups if first <= one.row < stop]
            self._placed = (model.stamp, shown)
        return self._placed[1]

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Copies of the two pictures; an edge in the ground colour keeps them off candles."""
        if not self._rows:
            return
        painter.save()
        painter.setClipRect(self.area, Qt.ClipOperation.IntersectClip)
        for one in self.placed():
            if not self.model.exposure.touches(one.box):
                continue
            shows = ("fill", one.group.side, len(one.group.fills) > 1)
            face = partial(_paint_mark, one.group.side)
            self.model.stamps.draw(painter, one.box, self.model.ratio, shows, face)
        painter.restore()

    def _place(self, group: FillGroup) -> PlacedFill:
        many = len(group.fills) > 1
        half, tall = _HALF[many], _TALL[many]
        x = self.model.x_line(group.row)
        y = self.model.y_line(group.price_ticks)
        top = y - _EDGE if group.side is Side.BUY else y + 1 - tall - _EDGE
        box = QRectF(x - half - 1, round(top - 0.5), 2 * half + 3, tall + 4)
        return PlacedFill(group, box)


def _paint_mark(side: Side, painter: QPainter, box: QRectF) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(color("bg0"), _EDGE))
    painter.setBrush(color("buy_text" if side is Side.BUY else "sell_text"))
    middle, half = box.width() / 2, box.width() / 2 - 1.5
    tip, base = (2.0, box.height() - 2) if side is Side.BUY else (box.height() - 2, 2.0)
    painter.drawPolygon(
        QPolygonF(
            [QPointF(middle, tip), QPointF(middle + half, base), QPointF(middle - half, base)]
        )
    )
