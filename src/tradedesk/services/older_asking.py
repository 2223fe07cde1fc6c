"""Bars from before those of a chart: how far back they were asked for, and where they begin.

A chart begins with a first look at history. When it is moved back to its oldest bars, the ones in
front of them are asked for, one request after another. An empty answer need not be the beginning:
markets close for a weekend or a holiday, and a young contract may not trade for weeks. The window
is made wider then, up to `LONGEST_QUIET_NS`; only when nothing opens in there is the beginning
reached, and not asked about again.
"""

from __future__ import annotations

import logging
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.domain.clock import NS_PER_S
from tradedesk.engine import Bars, Calendar, TradingHours, grid_of
from tradedesk.services.history_request import depth_of, older_look

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.services.history_request import HistoryRequest

log = logging.getLogger(__name__)

MOST_ROWS: Final = 1_000_000
"""Bars one chart holds; a chart of one-minute bars then reaches back about three years."""
MOST_A_REQUEST: Final = 20_000
"""What a venue gives in one answer."""
LONGEST_QUIET_NS: Final = 400 * 86_400 * NS_PER_S
RETRY_NS: Final = 5 * NS_PER_S
LONGEST_RETRY_NS: Final = 60 * NS_PER_S
_WIDER: Final = 8
_GROWTH: Final = 4


class OlderState(Enum):
    """What is being done about bars in front of the oldest one."""

    IDLE = "idle"
    """Nothing: nobody has asked."""
    LOADING = "loading"
    """They are asked for."""
    RETRYING = "retrying"
    """They were not to be had, and are asked for again."""
    BEGINNING = "beginning"
    """Nothing: history begins with the oldest bar."""
    FULL = "full"
    """Nothing: the chart holds as many bars as it can."""
    LIVE_ONLY = "live only"
    """Nothing: such bars begin with the live feed."""


class Older(NamedTuple):
    """How bars in front of the oldest one stand.

    Attributes
    ----------
    state : OlderState
        What is being done.
    reason : str
        Why they were not to be had, a sentence; empty in all states but ``RETRYING``.
    """

    state: OlderState
    reason: str = ""


class OlderAsking:
    """Decides which older bars one chart asks for next.

    Parameters
    ----------
    spec : BarSpec
        Size of the bars. All but time bars have no history.
    """

    def __init__(self, spec: BarSpec) -> None:
        self._spec = spec
        self._end: OlderState | None = None if spec.is_time else OlderState.LIVE_ONLY
        self._wanted = 0
        self._asked: HistoryRequest | None = None
        self._reach_ns = 0
        self._failures = 0
        self._reason = ""
        self._not_before_ns: int | None = 0

    @property
    def standing(self) -> Older:
        """What is being done about older bars."""
        if self._end is not None:
            return Older(self._end)
        if self._reason:
            return Older(OlderState.RETRYING, self._reason)
        return Older(OlderState.LOADING if self._wanted else OlderState.IDLE)

    def want(self, count: int, rows: int) -> None:
        """Ask for `count` more in front of `rows` bars; again and again does no harm."""
        if self._end is not None or not rows or self._wanted:
            return
        if rows >= MOST_ROWS:
            self._end = OlderState.FULL
            return
        # Everything moves when bars come in front, so many bars are best followed by many.
        count = max(count, depth_of(self._spec), rows // _GROWTH)
        self._wanted = min(count, MOST_A_REQUEST, MOST_ROWS - rows)

    def next_request(self, oldest_ns: int, market_ns: int) -> HistoryRequest | None:
        """What to ask for now; None if nothing, or not yet.

        Parameters
        ----------
        oldest_ns : int
            When the oldest bar opens, UTC nanoseconds.
        market_ns : int
            The venue's time.
        """
        if not self._wanted or self._asked is not None or self._end is not None:
            return None
        if self._not_before_ns is None:
            pause_ns = RETRY_NS << min(self._failures - 1, 8)
            self._not_before_ns = market_ns + min(pause_ns, LONGEST_RETRY_NS)
        if market_ns < self._not_before_ns:
            return None
        request = older_look(self._spec, oldest_ns, self._wanted, self._reach_ns)
        self._asked = request
        self._reach_ns = request.end_ns - request.start_ns
        return request

    def take(self, bars: Bars | None, error: str, oldest_ns: int, calendar: Calendar) -> Bars:
        """Return what the answer to the last request puts in front.

        Parameters
        ----------
        bars : Bars or None
            The answer as the venue gave it; None if there is none.
        error : str
            Why there is none, a sentence.
        oldest_ns : int
            When the oldest bar opens. An answer to what was asked of another one is left out.
        calendar : int or TradingHours
            What the bars follow.
        """
        asked, self._asked = self._asked, None
        if asked is None or asked.end_ns != oldest_ns:
            return Bars.empty()
        if bars is None:
            self._fail(error)
            return Bars.empty()
        self._failures, self._reason, self._not_before_ns = 0, "", 0
        found = uncut(bars[: int(bars.ts_ns.searchsorted(oldest_ns))], asked, calendar)
        if len(found):
            self._wanted = self._reach_ns = 0
        elif asked.start_ns == 0 or self._reach_ns >= self._longest_ns:
            self.begin()
        else:
            self._reach_ns = min(self._reach_ns * _WIDER, self._longest_ns)
        return found

    def begin(self) -> None:
        """History begins with the oldest bar."""
        self._end = OlderState.BEGINNING
        self._wanted = self._reach_ns = 0

    def interrupt(self) -> None:
        """The connection began anew: what was asked is not answered any more."""
        self._asked = None
        self._reach_ns = 0
        self._failures, self._reason, self._not_before_ns = 0, "", 0

    def forget(self) -> None:
        """Other bars are shown: nothing is known of what is in front of them."""
        self.interrupt()
        self._wanted = 0
        self._end = None if self._spec.is_time else OlderState.LIVE_ONLY

    @property
    def _longest_ns(self) -> int:
        period = self._spec.period_ns
        return LONGEST_QUIET_NS if period is None else max(LONGEST_QUIET_NS, 60 * period)

    def _fail(self, error: str) -> None:
        if not self._failures:
            log.info("older %s bars: %s", self._spec, error)
        self._failures += 1
        self._reason = error
        self._not_before_ns = None


def uncut(bars: Bars, asked: HistoryRequest, calendar: Calendar) -> Bars:
    """Return an answer without a first bar of the series that the limit may have cut in two.

    A venue's bars of days may be shorter than those of the series, which are made of them then;
    see `tradedesk.engine.Stitcher`. Those in front come with the next request.
    """
    if not isinstance(calendar, TradingHours) or len(bars) < asked.limit:
        return bars
    first_ns = int(bars.ts_ns[0])
    if first_ns < calendar.opens_ns[0]:
        return bars
    grid = grid_of(asked.spec, calendar)
    if grid.floor(first_ns) == first_ns:
        return bars
    return bars[int(bars.ts_ns.searchsorted(grid.next(first_ns))) :]
