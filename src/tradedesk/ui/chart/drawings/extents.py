"""Which of many drawings can be in view, found without building any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.services.drawings.drawing import Kind, bounded_ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tradedesk.services.drawings.drawing import Drawing
    from tradedesk.ui.chart.drawings.mapping import Mapping

_LABEL_PX: Final = 420.0
"""How far plates reach beyond the anchors of a drawing at most."""
_LETTER_PX: Final = 14.0


class Extents:
    """Times and prices that each drawing spans, as columns."""

    def __init__(self, drawings: Sequence[Drawing]) -> None:
        self._moments: NDArray[np.int64] = np.array(
            [_times(drawing) for drawing in drawings], np.int64
        ).reshape(-1, 2)
        self._ticks: NDArray[np.int32] = np.array(
            [_prices(drawing) for drawing in drawings], np.int32
        ).reshape(-1, 2)
        self._left = np.array([_runs(d, left=True) for d in drawings], bool)
        self._right = np.array([_runs(d, left=False) for d in drawings], bool)
        self._tall = np.array([_is_tall(d) for d in drawings], bool)
        self._pad = np.array([_LABEL_PX + _LETTER_PX * len(d.text) for d in drawings])

    def in_view(self, mapping: Mapping) -> list[int]:
        """Numbers of the drawings that may touch the pane."""
        times = mapping.times
        if times is None or not len(self._moments):
            return []
        pane = mapping.pane
        x = mapping.columns(times.bars(self._moments))
        y = mapping.model.ymap.rows(self._ticks) / mapping.model.ratio
        low, high = y.min(axis=1), y.max(axis=1)
        near = (x[:, 0] - self._pad <= pane.right) | self._left
        near &= (x[:, 1] + self._pad >= pane.left) | self._right
        near &= ((low - 60 <= pane.bottom) & (high + 60 >= pane.top)) | self._tall
        found: list[int] = np.flatnonzero(near).tolist()
        return found


def _times(drawing: Drawing) -> tuple[int, int]:
    moments = [anchor.ts_ns for anchor in drawing.anchors]
    return min(moments), max(moments)


def _prices(drawing: Drawing) -> tuple[int, int]:
    prices = [anchor.ticks for anchor in drawing.anchors]
    if drawing.kind is Kind.FIBONACCI and drawing.levels:
        start, end = prices
        ends = (min(drawing.levels), max(drawing.levels))
        prices += [bounded_ticks(end + (start - end) * level / 1_000) for level in ends]
    return min(prices), max(prices)


def _runs(drawing: Drawing, *, left: bool) -> bool:
    wished = drawing.extend_left if left else drawing.extend_right
    return wished or drawing.kind is Kind.HORIZONTAL


def _is_tall(drawing: Drawing) -> bool:
    """Whether it can be at any price: upright, or a slanted line that runs on."""
    if drawing.kind is Kind.TREND:
        return drawing.extend_left or drawing.extend_right
    return drawing.kind is Kind.VERTICAL
