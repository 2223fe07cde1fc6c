"""The straight line of least squares through the newest prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values, behind
from tradedesk.engine.indicators.parameter import whole
from tradedesk.engine.indicators.source import reader_of, scale_of, source_field, sums_of
from tradedesk.engine.indicators.window_sum import WeightedWindow, weighted_sums

if TYPE_CHECKING:
    from tradedesk.engine.bars import Bar, Bars


@dataclass(frozen=True)
class LinearRegression(Indicator):
    """Least squares line through `length` values: its value at the newest bar, and its slope.

    The slope is in ticks a bar. Both come from exact sums: with ``s`` the sum of a window of ``n``
    and ``w`` that with weights 1 to n, ``d = 2w - (n + 1)s`` gives the slope
    ``6d / (n(n**2 - 1))`` and the value ``((n + 1)s + 3d) / (n(n + 1))``.
    """

    name: ClassVar[str] = "linreg"
    outputs: ClassVar[tuple[str, ...]] = ("value", "slope")
    length: int = whole(14, low=2)
    source: str = source_field()

    @property
    def warm_up(self) -> int:
        return self.length - 1

    def compute(self, bars: Bars) -> Lines:
        n, rows, scale = self.length, len(bars), scale_of(self.source)
        plain, tilt = weighted_sums(sums_of(bars, self.source), n)
        plain *= n + 1
        tilt *= 2
        tilt -= plain
        slope = tilt.astype(np.float64) * (6.0 / (n * (n * n - 1) * scale))
        tilt *= 3
        plain += tilt
        value = plain.astype(np.float64) / (n * (n + 1) * scale)
        warm = min(self.warm_up, rows)
        return behind(warm, value, rows), behind(warm, slope, rows)

    def fresh(self) -> Follower:
        return _LinearRegressionFollower(self)


class _LinearRegressionFollower(Follower):
    __slots__ = ("_read", "_scale", "_window")

    def __init__(self, of: LinearRegression) -> None:
        self._read = reader_of(of.source)
        self._scale = scale_of(of.source)
        self._window = WeightedWindow(of.length)

    def step(self, bar: Bar, keep: bool) -> Values:
        sums = self._window.step(self._read(bar), keep)
        if sums is None:
            return (NAN, NAN)
        n = self._window.length
        plain = sums.plain * (n + 1)
        tilt = 2 * sums.weighted - plain
        slope = tilt * (6.0 / (n * (n * n - 1) * self._scale))
        return ((plain + 3 * tilt) / (n * (n + 1) * self._scale), slope)
