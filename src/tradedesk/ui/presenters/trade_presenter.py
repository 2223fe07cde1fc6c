"""Ticket, position card, chart and tables: what they show of the trade, and what they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tradedesk.domain.ids import ContractId, OrderId
from tradedesk.services.order_plan import only_closes
from tradedesk.ui import words
from tradedesk.ui.chart.placing import Terms
from tradedesk.ui.models.orders import order_id_of
from tradedesk.ui.position.view_model import exit_stops, position_view
from tradedesk.ui.readiness import entry_block, is_stale
from tradedesk.ui.ticket.draft import OrderDraft, Outcome, TicketContext

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.clock import Clock
    from tradedesk.services.desk_state import DeskState
    from tradedesk.ui.chart.panel import ChartPanel
    from tradedesk.ui.chart.placing import Offer
    from tradedesk.ui.phases.log import PhaseLog
    from tradedesk.ui.ports import Book
    from tradedesk.ui.position.panel import PositionPanel
    from tradedesk.ui.presenters.actions import DeskActions
    from tradedesk.ui.presenters.asking import Say
    from tradedesk.ui.presenters.safety_actions import SafetyActions
    from tradedesk.ui.selection import Selection
    from tradedesk.ui.ticket.panel import TicketPanel

_CHART_PREFIX = "order:"


@dataclass(frozen=True, slots=True)
class TradeSurfaces:
    """The panels that trade the selection."""

    ticket: TicketPanel
    position: PositionPanel


@dataclass(frozen=True, slots=True)
class Asking:
    """Who takes what the panels ask for, and who tells why something cannot be asked."""

    actions: DeskActions
    safety: SafetyActions
    say: Say
    phases: PhaseLog


def terms_of(ticket: TicketPanel) -> Terms:
    """On which terms the chart places orders, from the fields of the ticket."""
    fields, on = ticket.fields, ticket.entered.bracket_on
    bracket_fault = fields.stop_error or fields.target_error
    size = fields.quantity or 1
    return Terms(size, fields.bracket, on, fields.quantity_error, bracket_fault)


class TradePresenter:
    """Keeps the trading panels current and carries out what they ask.

    Parameters
    ----------
    book : callable
        Market of the selection, as it is by now: a press may come before the next frame.
    """

    def __init__(
        self,
        surfaces: TradeSurfaces,
        state: DeskState,
        asking: Asking,
        selection: Selection,
        clock: Clock,
        book: Callable[[], Book | None],
    ) -> None:
        self._ticket = surfaces.ticket
        self._position = surfaces.position
        self._state = state
        self._actions = asking.actions
        self._safety = asking.safety
        self._say = asking.say
        self._phases = asking.phases
        self._selection = selection
        self._clock = clock
        self._book = book
        self._ticket.order_requested.connect(self._place)
        self._position.exit_requested.connect(self._exit)
        self._position.protect_requested.connect(self._protect)

    def wire(self, chart: ChartPanel) -> None:
        """Carry out what one more chart asks for."""
        chart.place_requested.connect(partial(self._place_at, chart))
        chart.move_requested.connect(partial(self._move, chart))
        chart.cancel_requested.connect(self._cancel_line)

    # --- showing ------------------------------------------------------------------------------

    def show(self) -> str:
        """Bring ticket and position up to date; returns why no entry may be placed now."""
        book = self._book()
        now = self._clock.mono_ns()
        block = self.block_of(book)
        instrument = self._selection.instrument
        position = self._state.position(instrument.contract_id) if instrument else None
        self._ticket.set_context(
            TicketContext(
                instrument=instrument,
                last_ticks=book.last_ticks if book else None,
                bid_ticks=book.bid_ticks if book else None,
                ask_ticks=book.ask_ticks if book else None,
                net_size=position.net_size if position else 0,
                block=block,
            )
        )
        self._ticket.set_armed(self._state.armed)
        self._position.show_view(
            position_view(
                self._state,
                instrument,
                book.last_ticks if book else None,
                stale=is_stale(book, now),
                entry_block=block,
                mono_ns=now,
            )
        )
        return block

    def block_of(self, book: Book | None) -> str:
        """Why no entry may be placed in a market now; empty if it may."""
        return entry_block(
            self._state,
            book,
            self._clock.mono_ns(),
            self._clock.wall_ns(),
            flattening=self._phases.holds_entries,
        )

    # --- ticket and chart ---------------------------------------------------------------------

    def _place(self, draft: OrderDraft, press_ns: int) -> None:
        self._actions.place(draft, press_ns)

    def _place_at(self, chart: ChartPanel, offered: Offer, press_ns: int) -> None:
        """Place what the chart showed under the press: its price, size and bracket."""
        if chart.instrument != self._selection.instrument:
            # A chart becomes the active one before a press on it counts; if it did not, then what
            # the label said is not what would be sent.
            self._say("error", "Nothing was sent: the ticket is on another contract. Click again.")
            return
        self.show()
        net_size = self._ticket.context.net_size
        if offered.closes and not only_closes(net_size, offered.side, offered.size):
            # It was offered without a bracket, as it opened nothing.
            why = f"“{offered.result}” is not true any more"
            self._say("error", f"Nothing was sent: {why}. Click again.")
            return

        def ask() -> Outcome:
            return self._ticket.outcome_at(
                offered.side, offered.type, offered.price_ticks, offered.size, offered.legs
            )

        outcome = ask()
        if outcome.draft is None:
            self._ticket.show_refusal(lambda: ask().refusal)
            self._say("warning", outcome.refusal)
        elif self._ticket.accept_press(offered.side, press_ns):
            self._actions.place(outcome.draft, press_ns)

    def _move(self, chart: ChartPanel, key: str, price_ticks: int, press_ns: int) -> None:
        if not key.startswith(_CHART_PREFIX):
            return
        order_id = self._order_of(key)
        order = self._state.orders.get(order_id) if order_id is not None else None
        if order is None or not order.is_working:
            chart.reject_move(key, "This order is not working any more.")
            return
        if not self._actions.move(order, price_ticks, press_ns, key, chart):
            chart.reject_move(key, "Nothing was sent.")

    def _cancel_line(self, key: str, press_ns: int) -> None:
        order_id = self._order_of(key) if key.startswith(_CHART_PREFIX) else None
        if order_id is not None:
            self._actions.cancel(order_id, press_ns)

    def _order_of(self, key: str) -> OrderId | None:
        return order_id_of(key.removeprefix(_CHART_PREFIX))

    # --- tables -------------------------------------------------------------------------------

    def cancel_row(self, key: str, press_ns: int) -> None:
        """The × of a working order."""
        order_id = order_id_of(key)
        if order_id is not None:
            self._actions.cancel(order_id, press_ns)

    def close_row(self, key: str, press_ns: int) -> None:
        """The × of a position."""
        self._actions.close(ContractId(key), None, press_ns)

    # --- position card ------------------------------------------------------------------------

    def _exit(self, what: str, press_ns: int) -> None:
        instrument = self._selection.instrument
        if instrument is None:
            return
        if what == "breakeven":
            self._breakeven(press_ns)
        elif what == "half":
            self._actions.close(instrument.contract_id, self._position.view.half_size, press_ns)
        elif what == "close":
            self._actions.close(instrument.contract_id, None, press_ns)
        else:
            self._reverse(press_ns)

    def _protect(self, press_ns: int) -> None:
        instrument = self._selection.instrument
        if instrument is not None:
            self._safety.protect(instrument.contract_id, press_ns)

    def breakeven_by_key(self, press_ns: int) -> None:
        """The breakeven button without the mouse; what its tool tip would say is said aloud."""
        self.show()
        why = self._position.view.breakeven_block
        if why:
            self._say("warning", f"Breakeven: {words.sentence(why)}")
        else:
            self._breakeven(press_ns)

    def _breakeven(self, press_ns: int) -> None:
        instrument = self._selection.instrument
        position = self._state.position(instrument.contract_id) if instrument else None
        target = self._position.view.breakeven_ticks
        if position is None or target is None:
            return
        for order in exit_stops(self._state, position):
            if order.stop_ticks != target:
                self._actions.move(order, target, press_ns, f"{_CHART_PREFIX}{order.order_id}")

    def _reverse(self, press_ns: int) -> None:
        instrument = self._selection.instrument
        if instrument is None or self._state.position(instrument.contract_id) is None:
            return
        reading = self._ticket.view.reading
        wrong = reading.stop_error or reading.target_error
        if wrong:
            self._say("error", f"Reverse: nothing was sent. {wrong}")
            return
        legs = reading.bracket
        self._actions.reverse(instrument.contract_id, legs.stop_ticks, legs.target_ticks, press_ns)
