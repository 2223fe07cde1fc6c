"""Keeps labels in one column from lying over each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Label:
    """One label: where its top would like to be, and how strongly it holds that place."""

    top: float
    height: float
    weight: float = 1.0


def spread(labels: Sequence[Label], low: float, high: float, gap: float = 1.0) -> list[float]:
    """Tops of labels so that none covers another and none overtakes another.

    Parameters
    ----------
    labels : sequence of Label
        In any order; those out of bounds gather at the bound in the order of their wishes.
    low, high : float
        Room for all of them, from top to bottom.
    gap : float
        Least distance between two.

    Returns
    -------
    list of float
        In the order of `labels`. Where they push each other they settle at the weighted mean of
        their wishes. If there is no room for all, each one stands as near to its wish as the
        bounds allow, and some lie over each other.
    """
    bounded = [min(max(x.top, low), max(low, high - x.height)) for x in labels]
    total = sum(x.height for x in labels) + gap * max(0, len(labels) - 1)
    if total > high - low:
        return bounded
    # With what is above it taken off, "below the one before" becomes "not less than": the
    # weighted means of neighbours that are out of order are then the best places.
    order = sorted(range(len(labels)), key=lambda i: (labels[i].top, -labels[i].weight))
    above, used = {}, 0.0
    pools: list[tuple[float, float, int]] = []
    for i in order:
        above[i] = used
        used += labels[i].height + gap
        pools.append((bounded[i] - above[i], labels[i].weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, a_weight, a_count), (b, b_weight, b_count) = pools[-2:]
            weight = a_weight + b_weight
            mean = (a * a_weight + b * b_weight) / weight
            pools[-2:] = [(mean, weight, a_count + b_count)]
    places = [place for place, _, count in pools for _ in range(count)]
    tops = [0.0] * len(labels)
    for i, place in zip(order, places, strict=True):
        tops[i] = min(max(place, low), high - total) + above[i]
    return tops
