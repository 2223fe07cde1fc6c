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
_FINEST: Final = 1e-6
_SMALLEST: Final = 1e-9


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
        above, below = _edges(height)
        room = max(1.0, height - above - below) * ratio
        scale = room / (self.high - self.low)
        return YMap(scale, (top + above) * ratio + self.high * scale)

    def scale_by(self, factor: float) -> None:
        """Show `factor` times as much around the middle, as far as it can be told apart."""
        middle = (self.low + self.high) / 2
        half = (self.high - self.low) / 2 * factor
        half = min(max(half, abs(middle) * _FINEST, _SMALLEST), _LARGEST)
        self.low, self.high = middle - half, middle + half

    def move_by(self, dy: float, height: float) -> None:
        """Move values `dy` pixels down in a plot that is `height` pixels high."""
        room = max(1.0, height - sum(_edges(height)))
        shift = dy / room * (self.high - self.low)
        if abs(self.low + shift) <= _LARGEST and abs(self.high + shift) <= _LARGEST:
            self.low, self.high = self.low + shift, self.high + shift

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


class PaneHand:
    """The scale of a pane as the hand takes hold of it: what it does holds until it is fitted.

    Parameters
    ----------
    key : str
        Of the pane.
    height : float
        Of its plot, logical pixels.
    fixed : set of str
        Keys of the panes whose scale was set by hand.
    """

    def __init__(self, scale: PaneScale, key: str, height: float, fixed: set[str]) -> None:
        self._scale, self._key, self._height, self._fixed = scale, key, height, fixed

    @property
    def auto_y(self) -> bool:
        """Whether the scale is fitted to what is in view."""
        return self._key not in self._fixed

    @auto_y.setter
    def auto_y(self, on: bool) -> None:
        if on:
            self._fixed.discard(self._key)
        else:
            self._fixed.add(self._key)

    def scale_y(self, factor: float) -> None:
        """Show `factor` times as much around the middle."""
        self.auto_y = False
        self._scale.scale_by(factor)

    def pan_y(self, dy: float) -> None:
        """Move values `dy` pixels down."""
        self.auto_y = False
        self._scale.move_by(dy, self._height)


def _edges(height: float) -> tuple[float, float]:
    """Pixels above and below the values in a plot of some height."""
    return (_TOP, _BOTTOM) if height > 2 * (_TOP + _BOTTOM) else (2.0, 2.0)
