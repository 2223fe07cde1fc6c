"""Where tick bars and volume bars begin.

Both count from the first trade of the batch, store or live stream. A tick bar holds `size` trades.
A volume bar begins with the first trade before which a further multiple of `size` contracts had
been traded. A trade is never split: all of it belongs to the bar in which its first contract
falls, so a bar may hold more than `size` contracts, and the multiples a large trade runs over
have no bar of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK: Final = 65_536
_FEW_EDGES: Final = 16


def tick_starts(size: int, rows: int, before: int = 0) -> NDArray[np.intp]:
    """Return row 0 and every later row at which a tick bar begins.

    Parameters
    ----------
    size : int
        Trades a bar.
    rows : int
        How many trades there are, at least 1.
    before : int, default 0
        Trades counted before row 0.
    """
    starts = np.arange(-(before % size), rows, size, dtype=np.intp)
    starts[0] = 0
    return starts


def volume_starts(size: int, qty: NDArray[np.int32], before: int = 0) -> NDArray[np.intp]:
    """Return row 0 and every later row at which a volume bar begins.

    Parameters
    ----------
    size : int
        Contracts a bar.
    qty : ndarray of int32, shape (n,)
        Contracts of each trade, n at least 1.
    before : int, default 0
        Contracts counted before row 0.
    """
    found: list[NDArray[np.intp]] = [np.zeros(1, np.intp)]
    buffer = np.empty(min(len(qty), _BLOCK), np.int64)
    total = before
    for start in range(0, len(qty), _BLOCK):
        part = qty[start : start + _BLOCK]
        after = np.cumsum(part, dtype=np.int64, out=buffer[: len(part)])
        after += total
        found.append(start + 1 + _crossings(after, total, size))
        total = int(after[-1])
    starts = np.concatenate(found)
    return starts[: starts.searchsorted(len(qty))]


def volume_starts_of_sums(size: int, sums: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the same as `volume_starts` from the prefix sum of the quantities.

    Parameters
    ----------
    size : int
        Contracts a bar.
    sums : ndarray of int64, shape (n + 1,)
        Contracts before each row; the first one is 0.
    """
    starts = np.concatenate((np.zeros(1, np.intp), 1 + _crossings(sums[1:], 0, size)))
    return starts[: starts.searchsorted(len(sums) - 1)]


def _crossings(after: NDArray[np.int64], before: int, size: int) -> NDArray[np.intp]:
    """Rows whose trade reaches a further multiple of `size`: the next row begins a bar."""
    first, last = before // size + 1, int(after[-1]) // size
    if (last - first + 1) * _FEW_EDGES > len(after):
        bar = after // size
        reached = np.empty(len(bar), np.bool_)
        reached[0] = bar[0] != before // size
        np.not_equal(bar[1:], bar[:-1], out=reached[1:])
        return np.flatnonzero(reached)
    rows = after.searchsorted(np.arange(first * size, last * size + 1, size))
    keep = np.empty(len(rows), np.bool_)
    keep[-1:] = True
    np.not_equal(rows[1:], rows[:-1], out=keep[:-1])
    return rows[keep]
