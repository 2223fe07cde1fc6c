"""The values of one drawn line, as far as somebody asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Curve:
    """A column of values, drawn `shift` bars to the right of its own bars.

    Attributes
    ----------
    values : ndarray of float64, shape (n,)
        NaN where there is none.
    shift : int
        Bars to the right; the value of row r stands at bar ``r + shift``.
    side : ndarray of float64, shape (n,), optional
        Where given, only values whose side has the sign of `wanted` count.
    wanted : int
        1 or -1.
    """

    values: NDArray[np.float64]
    shift: int = 0
    side: NDArray[np.float64] | None = None
    wanted: int = 1

    @property
    def stop(self) -> int:
        """The bar behind the last one that has a value drawn at it."""
        return len(self.values) + self.shift

    def at(self, start: int, stop: int) -> NDArray[np.float64]:
        """Values drawn at the bars `start` to `stop`, which must all lie within the column."""
        part = slice(start - self.shift, stop - self.shift)
        values = self.values[part]
        if self.side is None:
            return values
        return np.where(self.side[part] * self.wanted > 0, values, np.nan)

    def clipped(self, start: int, stop: int) -> tuple[int, int]:
        """The part of a run of bars that lies within the column."""
        first = max(start, self.shift)
        return first, max(first, min(stop, self.stop))
