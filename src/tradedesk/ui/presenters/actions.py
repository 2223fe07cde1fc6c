"""Everything the window asks of the venue goes through here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain import events as ev
from tradedesk.domain.clock import NS_PER_S
from tradedesk.ui.presenters.asking import Asking

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.ids import ContractId, OrderId
    from tradedesk.domain.order import Order
    from tradedesk.services.desk_state import DeskState
    from tradedesk.services.trade_desk import TradeDesk
    from tradedesk.ui.chart.panel import ChartPanel
    from tradedesk.ui.phases.log import PhaseLog
    from tradedesk.ui.presenters.asking import Say
    from tradedesk.ui.ticket.draft import OrderDraft

AGAIN_NS = NS_PER_S
"""A second cancel-all key within this time takes the exits too."""


class DeskActions:
    """Calls `TradeDesk` and remembers which click asked for what.

    Parameters
    ----------
    say : callable
        Takes a level and a sentence when something could not even be asked.
    """

    def __init__(self, state: DeskState, trade: TradeDesk, phases: PhaseLog, say: Say) -> None:
        self._state = state
        self._trade = trade
        self._phases = phases
        self._say = say
        self._asking = Asking(say)
        self._moves: dict[str, tuple[str, ChartPanel | None]] = {}
        self._cancels: dict[str, OrderId] = {}
        self._tracks: dict[str, str] = {}
        self._last_cancel_all_ns: int | None = None

    # --- asking -------------------------------------------------------------------------------

    def place(self, draft: OrderDraft, press_ns: int) -> str | None:
        """Place one order; returns the click's id, None if it could not be asked."""
        return self._asking.attempt(
            lambda: self._trade.place(
                draft.contract_id,
                draft.side,
                draft.type,
                draft.size,
                limit_ticks=draft.limit_ticks,
                stop_ticks=draft.stop_ticks,
                stop_loss_ticks=draft.stop_loss_ticks,
                take_profit_ticks=draft.take_profit_ticks,
                reference_ticks=draft.reference_ticks,
                press_ns=press_ns,
            )
        )

    def move(
        self,
        order: Order,
        price_ticks: int,
        press_ns: int,
        key: str = "",
        chart: ChartPanel | None = None,
    ) -> bool:
        """Move an order to another price; ``key`` names its line, ``chart`` is where it was moved.

        Returns
        -------
        bool
            Whether it could be asked; then `take_move` gives key and chart with the answer.
        """
        limit = order.limit_ticks is not None
        click = self._asking.attempt(
            lambda: self._trade.modify(
                order.order_id,
                limit_ticks=price_ticks if limit else None,
                stop_ticks=None if limit else price_ticks,
                press_ns=press_ns,
            )
        )
        if click is not None and key:
            self._moves[click] = (key, chart)
        return click is not None

    def protect_at(self, contract_id: ContractId, stop_ticks: int, press_ns: int) -> str | None:
        """A stop at a price for what has none; returns the click's id."""
        return self._asking.attempt(
            lambda: self._trade.protect(contract_id, stop_ticks, press_ns=press_ns)
        )

    def target_at(self, contract_id: ContractId, limit_ticks: int, press_ns: int) -> str | None:
        """A target at a price for what has none; returns the click's id."""
        return self._asking.attempt(
            lambda: self._trade.target(contract_id, limit_ticks, press_ns=press_ns)
        )

    def cancel(self, order_id: OrderId, press_ns: int) -> None:
        """Cancel one order; asked once until it failed."""
        if order_id in self._cancels.values():
            return
        click = self._asking.attempt(lambda: self._trade.cancel(order_id, press_ns=press_ns))
        if click is not None:
            self._cancels[click] = order_id

    def cancel_all(self, press_ns: int) -> None:
        """Cancel working orders; exits of open positions stay, however often it is pressed."""
        self._cancel_all(press_ns, include_exits=False)

    def cancel_all_by_key(self, press_ns: int) -> None:
        """The same from the keyboard, where a second time within a second takes the exits too."""
        last, self._last_cancel_all_ns = self._last_cancel_all_ns, press_ns
        exits = last is not None and 0 <= press_ns - last <= AGAIN_NS
        if exits:
            self._last_cancel_all_ns = None
        self._cancel_all(press_ns, include_exits=exits)

    def flatten(self, contract_id: ContractId | None, press_ns: int) -> str | None:
        """No orders and no position, proven; every contract if None."""
        click = self._asking.attempt(lambda: self._trade.flatten(contract_id, press_ns=press_ns))
        name = "all" if contract_id is None else self._name(contract_id)
        return self._begun(click, f"Flatten {name}", press_ns)

    def reverse(
        self,
        contract_id: ContractId,
        stop_loss_ticks: int | None,
        take_profit_ticks: int | None,
        press_ns: int,
    ) -> None:
        """Flat, proven, then as many contracts the other way; one press at a time counts."""
        if self._asking.is_slip(contract_id, press_ns):
            return
        click = self._asking.attempt(
            lambda: self._trade.reverse(
                contract_id,
                stop_loss_ticks=stop_loss_ticks,
                take_profit_ticks=take_profit_ticks,
                press_ns=press_ns,
            )
        )
        self._begun(click, f"Reverse {self._name(contract_id)}", press_ns)

    def close(self, contract_id: ContractId, size: int | None, press_ns: int) -> None:
        """Close a position, or a part of it; a second press at once is a slip and does nothing."""
        if self._asking.is_slip(contract_id, press_ns):
            self._say("warning", "Second press ignored: the close was asked for already.")
            return
        self._asking.attempt(
            lambda: self._trade.close_position(contract_id, size, press_ns=press_ns)
        )

    def arm(self, *, armed: bool) -> None:
        """Allow or forbid entries."""
        self._asking.attempt(lambda: self._trade.arm(armed))

    def track(self, symbol: str) -> None:
        """Look a symbol up."""
        click = self._asking.attempt(lambda: self._trade.track(symbol))
        if click is not None:
            self._tracks[click] = symbol

    # --- answers ------------------------------------------------------------------------------

    @property
    def cancelling(self) -> frozenset[OrderId]:
        """Orders whose cancel was asked and neither done nor refused."""
        return frozenset(self._cancels.values())

    def take_move(self, event: ev.CommandFailed | ev.CommandDone) -> tuple[str, ChartPanel | None]:
        """Line and chart of the move this answers; an empty key if it answers none."""
        return self._moves.pop(event.click_id, ("", None))

    def take_track(self, event: ev.CommandFailed | ev.CommandDone) -> str:
        """Symbol of the look-up this answers; empty if it answers none."""
        return self._tracks.pop(event.click_id, "")

    def note(self, event: ev.AnyEvent) -> None:
        """Forget what has been answered."""
        match event:
            case ev.CommandFailed(click_id=click_id) | ev.CommandDone(click_id=click_id):
                self._cancels.pop(click_id, None)
            case ev.OrderChanged(order=order) if not order.is_working:
                self._forget(lambda order_id: order_id == order.order_id)
            case ev.SnapshotTaken():
                known = self._state.orders
                self._forget(lambda order_id: order_id not in known)
            case _:
                pass

    def _cancel_all(self, press_ns: int, *, include_exits: bool) -> None:
        click = self._asking.attempt(
            lambda: self._trade.cancel_all(include_exits=include_exits, press_ns=press_ns)
        )
        self._begun(click, "Cancel all and exits" if include_exits else "Cancel all", press_ns)

    def _begun(self, click: str | None, title: str, press_ns: int) -> str | None:
        if click is not None:
            self._phases.begin(click, title, press_ns)
        return click

    def _name(self, contract_id: ContractId) -> str:
        instrument = self._state.instruments.get(contract_id)
        return instrument.short_name if instrument is not None else str(contract_id)

    def _forget(self, gone: Callable[[OrderId], bool]) -> None:
        self._cancels = {c: o for c, o in self._cancels.items() if not gone(o)}
