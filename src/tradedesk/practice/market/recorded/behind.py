"""Levels behind the best one, for recordings that show nothing else: remembered, else made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.practice.market.depth_rows import uniform

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

LEVELS: Final = 10
FAR: Final = 2**62
"""The key of a level that is not there."""
_THICKER: Final = 1.6
_LEAST: Final = 0.6
_SPREAD: Final = 0.8
_COARSEST: Final = 50
"""A step is taken for the tick if the price has at least so many of them."""


class Behind:
    """Ten levels a side out of the best one. The best one is always as recorded.

    A price behind it has the size with which it was last seen as the best; one that never was
    has a size made of the mean size of the best one and of the price, the same as long as it is
    not seen.

    Parameters
    ----------
    keys : ndarray of int64, shape (n,)
        Best price of one side in each record, negated for bids; ``FAR`` where there is none.
    sizes : ndarray of int64, shape (n,)
        Contracts there.
    tick : int
        Step between levels; 0 where none can be told, and then nothing is made up.
    """

    def __init__(self, keys: Ints, sizes: Ints, tick: int) -> None:
        self._keys, self._sizes = keys, sizes
        new = np.ones(len(keys), np.bool_)
        new[1:] = keys[1:] != keys[:-1]
        starts = np.flatnonzero(new)
        self._run = np.cumsum(new) - 1
        best = keys[starts]
        last_sizes = sizes[np.append(starts[1:], len(keys))[: len(starts)] - 1]
        steps = np.arange(LEVELS) * tick
        there = (best != FAR) & (tick > 0)
        table = np.where(there[:, None], best[:, None] + steps, FAR)
        if tick:
            # a bid stays above nothing where the best one is
            table[(best < 0)[:, None] & (table >= 0)] = FAR
        table[:, 0] = best
        self._table = table
        mean = float(sizes[keys != FAR].mean()) if np.any(keys != FAR) else 1.0
        self._behind = self._looked_up(best, last_sizes, mean)

    def levels(self, start: int, stop: int) -> tuple[Ints, Ints]:
        """Keys and sizes of some records; shape (records, levels)."""
        runs = self._run[start:stop]
        keys, sizes = self._table[runs], self._behind[runs]
        sizes[:, 0] = self._sizes[start:stop]
        return keys, sizes

    @property
    def seen(self) -> Ints:
        """Every key that is ever shown, ascending."""
        found = np.unique(self._table)
        return np.asarray(found[found != FAR], np.int64)

    def _looked_up(self, best: Ints, last_sizes: Ints, mean: float) -> Ints:
        """Size of each level of each run of records with one best price."""
        runs = len(best)
        prices = np.unique(best)
        order = np.argsort(best, kind="stable")
        places = np.searchsorted(prices, best[order]) * runs + order
        wanted = np.minimum(np.searchsorted(prices, self._table), len(prices) - 1)
        before = np.searchsorted(places, wanted * runs + np.arange(runs)[:, None]) - 1
        found = order[np.maximum(before, 0)]
        known = (before >= 0) & (best[found] == self._table)
        chance = uniform(self._table.reshape(-1)).reshape(self._table.shape)
        made = np.maximum(np.rint(mean * _THICKER * (_LEAST + _SPREAD * chance)), 1)
        sizes = np.where(known, last_sizes[found], made.astype(np.int64))
        return np.where(self._table == FAR, 0, sizes)


def tick_of(prices: Ints) -> int:
    """The step that all prices share, or 0 where too few of them are there to tell."""
    distinct = np.unique(prices)
    if len(distinct) < 2:
        return 0
    step = int(np.gcd.reduce(np.diff(distinct)))
    return step if int(np.abs(distinct).min()) >= step * _COARSEST else 0
