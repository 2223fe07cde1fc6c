"""Channels around price: Keltner's, Donchian's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values, behind
from tradedesk.engine.indicators.parameter import real, whole
from tradedesk.engine.indicators.ranges import AtrFollower, atr_column
from tradedesk.engine.indicators.smoothing import ema, ema_column, ema_memory, wilder_memory
from tradedesk.engine.indicators.source import reader_of, scale_of, source_field, ticks_of
from tradedesk.engine.indicators.window_extreme import WindowMax, WindowMin, window_max, window_min

if TYPE_CHECKING:
    from tradedesk.engine.bars import Bar, Bars


@dataclass(frozen=True)
class Keltner(Indicator):
    """Keltner's channel: an exponential average, and `width` average true ranges up and down.

    This is Raschke's form, which TradingView shows too. Keltner's own, which NinjaTrader shows,
    takes simple averages of hlc3 and of high less low.
    """

    name: ClassVar[str] = "keltner"
    outputs: ClassVar[tuple[str, ...]] = ("upper", "middle", "lower")
    length: int = whole(20)
    atr_length: int = whole(10)
    width: float = real(2.0)
    source: str = source_field()

    @property
    def warm_up(self) -> int:
        return max(self.length - 1, self.atr_length)

    @property
    def memory(self) -> int:
        return max(ema_memory(self.length), wilder_memory(self.atr_length) + 1)

    def compute(self, bars: Bars) -> Lines:
        rows = len(bars)
        average = ema_column(ticks_of(bars, self.source), self.length)
        middle = behind(min(self.length - 1, rows), average, rows)
        ranges = atr_column(bars, self.atr_length)
        band = self.width * behind(min(self.atr_length, rows), ranges, rows)
        return middle + band, middle, middle - band

    def fresh(self) -> Follower:
        return _KeltnerFollower(self)


class _KeltnerFollower(Follower):
    __slots__ = ("_average", "_range", "_read", "_scale", "_width")

    def __init__(self, of: Keltner) -> None:
        self._read = reader_of(of.source)
        self._scale = scale_of(of.source)
        self._average = ema(of.length)
        self._range = AtrFollower(of.atr_length)
        self._width = of.width

    def step(self, bar: Bar, keep: bool) -> Values:
        middle = self._average.step(self._read(bar) / self._scale, keep)
        band = self._width * self._range.step(bar, keep)[0]
        return (middle + band, middle, middle - band)


@dataclass(frozen=True)
class Donchian(Indicator):
    """Donchian's channel: highest high and lowest low of `length` bars, and the middle of them.

    The newest bar counts, as on TradingView. A breakout rule that compares it with the bars
    before takes the values of the row before.
    """

    name: ClassVar[str] = "donchian"
    outputs: ClassVar[tuple[str, ...]] = ("upper", "middle", "lower")
    length: int = whole(20)

    @property
    def warm_up(self) -> int:
        return self.length - 1

    def compute(self, bars: Bars) -> Lines:
        rows, warm = len(bars), min(self.warm_up, len(bars))
        upper = window_max(bars.high, self.length).astype(np.float64)
        lower = window_min(bars.low, self.length).astype(np.float64)
        lines = upper, (upper + lower) / 2.0, lower
        return tuple(behind(warm, line, rows) for line in lines)

    def fresh(self) -> Follower:
        return _DonchianFollower(self)


class _DonchianFollower(Follower):
    __slots__ = ("_high", "_low")

    def __init__(self, of: Donchian) -> None:
        self._high, self._low = WindowMax(of.length), WindowMin(of.length)

    def step(self, bar: Bar, keep: bool) -> Values:
        upper, lower = self._high.step(bar.high, keep), self._low.step(bar.low, keep)
        if upper is None or lower is None:
            return (NAN, NAN, NAN)
        return (float(upper), (upper + lower) / 2.0, float(lower))
