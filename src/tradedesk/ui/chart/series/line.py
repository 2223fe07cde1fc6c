"""A line through the closes, one box a pixel column."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF

from tradedesk.ui.chart.series.closes import Closes
from tradedesk.ui.chart.series.painter import SeriesPainter
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from tradedesk.ui.chart.columns import Shapes
    from tradedesk.ui.chart.model import ChartModel

_THICK = 1.5


class CloseLine(SeriesPainter):
    """No pixel column leaves out a close, however many bars it holds."""

    def __init__(self, model: ChartModel) -> None:
        self._closes = Closes(model)
        super().__init__(model)

    def extent(self) -> tuple[int, int] | None:
        """The lowest and the highest close: highs and lows of bars are not drawn."""
        model = self.model
        if model.xmap.scale < 1.0:
            found = self._closes.shapes((0, ceil(model.panes.price.width() * model.ratio)))
            return None if found is None else (int(found.low.min()), int(found.high.max()))
        start, stop = model.viewport.visible_rows()
        closes = model.series.close[start:stop]
        return (int(closes.min()), int(closes.max())) if len(closes) else None

    def paint(self, painter: QPainter, span: tuple[int, int]) -> None:
        """Fill the boxes of the line."""
        boxes = self.boxes(span)
        self.buffer.fill_all(painter, boxes, color("accent"))

    def newest_strip(self, area: QRectF) -> QRectF:
        """From the bar before on: the line to the newest close turns with it."""
        newest = super().newest_strip(area)
        model = self.model
        left = model.x_line(len(model.series) - 2) - 3.0
        return (newest | QRectF(left, newest.top(), 1, newest.height())) & area

    def boxes(self, span: tuple[int, int]) -> NDArray[np.int32]:
        """The line in a span of pixel columns, one box each; int32, shape (n, 4)."""
        found = self._closes.shapes(self.wider(span))
        if found is None:
            return np.empty((0, 4), np.int32)
        single = self.model.xmap.scale >= 1.0
        boxes = self._sloped(found, span) if single else self._upright(found)
        thick = max(1, round(_THICK * self.model.ratio))
        boxes[:, 1] -= (thick - 1) // 2
        boxes[:, 3] += thick // 2
        return boxes

    def _sloped(self, found: Shapes, span: tuple[int, int]) -> NDArray[np.int32]:
        """Straight from close to close; a column holds what lies between its two edges."""
        x, y = found.x, self.model.ymap.rows(found.close)
        first, stop = max(span[0], int(x[0])), min(span[1], int(x[-1]) + 1)
        if stop <= first:
            return np.empty((0, 4), np.int32)
        columns = np.arange(first, stop + 1)
        edges = np.rint(np.interp(columns - 0.5, x, y)).astype(np.int32)
        boxes = _columns(columns[:-1], np.minimum(edges[:-1], edges[1:]))
        np.maximum(edges[:-1], edges[1:], out=boxes[:, 3])
        inside = (x >= first) & (x < stop)
        at, corner = x[inside] - first, y[inside]
        boxes[at, 1] = np.minimum(boxes[at, 1], corner)
        boxes[at, 3] = np.maximum(boxes[at, 3], corner)
        return boxes

    def _upright(self, found: Shapes) -> NDArray[np.int32]:
        """All closes of a column, joined to the last one of the column before."""
        ymap = self.model.ymap
        top, bottom = ymap.spans(found.high, found.low)
        boxes = _columns(found.x, top)
        boxes[:, 3] = bottom
        before = ymap.rows(found.close[:-1])
        np.minimum(boxes[1:, 1], before, out=boxes[1:, 1])
        np.maximum(boxes[1:, 3], before, out=boxes[1:, 3])
        return boxes[1:] if self.follows_another(found) else boxes


def _columns(x: NDArray[np.integer], top: NDArray[np.int32]) -> NDArray[np.int32]:
    boxes = np.empty((len(x), 4), np.int32)
    boxes[:, 0] = boxes[:, 2] = x
    boxes[:, 1] = top
    return boxes
