"""Exact numbers as whole numbers of another unit: prices in ticks, sizes in lots."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradedesk.domain.errors import InputError, OffGridError

if TYPE_CHECKING:
    from decimal import Decimal

    from numpy.typing import NDArray

    from tradedesk.domain.price import TickSize
    from tradedesk.history.decimals import Exact
    from tradedesk.history.row_names import RowNames

INT32_MOST = 2**31 - 1


class Rescaled(NamedTuple):
    """Whole units; or the first row that is larger than allowed, or between two units."""

    values: NDArray[np.int64]
    large: int | None = None
    off: int | None = None


def rescaled(steps: NDArray[np.int64], step: Decimal, unit: Decimal, most: int) -> Rescaled:
    """Turn steps into units.

    Parameters
    ----------
    steps : ndarray of int64
        Counts of `step`.
    step, unit : Decimal
        What one step and one unit are worth.
    most : int
        The largest magnitude that is allowed, in units.
    """
    ratio = Fraction(step) / Fraction(unit)
    up, down = ratio.numerator, ratio.denominator
    if not len(steps):
        return Rescaled(steps)
    largest = most * down // up
    low, high = int(steps.min()), int(steps.max())
    if high > largest or low < -largest:
        return Rescaled(steps, large=int(np.argmax((steps > largest) | (steps < -largest))))
    if down == 1:
        return Rescaled(steps * up if up != 1 else steps)
    # nothing overflows: what is allowed in units is far below 2**63 over `down`
    scaled = steps * up if up != 1 else steps
    units = scaled // down
    off = units * down != scaled
    if off.any():
        return Rescaled(units, off=int(np.argmax(off)))
    return Rescaled(units)


def ticks(prices: Exact, what: str, tick: TickSize, names: RowNames) -> NDArray[np.int32]:
    """Turn prices into ticks.

    Raises
    ------
    OffGridError
        Names the row, the price and the tick size.
    InputError
        Names the row of a price beyond int32 ticks.
    """
    found = rescaled(prices.steps, prices.step, tick.size, INT32_MOST)
    if found.large is not None:
        raise InputError(
            f"{names.where(found.large)} has the {what} "
            f"{prices.value(found.large).normalize():f}, which is too large to be counted in "
            f"ticks of {tick.size}."
        )
    if found.off is not None:
        raise OffGridError(
            f"{names.where(found.off)} has the {what} {prices.value(found.off).normalize():f}, "
            f"which is off the tick grid of {tick.size}: give the tick size of the contract."
        )
    return found.values.astype(np.int32)


def lots(sizes: Exact, what: str, lot: Decimal, names: RowNames, most: int) -> NDArray[np.int64]:
    """Turn sizes into lots.

    Raises
    ------
    InputError
        Names the row of a size that is negative, too large, or no whole number of lots.
    """
    if len(sizes.steps) and int(sizes.steps.min()) < 0:
        row = int(np.argmax(sizes.steps < 0))
        raise InputError(
            f"{names.where(row)} has the {what} {sizes.value(row).normalize():f}: it is 0 or more."
        )
    found = rescaled(sizes.steps, sizes.step, lot, most)
    if found.large is not None:
        value = sizes.value(found.large).normalize()
        raise InputError(
            f"{names.where(found.large)} has the {what} {value:f}, more than a trade can have."
        )
    if found.off is not None:
        value = sizes.value(found.off).normalize()
        raise InputError(
            f"{names.where(found.off)} has the {what} {value:f}, no whole number of lots of {lot}: "
            f"give a smaller lot size."
        )
    return found.values
