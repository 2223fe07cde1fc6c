"""Highest and lowest of the newest rows: whole columns at once, and going on value by value."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def window_max(values: NDArray[Any], length: int) -> NDArray[Any]:
    """Return the largest value of every window of `length` rows; shape (n - length + 1,)."""
    return _extremes(np.maximum, values, length)


def window_min(values: NDArray[Any], length: int) -> NDArray[Any]:
    """Return the smallest value of every window of `length` rows; shape (n - length + 1,)."""
    return _extremes(np.minimum, values, length)


def _extremes(pick: np.ufunc, values: NDArray[Any], length: int) -> NDArray[Any]:
    """Pick from windows that double, then from two of them that cover the whole one."""
    rows = len(values) - length + 1
    if rows <= 0:
        return values[:0].copy()
    width = 1
    while 2 * width <= length:
        values = pick(values[:-width], values[width:])
        width *= 2
    picked: NDArray[Any] = pick(values[:rows], values[length - width : length - width + rows])
    return picked


class WindowMax:
    """Largest of the newest `length` values; candidates are kept in falling order."""

    __slots__ = ("_candidates", "_row", "length")

    def __init__(self, length: int) -> None:
        self.length = length
        self._row = 0
        self._candidates: deque[tuple[int, int]] = deque()

    def step(self, value: int, keep: bool) -> int | None:
        """Return the largest with `value` as the newest; None while there are too few."""
        candidates = self._candidates
        top = candidates[0][1] if candidates else value
        full = self._row >= self.length - 1
        if keep:
            self._take(value)
        return max(top, value) if full else None

    def _take(self, value: int) -> None:
        candidates = self._candidates
        while candidates and candidates[-1][1] <= value:
            candidates.pop()
        candidates.append((self._row, value))
        self._row += 1
        if candidates[0][0] <= self._row - self.length:
            candidates.popleft()


class WindowMin:
    """Smallest of the newest `length` values."""

    __slots__ = ("_of_negative",)

    def __init__(self, length: int) -> None:
        self._of_negative = WindowMax(length)

    def step(self, value: int, keep: bool) -> int | None:
        """Return the smallest with `value` as the newest; None while there are too few."""
        largest = self._of_negative.step(-value, keep)
        return None if largest is None else -largest
