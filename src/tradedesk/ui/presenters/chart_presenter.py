"""Feeds the chart: bars, prices, lines, fills; only what changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.services.chart_lines import chart_lines
from tradedesk.services.trips import pair_fifo
from tradedesk.ui import words
from tradedesk.ui.chart.marks import FillMark, Phantom
from tradedesk.ui.presenters.level_feeds import ChartLevels
from tradedesk.ui.readiness import ARMED_OFF, is_hatched, trouble

if TYPE_CHECKING:
    from tradedesk.domain.ids import OrderId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.position import Fill
    from tradedesk.services.chart_gap import GapRange
    from tradedesk.services.chart_line import ChartLine
    from tradedesk.services.desk_state import DeskState
    from tradedesk.services.older_asking import Older
    from tradedesk.ui.chart.panel import ChartPanel
    from tradedesk.ui.ports import Book, Feed, Markets
    from tradedesk.ui.presenters.level_feeds import LevelFeeds
    from tradedesk.ui.selection import Selection
    from tradedesk.ui.ticket.draft import OrderDraft


MoreLines = Callable[["Instrument", int | None], list["ChartLine"]]


class ChartPresenter:
    """Shows the selection on the chart.

    Parameters
    ----------
    level_feeds : LevelFeeds
        Shared by all charts.
    more_lines : callable
        Lines of a contract that are no orders, at a last price.
    """

    def __init__(
        self,
        chart: ChartPanel,
        state: DeskState,
        markets: Markets,
        selection: Selection,
        level_feeds: LevelFeeds,
        more_lines: MoreLines = lambda _instrument, _last: [],
    ) -> None:
        self._chart = chart
        self._more_lines = more_lines
        self._state = state
        self._markets = markets
        self._selection = selection
        self._levels = ChartLevels(chart, markets, level_feeds, selection)
        self._feed: Feed | None = None
        self._draft: OrderDraft | None = None
        self._market: tuple[object, ...] | None = None
        self._lines: list[ChartLine] | None = None
        self._marks: list[FillMark] | None = None
        self._gaps: tuple[GapRange, ...] | None = None
        self._older: Older | None = None
        self._status: tuple[str, bool] | None = None
        self._armed: tuple[bool, str, bool, str] | None = None
        chart.navigator.set_time_zone(words.exchange_zone())

    def show_selection(self) -> None:
        """Another contract or bar size."""
        instrument, spec = self._selection.instrument, self._selection.spec
        if instrument is None:
            self.leave()
            self._market = None
            self._chart.set_series(None, None, None)
            return
        before, feed = self._feed, self._markets.open_chart(instrument, spec)
        self._feed = feed
        if before is not None:
            self._markets.close_chart(before)
        self._levels.follow()
        if feed is not before or instrument != self._chart.instrument:
            self._chart.reading.take_tape(feed.tape)
            self._chart.set_series(feed.series, instrument, spec, keep_place=True)
        self._market = self._lines = self._marks = self._gaps = self._older = None
        self.show_lines(None, 0)
        self.show_fills()

    def leave(self) -> None:
        """Look at no bars any more."""
        self._levels.leave()
        if self._feed is not None:
            self._markets.close_chart(self._feed)
            self._feed = None

    def frame(self, book: Book | None, *, stale: bool) -> None:
        """Once a frame: prices and bars."""
        market = None if book is None else (book.instrument.contract_id, book.version, stale)
        if market is not None and book is not None and market != self._market:
            self._market = market
            self._chart.set_market(
                book.last_ticks, book.bid_ticks, book.ask_ticks, book.last_side, stale
            )
            self._chart.set_phantom(phantom_of(self._draft, book))
        if self._feed is not None:
            self._look_back(self._feed)
            self._levels.follow()
        gaps = self._feed.gaps if self._feed is not None else ()
        if gaps != self._gaps:
            self._gaps = gaps
            self._chart.set_gaps(gaps)
        self._chart.refresh(self._markets.market_ns)

    def _look_back(self, feed: Feed) -> None:
        """Ask for older bars before the oldest one comes into view, and say how they stand."""
        count = self._chart.navigator.wants_older
        if count:
            feed.want_older(count)
        older = feed.older
        if older != self._older:
            self._older = older
            self._chart.set_older(older)

    def show_lines(self, last_ticks: int | None, mono_ns: int) -> None:
        """Orders and position; also when the price moved, for the money on the tags."""
        instrument = self._selection.instrument
        if instrument is None:
            return
        lines = chart_lines(self._state, instrument, last_ticks, mono_ns)
        lines += self._more_lines(instrument, last_ticks)
        if lines != self._lines:
            self._lines = lines
            self._chart.set_lines(lines)

    def show_fills(self) -> None:
        """Marks of the fills in this contract."""
        instrument = self._selection.instrument
        if instrument is None:
            return
        fills = [
            fill
            for fill in self._state.account_fills()
            if fill.contract_id == instrument.contract_id and not fill.voided
        ]
        took = self._took_ms(fills)
        marks = [
            FillMark(fill.ts_ns, fill.price_ticks, fill.side, fill.size, took.get(fill.order_id))
            for fill in fills
        ]
        if marks != self._marks:
            self._marks = marks
            self._chart.set_fill_marks(marks, pair_fifo(fills))

    def _took_ms(self, fills: list[Fill]) -> dict[OrderId, float]:
        """How long orders took from the click to their fill, where it is known."""
        orders = {fill.order_id for fill in fills}
        found: dict[OrderId, float] = {}
        for intent in self._state.intents.values():
            stamps = intent.stamps
            if intent.order_id in orders and intent.order_id and stamps.fill is not None:
                found[intent.order_id] = (stamps.fill - stamps.start) / NS_PER_MS
        return found

    def show_status(self, fallback: str) -> None:
        """What keeps the desk from trading, in the middle; else what the feed says, or another."""
        alarm = trouble(self._state.session)
        text = self._feed.status if self._feed is not None else ""
        status = (alarm or text or fallback, bool(alarm))
        if status != self._status:
            self._status = status
            self._chart.set_status(status[0], alarm=status[1])

    def show_armed(self, block: str) -> None:
        """Whether a click on the chart places an order, and if not, why."""
        off = "" if self._state.armed else words.sentence(ARMED_OFF)
        armed = (not block, words.sentence(block), is_hatched(self._state, block), off)
        if armed != self._armed:
            self._armed = armed
            self._chart.set_armed(armed[0], armed[1], hatched=armed[2], exits_off=off)

    def show_phantom(self, draft: OrderDraft | None, book: Book | None) -> None:
        """What the order button under the pointer would make; follows the market until told."""
        self._draft = draft
        self._chart.set_phantom(phantom_of(draft, book))


def phantom_of(draft: OrderDraft | None, book: Book | None) -> Phantom | None:
    """Where entry, stop and target of an order would be; None without a price."""
    if draft is None or book is None or draft.contract_id != book.instrument.contract_id:
        return None
    sign = draft.side.sign
    market = book.ask_ticks if sign > 0 else book.bid_ticks
    entry = draft.price_ticks
    if entry is None:
        entry = market if market is not None else book.last_ticks
    if entry is None:
        return None
    stop, target = draft.stop_loss_ticks, draft.take_profit_ticks
    return Phantom(
        draft.side,
        entry,
        None if stop is None else entry - sign * stop,
        None if target is None else entry + sign * target,
        type=draft.type,
        size=draft.size,
    )
