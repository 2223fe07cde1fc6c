"""Price weighted by volume since a session began, or since a moment; with bands.

The weights are the trades themselves: turnover over volume, exact until the division as long as
three times the turnover of a session fits into 64 bits. Bars with an unknown order flow have no
turnover. By default everything of their session from them on is then NaN; with
``without_flow="hlc3"`` such bars count as if all their volume had traded at hlc3, which is what
platforms without trades show everywhere.

The bands are `width` deviations up and down. The deviation is weighted by volume too and is that
of the bars' own mean prices: what prices did inside a bar is not in the columns and does not
count, so longer bars give somewhat narrower bands.

A session lasts until the next one begins: bars outside all hours count to the one before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values, unknown
from tradedesk.engine.indicators.parameter import choice, real, whole
from tradedesk.engine.indicators.sessions import (
    DAYS_UTC,
    IS_SESSIONS,
    Sessions,
    SessionWatch,
    session_rows,
    spread,
    start_before_end,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars

_WITHOUT_FLOW = ("nan", "hlc3")
_OUTPUTS = ("vwap", "upper", "lower")


@dataclass(frozen=True)
class Vwap(Indicator):
    """Volume-weighted average price of the session so far, in ticks, with bands."""

    name: ClassVar[str] = "vwap"
    outputs: ClassVar[tuple[str, ...]] = _OUTPUTS
    width: float = real(1.0)
    without_flow: str = choice("nan", _WITHOUT_FLOW)
    sessions: Sessions = field(default=DAYS_UTC, metadata=IS_SESSIONS)

    @property
    def warm_up(self) -> int:
        return 0

    def compute(self, bars: Bars) -> Lines:
        starts = session_rows(self.sessions, bars.ts_ns)
        return _lines(bars, starts, self.width, self.without_flow)

    def follow(self, after: Bars | None = None) -> Follower:
        follower = _VwapFollower(self.width, self.without_flow, self.sessions)
        if after is not None and len(after):
            follower.take(after[start_before_end(self.sessions, after.ts_ns, 1) :])
        return follower

    def fresh(self) -> Follower:
        return self.follow()


@dataclass(frozen=True)
class AnchoredVwap(Indicator):
    """Volume-weighted average price since a moment, in ticks, with bands; NaN before it.

    Attributes
    ----------
    anchor_ns : int
        UTC nanoseconds. The first bar that opens then or later is the first to count.
    """

    name: ClassVar[str] = "anchored_vwap"
    outputs: ClassVar[tuple[str, ...]] = _OUTPUTS
    anchor_ns: int = whole(0, low=-(2**63), high=2**63 - 1)
    width: float = real(1.0)
    without_flow: str = choice("nan", _WITHOUT_FLOW)

    @property
    def warm_up(self) -> int:
        return 0

    def compute(self, bars: Bars) -> Lines:
        first = int(bars.ts_ns.searchsorted(self.anchor_ns))
        since = _lines(bars[first:], np.zeros(1, np.intp), self.width, self.without_flow)
        before = unknown(first)
        return tuple(np.concatenate((before, line)) for line in since)

    def follow(self, after: Bars | None = None) -> Follower:
        follower = _VwapFollower(self.width, self.without_flow, None, self.anchor_ns)
        if after is not None:
            since = after[int(after.ts_ns.searchsorted(self.anchor_ns)) :]
            if len(since):
                follower.take(since)
        return follower

    def fresh(self) -> Follower:
        return self.follow()


def _turnover(bars: Bars, without_flow: str) -> tuple[NDArray[np.int64], NDArray[np.bool_] | None]:
    """Three times the turnover, and which rows do not tell theirs; None if all do."""
    turnover = 3 * bars.turnover
    known = bars.flow_known
    if known.all():
        return turnover, None
    if without_flow == "nan":
        return turnover, ~known
    typical = bars.high.astype(np.int64) + bars.low + bars.close
    return np.where(known, turnover, typical * bars.volume), None


class _Sums(NamedTuple):
    """Sums of the session so far, row by row; `squares` only becomes a sum in the end."""

    volume: NDArray[np.int64]
    away: NDArray[np.int64]
    squares: NDArray[np.float64]


def _sums(
    turnover: NDArray[np.int64],
    bars: Bars,
    origin: NDArray[np.int64],
    starts: NDArray[np.intp],
) -> _Sums:
    """Add up volume, three times turnover as seen from `origin`, and squared distances.

    A bar adds to the squares its distance from the mean before it, squared, times what its volume
    weighs beside that before it. Nothing is ever subtracted, so that the deviation of prices that
    hardly differ is right too. The means themselves come from exact sums.
    """
    size = bars.volume
    own = turnover - 3 * origin * size
    volume, away = _since(size, starts), _since(own, starts)
    before = volume - size
    held, total = before.astype(np.float64), volume.astype(np.float64)
    # thrice the distance, as turnover comes thrice
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = own / size.astype(np.float64)
        distance -= (away - own) / held
        held /= total
    held *= size
    held *= np.multiply(distance, distance, out=distance)
    held /= 9.0
    squares = held
    squares[(size == 0) | (before == 0)] = 0.0
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(size)], strict=True):
        np.cumsum(squares[start:stop], out=squares[start:stop])
    return _Sums(volume, away, squares)


def _lines(bars: Bars, starts: NDArray[np.intp], width: float, without_flow: str) -> Lines:
    rows = len(bars)
    if not rows:
        return unknown(0), unknown(0), unknown(0)
    turnover, missing = _turnover(bars, without_flow)
    # seen from the session's first price figures are small and lose no digits
    origin: NDArray[np.int64] = spread(bars.open[starts].astype(np.int64), starts, rows)
    sums = _sums(turnover, bars, origin, starts)
    good = sums.volume > 0
    if missing is not None:
        good &= _since(missing.astype(np.int64), starts) == 0
    total = sums.volume.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        vwap = sums.away / total
        band = np.divide(sums.squares, total, out=sums.squares)
    vwap /= 3.0
    vwap += origin
    vwap[~good] = NAN
    np.sqrt(band, out=band)
    band *= width
    return vwap, vwap + band, vwap - band


def _since(values: NDArray[np.int64], starts: NDArray[np.intp]) -> NDArray[np.int64]:
    """Running sums that begin anew at each of `starts`; exact."""
    sums = np.cumsum(values)
    before = sums[starts] - values[starts]
    sums -= spread(before, starts, len(values))
    return sums


class _VwapFollower(Follower):
    __slots__ = (
        "_anchor_ns",
        "_away",
        "_fill",
        "_missing",
        "_origin",
        "_squares",
        "_volume",
        "_watch",
        "_width",
    )

    def __init__(
        self, width: float, without_flow: str, sessions: Sessions | None, anchor_ns: int = 0
    ) -> None:
        self._width = width
        self._fill = without_flow == "hlc3"
        self._anchor_ns = anchor_ns
        self._watch = None if sessions is None else SessionWatch(sessions)
        self._missing = False
        self._origin: int | None = None
        self._volume = self._away = 0
        self._squares = 0.0

    def take(self, bars: Bars) -> None:
        """Take in at least one bar of a session at once, as the first of this state."""
        turnover, missing = _turnover(bars, "hlc3" if self._fill else "nan")
        first = np.zeros(1, np.intp)
        origin = np.full(len(bars), bars.open[0], np.int64)
        sums = _sums(turnover, bars, origin, first)
        self._origin = int(bars.open[0])
        self._missing = missing is not None
        self._volume, self._away = int(sums.volume[-1]), int(sums.away[-1])
        self._squares = float(sums.squares[-1])
        if self._watch is not None:
            self._watch.step(int(bars.ts_ns[0]), True)

    def step(self, bar: Bar, keep: bool) -> Values:
        begins = self._origin is None
        if self._watch is not None:
            begins = self._watch.step(bar.ts_ns, keep)
        elif bar.ts_ns < self._anchor_ns:
            return (NAN, NAN, NAN)
        origin = bar.open if begins or self._origin is None else self._origin
        missing = False if begins else self._missing
        volume, away, squares = (0, 0, 0.0) if begins else (self._volume, self._away, self._squares)
        turnover = 3 * bar.turnover
        if not bar.count and bar.volume:
            missing |= not self._fill
            turnover = (bar.high + bar.low + bar.close) * bar.volume
        if bar.volume:
            own = turnover - 3 * origin * bar.volume
            if volume:
                distance = own / bar.volume - away / volume
                share = volume / (volume + bar.volume)
                squares += share * bar.volume * (distance * distance) / 9.0
            away += own
            volume += bar.volume
        if keep:
            self._origin, self._missing = origin, missing
            self._volume, self._away, self._squares = volume, away, squares
        if missing or not volume:
            return (NAN, NAN, NAN)
        vwap = away / volume / 3.0 + origin
        band = sqrt(squares / volume) * self._width
        return (vwap, vwap + band, vwap - band)
