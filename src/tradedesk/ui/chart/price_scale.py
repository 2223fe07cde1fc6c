"""Round prices for the axis."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from math import ceil, exp, log
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.ui.chart.viewport import Viewport

_DECADES: Final = range(-9, 11)
_DIGITS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5))
_LIKE_EVEN: Final = 1.5
"""Up to this ratio of the prices in view a logarithmic axis is labelled in even steps."""
_NEAR: Final = 0.8
_LEADS: Final = ((1, 2, 5), (1, 3), (1,))
"""First digits with which steps change, from many labels a power of ten to few."""


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


def marked_prices(view: Viewport, tick: Decimal, least_px: float) -> Sequence[int]:
    """Round prices in view that are at least `least_px` pixels apart, ticks ascending."""
    if view.form.logarithmic:
        return log_prices(view.y_low, view.y_high, tick, abs(view.ymap(1).scale), least_px)
    per_px = (view.y_high - view.y_low) / view.height
    return round_prices(view.y_low, view.y_high, price_step(tick, per_px * least_px))


def log_prices(low: float, high: float, tick: Decimal, px_a_fold: float, least: float) -> list[int]:
    """Round prices on a logarithmic axis, ascending.

    Steps grow with the prices; they change where the first digit does, so that labels stay where
    they are while prices are panned.

    Parameters
    ----------
    low, high : float
        Prices in view, ticks above zero.
    tick : Decimal
        Price of one tick.
    px_a_fold : float
        Pixels between two prices of which one is e times the other.
    least : float
        Pixels that two labels are apart.
    """
    if high <= low * _LIKE_EVEN:
        return list(round_prices(low, high, price_step(tick, high * least / px_a_fold)))
    found: list[int] = []
    edges = _edges(low, high, tick, px_a_fold, least)
    for start, stop in pairwise(edges):
        step = price_step(tick, stop * least / px_a_fold)
        first = -(-start // step) * step
        inside = range(first, stop, step) if start >= step else (start,)
        # The next edge is a label as well; what would stand close below it gives way.
        below = stop * exp(-least * _NEAR / px_a_fold)
        found += [t for t in inside if low <= t <= high and (t == start or t <= below)]
    return found


def _edges(low: float, high: float, tick: Decimal, px_a_fold: float, least: float) -> list[int]:
    """Prices at which steps change, from below `low` to above `high`, far enough apart."""
    leads = next((x for x in _LEADS if log(_tightest(x)) * px_a_fold >= least), (1,))
    decades = max(1, ceil(least / (log(10) * px_a_fold)))
    edges: list[int] = []
    for decade in range(_DECADES.start, _DECADES.stop + 2):
        if decade % decades:
            continue
        for lead in leads:
            ticks = Decimal(lead).scaleb(decade) / tick
            if ticks < 1 or int(ticks) in edges:
                continue
            edges.append(int(ticks))
            if ticks > high:
                return edges
    return edges


def _tightest(leads: tuple[int, ...]) -> float:
    """The smallest ratio of two neighbours of these first digits."""
    return min(b / a for a, b in zip(leads, (*leads[1:], 10), strict=True))
