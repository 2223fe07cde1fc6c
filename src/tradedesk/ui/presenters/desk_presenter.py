"""The middle of the window: events in, frames out. Owns the smaller presenters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from tradedesk.domain import events as ev
from tradedesk.domain.clock import NS_PER_MS, Clock
from tradedesk.ui.drawing_keeper import DrawingKeeper
from tradedesk.ui.phases.log import PhaseLog
from tradedesk.ui.presenters.actions import DeskActions
from tradedesk.ui.presenters.alert_presenter import AlertPresenter
from tradedesk.ui.presenters.blotter_presenter import BlotterPresenter
from tradedesk.ui.presenters.chart_export import ChartExport
from tradedesk.ui.presenters.chart_visit import ChartVisit
from tradedesk.ui.presenters.choice_presenter import ChoicePresenter
from tradedesk.ui.presenters.desk_charts import DeskCharts
from tradedesk.ui.presenters.line_presenter import LinePresenter
from tradedesk.ui.presenters.meter_presenter import MeterPresenter
from tradedesk.ui.presenters.money_presenter import SIGN_IN, MoneyPresenter
from tradedesk.ui.presenters.notice_presenter import NoticePresenter
from tradedesk.ui.presenters.plan_presenter import PlanPresenter
from tradedesk.ui.presenters.safety_actions import SafetyActions
from tradedesk.ui.presenters.safety_presenter import SafetyPresenter
from tradedesk.ui.presenters.trade_presenter import Asking, TradePresenter, TradeSurfaces, terms_of
from tradedesk.ui.title import desk_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.services.latency_log import LatencyLog
    from tradedesk.ui.chart.panel import ChartPanel
    from tradedesk.ui.context import DeskContext
    from tradedesk.ui.desk_widgets import DeskWidgets
    from tradedesk.ui.memory_keeper import MemoryKeeper
    from tradedesk.ui.ports import Book, Frames
    from tradedesk.ui.selection import Selection
    from tradedesk.ui.settings_keeper import SettingsKeeper
    from tradedesk.ui.ticket.draft import OrderDraft

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
        keeper: MemoryKeeper,
        settings: SettingsKeeper,
        latency: LatencyLog,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context, self._state = context, context.state
        self._widgets = widgets
        self._frames, self._keeper, self._settings = frames, keeper, settings
        self._latency = latency
        self._dirty = True
        self._text_ns: int | None = None
        self._title: tuple[str, bool] | None = None
        state, markets, clock = context.state, context.markets, context.clock
        say = widgets.toasts.show
        phases = PhaseLog()
        self.actions = DeskActions(state, context.trade, phases, say)
        safety = SafetyActions(state, context.trade, phases, say)
        self._safety = SafetyPresenter(widgets, context, phases, safety, say)
        self.choice = ChoicePresenter(
            widgets.top, widgets.picker, state, markets, self.actions, keeper, say, self
        )
        self._money = MoneyPresenter(widgets.top, widgets.status, context, frames)
        self._blotter = BlotterPresenter(
            widgets.dock, state, markets, clock, latency, self.actions, say
        )
        self._make_charts(Asking(self.actions, safety, say, phases))
        self._notices = NoticePresenter(widgets.toasts, state, phases)
        self._connect()
        meter = MeterPresenter(
            context, widgets, frames, ChartVisit(self.charts, self.choice, state)
        )
        self._leave = [state.subscribe(self._take), frames.register(self.frame)]
        self._leave += [meter.stop, self._alerts.stop, self.export.stop]
        latency.begin(state.session, state.intents.values(), clock.mono_ns())
        self.frame(clock.mono_ns())

    def stop(self) -> None:
        """Hear nothing more; call once when the window closes."""
        for leave in self._leave:
            leave()
        self._leave.clear()
        self._drawings.stop()

    @property
    def clock(self) -> Clock:
        """The clock that presses are stamped with."""
        return self._context.clock

    @property
    def selection(self) -> Selection:
        """Contract and bar size on the chart."""
        return self.choice.selection

    @property
    def book(self) -> Book | None:
        """Market of the contract on the chart."""
        instrument = self.selection.instrument
        if instrument is None:
            return None
        return self._context.markets.books.get(instrument.contract_id)

    def breakeven(self, press_ns: int) -> None:
        """Move the stop of the contract on the chart to its entry, or say why not."""
        self._trade.breakeven_by_key(press_ns)

    def kill_by_key(self) -> None:
        """Trip the kill switch when the key comes twice, or say that it has to."""
        self._safety.kill_by_key()

    def prefer(self, symbols: Sequence[str]) -> None:
        """Show the first of these contracts, unless the one that is wanted is among them."""
        self.choice.prefer(symbols)

    # --- events -------------------------------------------------------------------------------

    def _take(self, event: ev.AnyEvent) -> None:
        # Health comes every second and is shown with the next words; nothing else changed.
        self._dirty = self._dirty or not isinstance(event, ev.HealthSampled)
        self.actions.note(event)
        self._safety.take(event)
        self._latency.take(event, self.clock.mono_ns())
        match event:
            case ev.HealthSampled():
                self._money.note_health(event)
            case ev.CommandFailed() | ev.CommandDone():
                self._lines.take(event)
            case _:
                pass
        if not self.choice.take(event):
            self._notices.take(event)

    # --- frames -------------------------------------------------------------------------------

    def frame(self, now: int) -> None:
        """Once a frame, at monotonic `now`: take in the market, show what is new."""
        self._context.markets.pump()
        self.choice.find()
        self.charts.find()
        book = self.book
        due = self._text_ns is None or now - self._text_ns >= TEXT_EVERY_NS
        if self._dirty or due:
            self._show(book, everything=self._dirty)
            self._dirty = False
            self._text_ns = now
        self.charts.frame(now)
        self.export.frame()

    def _show(self, book: Book | None, *, everything: bool) -> None:
        block = self._trade.show()
        self._safety.show(block)
        self._plans.show()
        waiting = self.choice.waiting_text
        self.charts.show(self._trade.block_of, waiting, self.clock.mono_ns(), fills=everything)
        self._alerts.show(self.charts.slots)
        self._money.show(book)
        self._widgets.latency.refresh()
        if everything:
            self._blotter.show_state()
            self._show_title()
            self._notices.flush_fills()
            if self._latency.has_unseen:
                # what this frame changed is painted before the next timer runs
                QTimer.singleShot(0, self, lambda: self._latency.shown(self.clock.mono_ns()))
        else:
            self._blotter.show_prices()

    def _make_charts(self, asking: Asking) -> None:
        """The charts and all that carries out what they ask for."""
        context, widgets, say = self._context, self._widgets, asking.say
        state, markets = self._state, context.markets
        self._trade = TradePresenter(
            TradeSurfaces(widgets.ticket, widgets.position),
            state,
            asking,
            self.selection,
            self.clock,
            lambda: self.book,
        )
        self._plans = PlanPresenter(
            widgets.ticket, asking, self.selection, self._settings, self._trade.show
        )
        self._drawings = DrawingKeeper(context.drawings, say, self)
        self._alerts = AlertPresenter(widgets.toasts, context, widgets.charts)
        self._lines = LinePresenter(self.actions, say)
        self.export = ChartExport(state, markets, say)
        self.charts = DeskCharts(
            state, markets, self.selection, self.actions, say, self._wire, self, self._alerts.lines
        )
        self._lines.charts = self.charts
        self.charts.take_grid(widgets.charts, lambda: self._keeper.now.own_charts)

    def _show_title(self) -> None:
        title = desk_title(self._state.session, self.selection.instrument)
        if title != self._title:
            self._title = title
            self.title_changed.emit(*title)

    # --- wiring -------------------------------------------------------------------------------

    def _wire(self, chart: ChartPanel) -> None:
        parts = (self._trade, self._lines, self._alerts, self._plans, self._drawings, self.export)
        for part in parts:
            part.wire(chart)
        chart.viewing.said.connect(partial(self._widgets.toasts.show, "warning"))

    def _connect(self) -> None:
        w = self._widgets
        self.selection.changed.connect(self._selection_changed)
        w.top.account_chosen.connect(self._choose_account)
        w.top.cancel_all_requested.connect(self.actions.cancel_all)
        w.top.flatten_requested.connect(lambda press: self.actions.flatten(None, press))
        w.dock.cancel_requested.connect(self._trade.cancel_row)
        w.dock.close_requested.connect(self._trade.close_row)
        w.ticket.changed.connect(self._ticket_changed)
        w.ticket.phantom_changed.connect(self._show_phantom)
        self._ticket_changed()

    def _choose_account(self, key: str) -> None:
        if key != SIGN_IN:
            self.choice.choose_account(key)
        elif self._context.on_sign_in_requested is not None:
            self._context.on_sign_in_requested()

    def _selection_changed(self) -> None:
        self._dirty = True

    def _ticket_changed(self) -> None:
        ticket = self._widgets.ticket
        self.charts.set_terms(terms_of(ticket))
        quantity = ticket.view.reading.quantity
        if quantity is not None:
            self._keeper.change(
                size=quantity, bracket_on=ticket.entered.bracket_on, bracket=ticket.template
            )

    def _show_phantom(self, draft: OrderDraft | None) -> None:
        self.charts.show_phantom(draft)
