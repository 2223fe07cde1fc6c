"""How prices become heights: evenly or by their logarithm, upwards or downwards. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ticks = NDArray[np.int32] | NDArray[np.int64] | NDArray[np.floating]
"""Prices in ticks, whole or with fractions."""
LEAST_TICKS: Final = 0.6
"""A logarithmic scale ends here, so that no pixel of it is rounded to a price of zero."""


@dataclass(frozen=True, slots=True)
class PriceForm:
    """What one pixel is worth: as many ticks everywhere, or the same share of the price.

    Attributes
    ----------
    logarithmic : bool
        Equal distances are equal ratios. Prices below one tick stand at the lower end.
    inverted : bool
        Higher prices stand lower.
    """

    logarithmic: bool = False
    inverted: bool = False

    def up(self, ticks: float) -> float:
        """Height of a price, in what this form counts."""
        return log(max(ticks, LEAST_TICKS)) if self.logarithmic else ticks

    def ticks(self, height: float) -> float:
        """Price at a height."""
        return exp(height) if self.logarithmic else height


def heights(ticks: Ticks) -> NDArray[np.float64]:
    """Logarithms of many prices; those below one tick stand at the lower end."""
    found: NDArray[np.float64] = np.log(np.maximum(ticks, LEAST_TICKS), dtype=np.float64)
    return found
