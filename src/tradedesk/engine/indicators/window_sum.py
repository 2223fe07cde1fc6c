"""Sums over the newest rows: whole columns at once, and going on value by value.

Whole numbers are summed exactly, whatever the length of the column: differences of prefix sums
are right modulo 2**64, and a window's own sum fits. Windows over floats are summed without
ever subtracting, so that no error builds up.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Weighted(NamedTuple):
    """Plain sum of a window, and its sum with weights 1 (oldest) to its length (newest)."""

    plain: int
    weighted: int


def prefix(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return sums of the first 0, 1, ... n values, modulo 2**64; shape (n + 1,)."""
    sums = np.empty(len(values) + 1, np.int64)
    sums[0] = 0
    np.cumsum(values, out=sums[1:])
    return sums


def window_sums(values: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """Return the sum of every window of `length` rows; shape (n - length + 1,), or (0,)."""
    if len(values) < length:
        return np.empty(0, np.int64)
    sums = prefix(values)
    return sums[length:] - sums[:-length]


def weighted_sums(
    values: NDArray[np.int64], length: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return `window_sums`, and the same with weights 1 (oldest) to `length` (newest)."""
    plain = window_sums(values, length)
    rows = np.arange(len(values), dtype=np.int64)
    weighted = window_sums(rows * values, length)
    starts = rows[: len(plain)] - 1
    starts *= plain
    weighted -= starts
    return plain, weighted


def float_window_sums(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Return the sum of every window of `length` rows, by doubling; shape (n - length + 1,)."""
    rows = len(values) - length + 1
    if rows <= 0:
        return np.empty(0)
    total = np.zeros(rows)
    part, width, done = values, 1, 0
    while done < length:
        if length & width:
            total += part[done : done + rows]
            done += width
        if done < length:
            part = part[:-width] + part[width:]
            width *= 2
    return total


class WindowSum:
    """Exact sum of the newest `length` whole numbers."""

    __slots__ = ("_total", "_values", "length")

    def __init__(self, length: int) -> None:
        self.length = length
        self._values: deque[int] = deque()
        self._total = 0

    def step(self, value: int, keep: bool) -> int | None:
        """Return the sum with `value` as the newest; None while there are too few."""
        total = self._total + value
        full = len(self._values) == self.length - 1
        if keep:
            self._values.append(value)
            self._total = total - self._values.popleft() if full else total
        return total if full else None


class WeightedWindow:
    """Exact weighted sum of the newest `length` whole numbers."""

    __slots__ = ("_plain", "_values", "_weighted", "length")

    def __init__(self, length: int) -> None:
        self.length = length
        self._values: deque[int] = deque()
        self._plain = self._weighted = 0

    def step(self, value: int, keep: bool) -> Weighted | None:
        """Return both sums with `value` as the newest; None while there are too few."""
        held = len(self._values)
        plain = self._plain + value
        weighted = self._weighted + (held + 1) * value
        full = held == self.length - 1
        if keep:
            self._values.append(value)
            if full:
                # each weight falls by one, which drops the oldest value
                self._weighted = weighted - plain
                self._plain = plain - self._values.popleft()
            else:
                self._weighted, self._plain = weighted, plain
        return Weighted(plain, weighted) if full else None


class FloatWindow:
    """Sum of the newest `length` floats, from partial sums that are only ever added to.

    The older part of the window is held as sums from each of its values to its end, the newer
    part as values with one sum. When the older part is used up, the newer one becomes it: a
    constant number of additions for each value in the mean.
    """

    __slots__ = ("_newer", "_newer_sum", "_older", "length")

    def __init__(self, length: int) -> None:
        self.length = length
        self._older: list[float] = []
        self._newer: list[float] = []
        self._newer_sum = 0.0

    def step(self, value: float, keep: bool) -> float | None:
        """Return the sum with `value` as the newest; None while there are too few."""
        held = len(self._older) + len(self._newer)
        full = held == self.length - 1
        newer_sum = self._newer_sum + value
        total = newer_sum + self._older[-1] if self._older else newer_sum
        if keep:
            self._newer.append(value)
            self._newer_sum = newer_sum
            if full:
                self._drop_oldest()
        return total if full else None

    def _drop_oldest(self) -> None:
        if not self._older:
            total = 0.0
            for value in reversed(self._newer):
                total += value
                self._older.append(total)
            self._newer.clear()
            self._newer_sum = 0.0
        self._older.pop()
