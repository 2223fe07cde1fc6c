"""Exact extremes of any run of bars, by levels that each join two bars of the level below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine import Bars, BarSeries

NOTHING: Final = np.iinfo(np.int32).min
_MAX: Final = np.iinfo(np.int32).max
_HIGH, _NEGATIVE_LOW, _VOLUME = range(3)


class Extents(NamedTuple):
    """Per column: highest high, lowest low, largest volume; int32, `NOTHING` where empty."""

    high: NDArray[np.int32]
    low: NDArray[np.int32]
    volume: NDArray[np.int32]


class Pyramid:
    """Answers "highest, lowest, busiest of rows a to b" for many runs at once.

    Level 0 is the series itself. Level k holds, for each block of ``2**k`` bars, the highest high,
    the lowest low (negated, so that one maximum serves all) and the largest volume; less than
    another copy of the bars in all. Levels are brought up to date only when they are asked for, so
    a tick costs nothing while single bars are on screen.
    """

    def __init__(self) -> None:
        self._rows = 0
        self._base: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]] | None = None
        self._levels: list[NDArray[np.int32]] = []
        self._good: list[int] = []

    def sync(self, series: BarSeries | Bars, first_changed: int) -> None:
        """Take note that rows from `first_changed` on are new; 0 for all of them."""
        self._rows = len(series)
        self._base = (series.high, series.low, series.volume)
        if first_changed <= 0:
            self._levels.clear()
            self._good.clear()
        else:
            self._good = [min(good, first_changed) for good in self._good]

    def extents(self, edges: NDArray[np.int64]) -> Extents:
        """Extremes of the rows ``edges[j]`` to ``edges[j + 1]`` (exclusive) for each j.

        Parameters
        ----------
        edges : ndarray of int64, shape (n + 1,)
            Ascending rows between 0 and ``len(series)``.

        Returns
        -------
        Extents
            Columns of shape (n,).
        """
        left, right = edges[:-1].copy(), edges[1:].copy()
        best = np.full((3, len(left)), NOTHING, np.int32)
        level = 0
        while True:
            open_runs = left < right
            if not open_runs.any():
                break
            odd_left = open_runs & (left & 1 == 1)
            self._join(best, level, left, odd_left)
            left += odd_left
            odd_right = (left < right) & (right & 1 == 1)
            right -= odd_right
            self._join(best, level, right, odd_right)
            left >>= 1
            right >>= 1
            level += 1
        low = -best[_NEGATIVE_LOW]
        return Extents(best[_HIGH], low, best[_VOLUME])

    def _join(
        self,
        best: NDArray[np.int32],
        level: int,
        at: NDArray[np.int64],
        wanted: NDArray[np.bool_],
    ) -> None:
        which = np.flatnonzero(wanted)
        if not len(which):
            return
        at = at[which]
        if level == 0:
            assert self._base is not None
            high, low, volume = self._base
            found = np.empty((3, len(at)), np.int32)
            found[_HIGH] = high[at]
            np.negative(low[at], out=found[_NEGATIVE_LOW])
            found[_VOLUME] = np.minimum(volume[at], _MAX)
        else:
            found = self._level(level)[:, at]
        best[:, which] = np.maximum(best[:, which], found)

    def _level(self, level: int) -> NDArray[np.int32]:
        """The blocks of `level`, up to date."""
        while len(self._levels) < level:
            self._levels.append(np.empty((3, 0), np.int32))
            self._good.append(0)
        for k in range(1, level + 1):
            if self._good[k - 1] < self._rows:
                self._fold(k, self._good[k - 1])
                self._good[k - 1] = self._rows
        return self._levels[level - 1]

    def _fold(self, level: int, first_row: int) -> None:
        """Redo the blocks of `level` that hold `first_row` or a later one."""
        blocks = -(-self._rows >> level)
        kept = self._levels[level - 1]
        if blocks > kept.shape[1]:
            grown = np.empty((3, max(blocks, kept.shape[1] * 2, 64)), np.int32)
            grown[:, : kept.shape[1]] = kept
            self._levels[level - 1] = kept = grown
        start = first_row >> level
        below = self._below(level - 1, start * 2)
        pairs = below.shape[1] // 2
        np.maximum(
            below[:, 0 : 2 * pairs : 2],
            below[:, 1 : 2 * pairs : 2],
            out=kept[:, start : start + pairs],
        )
        if below.shape[1] % 2:
            kept[:, start + pairs] = below[:, -1]

    def _below(self, level: int, start: int) -> NDArray[np.int32]:
        """Blocks of `level` from `start` to the end, shape (3, n)."""
        stop = -(-self._rows >> level)
        if level:
            return self._levels[level - 1][:, start:stop]
        assert self._base is not None
        high, low, volume = self._base
        found = np.empty((3, stop - start), np.int32)
        found[_HIGH] = high[start:stop]
        np.negative(low[start:stop], out=found[_NEGATIVE_LOW])
        found[_VOLUME] = np.minimum(volume[start:stop], _MAX)
        return found
