"""What the desk knows about accounts, orders and positions, as told by the executor.

Fed by one event at a time on the desk's own loop; readers are on the same loop, so there is no
lock. Listeners are called after the state has changed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from tradedesk.domain import events as ev
from tradedesk.domain.order import Order, OrderStatus, Role
from tradedesk.domain.roles import role_of
from tradedesk.domain.session import session_start_ns

if TYPE_CHECKING:
    from tradedesk.domain.changes import Change
    from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag, TradeId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.position import Account, Fill, Position
    from tradedesk.domain.safety import Lock, Shield, TradingRules

log = logging.getLogger(__name__)

Listener = Callable[[ev.AnyEvent], None]

NOTICES_KEPT = 500
_ZERO = Decimal(0)


class DeskState:
    """All that the executor told of one venue session: orders, positions, cover, locks."""

    def __init__(self) -> None:
        self.session: ev.SessionChanged | None = None
        self.account_id: AccountId | None = None
        self.accounts: dict[AccountId, Account] = {}
        self.instruments: dict[ContractId, Instrument] = {}
        self.orders: dict[OrderId, Order] = {}
        self.positions: dict[tuple[AccountId, ContractId], Position] = {}
        self.fills: dict[TradeId, Fill] = {}
        self.intents: dict[Tag, ev.Intent] = {}
        self.changes: dict[str, Change] = {}
        self.shields: dict[tuple[AccountId, ContractId], Shield] = {}
        self.locks: tuple[Lock, ...] = ()
        self.rules: TradingRules | None = None
        self.health: ev.HealthSampled | None = None
        self.notices: list[ev.Notice] = []
        self._listeners: list[Listener] = []

    # --- feeding ------------------------------------------------------------------------------

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` after each event; returns what ends the subscription."""
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return leave

    def apply(self, event: ev.AnyEvent) -> None:
        """Take one event in, then tell the listeners."""
        self._take_trading(event)
        self._take_session(event)
        for listener in tuple(self._listeners):
            listener(event)

    def _take_trading(self, event: ev.AnyEvent) -> None:
        match event:
            case ev.SnapshotTaken():
                self._replace(event)
            case ev.OrderChanged(order=order):
                self.orders[order.order_id] = order
            case ev.PositionChanged(position=position):
                self._put_position(position)
            case ev.FillReceived(fill=fill):
                self.fills[fill.trade_id] = fill
            case ev.AccountChanged(account=account):
                self.accounts[account.account_id] = account
            case ev.IntentChanged(intent=intent):
                self.intents[intent.tag] = intent
            case ev.ChangeMoved(change=change):
                self.changes[change.key] = change
            case ev.ShieldChanged(shield=shield):
                self._put_shield(shield)

    def _take_session(self, event: ev.AnyEvent) -> None:
        match event:
            case ev.SessionChanged():
                self.session = event
                self.account_id = event.account_id or self.account_id
            case ev.InstrumentResolved(instrument=instrument):
                self.instruments[instrument.contract_id] = instrument
            case ev.LocksChanged(locks=locks, rules=rules):
                self.locks, self.rules = locks, rules
            case ev.HealthSampled():
                self.health = event
            case ev.Notice():
                self.notices.append(event)
                del self.notices[:-NOTICES_KEPT]

    def _replace(self, snapshot: ev.SnapshotTaken) -> None:
        self.accounts = {a.account_id: a for a in snapshot.accounts}
        self.instruments.update({i.contract_id: i for i in snapshot.instruments})
        self.orders = {o.order_id: o for o in snapshot.orders}
        self.positions = {}
        for position in snapshot.positions:
            self._put_position(position)
        self.fills = {f.trade_id: f for f in snapshot.fills}
        self.intents = {i.tag: i for i in snapshot.intents}
        self.changes = {c.key: c for c in snapshot.changes}
        self.shields = {}
        for shield in snapshot.shields:
            self._put_shield(shield)
        if self.account_id is None and snapshot.accounts:
            self.account_id = snapshot.accounts[0].account_id

    def _put_position(self, position: Position) -> None:
        key = (position.account_id, position.contract_id)
        if position.net_size:
            self.positions[key] = position
        else:
            self.positions.pop(key, None)

    def _put_shield(self, shield: Shield) -> None:
        key = (shield.account_id, shield.contract_id)
        if shield.net_size:
            self.shields[key] = shield
        else:
            self.shields.pop(key, None)

    # --- reading ------------------------------------------------------------------------------

    @property
    def account(self) -> Account | None:
        """The selected account."""
        return self.accounts.get(self.account_id) if self.account_id is not None else None

    @property
    def armed(self) -> bool:
        """Whether entries are allowed."""
        return self.session is not None and self.session.armed

    def instrument_by_symbol(self, symbol: str) -> Instrument | None:
        """The known instrument with this product symbol, name or contract id."""
        for instrument in self.instruments.values():
            if symbol in (instrument.symbol, instrument.name, instrument.contract_id):
                return instrument
        return None

    def position(self, contract_id: ContractId) -> Position | None:
        """Open position of the selected account; None when flat."""
        if self.account_id is None:
            return None
        return self.positions.get((self.account_id, contract_id))

    def shield(self, contract_id: ContractId) -> Shield | None:
        """How the selected account's position in a contract is covered; None if never told."""
        if self.account_id is None:
            return None
        return self.shields.get((self.account_id, contract_id))

    def held_locks(self) -> list[Lock]:
        """What keeps entries of the selected account off now."""
        return [x for x in self.locks if x.account_id is None or x.account_id == self.account_id]

    def open_positions(self) -> list[Position]:
        """Open positions of the selected account."""
        return [p for p in self.positions.values() if p.account_id == self.account_id]

    def working_orders(self, contract_id: ContractId | None = None) -> list[Order]:
        """Working orders of the selected account, oldest first, suspended legs included."""
        return sorted(
            (
                o
                for o in self.orders.values()
                if o.is_working
                and o.account_id == self.account_id
                and (contract_id is None or o.contract_id == contract_id)
            ),
            key=lambda o: o.order_id,
        )

    def waiting_intents(self, contract_id: ContractId | None = None) -> list[ev.Intent]:
        """Intents on their way whose order has not been seen yet."""
        return [
            i
            for i in self.intents.values()
            if i.state.is_open
            and i.command.account_id == self.account_id
            and (contract_id is None or i.command.contract_id == contract_id)
            and (i.order_id is None or i.order_id not in self.orders)
        ]

    def unplaced_intents(self, contract_id: ContractId | None = None) -> list[ev.Intent]:
        """Those on their way, and then those that only a person can settle."""
        stuck = [
            i
            for i in self.intents.values()
            if i.state is ev.IntentState.NEEDS_HUMAN
            and i.command.account_id == self.account_id
            and (contract_id is None or i.command.contract_id == contract_id)
        ]
        return self.waiting_intents(contract_id) + stuck

    def account_fills(self) -> list[Fill]:
        """Fills of the selected account, newest first."""
        return sorted(
            (f for f in self.fills.values() if f.account_id == self.account_id),
            key=lambda f: (f.ts_ns, f.trade_id),
            reverse=True,
        )

    def role(self, order: Order) -> Role:
        """What an order is for; see `tradedesk.domain.roles`."""
        return role_of(order)

    def day_pnl(self, now_ns: int) -> Decimal:
        """Realised dollars of the trading day of ``now_ns`` (the venue's time), net of fees."""
        start_ns = session_start_ns(now_ns)
        fills = (f for f in self.account_fills() if f.ts_ns >= start_ns and not f.voided)
        return sum(((f.pnl or _ZERO) - f.fees for f in fills), _ZERO)

    def is_covered(self, position: Position) -> bool:
        """Whether resting stops of the opposite side cover every contract of the position."""
        stops = sum(
            o.remaining
            for o in self.working_orders(position.contract_id)
            if o.stop_ticks is not None
            and o.status is OrderStatus.OPEN
            and o.side is position.side.other
        )
        return stops >= abs(position.net_size)
