"""The room between two lines, in pieces that Qt fills at once.

Qt hands whatever has more than some ninety rows, and lets through what is under it, to a pool of
threads and waits for them: on a busy machine for longer than a frame. So areas are boxes of one row
each, or a picture where that is less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter

from tradedesk.ui.chart.primitives import RectBuffer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.ui.chart.studies.trace import Values

    Ints = NDArray[np.int64]

_APART: Final = 1 << 32
_SMALL: Final = 60_000
"""Pixels up to which a picture is the faster way."""
_BOXES: Final = 8_000
"""More boxes than this take longer than a picture."""


class Bands:
    """Fills areas; keeps the buffer."""

    def __init__(self) -> None:
        self._buffer = RectBuffer()

    def fill(
        self, painter: QPainter, left: int, first: Values, second: Values, ink: QColor
    ) -> None:
        """Fill the room below `first` and above `second`; nothing where they are the other way.

        A pixel is filled if its middle lies within.

        Parameters
        ----------
        painter : QPainter
            Without a pen, in device pixels.
        left : int
            The first pixel column.
        first, second : ndarray of float64, shape (n + 1,)
            Rows at the edges of `n` columns, from the left edge of the first one on; NaN for none.
        ink : QColor
            May let through what is under it.
        """
        one, other = (first[:-1] + first[1:]) / 2, (second[:-1] + second[1:]) / 2
        some = (other > one).nonzero()[0]
        if not len(some):
            return
        part = slice(some[0], some[-1] + 1)
        filled = other[part] > one[part]
        top = np.ceil(np.where(filled, one[part], 0.0) - 0.5).astype(np.int64)
        stop = np.ceil(np.where(filled, other[part], 0.0) - 0.5).astype(np.int64)
        start = left + int(some[0])
        high, low = int(top[filled].min()), int(stop[filled].max())
        pixels = len(top) * (low - high)
        if pixels > _SMALL:
            boxes = 2 * (low - high) + int(np.abs(np.diff(top)).sum() + np.abs(np.diff(stop)).sum())
            if boxes <= _BOXES:
                self._buffer.fill_all(painter, band_boxes(start, top, stop), ink)
                return
        mask = band_mask(top, stop, high, low)
        words = np.multiply(mask, np.uint32(_premultiplied(ink)), dtype=np.uint32)
        _draw_words(painter, start, high, words)


def band_boxes(start: int, top: Ints, stop: Ints) -> NDArray[np.int32]:
    """Boxes one row high that cover each column from `top` to `stop` exactly once.

    Parameters
    ----------
    start : int
        The first pixel column.
    top, stop : ndarray of int64, shape (n,)
        First row of each column and the one behind its last; none is covered where `stop` is not
        greater.

    Returns
    -------
    ndarray of int32, shape (m, 4)
        Left, top, right, bottom, edges included.
    """
    none = np.zeros(1, np.int64)
    stop = np.maximum(stop, top)
    top, stop = np.concatenate((none, top, none)), np.concatenate((none, stop, none))
    begins = _only_in_first(top[1:], stop[1:], top[:-1], stop[:-1])
    ends = _only_in_first(top[:-1], stop[:-1], top[1:], stop[1:])
    # sorted by row and then by column, each run begins before it ends
    boxes = np.empty((len(begins), 4), np.int32)
    boxes[:, 1] = boxes[:, 3] = begins // _APART
    boxes[:, 0] = begins % _APART + start
    boxes[:, 2] = ends % _APART + (start - 1)
    return boxes


def _only_in_first(top: Ints, stop: Ints, other_top: Ints, other_stop: Ints) -> Ints:
    """Rows of one range that the other one lacks; as row times `_APART` plus place, sorted."""
    empty = other_stop <= other_top
    other_top, other_stop = np.where(empty, stop, other_top), np.where(empty, stop, other_stop)
    first = np.concatenate((top, np.maximum(top, other_stop)))
    behind = np.concatenate((np.minimum(stop, other_top), stop))
    counts = np.maximum(behind - first, 0)
    some = np.flatnonzero(counts)
    counts = counts[some]
    place = some % len(top)
    before = np.cumsum(counts) - counts
    rows = np.repeat(first[some] - before, counts) + np.arange(int(counts.sum()))
    keys: Ints = rows * _APART + np.repeat(place, counts)
    keys.sort()
    return keys


def band_mask(top: Ints, stop: Ints, first: int, last: int) -> NDArray[np.bool_]:
    """Which pixels of the rows `first` to `last` (exclusive) lie within; shape (rows, columns).

    For lines that jump from column to column: there are more runs of pixels then than rows.
    """
    rows = np.arange(first, last, dtype=np.int16)[:, None]
    found: NDArray[np.bool_] = rows >= top.astype(np.int16)
    found &= rows < stop.astype(np.int16)
    return found


def _premultiplied(ink: QColor) -> int:
    """A colour that lets something through, as a word of a picture."""
    cover = ink.alpha()
    red, green, blue = (round(each * cover / 255) for each in (ink.red(), ink.green(), ink.blue()))
    return cover << 24 | red << 16 | green << 8 | blue


def _draw_words(painter: QPainter, left: int, top: int, words: NDArray[np.uint32]) -> None:
    """Draw pixels given as words of alpha, red, green, blue, multiplied; shape (rows, columns)."""
    rows, across = words.shape
    flat = words.reshape(-1).view(np.uint8).data
    image = QImage(flat, across, rows, across * 4, QImage.Format.Format_ARGB32_Premultiplied)
    painter.drawImage(QPoint(left, top), image)
