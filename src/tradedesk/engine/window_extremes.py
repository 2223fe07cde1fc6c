"""Highs and lows of many short bars, by windows that overlap.

``reduceat`` starts anew at each bar, which costs as much as some thirty trades when the lengths
vary. Here the maxima of all windows of 2, 4, 8 ... rows are made for the whole piece first, each
level in one pass from the one before it. A bar is then covered by two windows of the largest level
that fits into it, one from its first row and one up to its last. They may overlap, and a maximum
does not mind. The lows are the highs of the inverted prices, made in the same passes. Prices are
distances from the first one in 16 bits, so that a pass moves half the bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Starts = NDArray[np.intp]
    Prices = NDArray[np.int32]

_LEVELS: Final = 5
_LONGEST: Final = 2 << _LEVELS
"""Two windows of the largest level cover no more rows than these."""

_PIECE: Final = 131_072
_FEW_BARS: Final = 512
_SHORT_BAR: Final = 40
_LONG_ONES: Final = 16
"""Up to one bar in so many may be longer and is reduced by itself."""

_APART: Final = 1_056
"""Levels a power of two apart would push one another out of the cache."""

_INT16_END: Final = 2**15


class WindowExtremes:
    """Room for the windows of one piece after the other.

    Parameters
    ----------
    rows : int
        Trades of the longest piece. Its windows take 24 bytes a trade, from the first piece
        of short bars on.
    """

    __slots__ = ("_back", "_levels", "_room", "_shift")

    def __init__(self, rows: int) -> None:
        self._room = 2 * rows + _APART
        self._levels: NDArray[np.int16] | None = None
        level = np.array(
            [max(length, 1).bit_length() - 1 for length in range(_LONGEST)] + [_LEVELS], np.int64
        )
        self._shift = level * self._room
        self._back = self._shift + 1 - (1 << level)

    def fill(self, price: Prices, at: Starts, lasts: Starts, high: Prices, low: Prices) -> None:
        """Write the highest and the lowest price of each bar.

        Parameters
        ----------
        price : ndarray of int32, shape (n,)
            The rows of one piece, no more than there is room for.
        at, lasts : ndarray of intp, shape (bars,)
            First and last row of each bar; the bars follow one another without a gap.
        high, low : ndarray of int32, shape (bars,)
            Where to write.
        """
        if not self._by_windows(price, at, lasts, high, low):
            np.maximum.reduceat(price, at, out=high)
            np.minimum.reduceat(price, at, out=low)

    def _by_windows(
        self, price: Prices, at: Starts, lasts: Starts, high: Prices, low: Prices
    ) -> bool:
        """Do it if the bars are many and short and the prices near one another."""
        rows = len(price)
        if len(at) < _FEW_BARS or rows > _SHORT_BAR * len(at) or 2 * rows > self._room:
            return False
        count = lasts - at
        count += 1
        longest = int(count.max())
        long = np.flatnonzero(count > _LONGEST) if longest > _LONGEST else None
        base = int(price[0])
        span = max(int(price.max()) - base, base - int(price.min()))
        if span >= _INT16_END or (long is not None and len(long) * _LONG_ONES > len(at)):
            return False
        self._make_windows(price, base, min(longest.bit_length() - 1, _LEVELS))
        self._gather(rows, base, at, lasts, count, high, low)
        if long is not None:
            _reduce_few(np.maximum, price, at[long], lasts[long], high, long)
            _reduce_few(np.minimum, price, at[long], lasts[long], low, long)
        return True

    def _make_windows(self, price: Prices, base: int, levels: int) -> None:
        """Level by level; behind the distances of the prices stand the inverted ones."""
        if self._levels is None:
            self._levels = np.empty((_LEVELS + 1, self._room), np.int16)
        rows = len(price)
        first = self._levels[0]
        first[:rows] = price - base
        np.invert(first[:rows], out=first[rows : 2 * rows])
        size, most = 1, 2 * rows
        for level in range(1, levels + 1):
            most -= size
            shorter = self._levels[level - 1]
            np.maximum(shorter[:most], shorter[size : size + most], out=self._levels[level, :most])
            size *= 2

    def _gather(
        self,
        rows: int,
        base: int,
        at: Starts,
        lasts: Starts,
        count: Starts,
        high: Prices,
        low: Prices,
    ) -> None:
        assert self._levels is not None
        windows = self._levels.reshape(-1)
        first = self._shift.take(count, mode="clip")
        first += at
        second = self._back.take(count, mode="clip")
        second += lasts
        highest = np.maximum(windows.take(first, mode="clip"), windows.take(second, mode="clip"))
        np.add(highest, base, out=high, dtype=np.int32)
        first += rows
        second += rows
        lowest = np.maximum(windows.take(first, mode="clip"), windows.take(second, mode="clip"))
        np.invert(lowest, out=lowest)
        np.add(lowest, base, out=low, dtype=np.int32)


def _reduce_few(
    reduce: Any, price: Prices, at: Starts, lasts: Starts, out: Prices, bars: Starts
) -> None:
    """Reduce some bars; what lies between them is reduced along and thrown away."""
    edges = np.empty(2 * len(at), np.intp)
    edges[0::2] = at
    np.add(lasts, 1, out=edges[1::2])
    if edges[-1] == len(price):
        edges = edges[:-1]
    out[bars] = reduce.reduceat(price, edges)[0::2]


def highs_and_lows(price: Prices, starts: Starts) -> tuple[Prices, Prices]:
    """Return the highest and the lowest price of each bar of a column.

    Parameters
    ----------
    price : ndarray of int32, shape (n,)
        At least one row.
    starts : ndarray of intp, shape (bars,)
        Strictly ascending rows, the first one 0.
    """
    rows = len(price)
    if rows > _SHORT_BAR * len(starts):
        return np.maximum.reduceat(price, starts), np.minimum.reduceat(price, starts)
    high, low = np.empty(len(starts), np.int32), np.empty(len(starts), np.int32)
    lasts = np.append(starts[1:], rows)
    lasts -= 1
    windows = WindowExtremes(min(rows, 2 * _PIECE))
    cuts = np.unique(starts.searchsorted(np.arange(0, rows, _PIECE))).tolist()
    for first, last in zip(cuts, [*cuts[1:], len(starts)], strict=True):
        if first == last:
            continue
        begin, end = int(starts[first]), int(lasts[last - 1]) + 1
        bars = slice(first, last)
        piece = price[begin:end]
        windows.fill(piece, starts[bars] - begin, lasts[bars] - begin, high[bars], low[bars])
    return high, low
