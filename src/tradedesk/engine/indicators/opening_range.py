"""The range of the first minutes of a session."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from tradedesk.domain.bar_spec import UNIT_NS, BarUnit
from tradedesk.engine.indicators.core import Follower, Indicator, Lines, Values
from tradedesk.engine.indicators.parameter import whole
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

_MINUTE_NS: Final = UNIT_NS[BarUnit.MINUTE]
_APART: Final = 2**33
_BELOW_ALL: Final = -(2**32)


@dataclass(frozen=True)
class OpeningRange(Indicator):
    """High, low and middle of the bars that open in the first `minutes` of a session, in ticks.

    While these minutes last the range is the one so far; then it stays. The session begins with
    the opening time of its first bar, so the minutes count from the first trade's bar if the
    market opened without one. A bar longer than `minutes` counts whole.
    """

    name: ClassVar[str] = "opening_range"
    outputs: ClassVar[tuple[str, ...]] = ("high", "low", "middle")
    minutes: int = whole(30, high=1_440)
    sessions: Sessions = field(default=DAYS_UTC, metadata=IS_SESSIONS)

    @property
    def warm_up(self) -> int:
        return 0

    def compute(self, bars: Bars) -> Lines:
        rows = len(bars)
        starts = session_rows(self.sessions, bars.ts_ns)
        inside = bars.ts_ns - spread(bars.ts_ns[starts], starts, rows) < self.minutes * _MINUTE_NS
        # raising each session above the one before makes one running maximum begin anew in each
        raised = spread(np.arange(len(starts), dtype=np.int64) * _APART, starts, rows)
        high = _running_max(bars.high.astype(np.int64), inside, raised)
        low = -_running_max(-bars.low.astype(np.int64), inside, raised)
        return high.astype(np.float64), low.astype(np.float64), (high + low) / 2.0

    def fresh(self) -> Follower:
        return _OpeningRangeFollower(self)

    def first_needed(self, bars: Bars) -> int:
        return start_before_end(self.sessions, bars.ts_ns, 1)


def _running_max(
    values: NDArray[np.int64], inside: NDArray[np.bool_], raised: NDArray[np.int64]
) -> NDArray[np.int64]:
    level = np.where(inside, values, _BELOW_ALL) + raised
    np.maximum.accumulate(level, out=level)
    level -= raised
    return level


class _OpeningRangeFollower(Follower):
    __slots__ = ("_end_ns", "_high", "_length_ns", "_low", "_watch")

    def __init__(self, of: OpeningRange) -> None:
        self._watch = SessionWatch(of.sessions)
        self._length_ns = of.minutes * _MINUTE_NS
        self._end_ns = self._high = self._low = 0

    def step(self, bar: Bar, keep: bool) -> Values:
        high, low, end_ns = self._high, self._low, self._end_ns
        if self._watch.step(bar.ts_ns, keep):
            high, low, end_ns = bar.high, bar.low, bar.ts_ns + self._length_ns
        elif bar.ts_ns < end_ns:
            high, low = max(high, bar.high), min(low, bar.low)
        if keep:
            self._high, self._low, self._end_ns = high, low, end_ns
        return (float(high), float(low), (high + low) / 2.0)
