"""Wilder's directional movement: +DI, -DI and ADX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

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
from tradedesk.engine.indicators.ranges import true_range, true_ranges
from tradedesk.engine.indicators.smoothing import NOTHING, Smoothing, decayed, wilder, wilder_memory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars


@dataclass(frozen=True)
class Adx(Indicator):
    """Average directional index with its two directional indices, each 0 to 100.

    Movements and true ranges are Wilder's running sums ``sum - sum / length + newest``, begun
    with rows 1 to ``length - 1``, so that +DI and -DI begin at row `length`; ADX begins at row
    ``2 * length - 1`` with the plain mean of the first `length` differences. All as in TA-Lib;
    TradingView begins its sums differently and agrees after some dozen lengths.

    Without any range both indices are 0. Without any movement there is no difference between
    them: ADX stays as it is, as in TA-Lib.
    """

    name: ClassVar[str] = "adx"
    outputs: ClassVar[tuple[str, ...]] = ("adx", "plus_di", "minus_di")
    length: int = whole(14, low=2)

    @property
    def warm_up(self) -> int:
        return 2 * self.length - 1

    @property
    def memory(self) -> int:
        return 2 * wilder_memory(self.length) + 1

    def compute(self, bars: Bars) -> Lines:
        rows, length = len(bars), self.length
        up, down = _movements(bars)
        ranges = _running(true_ranges(bars).astype(np.float64), length)
        plus = _share(_running(up, length), ranges)
        minus = _share(_running(down, length), ranges)
        both = plus + minus
        differences = _share(np.abs(plus - minus), both)
        adx = _held_average(differences, both > NOTHING, length)
        early = min(length, rows)
        return (
            behind(min(self.warm_up, rows), adx, rows),
            behind(early, plus, rows),
            behind(early, minus, rows),
        )

    def fresh(self) -> Follower:
        return _AdxFollower(self.length)

    def first_needed(self, bars: Bars) -> int:
        # bars without movement are no step of ADX: as many with movement are needed
        return row_of_last(self.memory, bars, lambda part: np.add(*_movements(part)) > 0.0)


def _movements(bars: Bars) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Directional movement up and down from row 1 on; at most one of them is not 0."""
    up = np.diff(bars.high.astype(np.float64))
    down = -np.diff(bars.low.astype(np.float64))
    return (
        np.where((up > down) & (up > 0.0), up, 0.0),
        np.where((down > up) & (down > 0.0), down, 0.0),
    )


def _running(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Wilder's running sums from bar `length` on; `values` begin at bar 1."""
    start = float(values[: length - 1].sum())
    return decayed(values[length - 1 :], 1.0 - 1.0 / length, start)


def _share(part: NDArray[np.float64], whole_: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.zeros(len(part))
    np.divide(100.0 * part, whole_, out=share, where=whole_ > NOTHING)
    return share


def _held_average(
    values: NDArray[np.float64], known: NDArray[np.bool_], length: int
) -> NDArray[np.float64]:
    """Wilder's average that stays as it is where a value is not known."""
    if len(values) < length:
        return np.empty(0)
    first = float(values[:length].sum()) / length
    later = known[length:]
    steps = decayed(values[length:][later] / length, 1.0 - 1.0 / length, first)
    averages = np.concatenate(([first], steps))
    taken = np.concatenate(([0], np.cumsum(later)))
    held: NDArray[np.float64] = averages[taken]
    return held


class _RunningSum:
    """One of Wilder's running sums."""

    __slots__ = ("_keep", "total")

    def __init__(self, length: int) -> None:
        self._keep = 1.0 - 1.0 / length
        self.total = 0.0

    def step(self, value: int, keep: bool, begun: bool) -> float:
        total = self._keep * self.total + value if begun else self.total + value
        if keep:
            self.total = total
        return total


class _AdxFollower(Follower):
    __slots__ = ("_average", "_before", "_down", "_length", "_range", "_seen", "_up")

    def __init__(self, length: int) -> None:
        self._length = length
        self._before: Bar | None = None
        self._seen = 0
        self._up, self._down = _RunningSum(length), _RunningSum(length)
        self._range = _RunningSum(length)
        self._average = _HeldAverage(length)

    def step(self, bar: Bar, keep: bool) -> Values:
        before, seen = self._before, self._seen
        if keep:
            self._before = bar
            self._seen += 1
        if before is None:
            return (NAN, NAN, NAN)
        up, down = bar.high - before.high, before.low - bar.low
        begun = seen >= self._length
        plus = self._up.step(up if up > down and up > 0 else 0, keep, begun)
        minus = self._down.step(down if down > up and down > 0 else 0, keep, begun)
        width = self._range.step(true_range(bar, before.close), keep, begun)
        if not begun:
            return (NAN, NAN, NAN)
        plus = 100.0 * plus / width if width > NOTHING else 0.0
        minus = 100.0 * minus / width if width > NOTHING else 0.0
        return (self._average.step(plus, minus, keep), plus, minus)


class _HeldAverage:
    """Average of the differences of two indices; without movement it stays as it is."""

    __slots__ = ("_average", "_length", "_seen", "_value")

    def __init__(self, length: int) -> None:
        self._average: Smoothing = wilder(length)
        self._length = length
        self._seen = 0
        self._value = NAN

    def step(self, plus: float, minus: float, keep: bool) -> float:
        both = plus + minus
        if both > NOTHING:
            result = self._average.step(100.0 * abs(plus - minus) / both, keep)
        elif self._seen < self._length:
            result = self._average.step(0.0, keep)
        else:
            result = self._value
        if keep:
            self._seen += 1
            self._value = result
        return result
