"""The bars of one chart: history first, then live, joined exactly."""

from __future__ import annotations

import logging
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import BatchError
from tradedesk.engine import (
    Bars,
    BarSeries,
    Calendar,
    HistoryRange,
    Stitcher,
    grid_of,
    venue_calendar,
)

if TYPE_CHECKING:
    from tradedesk.domain.instrument import Instrument
    from tradedesk.services.tape import ContractTape

log = logging.getLogger(__name__)

GRACE_NS = NS_PER_S
"""How long after a second has ended its last trade may still be on the way into history."""
RETRY_NS = 5 * NS_PER_S
PROVISIONAL_EVERY_NS = NS_PER_S // 4
DAY_NS = 86_400 * NS_PER_S
_DEPTH = {BarUnit.HOUR: 2_000, BarUnit.DAY: 500, BarUnit.WEEK: 200, BarUnit.MONTH: 60}
_DEFAULT_DEPTH = 5_000


class HistoryRequest(NamedTuple):
    """What to ask the venue for; times are UTC nanoseconds, ``end_ns`` exclusive."""

    spec: BarSpec
    start_ns: int
    end_ns: int
    limit: int
    partial: bool


class _Stage(Enum):
    EMPTY = "empty"
    FIRST_LOOK = "first look"
    PROVISIONAL = "provisional"
    JOINING = "joining"
    EXACT = "exact"
    REFUSED = "refused"


