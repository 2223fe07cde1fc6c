"""Rows of a footprint where one side overran the other.

Buyers lift the ask and sellers hit the bid one row below it, so what was bought in a row is
compared with what was sold in the row below, and what was sold in a row with what was bought in
the row above. It is an imbalance if it is at least `minimum` contracts and at least `ratio` times
the other. A row inside the bar in which the other side did nothing, or nothing traded at all,
counts as 0 there, and any ratio to 0 is reached, unless that is not wanted. The lowest row of a
bar has no row below it and the highest none above it: there is no comparison beyond the bar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.engine.orderflow.parameter import decimal, whole

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from tradedesk.engine.orderflow.footprint import Footprint

_INT64_END: Final = 2**63
_MOST: Final = 2**31


class Imbalances(NamedTuple):
    """Which rows of a footprint are out of balance.

    Attributes
    ----------
    buy, sell : ndarray of bool, shape (n,)
        Aligned with the rows of the footprint: bought far more than the row below was sold, sold
        far more than the row above was bought.
    """

    buy: NDArray[np.bool_]
    sell: NDArray[np.bool_]


class StackedImbalances(NamedTuple):
    """Imbalances of one side in rows next to each other.

    Attributes
    ----------
    bar : ndarray of intp, shape (stacks,)
        Which bar of the footprint.
    buy : ndarray of bool, shape (stacks,)
        Whether it is the buyers who overran.
    low, high : ndarray of int64, shape (stacks,)
        Lowest and highest price, in ticks.
    rows : ndarray of intp, shape (stacks,)
        Rows in the stack.
    """

    bar: NDArray[np.intp]
    buy: NDArray[np.bool_]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    rows: NDArray[np.intp]


def imbalances(
    footprint: Footprint,
    ratio: float | Fraction = 3,
    minimum: int = 1,
    against_zero: bool = True,
) -> Imbalances:
    """Find the rows that are out of balance.

    Parameters
    ----------
    footprint : Footprint
        Any bars, rows of any height.
    ratio : float or Fraction, default 3
        How many times the other side, 1 or more; a float is taken for the decimal number it is
        written as, and the comparison is exact.
    minimum : int, default 1
        Contracts that the overrunning side needs at least, 1 or more.
    against_zero : bool, default True
        Whether a row counts in which the other side did nothing.

    Raises
    ------
    InputError
        If ratio or minimum are not possible.
    """
    times = _ratio(ratio)
    minimum = whole(minimum, 1, _INT64_END - 1, "A minimum of {} contracts")
    asks, bids = footprint.ask_volume, footprint.bid_volume
    first, last = np.zeros(len(asks), np.bool_), np.zeros(len(asks), np.bool_)
    first[footprint.offsets[:-1]] = True
    last[footprint.offsets[1:] - 1] = True
    price = footprint.px_ticks.astype(np.int64)
    step = np.diff(price) == footprint.row_ticks  # across bars it may be right by chance
    below = np.zeros(len(asks), np.int64)
    above = np.zeros(len(asks), np.int64)
    below[1:] = np.where(step, bids[:-1], 0)
    above[:-1] = np.where(step, asks[1:], 0)
    buy = ~first & _overruns(asks, below, times, minimum, against_zero)
    sell = ~last & _overruns(bids, above, times, minimum, against_zero)
    return Imbalances(buy, sell)


def stacked_imbalances(
    footprint: Footprint, found: Imbalances, least: int = 3
) -> StackedImbalances:
    """Find imbalances of one side that lie in rows next to each other.

    Parameters
    ----------
    footprint : Footprint
        What the imbalances were found in.
    found : Imbalances
        See `imbalances`.
    least : int, default 3
        Rows that make a stack, 1 or more. A longer run is one stack.

    Returns
    -------
    StackedImbalances
        By bar; within a bar those of buyers first, each side from the lowest price up.

    Raises
    ------
    InputError
        If `least` is not possible or the imbalances are not those of the footprint.
    """
    least = whole(least, 1, _MOST, "A stack of {} rows")
    if len(found.buy) != len(footprint.px_ticks):
        raise InputError(
            f"{len(found.buy)} rows of imbalances do not belong to a footprint of "
            f"{len(footprint.px_ticks)} rows: find them in this one."
        )
    bought, sold = _runs(footprint, found.buy, least), _runs(footprint, found.sell, least)
    first = np.concatenate((bought[0], sold[0]))
    rows = np.concatenate((bought[1], sold[1]))
    buy = np.arange(len(first)) < len(bought[0])
    bar = footprint.offsets.searchsorted(first, "right") - 1
    order = np.lexsort((first, ~buy, bar))
    first, rows = first[order], rows[order]
    low = footprint.px_ticks[first].astype(np.int64)
    return StackedImbalances(
        bar[order], buy[order], low, low + rows * footprint.row_ticks - 1, rows
    )


def _runs(
    footprint: Footprint, flags: NDArray[np.bool_], least: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First row and length of every run of flagged rows next to each other."""
    flagged = np.flatnonzero(flags)
    if not len(flagged):
        return flagged, flagged
    bar = footprint.offsets.searchsorted(flagged, "right")
    price = footprint.px_ticks[flagged].astype(np.int64)
    begins = np.ones(len(flagged), np.bool_)
    np.not_equal(np.diff(price), footprint.row_ticks, out=begins[1:])
    begins[1:] |= bar[1:] != bar[:-1]
    firsts = np.flatnonzero(begins)
    lengths = np.diff(np.append(firsts, len(flagged)))
    keep = lengths >= least
    return flagged[firsts[keep]], lengths[keep]


def _overruns(
    own: NDArray[np.int64],
    other: NDArray[np.int64],
    times: Fraction,
    minimum: int,
    against_zero: bool,
) -> NDArray[np.bool_]:
    most = int(max(own.max(initial=0), other.max(initial=0)))
    left, right = own, other
    if most * max(times.numerator, times.denominator) >= _INT64_END:
        left, right = own.astype(object), other.astype(object)
    over = (left * times.denominator >= right * times.numerator).astype(np.bool_)
    over &= own >= minimum
    if not against_zero:
        over &= other > 0
    return over


def _ratio(ratio: float | Fraction) -> Fraction:
    exact = decimal(ratio)
    if not 1 <= exact < _MOST:
        raise InputError(f"A ratio of {ratio} is not possible: give 3 or so.")
    return exact
