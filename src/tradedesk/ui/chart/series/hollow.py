"""Hollow candles: the body says open against close, the colour close against the close before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradedesk.ui.chart.series.candles import boxes_of
from tradedesk.ui.chart.series.painter import SeriesPainter
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from tradedesk.ui.chart.columns import Shapes


class HollowCandles(SeriesPainter):
    """Hollow where a bar closed above its open; teal where it closed above the bar before."""

    stays_within_bars = True

    def paint(self, painter: QPainter, span: tuple[int, int]) -> None:
        """Draw the boxes of those that closed higher, then of the others."""
        found = self.model.shapes(self.wider(span))
        if found is None:
            return
        higher, empty = self._closed_higher(found), found.close > found.open
        shown = np.ones_like(higher)
        shown[0] = not self.follows_another(found)
        for which, ink in ((shown & higher, "buy_fill"), (shown & ~higher, "sell_fill")):
            boxes = boxes_of(found, which, empty, self.model.ymap)
            self.buffer.fill_all(painter, boxes, color(ink))

    def _closed_higher(self, found: Shapes) -> NDArray[np.bool_]:
        """Close not below the one before; the first shape may lie outside of what is drawn."""
        before = np.empty_like(found.close)
        before[1:] = found.close[:-1]
        before[:1] = found.open[:1]
        higher: NDArray[np.bool_] = found.close >= before
        return higher
