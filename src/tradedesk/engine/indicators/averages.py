"""Moving averages: simple, exponential, weighted, Hull's."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import isqrt
from operator import mul
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values, behind
from tradedesk.engine.indicators.parameter import whole
from tradedesk.engine.indicators.smoothing import ema, ema_column, ema_memory
from tradedesk.engine.indicators.source import (
    reader_of,
    scale_of,
    source_field,
    sums_of,
    ticks_of,
)
from tradedesk.engine.indicators.window_sum import (
    WeightedWindow,
    WindowSum,
    weighted_sums,
    window_sums,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars


def warm_rows(length: int, rows: int) -> int:
    """Return how many of `rows` rows come before a window of `length` is full."""
    return min(length - 1, rows)


def triangle(length: int) -> int:
    """Return the sum of the weights 1 to `length`."""
    return length * (length + 1) // 2


@dataclass(frozen=True)
class Sma(Indicator):
    """Simple moving average: mean of the newest `length` values, exact until the division."""

    name: ClassVar[str] = "sma"
    outputs: ClassVar[tuple[str, ...]] = ("sma",)
    length: int = whole(20)
    source: str = source_field()

    @property
    def warm_up(self) -> int:
        return self.length - 1

    def compute(self, bars: Bars) -> Lines:
        sums = window_sums(sums_of(bars, self.source), self.length)
        means = sums / (self.length * scale_of(self.source))
        return (behind(warm_rows(self.length, len(bars)), means, len(bars)),)

    def fresh(self) -> Follower:
        return _SmaFollower(self)


class _SmaFollower(Follower):
    __slots__ = ("_divisor", "_read", "_window")

    def __init__(self, of: Sma) -> None:
        self._read = reader_of(of.source)
        self._window = WindowSum(of.length)
        self._divisor = of.length * scale_of(of.source)

    def step(self, bar: Bar, keep: bool) -> Values:
        total = self._window.step(self._read(bar), keep)
        return (NAN if total is None else total / self._divisor,)


@dataclass(frozen=True)
class Ema(Indicator):
    """Exponential moving average, ``alpha = 2 / (length + 1)``.

    Begins with the simple average of the first `length` values, as TA-Lib does. Platforms that
    begin with the first value instead show other figures at first; after some three lengths the
    difference is below a thousandth of it, after fifteen it is below double precision.
    """

    name: ClassVar[str] = "ema"
    outputs: ClassVar[tuple[str, ...]] = ("ema",)
    length: int = whole(20)
    source: str = source_field()

    @property
    def warm_up(self) -> int:
        return self.length - 1

    @property
    def memory(self) -> int:
        return ema_memory(self.length)

    def compute(self, bars: Bars) -> Lines:
        averages = ema_column(ticks_of(bars, self.source), self.length)
        return (behind(warm_rows(self.length, len(bars)), averages, len(bars)),)

    def fresh(self) -> Follower:
        return _EmaFollower(self)


class _EmaFollower(Follower):
    __slots__ = ("_average", "_read", "_scale")

    def __init__(self, of: Ema) -> None:
        self._read = reader_of(of.source)
        self._scale = scale_of(of.source)
        self._average = ema(of.length)

    def step(self, bar: Bar, keep: bool) -> Values:
        return (self._average.step(self._read(bar) / self._scale, keep),)


@dataclass(frozen=True)
class Wma(Indicator):
    """Weighted moving average with weights 1 (oldest) to `length` (newest), exact as `Sma` is."""

    name: ClassVar[str] = "wma"
    outputs: ClassVar[tuple[str, ...]] = ("wma",)
    length: int = whole(20)
    source: str = source_field()

    @property
    def warm_up(self) -> int:
        return self.length - 1

    def compute(self, bars: Bars) -> Lines:
        _, weighted = weighted_sums(sums_of(bars, self.source), self.length)
        means = weighted / (triangle(self.length) * scale_of(self.source))
        return (behind(warm_rows(self.length, len(bars)), means, len(bars)),)

    def fresh(self) -> Follower:
        return _WmaFollower(self)


class _WmaFollower(Follower):
    __slots__ = ("_divisor", "_read", "_window")

    def __init__(self, of: Wma) -> None:
        self._read = reader_of(of.source)
        self._window = WeightedWindow(of.length)
        self._divisor = triangle(of.length) * scale_of(of.source)

    def step(self, bar: Bar, keep: bool) -> Values:
        sums = self._window.step(self._read(bar), keep)
        return (NAN if sums is None else sums.weighted / self._divisor,)


@dataclass(frozen=True)
class Hma(Indicator):
    """Hull's moving average: ``wma(2 * wma(x, length / 2) - wma(x, length), sqrt(length))``.

    Half and root are rounded down, as Hull wrote it and TradingView and TA-Lib do. The follower
    needs as many multiplications a bar as the root.
    """

    name: ClassVar[str] = "hma"
    outputs: ClassVar[tuple[str, ...]] = ("hma",)
    length: int = whole(20, low=2)
    source: str = source_field()

    @property
    def warm_up(self) -> int:
        return self.length + isqrt(self.length) - 2

    def compute(self, bars: Bars) -> Lines:
        rows, half, root = len(bars), self.length // 2, isqrt(self.length)
        values, scale = sums_of(bars, self.source), scale_of(self.source)
        short = weighted_sums(values, half)[1][self.length - half :]
        long = weighted_sums(values, self.length)[1]
        raw = 2.0 * (short / (triangle(half) * scale)) - long / (triangle(self.length) * scale)
        return (behind(min(self.warm_up, rows), _weighted_means(raw, root), rows),)

    def fresh(self) -> Follower:
        return _HmaFollower(self)


def _weighted_means(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Weighted means of floats over short windows, lag by lag: nothing is subtracted."""
    rows = max(0, len(values) - length + 1)
    total = np.zeros(rows)
    for lag in range(length):
        total += (lag + 1.0) * values[lag : lag + rows]
    return total / triangle(length)


class _HmaFollower(Follower):
    __slots__ = ("_divisor", "_half", "_raw", "_read", "_scale", "_weights", "_whole")

    def __init__(self, of: Hma) -> None:
        root = isqrt(of.length)
        self._read = reader_of(of.source)
        self._scale = scale_of(of.source)
        self._half = WeightedWindow(of.length // 2)
        self._whole = WeightedWindow(of.length)
        self._raw: deque[float] = deque(maxlen=root)
        self._weights = range(1, root + 1)
        self._divisor = triangle(root)

    def step(self, bar: Bar, keep: bool) -> Values:
        value = self._read(bar)
        short, long = self._half.step(value, keep), self._whole.step(value, keep)
        if short is None or long is None:
            return (NAN,)
        half, length = triangle(self._half.length), triangle(self._whole.length)
        raw = 2.0 * (short.weighted / (half * self._scale)) - long.weighted / (length * self._scale)
        recent = self._raw if keep else self._raw.copy()
        recent.append(raw)
        if len(recent) < len(self._weights):
            return (NAN,)
        return (sum(map(mul, self._weights, recent)) / self._divisor,)
