"""The prices around the point of control that hold most of the volume.

The area begins as the row of the point of control. The next two rows above it are weighed against
the next two below it, and the pair with more volume joins the area whole; of two equal pairs the
upper one does. This goes on until the area holds the wanted share. Rows are consecutive: one in
which nothing traded is weighed with 0. A pair is cut off by the end of the profile, and when one
side is used up the other is taken. The borders are the outermost rows of the area in which
something traded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.engine.orderflow.levels import changes
from tradedesk.engine.orderflow.parameter import decimal

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

PAIR: Final = 2
"""Rows that are weighed at a time."""


class ValueArea(NamedTuple):
    """Lowest and highest price of a value area, in ticks, and the contracts traded in it."""

    low: int
    high: int
    volume: int


class _Side(NamedTuple):
    """One side of the point of control, from there outwards, in pairs that are not empty."""

    weight: NDArray[np.int64]  # least volume of a pair up to this one: what decides its turn
    volume: NDArray[np.int64]  # contracts up to and with this pair
    rows: NDArray[np.intp]  # profile rows up to and with this pair


def spread(
    px_ticks: NDArray[np.int32],
    volume: NDArray[np.int64],
    poc: int,
    row_ticks: int,
    share: Fraction,
) -> tuple[int, int, int]:
    """Return first and last row of the value area, and its volume.

    The pairs of each side wait in a queue of which the larger head goes first. When a pair has its
    turn is told by the least volume of its side up to it, so that both queues merge without a
    loop.

    Parameters
    ----------
    px_ticks : ndarray of int32, shape (n,)
        Ascending lowest prices of rows in which something traded, n at least 1.
    volume : ndarray of int64, shape (n,)
        Contracts in each.
    poc : int
        Row to begin with.
    row_ticks : int
        Height of a row.
    share : Fraction
        Part of all volume that is wanted, above 0 and up to 1.
    """
    target = -(-share.numerator * int(volume.sum()) // share.denominator)
    inside = int(volume[poc])
    if inside >= target:
        return poc, poc, inside
    distance = (px_ticks.astype(np.int64) - int(px_ticks[poc])) // row_ticks
    above = _side(distance[poc + 1 :], volume[poc + 1 :])
    below = _side(-distance[:poc][::-1], volume[:poc][::-1])
    # keys fall along each side; of equal ones all of the upper side come first
    below_before = np.searchsorted(-below.weight, -above.weight, "left")
    above_before = np.searchsorted(-above.weight, -below.weight, "right")
    need = target - inside
    up = int((above.volume + _taken(below.volume, below_before)).searchsorted(need))
    down = int((below.volume + _taken(above.volume, above_before)).searchsorted(need))
    # either queue has its first pair that reaches the target; the one whose turn is first counts
    turn_above = up + int(below_before[up]) if up < len(below_before) else len(volume)
    turn_below = down + int(above_before[down]) if down < len(above_before) else len(volume)
    if turn_above < turn_below:
        ups, downs = up + 1, turn_above - up
    else:
        ups, downs = turn_below - down, down + 1
    first = poc - (int(below.rows[downs - 1]) if downs else 0)
    last = poc + (int(above.rows[ups - 1]) if ups else 0)
    return first, last, int(volume[first : last + 1].sum())


def whole_share(share: float | Fraction) -> Fraction:
    """Read a share as the decimal number it is written as.

    Raises
    ------
    InputError
        If it is not above 0 and up to 1.
    """
    exact = decimal(share)
    if not 0 < exact <= 1:
        raise InputError(f"A value area of {share} of the volume is not possible: give 0.7 or so.")
    return exact


def _side(distance: NDArray[np.int64], volume: NDArray[np.int64]) -> _Side:
    pair = (distance - 1) // PAIR
    firsts = changes(pair)
    if not len(firsts):
        nothing = np.empty(0, np.int64)
        return _Side(nothing, nothing, firsts)
    total = np.add.reduceat(volume, firsts)
    weight = np.minimum.accumulate(total)
    weight[pair[firsts] > np.arange(len(firsts))] = 0  # behind a pair in which nothing traded
    return _Side(weight, np.cumsum(total), np.append(firsts[1:], len(volume)))


def _taken(volume: NDArray[np.int64], pairs: NDArray[np.intp]) -> NDArray[np.int64]:
    """Contracts in the first so many pairs."""
    return np.concatenate((np.zeros(1, np.int64), volume))[pairs]
