"""Wilder's parabolic stop and reverse."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values
from tradedesk.engine.indicators.parameter import real

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tradedesk.engine.bars import Bar, Bars


@dataclass(frozen=True)
class ParabolicSar(Indicator):
    """Parabolic stop and reverse, in ticks.

    Begins at the second bar: short if that made a lower low by more than a higher high, else
    long, from the first bar's high or low; as in TA-Lib. Platforms begin in different ways and
    agree from the first reversal on that they have in common. `step` is added to the acceleration
    with each new extreme, up to `most`.

    A state machine, so column and follower are the same loop, and equal to the last bit.
    """

    name: ClassVar[str] = "sar"
    outputs: ClassVar[tuple[str, ...]] = ("sar",)
    step: float = real(0.02)
    most: float = real(0.2)

    @property
    def warm_up(self) -> int:
        return 1

    def compute(self, bars: Bars) -> Lines:
        return self.start(bars)[0]

    def follow(self, after: Bars | None = None) -> Follower:
        state = None if after is None else self._walk(after, None)[1]
        return _SarFollower(self, state)

    def start(self, bars: Bars) -> tuple[Lines, Follower]:
        line, state = self._walk(bars[:-1], None)
        line += self._walk(bars[-1:], state)[0]
        return (np.array(line),), _SarFollower(self, state)

    def fresh(self) -> Follower:
        return _SarFollower(self, None)

    def _walk(self, bars: Bars, state: _State | None) -> tuple[list[float], _State | None]:
        rows = zip(bars.high.tolist(), bars.low.tolist(), strict=True)
        return advance(rows, state, min(self.step, self.most), self.most)


class _State(NamedTuple):
    """What one bar hands on to the next.

    All prices are as seen from the side the stop is on: when short, high and low change places
    and all signs turn, so that there is one set of rules. `long` is None behind the very first
    bar.
    """

    high: float
    low: float
    long: bool | None
    stop: float
    extreme: float
    speed: float


def advance(
    rows: Iterator[tuple[int, int]], state: _State | None, step: float, most: float
) -> tuple[list[float], _State | None]:
    """Go on from `state` over high and low of bars; returns the line and the new state."""
    silent: list[float] = []
    if state is None:
        row = next(rows, None)
        if row is None:
            return silent, state
        silent.append(NAN)
        state = _State(*row, None, NAN, NAN, step)
    if state.long is None:
        row = next(rows, None)
        if row is None:
            return silent, state
        state = _begin(state, *row, step)
        rows = chain((row,), rows)
    line, state = _go(rows, state, step, most)
    return silent + line, state


def _begin(first: _State, high: float, low: float, step: float) -> _State:
    """Choose a side at the second bar, which then counts as its own bar before."""
    fall = first.low - low
    if fall > 0 and fall > high - first.high:
        return _State(-low, -high, False, -first.high, -low, step)
    return _State(high, low, True, first.low, high, step)


def _go(
    rows: Iterable[tuple[int, int]], state: _State, step: float, most: float
) -> tuple[list[float], _State]:
    last_high, last_low, long, stop, extreme, speed = state
    line: list[float] = []
    add = line.append
    for high, low in rows:
        if not long:
            high, low = -low, -high
        if low > stop:
            add(stop if long else -stop)
            if high > extreme:
                extreme = high
                speed = speed + step if speed + step < most else most
            stop += speed * (extreme - stop)
            # a stop never enters the range of this bar and the one before
            if stop > low or stop > last_low:
                stop = low if low < last_low else last_low
            last_high, last_low = high, low
        else:
            stop = max(extreme, high, last_high)
            add(stop if long else -stop)
            long, speed = not long, step
            last_high, last_low = -low, min(-high, -last_high)
            stop, extreme = -stop, -low
            stop += speed * (extreme - stop)
            if stop > last_low:
                stop = last_low
            last_low = -high
    return line, _State(last_high, last_low, long, stop, extreme, speed)


class _SarFollower(Follower):
    __slots__ = ("_most", "_state", "_step")

    def __init__(self, of: ParabolicSar, state: _State | None) -> None:
        self._step, self._most = min(of.step, of.most), of.most
        self._state = state

    def step(self, bar: Bar, keep: bool) -> Values:
        (stop,), state = advance(iter(((bar.high, bar.low),)), self._state, self._step, self._most)
        if keep:
            self._state = state
        return (float(stop),)
