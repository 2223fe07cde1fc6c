"""Who bought and who sold: delta of each bar, added up over a session, or over all bars."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values
from tradedesk.engine.indicators.parameter import choice
from tradedesk.engine.indicators.sessions import (
    DAYS_UTC,
    IS_SESSIONS,
    Sessions,
    SessionWatch,
    session_rows,
    spread,
    start_before_end,
)
from tradedesk.engine.indicators.window_sum import prefix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars


@dataclass(frozen=True)
class Delta(Indicator):
    """Contracts bought by the aggressor less contracts sold by him, bar by bar.

    NaN where the order flow is unknown.
    """

    name: ClassVar[str] = "delta"
    outputs: ClassVar[tuple[str, ...]] = ("delta",)

    @property
    def warm_up(self) -> int:
        return 0

    def compute(self, bars: Bars) -> Lines:
        delta = _delta(bars).astype(np.float64)
        delta[~bars.flow_known] = NAN
        return (delta,)

    def fresh(self) -> Follower:
        return _BarDelta()


class _BarDelta(Follower):
    """Remembers nothing."""

    __slots__ = ()

    def step(self, bar: Bar, keep: bool) -> Values:
        unknown = not bar.count and bar.volume
        return (NAN if unknown else float(2 * bar.buy_volume - bar.volume),)


@dataclass(frozen=True)
class CumulativeDelta(Indicator):
    """Contracts bought by the aggressor less contracts sold by him, added up.

    With ``per="session"`` the sum begins at 0 with each session; a bar with an unknown order flow
    makes it NaN until the session ends. With ``per="all"`` it runs on; it is NaN at bars with an
    unknown order flow and begins at 0 behind each of them, so that it never skips one. Size 0
    prints change nothing.
    """

    name: ClassVar[str] = "cumulative_delta"
    outputs: ClassVar[tuple[str, ...]] = ("delta",)
    per: str = choice("session", ("session", "all"))
    sessions: Sessions = field(default=DAYS_UTC, metadata=IS_SESSIONS)

    @property
    def warm_up(self) -> int:
        return 0

    def compute(self, bars: Bars) -> Lines:
        missing, rows = ~bars.flow_known, len(bars)
        if self.per == "session":
            starts = session_rows(self.sessions, bars.ts_ns)
            begins = spread(starts, starts, rows)
            found = prefix(missing.astype(np.int64))
            bad = found[1:] != found[begins]
        else:
            begins = _behind_last(missing)
            bad = missing
        sums = prefix(_delta(bars))
        delta = (sums[1:] - sums[begins]).astype(np.float64)
        delta[bad] = NAN
        return (delta,)

    def follow(self, after: Bars | None = None) -> Follower:
        follower = _DeltaFollower(self.sessions if self.per == "session" else None)
        if after is not None and len(after):
            follower.take(after)
        return follower

    def fresh(self) -> Follower:
        return self.follow()


def _delta(bars: Bars) -> NDArray[np.int64]:
    delta = 2 * bars.buy_volume
    delta -= bars.volume
    return delta


def _behind_last(missing: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each row the one behind the last row that is missing, this one included; else 0."""
    rows = np.arange(1, len(missing) + 1)
    rows[~missing] = 0
    return np.maximum.accumulate(rows)


class _DeltaFollower(Follower):
    __slots__ = ("_missing", "_sessions", "_total", "_watch")

    def __init__(self, sessions: Sessions | None) -> None:
        self._sessions = sessions
        self._watch = None if sessions is None else SessionWatch(sessions)
        self._missing = False
        self._total = 0

    def take(self, bars: Bars) -> None:
        """Take in bars at once, as the first of this state."""
        missing = ~bars.flow_known
        begin = 0
        if self._sessions is not None and self._watch is not None:
            begin = start_before_end(self._sessions, bars.ts_ns, 1)
            self._missing = bool(missing[begin:].any())
            self._watch.step(int(bars.ts_ns[begin]), True)
        elif missing.any():
            begin = len(bars) - int(missing[::-1].argmax())
        self._total = int(_delta(bars[begin:]).sum())

    def step(self, bar: Bar, keep: bool) -> Values:
        missing, total = self._missing, self._total
        if self._watch is not None and self._watch.step(bar.ts_ns, keep):
            missing, total = False, 0
        if not bar.count and bar.volume:
            missing, total = True, 0
        else:
            total += 2 * bar.buy_volume - bar.volume
        if keep:
            self._missing = missing and self._watch is not None
            self._total = total
        return (NAN if missing else float(total),)
