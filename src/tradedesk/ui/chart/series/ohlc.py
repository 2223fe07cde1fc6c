"""Bars in the old sense: a stem, the open at its left, the close at its right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradedesk.ui.chart.series.candles import wicks
from tradedesk.ui.chart.series.painter import SeriesPainter
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from tradedesk.ui.chart.columns import Shapes


class OhlcBars(SeriesPainter):
    """Coloured as candles are."""

    stays_within_bars = True

    def paint(self, painter: QPainter, span: tuple[int, int]) -> None:
        """Fill stems and arms of rising bars, then of falling ones."""
        found = self.model.shapes(span)
        if found is None:
            return
        boxes, rising = wicks(found, self.model.ymap), found.rising
        if found.widths.has_body:
            boxes = np.concatenate((boxes, *self._arms(found, boxes)))
            rising = np.tile(rising, 3)
        self.buffer.fill_some(painter, boxes, rising, color("buy_fill"))
        self.buffer.fill_some(painter, boxes, ~rising, color("sell_fill"))

    def _arms(
        self, found: Shapes, stems: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Left and right arm of each, as thick as the stem and inside its ends."""
        wick = found.widths.wick
        length = max(1, (found.widths.body - wick) // 2)
        left, right = stems.copy(), stems.copy()
        left[:, 0], left[:, 2] = stems[:, 0] - length, stems[:, 0] - 1
        right[:, 0], right[:, 2] = stems[:, 2] + 1, stems[:, 2] + length
        lowest = np.maximum(stems[:, 3] - (wick - 1), stems[:, 1])
        for arm, price in ((left, found.open), (right, found.close)):
            at = self.model.ymap.rows(price) - (wick - 1) // 2
            arm[:, 1] = np.clip(at, stems[:, 1], lowest)
            arm[:, 3] = np.minimum(arm[:, 1] + (wick - 1), stems[:, 3])
        return left, right
