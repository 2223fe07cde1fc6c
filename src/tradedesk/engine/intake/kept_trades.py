"""Trades kept, numbered in the order of arrival, and the rows at which they stand now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradedesk.engine.intake.long_column import LongColumn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]


class KeptTrades:
    """A trade keeps its number for good; its row moves up when one in front of it is taken out.

    Attributes
    ----------
    numbered : int
        Trades kept so far, those taken out again included: the number of the next one.
    """

    __slots__ = ("_gone", "_lifted", "_stamps", "numbered")

    def __init__(self) -> None:
        self.numbered = 0
        self._gone: Int64s = np.empty(0, np.int64)
        self._lifted = LongColumn()
        self._stamps = LongColumn()

    def add(self, count: int, lifted: NDArray[np.intp], stamps: Int64s) -> None:
        """Number trades.

        Parameters
        ----------
        count : int
            How many.
        lifted : ndarray of intp, shape (k,)
            Which of them, counted from 0 and ascending, had their stamp lifted.
        stamps : ndarray of int64, shape (k,)
            The stamps with which those came.
        """
        if len(lifted):
            self._lifted.extend(lifted + self.numbered)
            self._stamps.extend(stamps)
        self.numbered += count

    def standing(self, numbers: Int64s) -> Int64s:
        """Return those of ascending numbers whose trades were not taken out."""
        return numbers[~np.isin(numbers, self._gone, assume_unique=True)]

    def rows(self, standing: Int64s) -> Int64s:
        """Return the rows of trades that stand, ascending as their numbers are."""
        return standing - self._gone.searchsorted(standing)

    def take_out(self, standing: Int64s) -> None:
        """Forget the rows of trades; all others move up."""
        self._gone = np.union1d(self._gone, standing)

    def settled(self, stamps: Int64s, first: int, before_ns: int) -> Int64s:
        """Return the stamps of the rows from `first` on as they are without what was taken out.

        Parameters
        ----------
        stamps : ndarray of int64, shape (n,)
            Those of the trades that are left there, as they were lifted.
        first : int
            The row of the first of them.
        before_ns : int
            Stamp of the row in front of it.
        """
        standing = self.standing(self._lifted.values)
        rows = self.rows(standing)
        here = rows >= first
        if not here.any():
            return stamps
        came = self._stamps.values[np.isin(self._lifted.values, standing[here])]
        settled = stamps.copy()
        settled[rows[here] - first] = came
        np.maximum.accumulate(settled, out=settled)
        return np.maximum(settled, before_ns, out=settled)
