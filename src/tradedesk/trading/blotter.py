"""Orders, positions, fills and accounts by id, as the venue reported them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.ids import AccountId, ContractId, OrderId, TradeId
from tradedesk.domain.order import Order, OrderStatus
from tradedesk.trading.order_merge import merge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.domain.position import Account, Fill, Position

PositionKey = tuple[AccountId, ContractId]

_SILENT_NS = 60 * NS_PER_S
"""How long an order must be missing before it counts as ended without a word."""


class Blotter:
    """What the venue told us, newest wins, nothing undone.

    Each ``take_*`` returns the copy to tell on, or None when it was no news. ``mono_ns`` is when
    the news was read; it keeps an older REST answer from undoing a younger hub event.
    """

    def __init__(self) -> None:
        self.orders: dict[OrderId, Order] = {}
        self.positions: dict[PositionKey, Position] = {}
        self.fills: dict[TradeId, Fill] = {}
        self.accounts: dict[AccountId, Account] = {}
        self._working: dict[OrderId, Order] = {}
        self._order_heard: dict[OrderId, int] = {}
        self._position_heard: dict[PositionKey, int] = {}
        self._missed: dict[OrderId, int] = {}
        self.hub_since_ns: int | None = None
        """Since when (monotonic) the hub has told everything; None while it does not."""

    def take_order(self, order: Order, mono_ns: int) -> Order | None:
        """Take one copy of an order from any source."""
        kept = merge(self.orders.get(order.order_id), order)
        self._missed.pop(order.order_id, None)
        if kept is not None:
            self.orders[order.order_id] = kept
            if kept.is_working:
                self._working[order.order_id] = kept
            else:
                self._working.pop(order.order_id, None)
            self._order_heard[order.order_id] = mono_ns
        return kept

    def take_position(self, position: Position, mono_ns: int) -> Position | None:
        """Take a position from the hub."""
        key = (position.account_id, position.contract_id)
        self._position_heard[key] = mono_ns
        if self.positions.get(key) == position:
            return None
        if position.net_size == 0 and key not in self.positions:
            return None
        self.positions[key] = position
        return position

    def take_fill(self, fill: Fill) -> Fill | None:
        """Take one trade; a repeated one is no news, a voided one is."""
        known = self.fills.get(fill.trade_id)
        if known is not None and known.voided == fill.voided:
            return None
        self.fills[fill.trade_id] = fill
        return fill

    def take_account(self, account: Account) -> Account | None:
        """Take an account's newest copy."""
        if self.accounts.get(account.account_id) == account:
            return None
        self.accounts[account.account_id] = account
        return account

    def take_position_list(
        self, account_id: AccountId, positions: Iterable[Position], asked_ns: int
    ) -> list[Position]:
        """Take the venue's whole list of an account; what is not in it is flat.

        Positions that the hub touched after the question was asked are left alone.
        """
        listed = {(p.account_id, p.contract_id): p for p in positions}
        for key, held in self.positions.items():
            if key[0] == account_id and key not in listed and held.net_size != 0:
                listed[key] = msgspec.structs.replace(held, net_size=0)
        changed = []
        for key, position in listed.items():
            if self._position_heard.get(key, -1) > asked_ns:
                continue
            kept = self.take_position(position, asked_ns)
            if kept is not None:
                changed.append(kept)
        return changed

    def note_working_list(
        self, account_id: AccountId, working: Iterable[Order], asked_ns: int
    ) -> list[Order]:
        """Find orders that we hold for working and the venue no longer lists.

        How an order ended is told by the hub or by the list of all orders, which may be late; only
        what neither has told for a long time, hub connected, has ended without a word.

        Returns
        -------
        list of Order
            Orders that have ended, now ``CANCELLED``: suspended legs of an entry that ended
            without a fill, missed in two whole lists in a row; others missed for a long time.
        """
        listed = {order.order_id for order in working}
        gone = []
        for order in self.working(account_id):
            if order.order_id in listed:
                self._missed.pop(order.order_id, None)
                continue
            if self._order_heard.get(order.order_id, -1) > asked_ns:
                continue
            first_ns = self._missed.get(order.order_id)
            if first_ns is None:
                self._missed[order.order_id] = asked_ns
            elif self._never_woke(order) or self._silent_since(first_ns, asked_ns):
                ended = msgspec.structs.replace(order, status=OrderStatus.CANCELLED)
                kept = self.take_order(ended, asked_ns)
                if kept is not None:
                    gone.append(kept)
        return gone

    def working(
        self, account_id: AccountId | None = None, contract_id: ContractId | None = None
    ) -> list[Order]:
        """Orders that may still do something, oldest first."""
        return [
            order
            for order in self._working.values()
            if (account_id is None or order.account_id == account_id)
            and (contract_id is None or order.contract_id == contract_id)
        ]

    def missed(self, account_id: AccountId, contract_id: ContractId) -> list[Order]:
        """Orders held for working that the newest whole list did not show.

        Nobody has told yet how they ended.
        """
        return [
            order
            for order in self.working(account_id, contract_id)
            if order.order_id in self._missed
        ]

    def open_positions(self, account_id: AccountId | None = None) -> list[Position]:
        """Positions that are not flat."""
        return [
            position
            for position in self.positions.values()
            if position.net_size != 0 and (account_id is None or position.account_id == account_id)
        ]

    def net_size(self, account_id: AccountId, contract_id: ContractId) -> int:
        """Contracts held, negative when short."""
        position = self.positions.get((account_id, contract_id))
        return position.net_size if position is not None else 0

    def _never_woke(self, order: Order) -> bool:
        """Whether it is the leg of an entry that ended without a fill: it ended with it."""
        entry = self.orders.get(order.parent_id) if order.parent_id is not None else None
        return entry is not None and entry.status.is_final and entry.filled == 0

    def _silent_since(self, first_ns: int, asked_ns: int) -> bool:
        if self.hub_since_ns is None:
            return False
        return asked_ns - max(first_ns, self.hub_since_ns) >= _SILENT_NS

    def differs(
        self, account_id: AccountId, working: Iterable[Order], positions: Iterable[Position]
    ) -> bool:
        """Whether the venue's lists tell of something that we have not heard of."""
        ours = {order.order_id for order in self.working(account_id)}
        theirs = {order.order_id for order in working}
        held = {p.contract_id: p.net_size for p in self.open_positions(account_id)}
        return ours != theirs or held != {p.contract_id: p.net_size for p in positions}
