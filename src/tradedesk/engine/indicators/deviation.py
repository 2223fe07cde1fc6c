"""Standard deviation of the newest prices, and Bollinger's bands that are made of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values, behind
from tradedesk.engine.indicators.parameter import real, whole
from tradedesk.engine.indicators.source import reader_of, scale_of, source_field, sums_of
from tradedesk.engine.indicators.window_sum import window_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars

_ROOM: Final = 2**63
_PIECE: Final = 65_536


def squared_spreads(values: NDArray[np.int64], length: int) -> NDArray[np.float64]:
    """Return ``length**2`` times the population variance of every window.

    Exact in 64-bit integers, so a price that does not move has a deviation of 0 at any height and
    a long column loses nothing. Windows too wide for that (over 30,000 ticks times 100,000 rows,
    say) are done in floats from their own mean, to some 1e-15.
    """
    if len(values) < length:
        return np.empty(0)
    low, high = int(values.min()), int(values.max())
    if (high - low) ** 2 * length**2 >= _ROOM:
        return _wide_spreads(values, length)
    moved = values - (low + high) // 2
    sums = window_sums(moved, length)
    moved *= moved
    spread = window_sums(moved, length)
    spread *= length
    sums *= sums
    spread -= sums
    return spread.astype(np.float64)


def _wide_spreads(values: NDArray[np.int64], length: int) -> NDArray[np.float64]:
    rows = len(values) - length + 1
    spread = np.empty(rows)
    step = max(1, _PIECE // length)
    for start in range(0, rows, step):
        part = values[start : min(start + step, rows) + length - 1]
        windows = np.lib.stride_tricks.sliding_window_view(part, length)
        # a whole number near the mean keeps the differences exact
        away = (windows - windows.sum(axis=1, keepdims=True) // length).astype(np.float64)
        squares = length * (away * away).sum(axis=1) - away.sum(axis=1) ** 2
        spread[start : start + step] = np.maximum(squares, 0.0)
    return spread


class SpreadWindow:
    """Sum and squared spread (see `squared_spreads`) of the newest values, exact."""

    __slots__ = ("_squares", "_total", "_values", "length")

    def __init__(self, length: int) -> None:
        self.length = length
        self._values: deque[int] = deque()
        self._total = self._squares = 0

    def step(self, value: int, keep: bool) -> tuple[int, int] | None:
        """Return both with `value` as the newest; None while there are too few."""
        total, squares = self._total + value, self._squares + value * value
        full = len(self._values) == self.length - 1
        if keep:
            self._values.append(value)
            self._total, self._squares = total, squares
            if full:
                oldest = self._values.popleft()
                self._total -= oldest
                self._squares -= oldest * oldest
        return (total, self.length * squares - total * total) if full else None


@dataclass(frozen=True)
class StdDev(Indicator):
    """Standard deviation of the newest `length` values, in ticks.

    Of the population (divided by `length`), as TA-Lib, TradingView and NinjaTrader do; a
    spreadsheet's STDEV divides by one less.
    """

    name: ClassVar[str] = "stddev"
    outputs: ClassVar[tuple[str, ...]] = ("stddev",)
    length: int = whole(20)
    source: str = source_field()

    @property
    def warm_up(self) -> int:
        return self.length - 1

    def compute(self, bars: Bars) -> Lines:
        spread = squared_spreads(sums_of(bars, self.source), self.length)
        deviation = np.sqrt(spread) / (self.length * scale_of(self.source))
        return (behind(min(self.warm_up, len(bars)), deviation, len(bars)),)

    def fresh(self) -> Follower:
        return _StdDevFollower(self)


class _StdDevFollower(Follower):
    __slots__ = ("_divisor", "_read", "_window")

    def __init__(self, of: StdDev) -> None:
        self._read = reader_of(of.source)
        self._window = SpreadWindow(of.length)
        self._divisor = of.length * scale_of(of.source)

    def step(self, bar: Bar, keep: bool) -> Values:
        sums = self._window.step(self._read(bar), keep)
        return (NAN if sums is None else sqrt(sums[1]) / self._divisor,)


@dataclass(frozen=True)
class Bollinger(Indicator):
    """Bollinger's bands: the simple average, and `width` population deviations up and down."""

    name: ClassVar[str] = "bollinger"
    outputs: ClassVar[tuple[str, ...]] = ("upper", "middle", "lower")
    length: int = whole(20)
    width: float = real(2.0)
    source: str = source_field()

    @property
    def warm_up(self) -> int:
        return self.length - 1

    def compute(self, bars: Bars) -> Lines:
        rows, warm = len(bars), min(self.warm_up, len(bars))
        values, divisor = sums_of(bars, self.source), self.length * scale_of(self.source)
        middle = window_sums(values, self.length) / divisor
        band = np.sqrt(squared_spreads(values, self.length)) * (self.width / divisor)
        return tuple(behind(warm, line, rows) for line in (middle + band, middle, middle - band))

    def fresh(self) -> Follower:
        return _BollingerFollower(self)


class _BollingerFollower(Follower):
    __slots__ = ("_divisor", "_read", "_width", "_window")

    def __init__(self, of: Bollinger) -> None:
        self._read = reader_of(of.source)
        self._window = SpreadWindow(of.length)
        self._divisor = of.length * scale_of(of.source)
        self._width = of.width / self._divisor

    def step(self, bar: Bar, keep: bool) -> Values:
        sums = self._window.step(self._read(bar), keep)
        if sums is None:
            return (NAN, NAN, NAN)
        middle, band = sums[0] / self._divisor, sqrt(sums[1]) * self._width
        return (middle + band, middle, middle - band)
