"""Sums per price, for one bar or for many: the columns under profiles and footprints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.engine.orderflow.parameter import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_INT32: Final = np.iinfo(np.int32)
_ROOM: Final = 65_536
"""Prices that a column may span in any case before it is sorted instead of laid out."""


class Levels:
    """Traded prices of bars, one bar behind the other, ascending within each.

    Attributes
    ----------
    offsets : ndarray of intp, shape (bars + 1,)
        Where the prices of each bar begin in the other columns; the last entry is their length.
    px_ticks : ndarray of int32, shape (n,)
        Prices at which at least one trade happened.
    volume, buy_volume, count : ndarray of int64, shape (n,)
        Contracts, contracts bought by the aggressor, and trades at each.
    """

    __slots__ = ("buy_volume", "count", "offsets", "px_ticks", "volume")

    def __init__(
        self,
        offsets: NDArray[np.intp],
        px_ticks: NDArray[np.int32],
        volume: NDArray[np.int64],
        buy_volume: NDArray[np.int64],
        count: NDArray[np.int64],
    ) -> None:
        self.offsets = offsets
        self.px_ticks = px_ticks
        self.volume = volume
        self.buy_volume = buy_volume
        self.count = count

    @classmethod
    def empty(cls) -> Levels:
        """Return no bars."""
        nothing = np.empty(0, np.int64)
        offsets = np.zeros(1, np.intp)
        return cls(offsets, np.empty(0, np.int32), nothing, nothing, nothing)

    def columns(self) -> tuple[NDArray[Any], ...]:
        """Return price, volume, buy volume and count."""
        return (self.px_ticks, self.volume, self.buy_volume, self.count)

    def bars(self, start: int, stop: int) -> Levels:
        """Return the bars from `start` to before `stop`; views of everything but the offsets."""
        offsets = self.offsets[start : stop + 1]
        first, last = int(offsets[0]), int(offsets[-1])
        return Levels(offsets - first, *(column[first:last] for column in self.columns()))


def chain(parts: Sequence[Levels]) -> Levels:
    """Put bars one behind the other; at least one part."""
    if len(parts) == 1:
        return parts[0]
    lengths = np.concatenate([np.diff(part.offsets) for part in parts])
    offsets = np.zeros(len(lengths) + 1, np.intp)
    np.cumsum(lengths, out=offsets[1:])
    columns = zip(*(part.columns() for part in parts), strict=True)
    return Levels(offsets, *(np.concatenate(column) for column in columns))


def collapse(levels: Levels) -> Levels:
    """Add up all bars to a single one."""
    px_ticks, *weights = levels.columns()
    if len(levels.offsets) == 2 or not len(px_ticks):
        return Levels(levels.offsets[[0, -1]], *levels.columns())
    low, high = int(px_ticks.min()), int(px_ticks.max())
    if high - low < 4 * len(px_ticks) + _ROOM:
        at = np.subtract(px_ticks, low, dtype=np.intp)
        sums = [np.zeros(high - low + 1, np.int64) for _ in weights]
        for total, column in zip(sums, weights, strict=True):
            np.add.at(total, at, column)
        traded = np.flatnonzero(sums[-1])
        prices = (traded + low).astype(np.int32)
        sums = [total[traded] for total in sums]
    else:
        order = np.argsort(px_ticks, kind="stable")
        sorted_px = px_ticks[order]
        firsts = changes(sorted_px)
        prices = sorted_px[firsts]
        sums = [np.add.reduceat(column[order], firsts) for column in weights]
    return Levels(np.array([0, len(prices)], np.intp), prices, *sums)


def group(levels: Levels, ticks: int, present: int = 1) -> Levels:
    """Join prices into rows of `ticks`, counted from price 0; a row is named by its lowest price.

    Parameters
    ----------
    levels : Levels
        Every bar has at least one price.
    ticks : int
        Height of a row.
    present : int, default 1
        Height of the rows that are there.

    Raises
    ------
    InputError
        If `ticks` is no whole number from 1 to 2**31 - 1 or no multiple of `present`, or a row
        would begin below int32.
    """
    ticks = whole(ticks, 1, _INT32.max, "A row of {} ticks")
    if ticks % present:
        raise InputError(
            f"Rows of {present} ticks cannot be joined into rows of {ticks}: give a multiple."
        )
    if ticks == present or not len(levels.px_ticks):
        return levels
    lowest = int(levels.px_ticks.min())
    if lowest // ticks * ticks < _INT32.min:
        raise InputError(
            f"The row of {ticks} ticks that holds price {lowest} begins below {_INT32.min}: "
            f"use smaller rows."
        )
    rows = levels.px_ticks // ticks * ticks
    begins = np.empty(len(rows), np.bool_)
    np.not_equal(rows[1:], rows[:-1], out=begins[1:])
    begins[levels.offsets[:-1]] = True
    firsts = np.flatnonzero(begins)
    offsets = firsts.searchsorted(levels.offsets).astype(np.intp, copy=False)
    sums = (np.add.reduceat(column, firsts) for column in levels.columns()[1:])
    return Levels(offsets, rows[firsts], *sums)


def changes(column: NDArray[Any]) -> NDArray[np.intp]:
    """Return row 0 and every later row that differs from the one before it."""
    begins = np.empty(len(column), np.bool_)
    begins[:1] = True
    np.not_equal(column[1:], column[:-1], out=begins[1:])
    return np.flatnonzero(begins)
