"""The room between two lines as few boxes: rows are filled many times faster than columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_APART: Final = 1 << 32


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
