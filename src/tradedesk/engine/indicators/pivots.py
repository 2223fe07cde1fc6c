"""Levels from the session before: floor pivots and two relatives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

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

if TYPE_CHECKING:
    from tradedesk.engine.bars import Bar, Bars

_FIBONACCI: Final = (0.382, 0.618, 1.0)
_CAMARILLA: Final = (1.1 / 12.0, 1.1 / 6.0, 1.1 / 4.0)
_OUTPUTS: Final = ("pivot", "r1", "r2", "r3", "s1", "s2", "s3")


@dataclass(frozen=True)
class Pivots(Indicator):
    """Pivot and three levels to each side from high, low and close of the session before.

    The pivot is hlc3 of that session. With ``kind="classic"`` the levels are the floor traders':
    ``r1 = 2p - l``, ``r2 = p + (h - l)``, ``r3 = h + 2(p - l)`` and their mirror images. With
    ``"fibonacci"`` they stand at 0.382, 0.618 and 1 ranges from the pivot, with ``"camarilla"`` at
    1.1/12, 1.1/6 and 1.1/4 ranges from the close. NaN in the first session; that session may be
    there in part only, and the levels of the second are then those of the part.
    """

    name: ClassVar[str] = "pivots"
    outputs: ClassVar[tuple[str, ...]] = _OUTPUTS
    kind: str = choice("classic", ("classic", "fibonacci", "camarilla"))
    sessions: Sessions = field(default=DAYS_UTC, metadata=IS_SESSIONS)

    @property
    def warm_up(self) -> int:
        return 0

    def compute(self, bars: Bars) -> Lines:
        rows = len(bars)
        starts = session_rows(self.sessions, bars.ts_ns)
        if not rows:
            return tuple(np.empty(0) for _ in _OUTPUTS)
        high = np.maximum.reduceat(bars.high, starts).astype(np.float64)
        low = np.minimum.reduceat(bars.low, starts).astype(np.float64)
        close = bars.close[np.append(starts[1:], rows) - 1].astype(np.float64)
        return tuple(
            spread(np.concatenate(([NAN], level[:-1])), starts, rows)
            for level in _levels(self.kind, high, low, close)
        )

    def fresh(self) -> Follower:
        return _PivotsFollower(self)

    def first_needed(self, bars: Bars) -> int:
        return start_before_end(self.sessions, bars.ts_ns, 2)


def _levels(kind: str, high: Any, low: Any, close: Any) -> tuple[Any, ...]:
    """Levels in the order of the outputs, of floats or of columns of them."""
    pivot = (high + low + close) / 3.0
    width = high - low
    if kind == "classic":
        up = 2.0 * pivot - low, pivot + width, high + 2.0 * (pivot - low)
        down = 2.0 * pivot - high, pivot - width, low - 2.0 * (high - pivot)
        return (pivot, *up, *down)
    steps, centre = (_FIBONACCI, pivot) if kind == "fibonacci" else (_CAMARILLA, close)
    return (
        pivot,
        *(centre + step * width for step in steps),
        *(centre - step * width for step in steps),
    )


class _PivotsFollower(Follower):
    __slots__ = ("_close", "_high", "_kind", "_levels", "_low", "_watch")

    def __init__(self, of: Pivots) -> None:
        self._kind = of.kind
        self._watch = SessionWatch(of.sessions)
        self._high = self._low = self._close = 0
        self._levels: Values | None = None

    def step(self, bar: Bar, keep: bool) -> Values:
        first = self._levels is None
        levels = self._levels or (NAN,) * len(_OUTPUTS)
        begins = self._watch.step(bar.ts_ns, keep)
        if begins and not first:
            levels = _levels(self._kind, float(self._high), float(self._low), float(self._close))
        if keep:
            self._levels = levels
            self._high = bar.high if begins else max(self._high, bar.high)
            self._low = bar.low if begins else min(self._low, bar.low)
            self._close = bar.close
        return levels
