"""A trailing line that follows price at some average true ranges and changes sides with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values
from tradedesk.engine.indicators.parameter import real, whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.engine.bars import Bar, Bars


@dataclass(frozen=True)
class Supertrend(Indicator):
    """Supertrend: the line in ticks, and its direction, 1 below price or -1 above it.

    Bands stand `width` average true ranges (see `Atr`) around hl2. A band only comes nearer to
    price until a close goes through it. The line is the lower band until a close below it, then
    the upper one until a close above it. It begins as the lower band, as in TA-Lib; TradingView
    begins with the upper one, and agrees from the first change of sides on.

    A state machine, so column and follower are the same loop, and equal to the last bit.
    """

    name: ClassVar[str] = "supertrend"
    outputs: ClassVar[tuple[str, ...]] = ("supertrend", "direction")
    length: int = whole(10)
    width: float = real(3.0)

    @property
    def warm_up(self) -> int:
        return self.length

    def compute(self, bars: Bars) -> Lines:
        return self.start(bars)[0]

    def follow(self, after: Bars | None = None) -> Follower:
        state = _START
        if after is not None:
            state = walk(_rows(after), _START, self.length, self.width)[2]
        return _SupertrendFollower(self, state)

    def start(self, bars: Bars) -> tuple[Lines, Follower]:
        closed, newest = _rows(bars[:-1]), _rows(bars[-1:])
        lines, directions, state = walk(closed, _START, self.length, self.width)
        line, direction, _ = walk(newest, state, self.length, self.width)
        columns = np.array(lines + line), np.array(directions + direction)
        return columns, _SupertrendFollower(self, state)

    def fresh(self) -> Follower:
        return _SupertrendFollower(self, _START)


class _State(NamedTuple):
    """What one bar hands on to the next; `average` is a sum until `seen` is over the length."""

    seen: int
    close: int
    average: float
    upper: float
    lower: float
    rising: bool


_START = _State(0, 0, 0.0, NAN, NAN, True)


def _rows(bars: Bars) -> Iterable[tuple[int, int, int]]:
    return zip(bars.high.tolist(), bars.low.tolist(), bars.close.tolist(), strict=True)


def walk(
    rows: Iterable[tuple[int, int, int]], state: _State, length: int, width: float
) -> tuple[list[float], list[float], _State]:
    """Go on from `state` over high, low and close of bars; returns both lines and the new state."""
    seen, before, average, upper, lower, rising = state
    lines: list[float] = []
    directions: list[float] = []
    alpha = 1.0 / length
    for high, low, close in rows:
        top = high if high > before else before
        bottom = low if low < before else before
        if seen > length:
            average += alpha * (top - bottom - average)
            distance = width * average
            middle = (high + low) / 2.0
            if middle + distance < upper or before > upper:
                upper = middle + distance
            if middle - distance > lower or before < lower:
                lower = middle - distance
            rising = close >= lower if rising else close > upper
        else:
            if seen:
                average += top - bottom
            if seen == length:
                average /= length
                upper = (high + low) / 2.0 + width * average
                lower = (high + low) / 2.0 - width * average
            seen += 1
        before = close
        lines.append(lower if rising else upper)
        directions.append(1.0 if rising else -1.0)
    silent = min(max(length - state.seen, 0), len(lines))
    directions[:silent] = [NAN] * silent
    return lines, directions, _State(seen, before, average, upper, lower, rising)


class _SupertrendFollower(Follower):
    __slots__ = ("_length", "_state", "_width")

    def __init__(self, of: Supertrend, state: _State) -> None:
        self._length, self._width = of.length, of.width
        self._state = state

    def step(self, bar: Bar, keep: bool) -> Values:
        row = ((bar.high, bar.low, bar.close),)
        (line,), (direction,), state = walk(row, self._state, self._length, self._width)
        if keep:
            self._state = state
        return (line, direction)
