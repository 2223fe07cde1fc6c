"""Round prices for the axis."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Final

_DECADES: Final = range(-9, 11)
_DIGITS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5))


@lru_cache(maxsize=64)
def price_steps(tick: Decimal) -> tuple[int, ...]:
    """Distances between labels that read well, in ticks, ascending.

    Powers of ten times 1, 2, 2.5 and 5 that are whole numbers of ticks; below the first of them
    (ticks that are no decimal fraction, such as 1/32) halvings of it.
    """
    steps = set()
    for decade in _DECADES:
        for digit in _DIGITS:
            ticks = digit.scaleb(decade) / tick
            if ticks >= 1 and ticks == ticks.to_integral_value():
                steps.add(int(ticks))
    smallest = min(steps)
    while smallest % 2 == 0:
        smallest //= 2
        steps.add(smallest)
    steps.add(1)
    return tuple(sorted(steps))


def price_step(tick: Decimal, least_ticks: float) -> int:
    """The smallest round step of at least `least_ticks`."""
    steps = price_steps(tick)
    return next((step for step in steps if step >= least_ticks), steps[-1])


def round_prices(low: float, high: float, step: int) -> range:
    """All multiples of `step` between two prices in ticks."""
    first = -int(-low // step)
    return range(first * step, int(high // step) * step + 1, step)