class ChartFeed:
    """Keeps one ``BarSeries`` current.

    Parameters
    ----------
    instrument : Instrument
        Contract of the bars.
    spec : BarSpec
        Size of the bars. All but time bars have no history and begin with the live feed.
    tape : ContractTape
        Live trades of the contract; shared with other feeds.

    Attributes
    ----------
    series : BarSeries
        What the chart draws. Never emptied once it held bars: it shows the old ones until the
        new ones are there.
    status : str
        What to tell the trader; empty when all is well.
    """

    def __init__(self, instrument: Instrument, spec: BarSpec, tape: ContractTape) -> None:
        self.instrument = instrument
        self.spec = spec
        self.series = BarSeries()
        self.status = "Loading history…" if spec.is_time else "Bars begin with the live feed."
        self._tape = tape
        self._stage: _Stage = _Stage.EMPTY
        self._restart()

    @property
    def is_exact(self) -> bool:
        """Whether history and live trades are joined without a gap or a doubled lot."""
        return self._stage is _Stage.EXACT

    @property
    def is_quiet(self) -> bool:
        """Whether history is there and no live trade yet that it could be joined with."""
        return self._stage is _Stage.PROVISIONAL and not len(self._tape)

    # --- asked by the market desk ---------------------------------------------------------------

    def advance(self, market_ns: int | None) -> HistoryRequest | None:
        """Take in new live trades and say which history is wanted next, if any.

        Parameters
        ----------
        market_ns : int or None
            The venue's time; None while nothing has been heard.
        """
        if self._tape.epoch != self._epoch:
            self._restart()
        grown = self._absorb_tape()
        if self._stage is _Stage.EXACT:
            if grown:
                self._show_tail()
            elif market_ns is not None:
                self._close_by_clock(market_ns)
        if self._stage in (_Stage.EXACT, _Stage.REFUSED):
            return None
        if market_ns is None or self._waiting or market_ns < self._not_before_ns:
            return None
        if self._stage is _Stage.EMPTY:
            self._stage = _Stage.FIRST_LOOK
            return self._ask(self._first_look(market_ns), market_ns)
        if self._stage is _Stage.PROVISIONAL:
            if grown:
                self._show_provisional(market_ns)
            return self._ask_join(market_ns)
        return self._ask_next_part()

    def take_history(self, bars: Bars | None, error: str) -> None:
        """The answer to the last request."""
        self._waiting = False
        if bars is None:
            self._fail(error)
        elif self._stage is _Stage.FIRST_LOOK:
            self._take_first_look(bars)
        elif self._stage is _Stage.JOINING:
            self._take_part(bars)

    # --- steps ----------------------------------------------------------------------------------

    def _restart(self) -> None:
        self._epoch = self._tape.epoch
        self._taken = 0
        self._stitcher = Stitcher(self.spec)
        self._history = Bars.empty()
        self._parts: list[Bars] = []
        self._ranges: tuple[HistoryRange, ...] = ()
        self._waiting = False
        self._asked_ns = 0
        self._not_before_ns = 0
        self._shown_ns = 0
        self._stage = _Stage.EMPTY
        if not self.spec.is_time:
            self._stage = _Stage.EXACT
            self.series.replace(Bars.empty())
        elif len(self.series):
            self.status = "Reconnected: filling the gap from history…"

    def _absorb_tape(self) -> bool:
        trades = self._tape.trades
        if len(trades) == self._taken or self._stage is _Stage.REFUSED:
            return False
        try:
            self._stitcher.absorb(trades[self._taken :])
        except BatchError as error:
            # Going on without these trades would show bars that lack them.
            self._stage = _Stage.REFUSED
            self.status = f"The bars end here. {error}"
            return False
        self._taken = len(trades)
        return True

    def _show_tail(self) -> None:
        tail = self._stitcher.take_tail()
        if len(tail.bars):
            self.series.apply_tail(*tail)
            self.status = ""

    def _close_by_clock(self, market_ns: int) -> None:
        """Mark the newest bar as closed once its last trade had its time to arrive."""
        if self.series.forming and not self._stitcher.is_forming(market_ns - GRACE_NS):
            self.series.close_newest()

    def _first_look(self, market_ns: int) -> HistoryRequest:
        depth = _DEPTH.get(self.spec.unit, _DEFAULT_DEPTH)
        period = self.spec.period_ns or 31 * DAY_NS
        # Markets are closed on weekends, so a span of wall time holds fewer bars.
        span = 2 * depth * period + 3 * DAY_NS
        start = max(0, market_ns - span)
        return HistoryRequest(self.spec, start, market_ns + 60 * NS_PER_S, depth, partial=True)

    def _ask(self, request: HistoryRequest, market_ns: int) -> HistoryRequest:
        self._waiting = True
        self._asked_ns = market_ns
        return request

    def _take_first_look(self, bars: Bars) -> None:
        self._history = bars
        self._stitcher = Stitcher(self.spec, self._calendar(bars))
        self._taken = 0
        self._stage = _Stage.PROVISIONAL
        self.series.replace(bars)
        self.status = "" if len(bars) else "No history yet; bars appear with the first trades."

    def _calendar(self, bars: Bars) -> Calendar:
        """What the venue's days, weeks and months follow.

        The trading days of Chicago, whose clock changes twice a year, if the venue's newest bar
        opens with one of them or there is no bar. A venue that has other days is taken to begin
        them at the same time UTC always, read off that bar as the distance from the nearest
        midnight. A day that starts in the evening has a negative one: the grid counts it, its
        week and its month by the midnight that follows.
        """
        opened_ns = int(bars.ts_ns[-1]) if len(bars) else self._asked_ns
        calendar = venue_calendar(self.spec, opened_ns)
        if not self.spec.counts_days or not len(bars):
            return calendar
        if grid_of(self.spec, calendar).floor(opened_ns) == opened_ns:
            return calendar
        after_midnight_ns = opened_ns % DAY_NS
        return after_midnight_ns - (DAY_NS if after_midnight_ns > DAY_NS // 2 else 0)

    def _show_provisional(self, market_ns: int) -> None:
        if market_ns - self._shown_ns >= PROVISIONAL_EVERY_NS:
            self._shown_ns = market_ns
            self.series.replace(self._stitcher.provisional(self._history))

    def _ask_join(self, market_ns: int) -> HistoryRequest | None:
        boundary_ns = self._stitcher.boundary_ns
        if boundary_ns is None or market_ns < boundary_ns + GRACE_NS:
            return None
        self._ranges = self._stitcher.history_request()
        self._parts = []
        self._stage = _Stage.JOINING
        self._asked_ns = market_ns
        return self._ask_next_part()

    def _ask_next_part(self) -> HistoryRequest | None:
        wanted = self._ranges[len(self._parts)]
        start = wanted.start_ns
        if start is None:
            # The older bars are known from the first look; only what was forming then may differ.
            start = int(self._history.ts_ns[-2]) if len(self._history) > 1 else 0
        period = wanted.spec.period_ns or 31 * DAY_NS
        limit = min(20_000, max(1, (wanted.end_ns - start) // period) + 10)
        request = HistoryRequest(wanted.spec, start, wanted.end_ns, limit, partial=False)
        return self._ask(request, self._asked_ns)

    def _take_part(self, bars: Bars) -> None:
        if not self._parts:
            known = self._history
            if len(bars):
                known = known[: int(known.ts_ns.searchsorted(bars.ts_ns[0]))]
            bars = Bars.concat((known, bars))
        self._parts.append(bars)
        if len(self._parts) == len(self._ranges):
            self.series.replace(self._stitcher.splice(self._parts))
            self._stage = _Stage.EXACT
            self.status = ""

    def _fail(self, error: str) -> None:
        log.info("history of %s %s: %s", self.instrument.name, self.spec, error)
        self.status = f"History is not there: {error} Trying again."
        self._not_before_ns = self._asked_ns + RETRY_NS
        if self._stage is _Stage.FIRST_LOOK:
            self._stage = _Stage.EMPTY
        else:
            self._stage = _Stage.PROVISIONAL
