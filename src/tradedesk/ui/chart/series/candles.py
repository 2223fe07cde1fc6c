"""Candles: a wick and a filled body a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradedesk.ui.chart.primitives import hollow
from tradedesk.ui.chart.series.painter import SeriesPainter
from tradedesk.ui.theme.current import color, palette

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from tradedesk.ui.chart.columns import Shapes, YMap


class Candles(SeriesPainter):
    """Rising bars in the colour of buyers, falling ones in that of sellers.

    Where shapes tell as much as colours, rising bars have hollow bodies.
    """

    stays_within_bars = True

    def paint(self, painter: QPainter, span: tuple[int, int]) -> None:
        """Fill rectangles of rising bars, then of falling ones."""
        found = self.model.shapes(span)
        if found is not None:
            self.paint_shapes(painter, found, self.model.ymap)

    def paint_shapes(self, painter: QPainter, found: Shapes, ymap: YMap) -> None:
        """Wicks and bodies; below one pixel a bar one line from lowest to highest a column."""
        rising = found.rising
        empty = rising if palette().shapes else np.zeros_like(rising)
        for which, ink in ((rising, "buy_fill"), (~rising, "sell_fill")):
            self.buffer.fill_all(painter, boxes_of(found, which, empty, ymap), color(ink))


def boxes_of(
    found: Shapes, which: NDArray[np.bool_], empty: NDArray[np.bool_], ymap: YMap
) -> NDArray[np.int32]:
    """Boxes of the candles that `which` names; those that `empty` names have hollow bodies."""
    stems = wicks(found, ymap)
    if not found.widths.has_body:
        return stems[which]
    whole = bodies(found, ymap)
    open_, filled = which & empty, which & ~empty
    if not open_.any():
        return np.concatenate((stems[filled], whole[filled]))
    upper, lower = stems[open_], stems[open_]
    np.minimum(upper[:, 3], whole[open_, 1], out=upper[:, 3])
    np.maximum(lower[:, 1], whole[open_, 3], out=lower[:, 1])
    edges = hollow(whole[open_], found.widths.wick)
    return np.concatenate((stems[filled], whole[filled], upper, lower, edges))


def wicks(found: Shapes, ymap: YMap) -> NDArray[np.int32]:
    """From the highest to the lowest price; int32, shape (n, 4)."""
    wick = found.widths.wick
    boxes = np.empty((len(found.x), 4), np.int32)
    boxes[:, 0] = found.x - wick // 2
    boxes[:, 2] = boxes[:, 0] + (wick - 1)
    boxes[:, 1], boxes[:, 3] = ymap.spans(found.high, found.low)
    return boxes


def bodies(found: Shapes, ymap: YMap) -> NDArray[np.int32]:
    """From open to close, around the wicks; int32, shape (n, 4)."""
    wick, body = found.widths.wick, found.widths.body
    boxes = np.empty((len(found.x), 4), np.int32)
    boxes[:, 0] = found.x - wick // 2 - (body - wick + 1) // 2
    boxes[:, 2] = boxes[:, 0] + (body - 1)
    boxes[:, 1], boxes[:, 3] = ymap.spans(found.open, found.close)
    return boxes
