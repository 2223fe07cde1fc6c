"""The line of the closes with a quiet fill below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.ui.chart.primitives import mixed
from tradedesk.ui.chart.series.line import CloseLine
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

_FILL: Final = 0.16
_BLOCK: Final = 32
"""Columns that are filled together below the lowest of their closes: wide boxes cost least."""


class CloseArea(CloseLine):
    """The fill reaches down to the end of the pane."""

    def dress(self) -> None:
        """Take the colours of the palette in use."""
        self._fill = mixed("bg0", "accent", _FILL)

    def paint(self, painter: QPainter, span: tuple[int, int]) -> None:
        """Fill below the line, then draw it."""
        boxes = self.boxes(span)
        bottom = int(self.model.panes.price.height() * self.model.ratio) - 1
        below = _below(boxes, bottom)
        self.buffer.fill_all(painter, below, self._fill)
        self.buffer.fill_all(painter, boxes, color("accent"))


def _below(line: NDArray[np.int32], bottom: int) -> NDArray[np.int32]:
    """Boxes that together cover what lies below the boxes of a line, down to row `bottom`."""
    if not len(line):
        return line
    blocks = -(-len(line) // _BLOCK)
    tops = np.full(blocks * _BLOCK, -(2**30), np.int32)
    tops[: len(line)] = np.minimum(line[:, 3] + 1, bottom + 1)
    wide = np.empty((blocks, 4), np.int32)
    wide[:, 0] = line[::_BLOCK, 0]
    wide[:, 1] = tops.reshape(blocks, _BLOCK).max(axis=1)
    wide[:, 2] = np.minimum(wide[:, 0] + (_BLOCK - 1), line[-1, 2])
    wide[:, 3] = bottom
    single = line.copy()
    single[:, 1] = tops[: len(line)]
    single[:, 3] = np.repeat(wide[:, 1], _BLOCK)[: len(line)] - 1
    found = np.concatenate((wide, single))
    return found[found[:, 3] >= found[:, 1]]
