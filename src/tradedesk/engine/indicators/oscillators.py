"""Oscillators of one price: relative strength, rate of change, MACD, commodity channel."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.engine.indicators.core import (
    NAN,
    Follower,
    Indicator,
    Lines,
    Values,
    behind,
    row_of_last,
)
from tradedesk.engine.indicators.parameter import whole
from tradedesk.engine.indicators.smoothing import (
    NOTHING,
    ema,
    ema_column,
    ema_memory,
    wilder,
    wilder_column,
    wilder_memory,
)
from tradedesk.engine.indicators.source import (
    reader_of,
    scale_of,
    source_field,
    sums_of,
    ticks_of,
)
from tradedesk.engine.indicators.window_sum import WindowSum, window_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars

_IN_CACHE: Final = 8_192
_CCI_UNIT: Final = 0.015


@dataclass(frozen=True)
class Rsi(Indicator):
    """Wilder's relative strength index, 0 to 100.

    Wilder's average of rises over that of rises and falls, both begun with the plain mean of the
    first `length` changes. Bars without a change leave it where it is. Where nothing has changed
    yet, or for some 700 lengths, it is 0, as in TA-Lib; others show 50 or 100 there.
    """

    name: ClassVar[str] = "rsi"
    outputs: ClassVar[tuple[str, ...]] = ("rsi",)
    length: int = whole(14, low=2)
    source: str = source_field()

    @property
    def warm_up(self) -> int:
        return self.length

    @property
    def memory(self) -> int:
        return wilder_memory(self.length) + 1

    def compute(self, bars: Bars) -> Lines:
        moves = np.diff(sums_of(bars, self.source)).astype(np.float64)
        rises = wilder_column(np.maximum(moves, 0.0), self.length)
        both = wilder_column(np.abs(moves), self.length)
        index = np.zeros(len(both))
        np.divide(100.0 * rises, both, out=index, where=both > NOTHING)
        return (behind(min(self.length, len(bars)), index, len(bars)),)

    def fresh(self) -> Follower:
        return _RsiFollower(self)

    def first_needed(self, bars: Bars) -> int:
        # bars without a change make nothing be forgotten: as many with one are needed
        return row_of_last(self.memory, bars, lambda part: np.diff(sums_of(part, self.source)) != 0)


class _RsiFollower(Follower):
    __slots__ = ("_both", "_last", "_read", "_rises")

    def __init__(self, of: Rsi) -> None:
        self._read = reader_of(of.source)
        self._last: int | None = None
        self._rises = wilder(of.length)
        self._both = wilder(of.length)

    def step(self, bar: Bar, keep: bool) -> Values:
        value, last = self._read(bar), self._last
        if keep:
            self._last = value
        if last is None:
            return (NAN,)
        rises = self._rises.step(float(max(value - last, 0)), keep)
        both = self._both.step(float(abs(value - last)), keep)
        return (100.0 * rises / both if both > NOTHING else rises * 0.0,)


@dataclass(frozen=True)
class Roc(Indicator):
    """Rate of change in per cent against the value `length` bars before; 0 if that one was 0."""

    name: ClassVar[str] = "roc"
    outputs: ClassVar[tuple[str, ...]] = ("roc",)
    length: int = whole(10)
    source: str = source_field()

    @property
    def warm_up(self) -> int:
        return self.length

    def compute(self, bars: Bars) -> Lines:
        values = sums_of(bars, self.source)
        before = values[: -self.length]
        change = np.zeros(len(before))
        np.divide(100.0 * (values[self.length :] - before), before, out=change, where=before != 0)
        return (behind(min(self.length, len(bars)), change, len(bars)),)

    def fresh(self) -> Follower:
        return _RocFollower(self)


class _RocFollower(Follower):
    __slots__ = ("_length", "_read", "_values")

    def __init__(self, of: Roc) -> None:
        self._read = reader_of(of.source)
        self._length = of.length
        self._values: deque[int] = deque(maxlen=of.length)

    def step(self, bar: Bar, keep: bool) -> Values:
        value = self._read(bar)
        before = self._values[0] if len(self._values) == self._length else None
        if keep:
            self._values.append(value)
        if before is None:
            return (NAN,)
        return (100.0 * (value - before) / before if before else 0.0,)


@dataclass(frozen=True)
class Macd(Indicator):
    """Difference of two exponential averages, its own average as signal, and what is between.

    The fast average begins with the simple average of the `fast` values that end where the slow
    one begins, and the signal with that of the first `signal` differences, as in TA-Lib. The line
    ``macd`` is shown from where it exists on; TA-Lib hides it until the signal is there too.
    """

    name: ClassVar[str] = "macd"
    outputs: ClassVar[tuple[str, ...]] = ("macd", "signal", "histogram")
    fast: int = whole(12)
    slow: int = whole(26)
    signal: int = whole(9)
    source: str = source_field()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.fast >= self.slow:
            raise InputError(
                f"fast of indicator macd is {self.fast} and slow is {self.slow}: "
                f"give a fast length below the slow one."
            )

    @property
    def warm_up(self) -> int:
        return self.slow + self.signal - 2

    @property
    def memory(self) -> int:
        return ema_memory(self.slow) + ema_memory(self.signal)

    def compute(self, bars: Bars) -> Lines:
        rows, values = len(bars), ticks_of(bars, self.source)
        quick = ema_column(values[self.slow - self.fast :], self.fast)
        macd = quick - ema_column(values, self.slow)
        signal = ema_column(macd, self.signal)
        lines = macd, signal, macd[self.signal - 1 :] - signal
        starts = self.slow - 1, self.warm_up, self.warm_up
        return tuple(
            behind(min(start, rows), line, rows) for start, line in zip(starts, lines, strict=True)
        )

    def fresh(self) -> Follower:
        return _MacdFollower(self)


class _MacdFollower(Follower):
    __slots__ = ("_fast", "_read", "_scale", "_signal", "_slow", "_wait")

    def __init__(self, of: Macd) -> None:
        self._read = reader_of(of.source)
        self._scale = scale_of(of.source)
        self._fast, self._slow, self._signal = ema(of.fast), ema(of.slow), ema(of.signal)
        self._wait = of.slow - of.fast

    def step(self, bar: Bar, keep: bool) -> Values:
        value = self._read(bar) / self._scale
        slow = self._slow.step(value, keep)
        if self._wait:
            if keep:
                self._wait -= 1
            return (NAN, NAN, NAN)
        macd = self._fast.step(value, keep) - slow
        if macd != macd:
            return (NAN, NAN, NAN)
        signal = self._signal.step(macd, keep)
        return (macd, signal, macd - signal)


@dataclass(frozen=True)
class Cci(Indicator):
    """Commodity channel index: distance from the simple average in units of 0.015 mean deviations.

    The mean deviation is taken from the newest average, as in TA-Lib; where all values of the
    window are equal the index is 0. Mean deviations cannot be updated: column and follower need
    `length` additions a bar, about a nanosecond each in a column and 50 in a follower.
    """

    name: ClassVar[str] = "cci"
    outputs: ClassVar[tuple[str, ...]] = ("cci",)
    length: int = whole(20, low=2, high=1_000)
    source: str = source_field("hlc3")

    @property
    def warm_up(self) -> int:
        return self.length - 1

    def compute(self, bars: Bars) -> Lines:
        values, length = sums_of(bars, self.source), self.length
        sums = window_sums(values, length)
        values *= length
        spread = _deviations(values, sums, length)
        index = np.zeros(len(sums))
        away = (values[length - 1 :] - sums[: len(values)]) * float(length)
        np.divide(away, _CCI_UNIT * spread, out=index, where=spread != 0)
        return (behind(min(self.warm_up, len(bars)), index, len(bars)),)

    def fresh(self) -> Follower:
        return _CciFollower(self)


def _deviations(
    values: NDArray[np.int64], centres: NDArray[np.int64], length: int
) -> NDArray[np.int64]:
    """Sum the distances of each window from its centre, lag by lag in pieces that stay in cache."""
    total = np.zeros(len(centres), np.int64)
    buffer = np.empty(_IN_CACHE, np.int64)
    for start in range(0, len(centres), _IN_CACHE):
        part = total[start : start + _IN_CACHE]
        centre = centres[start : start + _IN_CACHE]
        distance = buffer[: len(part)]
        for lag in range(start, start + length):
            np.subtract(values[lag : lag + len(part)], centre, out=distance)
            np.abs(distance, out=distance)
            part += distance
    return total


class _CciFollower(Follower):
    __slots__ = ("_read", "_sum", "_values")

    def __init__(self, of: Cci) -> None:
        self._read = reader_of(of.source)
        self._sum = WindowSum(of.length)
        self._values: deque[int] = deque(maxlen=of.length)

    def step(self, bar: Bar, keep: bool) -> Values:
        value, length = self._read(bar), self._sum.length
        total = self._sum.step(value, keep)
        window = self._values if keep else self._values.copy()
        window.append(value)
        if total is None:
            return (NAN,)
        spread = sum([abs(length * each - total) for each in window])
        away = (length * value - total) * float(length)
        return (away / (_CCI_UNIT * spread) if spread else 0.0,)
