"""The desk's view of the market: books and chart series, fed from the market thread's queue."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from tradedesk.domain.clock import NS_PER_MS, NS_PER_S, Clock
from tradedesk.services.chart_feed import ChartFeed
from tradedesk.services.chart_shelf import ChartShelf
from tradedesk.services.market_book import MarketBook
from tradedesk.services.market_thread import (
    FeedItem,
    FeedLink,
    HistoryArrived,
    MarketThread,
    QuoteArrived,
    TradesArrived,
)
from tradedesk.services.tape import ContractTape

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.engine import Bars
    from tradedesk.services.history_request import HistoryRequest

    _Take = Callable[[tuple[ContractId, BarSpec], Callable[[], ChartFeed]], ChartFeed]

log = logging.getLogger(__name__)


QUIET_MARKET_NS = 3 * NS_PER_S
KEPT_TRADES = 1_000_000
"""Of a contract: a busy day of the busiest ones, in 44 to 66 MB, and as much again while older ones
are dropped. Bars hold what those did."""


class FeedStatus(NamedTuple):
    """Whether the market hub is connected, and what to say about it."""

    connected: bool
    detail: str


class MarketDesk:
    """Books, tapes and chart series of the watched contracts. Used on the desk's loop only.

    Parameters
    ----------
    clock : Clock
        Of the desk.
    keep_trades : int, optional
        Newest trades of each contract that stay on its tape; all of them if left out. Bars hold
        what older ones did.

    Attributes
    ----------
    pumped_ns : int
        Time that `pump` has taken so far, nanoseconds.
    """

    def __init__(self, clock: Clock, keep_trades: int | None = None) -> None:
        self._clock = clock
        self._keep_trades = keep_trades
        self.pumped_ns = 0
        self._thread: MarketThread | None = None
        self._requests: dict[int, Callable[[Bars | None, str], None]] = {}
        self._next_request = 1
        self._market_offset_ns: int | None = None
        self._patient_until_ns = 0
        self._tapes: dict[ContractId, ContractTape] = {}
        self._charts = ChartShelf()
        self._listeners: list[Callable[[TradesArrived], None]] = []
        self.books: dict[ContractId, MarketBook] = {}
        self.status = FeedStatus(connected=False, detail="not connected yet")

    # --- asking -------------------------------------------------------------------------------

    def attach(self, thread: MarketThread) -> None:
        """Use a started thread; everything watched so far is asked for again."""
        self._thread = thread
        self._patient_until_ns = self._clock.mono_ns() + QUIET_MARKET_NS
        for book in self.books.values():
            thread.subscribe(book.instrument)

    def watch(self, instrument: Instrument) -> MarketBook:
        """Follow a contract; the same book for the same contract."""
        book = self.books.get(instrument.contract_id)
        if book is None:
            book = self.books[instrument.contract_id] = MarketBook(instrument)
            self._tapes[instrument.contract_id] = ContractTape(
                connected=self.status.connected, keep=self._keep_trades
            )
            if self._thread is not None:
                self._thread.subscribe(instrument)
        return book

    def chart(self, instrument: Instrument, spec: BarSpec) -> ChartFeed:
        """Bars of a contract, kept current from now on; the same feed for the same pair."""
        return self._on_shelf(self._charts.promise, instrument, spec)

    def open_chart(self, instrument: Instrument, spec: BarSpec) -> ChartFeed:
        """The same for somebody who looks at it, and who calls `close_chart` in the end."""
        return self._on_shelf(self._charts.look, instrument, spec)

    def close_chart(self, feed: ChartFeed, *, keep: bool = True) -> None:
        """What `open_chart` gave is looked at no more; few such feeds stay current.

        Without `keep` it is not one of them.
        """
        self._charts.leave(feed, keep=keep)

    def _on_shelf(self, take: _Take, instrument: Instrument, spec: BarSpec) -> ChartFeed:
        self.watch(instrument)

        def make() -> ChartFeed:
            return ChartFeed(instrument, spec, self._tapes[instrument.contract_id])

        key = (instrument.contract_id, spec)
        known = key in self._charts.feeds
        feed = take(key, make)
        if not known:
            self._serve(feed)
        return feed

    def on_trades(self, listener: Callable[[TradesArrived], None]) -> Callable[[], None]:
        """Call ``listener`` for each batch of trades; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def trades_kept(self, contract_id: ContractId) -> int:
        """How many trades of a contract are in memory."""
        tape = self._tapes.get(contract_id)
        return 0 if tape is None else len(tape)

    @property
    def market_ns(self) -> int:
        """The venue's time now: the newest stamp heard, moved on by our own clock."""
        if self._market_offset_ns is None:
            return self._clock.wall_ns()
        return self._clock.mono_ns() + self._market_offset_ns

    def _known_market_ns(self) -> int | None:
        """The venue's time for history requests; None while it is not known.

        A replayed venue lives in the past, so our own wall clock would ask for the wrong days.
        A market that is merely quiet is asked by wall clock after a while.
        """
        if self._thread is None:
            return None
        if self._market_offset_ns is None and self._clock.mono_ns() < self._patient_until_ns:
            return None
        return self.market_ns

    @property
    def clock_skew_ms(self) -> float | None:
        """The venue's clock minus ours, milliseconds, by the newest stamps; None until heard.

        Stamps are older by the way they came, so it is low by the fastest way of late.
        """
        if self._market_offset_ns is None:
            return None
        return (self.market_ns - self._clock.wall_ns()) / NS_PER_MS

    # --- feeding ------------------------------------------------------------------------------

    def pump(self) -> None:
        """Take in everything the market thread has queued."""
        if self._thread is None:
            return
        began_ns = self._clock.mono_ns()
        for item in self._thread.drain():
            # The two that come by the thousand are told apart by their type alone.
            if type(item) is QuoteArrived:
                self._take_quote(item)
            elif type(item) is TradesArrived:
                self._take_trades(item)
            else:
                self._take(item)
        for feed in self._charts.feeds.values():
            self._serve(feed)
        self._serve_older()
        for tape in self._tapes.values():
            tape.let_go()
        self.pumped_ns += self._clock.mono_ns() - began_ns

    def _take(self, item: FeedItem) -> None:
        match item:
            case FeedLink(generation=generation, reason=reason):
                self._take_link(generation, reason)
            case HistoryArrived(request_id=request_id, bars=bars, error=error):
                take = self._requests.pop(request_id, None)
                if take is not None:
                    take(bars, error)

    def _take_quote(self, item: QuoteArrived) -> None:
        quote, mono_ns = item
        book = self.books.get(quote.contract_id)
        if book is not None:
            self._move_clock(quote.ts_ns, mono_ns)
            book.take_quote(quote, mono_ns)

    def _take_trades(self, item: TradesArrived) -> None:
        book = self.books.get(item.contract_id)
        if book is None:
            return
        if len(item.batch):
            self._move_clock(int(item.batch.ts_ns[-1]), item.mono_ns)
        book.take_trades(item.batch, item.mono_ns)
        self._tapes[item.contract_id].absorb(item.batch)
        for listener in tuple(self._listeners):
            listener(item)

    def _take_link(self, generation: int, reason: str) -> None:
        self.status = FeedStatus(generation > 0, reason)
        for feed in self._charts.feeds.values():
            feed.catch_up()
        # Every feed begins anew, so an answer still on the way would be taken for another one.
        self._requests.clear()
        for tape in self._tapes.values():
            if self.status.connected:
                tape.restart()
            else:
                tape.lose()

    def _move_clock(self, ts_ns: int, mono_ns: int) -> None:
        offset = ts_ns - mono_ns
        if self._market_offset_ns is None or abs(offset - self._market_offset_ns) > 2_000_000_000:
            self._market_offset_ns = offset
        else:
            self._market_offset_ns = max(offset, self._market_offset_ns - 1_000_000)

    def _serve(self, feed: ChartFeed) -> None:
        """Bring one chart up to date and send what history it needs."""
        request = feed.advance(self._known_market_ns())
        if request is not None:
            self._send(feed, request, feed.take_history)

    def _serve_older(self) -> None:
        """Ask for older bars of one chart, the next time of another, while nothing else is asked.

        So they never delay the newest bars of a chart, and the venue is asked for them once at a
        time.
        """
        market_ns = self._known_market_ns()
        if self._requests or market_ns is None:
            return
        for key, feed in tuple(self._charts.feeds.items()):
            request = feed.next_older(market_ns)
            if request is not None:
                self._charts.put_last(key)
                self._send(feed, request, feed.take_older)
                return

    def _send(
        self,
        feed: ChartFeed,
        request: HistoryRequest,
        take: Callable[[Bars | None, str], None],
    ) -> None:
        if self._thread is None:
            return
        request_id = self._next_request
        self._next_request += 1
        self._requests[request_id] = take
        self._thread.request_bars(
            request_id,
            feed.instrument,
            request.spec,
            request.start_ns,
            request.end_ns,
            request.limit,
            partial=request.partial,
            patient=request.patient,
        )
