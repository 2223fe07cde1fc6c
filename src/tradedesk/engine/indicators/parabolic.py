"""Wilder's parabolic stop and reverse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values
from tradedesk.engine.indicators.parameter import real

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        return (np.array(self._walk(bars)[0]),)

    def follow(self, after: Bars | None = None) -> Follower:
        return _SarFollower(self, None if after is None else self._walk(after)[1])

    def fresh(self) -> Follower:
        return _SarFollower(self, None)

    def _walk(self, bars: Bars) -> tuple[list[float], _State | None]:
        rows = list(zip(bars.high.tolist(), bars.low.tolist(), strict=True))
        return advance(rows, None, min(self.step, self.most), self.most)


class _State(NamedTuple):
    """What one bar hands on to the next; `long` is None behind the very first bar."""

    high: float
    low: float
    long: bool | None
    stop: float
    extreme: float
    speed: float


def advance(
    rows: Sequence[tuple[int, int]], state: _State | None, step: float, most: float
) -> tuple[list[float], _State | None]:
    """Go on from `state` over high and low of bars; returns the line and the new state."""
    silent: list[float] = []
    if state is None:
        if not rows:
            return silent, state
        silent.append(NAN)
        state = _State(*rows[0], None, NAN, NAN, step)
        rows = rows[1:]
    if state.long is None:
        if not rows:
            return silent, state
        state = _begin(state, *rows[0], step)
    line, state = _go(rows, state, step, most)
    return silent + line, state


def _begin(first: _State, high: float, low: float, step: float) -> _State:
    """Choose a side at the second bar, which then counts as its own bar before."""
    fall = first.low - low
    long = not (fall > 0 and fall > high - first.high)
    stop, extreme = (first.low, high) if long else (first.high, low)
    return _State(high, low, long, stop, extreme, step)


def _go(
    rows: Sequence[tuple[int, int]], state: _State, step: float, most: float
) -> tuple[list[float], _State]:
    last_high, last_low, long, stop, extreme, speed = state
    line: list[float] = []
    for high, low in rows:
        if long:
            if low <= stop:
                long, speed = False, step
                stop = max(extreme, last_high, high)
                line.append(stop)
                extreme = low
                stop = max(stop + speed * (extreme - stop), last_high, high)
            else:
                line.append(stop)
                if high > extreme:
                    extreme, speed = high, min(speed + step, most)
                stop = min(stop + speed * (extreme - stop), last_low, low)
        elif high >= stop:
            long, speed = True, step
            stop = min(extreme, last_low, low)
            line.append(stop)
            extreme = high
            stop = min(stop + speed * (extreme - stop), last_low, low)
        else:
            line.append(stop)
            if low < extreme:
                extreme, speed = low, min(speed + step, most)
            stop = max(stop + speed * (extreme - stop), last_high, high)
        last_high, last_low = high, low
    return line, _State(last_high, last_low, long, stop, extreme, speed)


class _SarFollower(Follower):
    __slots__ = ("_most", "_state", "_step")

    def __init__(self, of: ParabolicSar, state: _State | None) -> None:
        self._step, self._most = min(of.step, of.most), of.most
        self._state = state

    def step(self, bar: Bar, keep: bool) -> Values:
        (stop,), state = advance(((bar.high, bar.low),), self._state, self._step, self._most)
        if keep:
            self._state = state
        return (float(stop),)
