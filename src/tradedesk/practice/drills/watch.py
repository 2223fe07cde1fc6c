"""How an account stands in one contract: what it holds, and what works for it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from tradedesk.domain.order import OrderStatus, Side
from tradedesk.practice.drills.record import Stand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tradedesk.practice.books.exchange import Exchange
    from tradedesk.practice.books.ledger import Ledger
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.drills.halts import HaltingMarket
    from tradedesk.practice.drills.news import News
    from tradedesk.practice.faults import Faults
    from tradedesk.practice.floor import Floor
    from tradedesk.practice.hubs.market import MarketHub
    from tradedesk.practice.hubs.user import UserHub
    from tradedesk.practice.products import Contract


class Stage(Protocol):
    """The venue, as far as drills play on it."""

    @property
    def floor(self) -> Floor:
        """Venue time and prices."""

    @property
    def market(self) -> HaltingMarket:
        """Contracts and tapes."""

    @property
    def exchange(self) -> Exchange:
        """Orders and ledgers."""

    @property
    def faults(self) -> Faults:
        """What goes wrong."""

    @property
    def news(self) -> News:
        """What accounts are told."""

    @property
    def user_hub(self) -> UserHub:
        """Sockets of the user hub."""

    @property
    def market_hub(self) -> MarketHub:
        """Sockets of the market hub."""

    @property
    def first_account(self) -> int:
        """The account that drills are about."""


class Place(NamedTuple):
    """Where a drill plays: the venue, an account and a contract."""

    stage: Stage
    account_id: int
    contract: Contract

    @property
    def ledger(self) -> Ledger:
        """Money and positions of the account."""
        return self.stage.exchange.ledgers[self.account_id]

    @property
    def now_ns(self) -> int:
        """Venue time."""
        return self.stage.floor.now_ns()

    @property
    def net(self) -> int:
        """Signed contracts that are held."""
        row = self.ledger.position(self.contract.contract_id)
        return 0 if row is None else row.net

    @property
    def last(self) -> int:
        """Last price in ticks."""
        return self.stage.floor.book(self.contract).touch.last

    def orders(self) -> list[OrderRow]:
        """Orders on the contract that can still trade."""
        rows = self.stage.exchange.rows.live_of(self.account_id)
        return [row for row in rows if row.contract == self.contract]

    def stand(self) -> Stand:
        """How the account stands now."""
        return stand(self.now_ns, self.net, self.orders())

    def open_loss(self) -> Decimal:
        """Dollars that the position is under water by the last price; 0 when it is not."""
        row = self.ledger.position(self.contract.contract_id)
        if row is None:
            return Decimal(0)
        worth = self.contract.product.tick_value * self.last * abs(row.net)
        return max(Decimal(0), row.cost - worth if row.net > 0 else worth - row.cost)


def stand(now_ns: int, net: int, orders: Iterable[OrderRow]) -> Stand:
    """Work out how an account stands from its position and its live orders.

    Only open orders protect or are too much: a leg that sleeps and an order on its way do neither.
    """
    orders = list(orders)
    working = [row for row in orders if row.status is OrderStatus.OPEN]
    if not net:
        return Stand(now_ns, 0, 0, sum(row.remaining for row in working), len(orders))
    side = Side.SELL if net > 0 else Side.BUY
    exits = [row for row in working if row.side is side]
    astray = [row for row in working if row.side is not side and row.is_leg]
    stops = sum(row.remaining for row in exits if row.is_stop)
    excess = max(0, _most(exits) - abs(net)) + _most(astray)
    return Stand(now_ns, net, max(0, abs(net) - stops), excess, len(orders))


def _most(rows: list[OrderRow]) -> int:
    """Contracts that stops, or else all others, could trade: one cancels the other."""
    stops = sum(row.remaining for row in rows if row.is_stop)
    return max(stops, sum(row.remaining for row in rows if not row.is_stop))


STATES: Final[dict[str, Callable[[Stand, int], bool]]] = {
    "flat": lambda now, first: not now.net,
    "empty": lambda now, first: not now.net and not now.orders,
    "covered": lambda now, first: not now.naked,
    "square": lambda now, first: not now.naked and not now.excess,
    "reversed": lambda now, first: now.net * first < 0,
}
"""Whether an account is in a state, given how it stands and the sign of the first position."""
