"""A picture of a pane's lines that is kept while the view pans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.ui.chart.studies.easel import Easel, sheet_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from numpy.typing import NDArray
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QPainter

    from tradedesk.ui.chart.studies.trace import Reach

    Paint = Callable[[QPainter, tuple[int, int], int], None]
    Reached = Callable[[tuple[int, int], int], Reach | None]

_AHEAD: Final = 64
"""Columns that are painted beyond those that come into view, so that not every step paints."""
_BLOCK: Final = 128
"""Columns that lie together in memory: as many as are copied at once."""
_GAP: Final = 256
"""Columns between what is kept and what is wanted that are painted along."""


class KeptPicture:
    """Columns of pixels by number, as many as the pane is wide and some more.

    Column numbers do not depend on where the view is, so a pan only paints the columns that come
    into view and copies the rest. Blocks of columns lie one below the other in one picture, and
    only the rows of a block that hold anything are copied: reading pixels is what it costs.
    """

    def __init__(self, easel: Easel) -> None:
        self._easel = easel
        self._key: Hashable = None
        self._start = self._stop = 0
        self._holes: list[tuple[int, int]] = []
        self._size = (0, 0)
        self._image, words = sheet_of(0, 0)
        self._blocks = words.reshape(0, 0, 0)
        self._rows: NDArray[np.int32] = np.empty((2, 0), np.int32)
        self._extents: list[tuple[int, int]] = []

    def forget(self, columns: tuple[int, int] | None = None) -> None:
        """Columns from the first one to the one behind the last show something else now.

        None is all of them.
        """
        if columns is None:
            self._stop = self._start
            self._holes.clear()
        elif columns not in self._holes:
            self._holes.append(columns)

    def draw(
        self,
        painter: QPainter,
        box: QRect,
        part: QRect,
        origin: int,
        key: Hashable,
        paint: Paint,
        reached: Reached,
    ) -> None:
        """Copy a part of the pane, calling `paint` for columns that are not kept.

        Parameters
        ----------
        painter : QPainter
            In device pixels, clipped to the part.
        box : QRect
            The pane.
        part : QRect
            Within the pane.
        origin : int
            The pixel column of column number 0.
        key : hashable
            Everything that the picture depends on apart from values: it is begun anew with
            another key.
        paint : callable
            Paints the span of columns given to it, with column number 0 at the origin given to
            it, in rows as on the screen.
        reached : callable
            The first and last row that this touches in each column at most, NaN for none; None
            where it may be any.
        """
        if part.isEmpty():
            return
        # while prices are scaled each step is another picture: none is worth putting away
        if self._begin(box, key):
            paint(painter, (part.left(), part.right() + 1), origin)
            return
        start, stop = part.left() - origin, part.right() + 1 - origin
        self._have(start, stop, box, (paint, reached))
        above, below = part.top() - box.top(), part.bottom() + 1 - box.top()
        for first, last, at in self._pieces(start, stop):
            block, left = divmod(at, _BLOCK)
            top, end = self._extents[block]
            top, end = max(top, above), min(end, below)
            if top < end:
                x, y = first + origin, box.top() + top
                row = block * box.height() + top
                painter.drawImage(x, y, self._image, left, row, last - first, end - top)

    def _begin(self, box: QRect, key: Hashable) -> bool:
        """Make room; tells whether this is the first paint of another picture."""
        size = box.width(), box.height()
        if size != self._size:
            self._size = size
            count = 2 + -(-(size[0] + 2 * _AHEAD) // _BLOCK)
            self._image, words = sheet_of(_BLOCK, count * size[1])
            self._blocks = words.reshape(count, size[1], _BLOCK)
            self._rows = np.zeros((2, count * _BLOCK), np.int32)
            self._rows[0] = size[1]
            self._extents = [(0, 0)] * count
            self.forget()
        if key == self._key:
            return False
        self._key = key
        self.forget()
        return True

    def _have(self, start: int, stop: int, box: QRect, how: tuple[Paint, Reached]) -> None:
        """Paint what is missing of these columns, and let go of those furthest away."""
        apart = max(self._start - stop, start - self._stop)
        if self._stop <= self._start or apart > _GAP:
            self._start, self._stop = start, stop
            self._holes.clear()
            self._paint(start, stop, box, how)
            return
        most = self._rows.shape[1]
        if start < self._start:
            first, self._start = self._start, start - _AHEAD
            self._stop = min(self._stop, self._start + most)
            self._paint(self._start, first, box, how)
        if stop > self._stop:
            first, self._stop = self._stop, stop + _AHEAD
            self._start = max(self._start, self._stop - most)
            self._paint(first, self._stop, box, how)
        if self._holes:
            self._fill_holes(start, stop, box, how)

    def _fill_holes(self, start: int, stop: int, box: QRect, how: tuple[Paint, Reached]) -> None:
        """Paint those that are seen; the others wait."""
        waiting, self._holes = self._holes, []
        for hole in waiting:
            first, last = max(hole[0], self._start), min(hole[1], self._stop)
            if first >= last:
                continue
            if first < stop and last > start:
                self._paint(first, last, box, how)
            else:
                self._holes.append((first, last))

    def _paint(self, start: int, stop: int, box: QRect, how: tuple[Paint, Reached]) -> None:
        """Paint on the easel and put it away block by block."""
        paint, reached = how
        span = (0, stop - start)
        words, painter = self._easel.begin(stop - start, box)
        paint(painter, span, -start)
        painter.end()
        rows = _rows_of(reached(span, -start), stop - start, box)
        for first, last, at in self._pieces(start, stop):
            part = slice(first - start, last - start)
            self._rows[:, at : at + last - first] = rows[:, part]
            block, left = divmod(at, _BLOCK)
            top, end = self._extents[block] = self._extent(block)
            kept = self._blocks[block, :, left : left + last - first]
            kept[:top] = kept[end:] = 0
            kept[top:end] = words[top:end, part]
        self._easel.wipe(rows)

    def _extent(self, block: int) -> tuple[int, int]:
        """First row that holds anything in a block, and that behind the last."""
        rows = self._rows[:, block * _BLOCK : (block + 1) * _BLOCK]
        return int(rows[0].min()), int(rows[1].max())

    def _pieces(self, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """Columns of one block each: first, behind the last, and where they are kept."""
        width = self._rows.shape[1]
        while start < stop:
            end = min(stop, start - start % _BLOCK + _BLOCK)
            yield start, end, start % width
            start = end


def _rows_of(reach: Reach | None, count: int, box: QRect) -> NDArray[np.int32]:
    """First row of each column that holds anything, and that behind the last; within the pane."""
    height = box.height()
    rows = np.empty((2, count), np.int32)
    if reach is None:
        rows[0], rows[1] = 0, height
        return rows
    for at, row, nothing in ((0, reach[0], height), (1, reach[1] + 1, 0)):
        inside = np.minimum(np.maximum(np.floor(row) - box.top(), 0), height)
        rows[at] = np.where(inside == inside, inside, nothing)
    return rows
