"""The middle of the window: events in, frames out. Owns the smaller presenters."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from tradedesk.domain import events as ev
from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.clock import NS_PER_MS, Clock
from tradedesk.domain.errors import BarSpecError
from tradedesk.domain.ids import AccountId
from tradedesk.domain.instrument import Instrument
from tradedesk.services.latency import LatencyLog
from tradedesk.ui.context import DeskContext
from tradedesk.ui.ports import Book, Frames
from tradedesk.ui.presenters.actions import DeskActions
from tradedesk.ui.presenters.blotter_presenter import BlotterPresenter
from tradedesk.ui.presenters.chart_presenter import ChartPresenter
from tradedesk.ui.presenters.money_presenter import MoneyPresenter
from tradedesk.ui.presenters.notice_presenter import NoticePresenter
from tradedesk.ui.presenters.trade_presenter import TradePresenter, TradeSurfaces
from tradedesk.ui.readiness import is_stale, phase_text
from tradedesk.ui.selection import Selection
from tradedesk.ui.settings_keeper import SettingsKeeper
from tradedesk.ui.ticket.draft import OrderDraft
from tradedesk.ui.desk_widgets import DeskWidgets

TEXT_EVERY_NS = 100 * NS_PER_MS
"""Words and figures change at most ten times a second; the eye reads no faster."""


class DeskPresenter(QObject):
    """Subscribes to the state and to the frames, and keeps every panel current.

    Signals
    -------
    title_changed(str, bool)
        Text for the window's title; True on a live venue.
    """

    title_changed = Signal(str, bool)

    def __init__(
        self,
        context: DeskContext,
        widgets: DeskWidgets,
        frames: Frames,
        keeper: SettingsKeeper,
        latency: LatencyLog,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._state = context.state
        self._widgets = widgets
        self._keeper = keeper
        self._latency = latency
        self._dirty = True
        self._text_ns: int | None = None
        self._title: tuple[str, bool] | None = None
        self._wanted = keeper.now.symbol
        self._asked = ""
        say = widgets.toasts.show
        self.selection = Selection(_spec(keeper.now.interval), self)
        self.actions = DeskActions(self._state, context.trade, say)
        self._chart = ChartPresenter(
            widgets.chart, self._state, context.markets, self.selection
        )
        self._money = MoneyPresenter(
            widgets.top,
            widgets.status,
            self._state,
            context.markets,
            context.clock,
            frames,
            context.venue_note,
        )
        self._blotter = BlotterPresenter(
            widgets.dock,
            self._state,
            context.markets,
            context.clock,
            latency,
            self.actions,
            say,
        )
        self._trade = TradePresenter(
            TradeSurfaces(widgets.ticket, widgets.position, widgets.chart),
            self._state,
            self.actions,
            self.selection,
            context.clock,
            say,
        )
        self._notices = NoticePresenter(widgets.toasts, self._state)
        self._connect()
        self._leave = [self._state.subscribe(self._take), frames.register(self.frame)]
        for intent in self._state.intents.values():
            latency.absorb(intent)
        self.frame()

    def stop(self) -> None:
        """Hear nothing more; call once when the window closes."""
        for leave in self._leave:
            leave()
        self._leave.clear()

    @property
    def clock(self) -> Clock:
        """The clock that presses are stamped with."""
        return self._context.clock

    @property
    def book(self) -> Book | None:
        """Market of the contract on the chart."""
        instrument = self.selection.instrument
        if instrument is None:
            return None
        return self._context.markets.books.get(instrument.contract_id)

    # --- events -------------------------------------------------------------------------------

    def _take(self, event: ev.AnyEvent) -> None:
        self._dirty = True
        self.actions.note(event)
        match event:
            case ev.IntentChanged(intent=intent):
                self._latency.absorb(intent)
            case ev.SnapshotTaken(intents=intents):
                for intent in intents:
                    self._latency.absorb(intent)
            case ev.HealthSampled():
                self._money.note_health(event)
            case ev.InstrumentResolved(instrument=instrument):
                self._take_instrument(instrument)
            case _:
                pass
        if isinstance(event, ev.CommandFailed):
            self._take_failure(event)
        else:
            self._notices.take(event)
        self._trade.go_on(event)

    def _take_failure(self, event: ev.CommandFailed) -> None:
        line = self.actions.take_move(event)
        symbol = self.actions.take_track(event)
        if line:
            self._widgets.chart.reject_move(line, event.reason)
        if symbol and self._widgets.picker.isVisible():
            self._widgets.picker.say(event.reason, wrong=True)
        else:
            self._notices.take(event)

    def _take_instrument(self, instrument: Instrument) -> None:
        if self._wanted in (instrument.symbol, instrument.name, instrument.contract_id):
            self._look_at(instrument)

    # --- frames -------------------------------------------------------------------------------

    def frame(self) -> None:
        """Once a frame: take in the market, show what is new."""
        self._context.markets.pump()
        now = self._context.clock.mono_ns()
        if self.selection.instrument is None:
            self._find_instrument()
        book = self.book
        due = self._text_ns is None or now - self._text_ns >= TEXT_EVERY_NS
        if self._dirty or due:
            self._show(book, everything=self._dirty)
            self._dirty = False
            self._text_ns = now
        self._chart.frame(book, stale=is_stale(book, now))

    def _show(self, book: Book | None, *, everything: bool) -> None:
        block = self._trade.show(book)
        self._chart.show_armed(block)
        self._chart.show_status(self._fallback_status())
        self._chart.show_state(book.last_ticks if book is not None else None)
        self._money.show(book)
        self._widgets.latency.refresh()
        if everything:
            self._blotter.show_state()
            self._show_title()
            self._notices.flush_fills()
        else:
            self._blotter.show_prices()

    def _fallback_status(self) -> str:
        why = phase_text(self._state.session)
        if self.selection.instrument is None:
            return f"{why[:1].upper()}{why[1:]}" if why else f"Looking up {self._wanted}…"
        return ""

    def _show_title(self) -> None:
        session = self._state.session
        live = session is not None and session.live
        venue = session.venue if session is not None else "practice"
        parts = [f"{'LIVE' if live else 'SIM'} {venue}"]
        if self.selection.instrument is not None:
            parts.append(self.selection.instrument.short_name)
        title = (" — ".join([*parts, "tradedesk"]), live)
        if title != self._title:
            self._title = title
            self.title_changed.emit(*title)

    # --- choosing -----------------------------------------------------------------------------

    def choose_interval(self, text: str) -> None:
        """Show another bar size, from a segment or typed on the chart."""
        try:
            spec = BarSpec.parse(text)
        except BarSpecError as error:
            self._widgets.toasts.show("warning", str(error))
            return
        self._keeper.change(interval=str(spec))
        self.selection.choose(spec=spec)

    def choose_symbol(self, symbol: str) -> None:
        """Show another contract; looked up at the venue if it is not known yet."""
        self._wanted = symbol
        known = self._state.instrument_by_symbol(symbol)
        if known is not None:
            self._look_at(known)
        else:
            self.actions.track(symbol)

    def choose_account(self, key: str) -> None:
        """Trade another account of this login."""
        self._state.account_id = AccountId(int(key))
        self._dirty = True

    def _find_instrument(self) -> None:
        """Look at the remembered contract as soon as it can be known."""
        known = self._state.instrument_by_symbol(self._wanted)
        if known is not None:
            self._look_at(known)
        elif self._asked != self._wanted and not phase_text(self._state.session):
            self._asked = self._wanted
            self.actions.track(self._wanted)

    def _look_at(self, instrument: Instrument) -> None:
        self._context.markets.watch(instrument)
        self._keeper.change(symbol=instrument.symbol)
        self._widgets.picker.hide()
        self.selection.choose(instrument=instrument)

    # --- wiring -------------------------------------------------------------------------------

    def _connect(self) -> None:
        w = self._widgets
        self.selection.changed.connect(self._selection_changed)
        w.top.interval_chosen.connect(self.choose_interval)
        w.top.account_chosen.connect(self.choose_account)
        w.picker.symbol_chosen.connect(self.choose_symbol)
        w.top.cancel_all_requested.connect(self.actions.cancel_all)
        w.top.flatten_requested.connect(lambda press: self.actions.flatten(None, press))
        w.chart.interval_requested.connect(self.choose_interval)
        w.dock.cancel_requested.connect(self._trade.cancel_row)
        w.dock.close_requested.connect(self._trade.close_row)
        w.ticket.changed.connect(self._ticket_changed)
        w.ticket.phantom_changed.connect(self._show_phantom)
        w.top.show_interval(self.selection.spec)
        self._ticket_changed()

    def _selection_changed(self) -> None:
        self._dirty = True
        self._widgets.top.show_contract(self.selection.instrument)
        self._widgets.top.show_interval(self.selection.spec)
        self._chart.show_selection()

    def _ticket_changed(self) -> None:
        ticket = self._widgets.ticket
        quantity = ticket.view.reading.quantity
        if quantity is not None:
            self._widgets.chart.set_order_size(quantity)
            self._keeper.change(
                size=quantity, bracket_on=ticket.entered.bracket_on, bracket=ticket.template
            )

    def _show_phantom(self, draft: OrderDraft | None) -> None:
        self._chart.show_phantom(draft, self.book)


def _spec(text: str) -> BarSpec:
    try:
        return BarSpec.parse(text)
    except BarSpecError:
        return BarSpec.parse("1m")
