"""The scale of a pane below the bars: which values are in view, round ones, their texts."""

from __future__ import annotations

from math import ceil, floor, isfinite, log10
from typing import Final

from tradedesk.ui.chart.columns import YMap

_TOP: Final = 24.0
_BOTTOM: Final = 6.0
_LABEL_PX: Final = 26.0
_DIGITS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_LARGEST: Final = 1e200
_MOST: Final = 100


class PaneScale:
    """Values of a pane to pixel rows.

    Attributes
    ----------
    low, high : float
        Values in view, without the room at top and bottom.
    """

    def __init__(self) -> None:
        self.low, self.high = 0.0, 1.0

    def fit(self, low: float, high: float) -> bool:
        """Show `low` to `high`; tells whether anything changed."""
        low, high = max(low, -_LARGEST), min(high, _LARGEST)
        if not (isfinite(low) and isfinite(high)) or high < low:
            low, high = 0.0, 1.0
        if high - low <= abs(high) * 1e-9:
            half = max(abs(high) * 0.01, 0.5)
            low, high = low - half, high + half
        if (low, high) == (self.low, self.high):
            return False
        self.low, self.high = low, high
        return True

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest value in view."""
        return self.low, self.high

    def holds(self, value: float) -> bool:
        """Whether a value lies within; so does one that is none."""
        return not (value < self.low or value > self.high)

    def ymap(self, top: float, height: float, ratio: float) -> YMap:
        """For a plot that begins at `top` and is `height` high, in logical pixels."""
        above, below = (_TOP, _BOTTOM) if height > 2 * (_TOP + _BOTTOM) else (2.0, 2.0)
        room = max(1.0, height - above - below) * ratio
        scale = room / (self.high - self.low)
        return YMap(scale, (top + above) * ratio + self.high * scale)

    def marks(self, height: float, size: float) -> list[float]:
        """Round values as far apart as labels; round when shown `size` times as large."""
        step = self.step(height, size)
        first, last = ceil(self.low / step), floor(self.high / step)
        return [k * step for k in range(first, min(last, first + _MOST) + 1)]

    def step(self, height: float, size: float) -> float:
        """Distance of two labels."""
        room = max(height - _TOP - _BOTTOM, _LABEL_PX)
        least = (self.high - self.low) * size * _LABEL_PX / room
        decade: float = 10.0 ** floor(log10(least))
        return next(d * decade for d in _DIGITS if d * decade >= least * (1 - 1e-12)) / size
