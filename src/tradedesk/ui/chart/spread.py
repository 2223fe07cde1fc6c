"""Keeps labels in one column from lying over each other."""

from __future__ import annotations

from collections.abc import Sequence


def spread(
    wanted: Sequence[tuple[float, float]], low: float, high: float, gap: float = 1.0
) -> list[float]:
    """Tops of labels so that none covers another.

    Parameters
    ----------
    wanted : sequence of (top, height)
        Where each would like to be, most important first: who comes earlier moves less.
    low, high : float
        Room for all of them, from top to bottom.
    gap : float
        Least distance between two.

    Returns
    -------
    list of float
        In the order of `wanted`. Labels for which there is no room left stay where they wanted
        to be, kept between `low` and `high`.
    """
    placed: list[tuple[float, float]] = []
    tops: list[float] = []
    for ideal, height in wanted:
        ideal = min(max(ideal, low), max(low, high - height))
        candidates = [ideal]
        for top, bottom in placed:
            candidates += (top - height - gap, bottom + gap)
        free = [c for c in candidates if _fits(c, height, placed, low, high, gap)]
        best = min(free, key=lambda c: abs(c - ideal), default=ideal)
        placed.append((best, best + height))
        tops.append(best)
    return tops


def _fits(
    top: float,
    height: float,
    placed: Sequence[tuple[float, float]],
    low: float,
    high: float,
    gap: float,
) -> bool:
    small = 1e-6
    if top < low - small or top + height > high + small:
        return False
    return all(
        top + height + gap <= other + small or top >= bottom + gap - small
        for other, bottom in placed
    )
