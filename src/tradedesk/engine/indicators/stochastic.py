"""Where the close stands in the range of the newest bars: the stochastic oscillator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values, behind
from tradedesk.engine.indicators.parameter import whole
from tradedesk.engine.indicators.window_extreme import WindowMax, WindowMin, window_max, window_min
from tradedesk.engine.indicators.window_sum import FloatWindow, float_window_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars


@dataclass(frozen=True)
class Stochastic(Indicator):
    """Slow stochastic: %K is the fast %K in a simple average of `smooth` bars, %D that of %K.

    The fast %K is ``100 * (close - lowest low) / (highest high - lowest low)`` over `length` bars,
    and 0 where these are equal, as in TA-Lib; others show 50 or the value before. All averages
    are simple, as everywhere but in MetaTrader's other modes.
    """

    name: ClassVar[str] = "stochastic"
    outputs: ClassVar[tuple[str, ...]] = ("k", "d")
    length: int = whole(14)
    smooth: int = whole(3)
    signal: int = whole(3)

    @property
    def warm_up(self) -> int:
        return self.length + self.smooth + self.signal - 3

    def compute(self, bars: Bars) -> Lines:
        return _lines(bars, self.length, self.smooth, self.signal)

    def fresh(self) -> Follower:
        return _StochasticFollower(self.length, self.smooth, self.signal)


@dataclass(frozen=True)
class FastStochastic(Indicator):
    """Fast stochastic: %K as `Stochastic` states it, %D its simple average of `signal` bars."""

    name: ClassVar[str] = "fast_stochastic"
    outputs: ClassVar[tuple[str, ...]] = ("k", "d")
    length: int = whole(14)
    signal: int = whole(3)

    @property
    def warm_up(self) -> int:
        return self.length + self.signal - 2

    def compute(self, bars: Bars) -> Lines:
        return _lines(bars, self.length, 1, self.signal)

    def fresh(self) -> Follower:
        return _StochasticFollower(self.length, 1, self.signal)


def _lines(bars: Bars, length: int, smooth: int, signal: int) -> Lines:
    rows = len(bars)
    lowest = window_min(bars.low, length).astype(np.int64)
    width = window_max(bars.high, length) - lowest
    place = np.zeros(len(width))
    above = bars.close[min(length - 1, rows) :] - lowest
    np.divide(100.0 * above, width, out=place, where=width != 0)
    k = _mean(place, smooth)
    d = _mean(k, signal)
    return behind(rows - len(k), k, rows), behind(rows - len(d), d, rows)


def _mean(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    return float_window_sums(values, length) / length


class _StochasticFollower(Follower):
    __slots__ = ("_high", "_low", "_signal", "_smooth")

    def __init__(self, length: int, smooth: int, signal: int) -> None:
        self._high, self._low = WindowMax(length), WindowMin(length)
        self._smooth, self._signal = FloatWindow(smooth), FloatWindow(signal)

    def step(self, bar: Bar, keep: bool) -> Values:
        highest, lowest = self._high.step(bar.high, keep), self._low.step(bar.low, keep)
        if highest is None or lowest is None:
            return (NAN, NAN)
        width = highest - lowest
        place = 100.0 * (bar.close - lowest) / width if width else 0.0
        total = self._smooth.step(place, keep)
        if total is None:
            return (NAN, NAN)
        k = total / self._smooth.length
        total = self._signal.step(k, keep)
        return (k, NAN if total is None else total / self._signal.length)
