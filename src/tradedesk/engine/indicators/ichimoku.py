"""Ichimoku's lines, each at the bar it is made of, with how far to the side it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values, behind
from tradedesk.engine.indicators.parameter import whole
from tradedesk.engine.indicators.window_extreme import WindowMax, WindowMin, window_max, window_min

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars


@dataclass(frozen=True)
class Ichimoku(Indicator):
    """Ichimoku Kinko Hyo: middles of ranges, and the cloud that is drawn ahead of them.

    ======== ================================ =============
    line     value                            drawn
    ======== ================================ =============
    tenkan   middle of the last 9 bars        at its bar
    kijun    middle of the last 26 bars       at its bar
    span_a   middle of tenkan and kijun       26 bars ahead
    span_b   middle of the last 52 bars       26 bars ahead
    chikou   close                            26 bars back
    ======== ================================ =============

    Row i of every column is made of bar i and bars before it, so that nothing looks ahead and the
    cloud in front of the newest bar is there: it is the last 26 rows of the spans. `shifts` says
    by how many bars to draw each line to the right. The cloud over bar i is row ``i - 26``. The
    count is Hosoda's with the current bar not counted; TradingView counts it and draws one bar
    less far.
    """

    name: ClassVar[str] = "ichimoku"
    outputs: ClassVar[tuple[str, ...]] = ("tenkan", "kijun", "span_a", "span_b", "chikou")
    conversion: int = whole(9)
    base: int = whole(26)
    span: int = whole(52)
    displacement: int = whole(26)

    @property
    def warm_up(self) -> int:
        return max(self.conversion, self.base, self.span) - 1

    @property
    def shifts(self) -> tuple[int, ...]:
        return (0, 0, self.displacement, self.displacement, -self.displacement)

    def compute(self, bars: Bars) -> Lines:
        tenkan, kijun = _middles(bars, self.conversion), _middles(bars, self.base)
        span_b = _middles(bars, self.span)
        return tenkan, kijun, (tenkan + kijun) / 2.0, span_b, bars.close.astype(np.float64)

    def fresh(self) -> Follower:
        return _IchimokuFollower(self)


def _middles(bars: Bars, length: int) -> NDArray[np.float64]:
    rows = len(bars)
    both = window_max(bars.high, length).astype(np.float64)
    both += window_min(bars.low, length)
    both /= 2.0
    return behind(min(length - 1, rows), both, rows)


class _Middle:
    __slots__ = ("_high", "_low")

    def __init__(self, length: int) -> None:
        self._high, self._low = WindowMax(length), WindowMin(length)

    def step(self, bar: Bar, keep: bool) -> float:
        highest, lowest = self._high.step(bar.high, keep), self._low.step(bar.low, keep)
        return NAN if highest is None or lowest is None else (highest + lowest) / 2.0


class _IchimokuFollower(Follower):
    __slots__ = ("_base", "_conversion", "_span")

    def __init__(self, of: Ichimoku) -> None:
        self._conversion, self._base = _Middle(of.conversion), _Middle(of.base)
        self._span = _Middle(of.span)

    def step(self, bar: Bar, keep: bool) -> Values:
        tenkan, kijun = self._conversion.step(bar, keep), self._base.step(bar, keep)
        span_b = self._span.step(bar, keep)
        return (tenkan, kijun, (tenkan + kijun) / 2.0, span_b, float(bar.close))
