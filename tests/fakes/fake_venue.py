"""A small venue in memory: the book that everything else is compared with."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.errors import VenueRefusedError
from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag, TradeId
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.position import Account, Fill, Position
from tradedesk.domain.price import TickSize

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.clock import Clock

ACCOUNT = AccountId(501)
MNQ = Instrument(
    contract_id=ContractId("CON.F.US.MNQ.Z26"),
    name="MNQZ6",
    description="Micro E-mini Nasdaq-100: December 2026",
    tick=TickSize(Decimal("0.25")),
    tick_value=Decimal("0.5"),
    symbol_id="F.US.MNQ",
)
LAST = 80_000

Told = Order | Position | Fill


class FakeVenue:
    """One account, one contract, one price; market orders fill at once.

    ``tell`` is called with every change, as the user hub would.
    """

    def __init__(self, clock: Clock, *, strict_tags: bool = True) -> None:
        self.clock = clock
        self.strict_tags = strict_tags
        self.orders: dict[OrderId, Order] = {}
        self.fills: list[Fill] = []
        self.net = 0
        self.arrived: Counter[Tag] = Counter()
        self.tell: Callable[[Told], None] = lambda told: None
        self._next = 1

    @property
    def accounts(self) -> list[Account]:
        return [Account(ACCOUNT, "FAKE-1", Decimal(50_000), can_trade=True)]

    @property
    def positions(self) -> list[Position]:
        return [self._position()] if self.net else []

    def working(self) -> list[Order]:
        return [order for order in self.orders.values() if order.is_working]

    def accepted(self, tag: Tag) -> list[Order]:
        return [
            order
            for order in self.orders.values()
            if order.tag == tag and order.status is not OrderStatus.REJECTED
        ]

    def place(
        self,
        side: Side,
        type: OrderType,
        size: int,
        limit_ticks: int | None,
        stop_ticks: int | None,
        stop_loss_ticks: int | None,
        take_profit_ticks: int | None,
        tag: Tag,
    ) -> OrderId:
        self.arrived[tag] += 1
        if self.strict_tags and self.arrived[tag] > 1:
            raise VenueRefusedError("Specified custom tag is already in use", "place", 2)
        entry = self._new(side, type, size, limit_ticks, stop_ticks, tag, None)
        legs: list[tuple[OrderType, int | None, int | None, str]] = []
        if stop_loss_ticks is not None:
            legs.append((OrderType.STOP, None, LAST - side.sign * stop_loss_ticks, "-SL"))
        if take_profit_ticks is not None:
            legs.append((OrderType.LIMIT, LAST + side.sign * take_profit_ticks, None, "-TP"))
        for kind, limit, stop, suffix in legs:
            self._new(side.other, kind, size, limit, stop, Tag(tag + suffix), entry.order_id)
        if type is OrderType.MARKET:
            self.fill(entry.order_id)
        return entry.order_id

    def fill(self, order_id: OrderId) -> None:
        order = self.orders[order_id]
        fill = Fill(
            trade_id=TradeId(len(self.fills) + 1),
            account_id=ACCOUNT,
            contract_id=MNQ.contract_id,
            order_id=order_id,
            ts_ns=self.clock.wall_ns(),
            side=order.side,
            size=order.remaining,
            price_ticks=LAST,
            pnl=None,
            fees=Decimal("0.37"),
        )
        self._change(order, status=OrderStatus.FILLED, filled=order.size)
        self.fills.append(fill)
        self.tell(fill)
        self.net += order.side.sign * fill.size
        self.tell(self._position())
        for leg in list(self.orders.values()):
            if leg.parent_id == order_id and leg.status is OrderStatus.SUSPENDED:
                self._change(leg, status=OrderStatus.OPEN)

    def cancel(self, order_id: OrderId) -> None:
        order = self.orders.get(order_id)
        if order is None:
            raise VenueRefusedError("The venue does not know this order.", "cancel", 2)
        if order.status.is_final:
            raise VenueRefusedError("The order is done already.", "cancel", 3)
        self._change(order, status=OrderStatus.CANCELLED)
        for leg in list(self.orders.values()):
            if leg.parent_id == order_id and leg.status is OrderStatus.SUSPENDED:
                self._change(leg, status=OrderStatus.CANCELLED)

    def modify(
        self, order_id: OrderId, size: int | None, limit_ticks: int | None, stop_ticks: int | None
    ) -> None:
        order = self.orders[order_id]
        if order.status.is_final:
            raise VenueRefusedError("The order is done already.", "modify", 3)
        self._change(
            order,
            size=order.size if size is None else size,
            limit_ticks=order.limit_ticks if limit_ticks is None else limit_ticks,
            stop_ticks=order.stop_ticks if stop_ticks is None else stop_ticks,
        )

    def close(self) -> None:
        if self.net == 0:
            raise VenueRefusedError("There is no such position.", "close", 2)
        side = Side.SELL if self.net > 0 else Side.BUY
        closing = self._new(side, OrderType.MARKET, abs(self.net), None, None, None, None)
        self.fill(closing.order_id)

    def reject(self, order_id: OrderId) -> None:
        self._change(self.orders[order_id], status=OrderStatus.REJECTED)

    def _new(
        self,
        side: Side,
        type: OrderType,
        size: int,
        limit_ticks: int | None,
        stop_ticks: int | None,
        tag: Tag | None,
        parent_id: OrderId | None,
    ) -> Order:
        now_ns = self.clock.wall_ns()
        first = OrderStatus.OPEN if parent_id is None else OrderStatus.SUSPENDED
        order = Order(
            order_id=OrderId(self._next),
            account_id=ACCOUNT,
            contract_id=MNQ.contract_id,
            side=side,
            type=type,
            size=size,
            status=OrderStatus.PENDING if type is OrderType.MARKET else first,
            limit_ticks=limit_ticks,
            stop_ticks=stop_ticks,
            tag=tag,
            parent_id=parent_id,
            created_ns=now_ns,
            updated_ns=now_ns,
        )
        self._next += 1
        self.orders[order.order_id] = order
        self.tell(order)
        return order

    def _change(self, order: Order, **members: object) -> None:
        newer = msgspec.structs.replace(order, updated_ns=self.clock.wall_ns(), **members)
        self.orders[order.order_id] = newer
        self.tell(newer)

    def _position(self) -> Position:
        return Position(ACCOUNT, MNQ.contract_id, self.net, Decimal(20_000))
