"""The bars of one chart: history first, then live, joined exactly.

After a loss of the connection the bars from before stay, what is missing is known as a gap, and
live trades are shown behind it as soon as they come; see `tradedesk.services.chart_gap`. The same
steps as at the start then fill it: a first look at history, and a join with the live trades.

Bars that are asked for when the chart is moved back stand in front of those of the first look; see
`tradedesk.services.older_bars`.
"""

from __future__ import annotations

import logging
from enum import Enum
from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import BatchError
from tradedesk.engine import Bars, BarSeries, Calendar, Stitcher
from tradedesk.services.chart_gap import ChartGaps, GapRange
from tradedesk.services.chart_tail import Shown, show_tail
from tradedesk.services.history_join import HistoryJoin
from tradedesk.services.history_request import HistoryRequest, first_look
from tradedesk.services.older_asking import Older, uncut
from tradedesk.services.older_bars import OlderBars
from tradedesk.services.venue_days import calendar_of

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.instrument import Instrument
    from tradedesk.engine import TradeBatch
    from tradedesk.services.tape import ContractTape

log = logging.getLogger(__name__)

GRACE_NS = NS_PER_S
"""How long after a second has ended its last trade may still be on the way into history."""
RETRY_NS = 5 * NS_PER_S
PROVISIONAL_EVERY_NS = NS_PER_S // 4


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
    tape : ContractTape
        As given.
    """

    def __init__(self, instrument: Instrument, spec: BarSpec, tape: ContractTape) -> None:
        self.instrument = instrument
        self.spec = spec
        self.series = BarSeries()
        self.status = "Loading history…" if spec.is_time else "Bars begin with the live feed."
        self.tape = tape
        self._gaps = ChartGaps(fillable=spec.is_time)
        self._older = OlderBars(spec, self.series)
        self._calendar: Calendar = 0
        self._known_ns: int | None = None
        self._stage: _Stage = _Stage.EMPTY
        self._join: HistoryJoin | None = None
        self._asked: HistoryRequest | None = None
        self._restart()

    @property
    def is_exact(self) -> bool:
        """Whether history and live trades are joined without a gap or a doubled lot."""
        return self._stage is _Stage.EXACT

    @property
    def is_quiet(self) -> bool:
        """Whether history is there and no live trade yet that it could be joined with."""
        return self._stage is _Stage.PROVISIONAL and not len(self.tape)

    @property
    def sure_ns(self) -> int:
        """All that traded before this moment is in `series`; see `OlderBars.sure_until`."""
        return self._older.sure_until(self.is_exact or (self.is_quiet and self.tape.connected))

    @property
    def gaps(self) -> tuple[GapRange, ...]:
        """What is missing in `series`, oldest first; at most one where history can fill it."""
        return self._gaps.ranges

    @property
    def older(self) -> Older:
        """How bars in front of the oldest one stand."""
        return self._older.standing

    def want_older(self, count: int) -> None:
        """Ask for about `count` bars in front of the oldest one.

        Asking again while they are on the way, or where there are none, does no harm. They come
        after the newest bars: `series.generation` rises, and every row moves.
        """
        self._older.want(count)

    # --- asked by the market desk ---------------------------------------------------------------

    def catch_up(self) -> None:
        """Take in the last trades of a tape that is about to begin anew."""
        if self.tape.epoch == self._epoch and self._absorb_tape() and self.is_exact:
            self._show_tail()

    def advance(self, market_ns: int | None) -> HistoryRequest | None:
        """Take in new live trades and say which history is wanted next, if any.

        Parameters
        ----------
        market_ns : int or None
            The venue's time; None while nothing has been heard.
        """
        if self.tape.epoch != self._epoch:
            self._restart()
        grown = self._absorb_tape()
        self._unshown |= grown
        if self._stage is _Stage.EXACT:
            if grown:
                self._show_tail()
            elif market_ns is not None:
                self._close_by_clock(market_ns)
        if market_ns is None or self._stage in (_Stage.EXACT, _Stage.REFUSED):
            return None
        self._show_provisional(market_ns)
        if self._asked is not None or market_ns < self._not_before_ns:
            return None
        if self._stage is _Stage.EMPTY:
            self._stage = _Stage.FIRST_LOOK
            self._asked_ns = market_ns
            self._asked = first_look(self.spec, market_ns)
        elif self._stage is _Stage.PROVISIONAL:
            self._begin_join(market_ns)
        if self._join is not None:
            self._asked = self._join.next_request()
        return self._asked

    def take_history(self, bars: Bars | None, error: str) -> None:
        """The answer to the last request."""
        asked, self._asked = self._asked, None
        if asked is None or self._stage is _Stage.REFUSED:
            return
        if bars is None:
            self._fail(error)
        elif self._join is None:
            self._take_first_look(bars, asked)
        elif (joined := self._join.take(bars)) is not None:
            self._older.show(joined)
            self._stage = _Stage.EXACT
            self._join, self._history = None, Bars.empty()
            self._gaps.fill()
            self.status = ""

    def next_older(self, market_ns: int) -> HistoryRequest | None:
        """Say which older bars are wanted next, if any; none before the newest ones are there."""
        if self.tape.epoch != self._epoch or not (self.is_exact or self.is_quiet):
            return None
        return self._older.next_request(market_ns)

    def take_older(self, bars: Bars | None, error: str) -> None:
        """The answer to the last request for older bars."""
        self._older.take(bars, error, self._stitcher, self._calendar)

    # --- steps ----------------------------------------------------------------------------------

    def _restart(self) -> None:
        self._epoch = self.tape.epoch
        self._revision = self.tape.revision
        self._taken = 0
        self._unshown = False
        self._stitcher = Stitcher(self.spec, self._calendar)
        if self._stage is _Stage.EXACT:
            self._older.sure_ns = self._known_ns
        # Bars from before a loss: they stay until history is there, live trades behind them.
        self._history = self._older.recent
        self._join = self._asked = None
        self._older.interrupt()
        self._asked_ns = 0
        self._not_before_ns: int = 0
        self._shown_ns = 0
        self._first_row = len(self.series)
        self._stage = _Stage.EMPTY if self.spec.is_time else _Stage.EXACT
        if len(self.series):
            self._mark_gap()

    def _mark_gap(self) -> None:
        newest_ns = int(self.series.ts_ns[-1])
        known_ns = max(newest_ns, self._known_ns or newest_ns)
        self._gaps.lose(known_ns, connected=self.tape.connected)
        self.status = self._gaps.status

    def _absorb_tape(self) -> bool:
        tape = self.tape
        if tape.revision != self._revision:
            self._remake(tape.trades)
        if tape.told == self._taken or self._stage is _Stage.REFUSED:
            return False
        trades = tape.trades
        try:
            self._stitcher.absorb(trades[max(0, self._taken - tape.gone) :])
        except BatchError as error:
            # Going on without these trades would show bars that lack them.
            self._stage = _Stage.REFUSED
            self.status = f"The bars end here. {error}"
            return False
        self._taken = tape.told
        self._known_ns = int(trades.ts_ns[-1])
        boundary_ns = self._stitcher.boundary_ns
        self._gaps.live_from(int(trades.ts_ns[0]) if boundary_ns is None else boundary_ns)
        return True

    def _remake(self, trades: TradeBatch) -> None:
        """Trades of the tape were changed or taken out: bars from there on are made anew."""
        bars, opens_ns = self._stitcher.remake(trades)
        self._revision, self._taken, self._unshown = self.tape.revision, self.tape.told, True
        if self.is_exact:
            at = self._first_row if opens_ns is None else self.series.ts_ns.searchsorted(opens_ns)
            self.series.replace(bars, self._stitcher.is_forming(), stays=int(at))

    def _show_tail(self) -> None:
        shown = show_tail(self._stitcher, self.series, self._first_row)
        if shown is Shown.PUT_BACK:
            self._gaps.forget()
            self._first_row = 0
        if shown is not Shown.NOTHING:
            self.status = ""

    def _close_by_clock(self, market_ns: int) -> None:
        """Mark the newest bar as closed once its last trade had its time to arrive."""
        if self.series.forming and not self._stitcher.is_forming(market_ns - GRACE_NS):
            self.series.close_newest()

    def _take_first_look(self, bars: Bars, asked: HistoryRequest) -> None:
        self._calendar = calendar_of(self.spec, bars, self._asked_ns)
        self._stitcher = Stitcher(self.spec, self._calendar)
        self._history = uncut(bars, asked, self._calendar)
        self._taken = 0
        self._older.meet(bars, self._asked_ns)
        self._known_ns = self._older.sure_ns = self._asked_ns - GRACE_NS
        self._gaps.known_until(self._known_ns)
        if self.tape.connected and not len(self.tape):
            self._gaps.fill()
        self._stage = _Stage.PROVISIONAL
        self._older.show(self._stitcher.kept(self._history))
        nothing = "" if len(bars) else "No history yet; bars appear with the first trades."
        self.status = self._gaps.status or nothing

    def _show_provisional(self, market_ns: int) -> None:
        """Show live trades that cannot be joined yet: behind history, or behind a gap."""
        looked = self._stage in (_Stage.PROVISIONAL, _Stage.JOINING)
        if not self._unshown or not (looked or len(self._history)):
            return
        if abs(market_ns - self._shown_ns) >= PROVISIONAL_EVERY_NS:
            self._shown_ns = market_ns
            self._unshown = False
            self._older.show(self._stitcher.provisional(self._history))

    def _begin_join(self, market_ns: int) -> None:
        boundary_ns = self._stitcher.boundary_ns
        if boundary_ns is not None and market_ns >= boundary_ns + GRACE_NS:
            self._join = HistoryJoin(self._stitcher, self._history)
            self._stage = _Stage.JOINING
            self._asked_ns = market_ns

    def _fail(self, error: str) -> None:
        log.info("history of %s %s: %s", self.instrument.name, self.spec, error)
        self.status = f"History is not there: {error} Trying again."
        self._not_before_ns = self._asked_ns + RETRY_NS
        self._gaps.fail()
        self._stage = _Stage.EMPTY if self._join is None else _Stage.PROVISIONAL
        self._join = None
