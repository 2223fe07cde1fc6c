"""A picture of a pane's lines that is kept while the view pans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from numpy.typing import NDArray

    Paint = Callable[[QPainter, tuple[int, int], int], Reach | None]

Reach = tuple["NDArray[np.float64]", "NDArray[np.float64]"]
"""First and last row of each pixel column; NaN for none."""
_AHEAD: Final = 64
"""Columns that are painted beyond those that come into view, so that not every step paints."""
_BLOCK: Final = 128
_GAP: Final = 256
"""Columns between what is kept and what is wanted that are painted along."""


class KeptPicture:
    """Columns of pixels by number, as many as the pane is wide and some more.

    Column numbers do not depend on where the view is, so a pan only paints the columns that come
    into view and copies the rest. Column n is kept at ``n % width`` of the picture: nothing is
    ever moved.
    """

    def __init__(self) -> None:
        self._key: Hashable = None
        self._start = self._stop = 0
        self._image = QImage()
        self._words: NDArray[np.uint32] = np.empty((0, 0), np.uint32)
        self._rows: NDArray[np.int32] = np.empty((2, 0), np.int32)

    def forget(self, column: int | None = None) -> None:
        """Columns from this one on show something else now; None is all of them."""
        self._stop = self._start if column is None else min(self._stop, max(self._start, column))

    def draw(
        self,
        painter: QPainter,
        box: QRect,
        span: tuple[int, int],
        origin: int,
        key: Hashable,
        paint: Paint,
    ) -> None:
        """Copy a span of the pane, calling `paint` for what is not kept of it.

        Parameters
        ----------
        painter : QPainter
            In device pixels.
        box : QRect
            The pane.
        span : tuple of int
            First pixel column and the one behind the last; no wider than the pane.
        origin : int
            The pixel column of column number 0.
        key : hashable
            Everything that the picture depends on apart from values: it is begun anew with
            another key.
        paint : callable
            Paints into a picture whose columns are told by the span and the origin given to it,
            and whose rows are those of the screen. Returns the first and last row that it painted
            in each column, NaN for none; None where it may be any.
        """
        start, stop = span[0] - origin, span[1] - origin
        if box.isEmpty() or stop <= start:
            return
        self._begin(box, key)
        self._have(start, stop, box, paint)
        for first, last, at in self._pieces(start, stop):
            self._copy(painter, (first + origin, box.top()), at, at + last - first)

    def _copy(self, painter: QPainter, to: tuple[int, int], start: int, stop: int) -> None:
        """Block by block, as much of each as holds anything: reading pixels is what it costs."""
        edges = [start, *range(start - start % _BLOCK + _BLOCK, stop, _BLOCK)]
        at = np.array(edges) - start
        tops = np.minimum.reduceat(self._rows[0, start:stop], at).tolist()
        stops = np.maximum.reduceat(self._rows[1, start:stop], at).tolist()
        for left, right, top, end in zip(edges, [*edges[1:], stop], tops, stops, strict=True):
            if top < end:
                x, y = to[0] + left - start, to[1] + top
                painter.drawImage(x, y, self._image, left, top, right - left, end - top)

    def _begin(self, box: QRect, key: Hashable) -> None:
        width, height = box.width() + 2 * _AHEAD, box.height()
        if (self._image.width(), self._image.height()) != (width, height):
            self._image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
            flat = np.frombuffer(self._image.bits(), np.uint32)
            self._words = flat.reshape(height, width)
            self._rows = np.empty((2, width), np.int32)
            self.forget()
        if key != self._key:
            self._key = key
            self.forget()

    def _have(self, start: int, stop: int, box: QRect, paint: Paint) -> None:
        """Paint what is missing of these columns, and let go of those furthest away."""
        apart = max(self._start - stop, start - self._stop)
        if self._stop <= self._start or apart > _GAP:
            self._start, self._stop = start, stop
            self._paint(start, stop, box, paint)
            return
        most = self._words.shape[1]
        if start < self._start:
            first, self._start = self._start, start - _AHEAD
            self._stop = min(self._stop, self._start + most)
            self._paint(self._start, first, box, paint)
        if stop > self._stop:
            first, self._stop = self._stop, stop + _AHEAD
            self._start = max(self._start, self._stop - most)
            self._paint(first, self._stop, box, paint)

    def _paint(self, start: int, stop: int, box: QRect, paint: Paint) -> None:
        painter = QPainter(self._image)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.translate(0, -box.top())
        for first, last, at in self._pieces(start, stop):
            self._words[:, at : at + last - first] = 0
            painter.setClipRect(QRect(at, box.top(), last - first, box.height()))
            reach = paint(painter, (at, at + last - first), at - first)
            self._note(slice(at, at + last - first), box, reach)
        painter.end()

    def _note(self, part: slice, box: QRect, reach: Reach | None) -> None:
        """Keep which rows of each column hold anything: the first one and that behind the last."""
        height = box.height()
        if reach is None:
            self._rows[0, part], self._rows[1, part] = 0, height
            return
        none = np.isnan(reach[0])
        for at, rows, nothing in ((0, reach[0], height), (1, reach[1] + 1, 0)):
            self._rows[at, part] = np.where(none, nothing, rows - box.top()).clip(0, height)

    def _pieces(self, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """Columns that lie side by side in the picture: first, behind the last, where."""
        width = self._words.shape[1]
        while start < stop:
            at = start % width
            end = min(stop, start + width - at)
            yield start, end, at
            start = end
