"""The modelled venue's books: a price that moves, fills, brackets, one position a contract."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from reliability.venue_rows import TICK, Market, Row, instrument
from reliability.virtual_time import WALL_0
from tradedesk.domain.errors import VenueRefusedError
from tradedesk.domain.ids import AccountId, OrderId, Tag, TradeId
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.position import Account, Fill, Position

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable

    from reliability.virtual_time import VirtualLoop

ACCOUNT = AccountId(501)
INDEX_LAG_S = (0.0, 0.0, 0.05, 0.3, 1.0, 3.0)
POSITION_LAG_S = 0.3
PRICE_EVERY_S = 0.5

Told = Order | Position | Fill
_S = OrderStatus
_FEES = Decimal("0.37")


class Book:
    """One account; what happens in it is told and written into a history.

    Parameters
    ----------
    loop : VirtualLoop
        Its time.
    dice : random.Random
        Lags, missing stops, rejections.
    tags : str
        ``strict``: a tag is taken once and for ever; ``racy``: only known as taken after a second;
        ``absent``: nobody looks.
    symbols : iterable of str
        Products traded.
    """

    def __init__(
        self, loop: VirtualLoop, dice: random.Random, symbols: Iterable[str], tags: str
    ) -> None:
        self.loop = loop
        self.dice = dice
        self.tags = tags
        self.markets = {one.contract_id: Market(one) for one in map(instrument, symbols)}
        self.rows: list[Row] = []
        self.fills: list[tuple[float, Fill]] = []
        self.history: list[tuple[Any, ...]] = []
        self.frozen_s: float | None = None
        """Since when the searches stand still; None while they do not."""
        self.frozen_working: list[Order] | None = None
        self.frozen_positions: list[Position] | None = None
        self.tell: Callable[[Told], None] = lambda told: None
        self.accounts = [Account(ACCOUNT, "SIM-1", Decimal(50_000), can_trade=True)]
        self._taken: dict[Tag, float] = {}
        self.faulty = True

    # --- the market -------------------------------------------------------------------------

    def move(self) -> None:
        """Let every price move by a few ticks and meet what rests."""
        for market in self.markets.values():
            market.last += self.dice.choice((-4, -3, -2, -1, -1, 0, 0, 1, 1, 2, 3, 4))
            for row in list(market.resting.values()):
                if row.order.order_id in market.resting:
                    self._touch(market, row)

    def _touch(self, market: Market, row: Row) -> None:
        order = row.order
        if order.status is not _S.OPEN:
            return
        sign = order.side.sign
        if order.type is OrderType.LIMIT and order.limit_ticks is not None:
            if (order.limit_ticks - market.last) * sign >= 0:
                self._fill(market, row, order.remaining, order.limit_ticks)
        elif order.stop_ticks is not None and (market.last - order.stop_ticks) * sign >= 0:
            self._fill(market, row, order.remaining, market.last)

    def _market_fill(self, market: Market, row: Row, *, whole: bool = False) -> None:
        """All at once, or in two slices a moment apart."""
        order = row.order
        if whole or order.size == 1 or self.dice.random() > 0.15:
            self._fill(market, row, order.size, market.last)
            return
        self._fill(market, row, 1, market.last)
        self.loop.call_later(self.dice.uniform(0.02, 0.3), self._rest, market, row)

    def _rest(self, market: Market, row: Row) -> None:
        if not row.order.status.is_final:
            self._fill(market, row, row.order.remaining, market.last)

    def _fill(self, market: Market, row: Row, size: int, price: int) -> None:
        order = row.order
        filled = order.filled + size
        self._change(
            row,
            status=_S.FILLED if filled == order.size else _S.OPEN,
            filled=filled,
            fill_price=TICK * price,
        )
        fill = Fill(
            trade_id=TradeId(len(self.fills) + 1),
            account_id=ACCOUNT,
            contract_id=order.contract_id,
            order_id=order.order_id,
            ts_ns=self._wall_ns(),
            side=order.side,
            size=size,
            price_ticks=price,
            pnl=None,
            fees=_FEES,
        )
        self.fills.append((self._indexed_s(), fill))
        self.tell(fill)
        self._move_position(market, order.side.sign * size, price)
        for leg in row.legs:
            self._entry_filled(leg, filled, size, price)
        if row.parent is not None:
            self._leg_filled(row)

    def _move_position(self, market: Market, signed: int, price: int) -> None:
        old = market.net
        market.net += signed
        if old * signed >= 0:
            market.cost += signed * price
        elif old * market.net > 0:
            market.cost = market.cost * market.net // old
        else:
            market.cost = market.net * price
        net = market.net
        if old * net <= 0:
            market.opened_ns = self._wall_ns()
        position = Position(
            ACCOUNT,
            market.instrument.contract_id,
            net,
            TICK * market.cost / net if net else Decimal(0),
            market.opened_ns,
        )
        now = self.loop.now
        self.history.append((now, "net", market.instrument.contract_id, net))
        market.shown.put(now + self.dice.random() * POSITION_LAG_S, position)
        self.tell(position)

    # --- brackets ---------------------------------------------------------------------------

    def _leg(self, market: Market, entry: Row, type: OrderType, distance: int, suffix: str) -> None:
        order = entry.order
        tag = Tag(order.tag + suffix) if order.tag is not None else None
        leg = self._new(
            market, order.side.other, type, order.size, None, None, tag, entry.intention, entry
        )
        leg.distance = distance * order.side.sign
        entry.legs.append(leg)

    def _entry_filled(self, leg: Row, filled: int, size: int, price: int) -> None:
        order = leg.order
        if order.status is _S.SUSPENDED:
            at = price + leg.distance
            stop = order.type is OrderType.STOP
            self._change(
                leg,
                status=_S.OPEN,
                size=filled,
                limit_ticks=None if stop else at,
                stop_ticks=at if stop else None,
            )
        elif not order.status.is_final:
            self._change(leg, size=order.size + size)

    def _leg_filled(self, leg: Row) -> None:
        """Of a stop and its target only one fills; what is left of the entry ends."""
        entry = leg.parent
        if entry is None or leg.order.remaining:
            return
        for twin in entry.legs:
            if twin is not leg and not twin.order.status.is_final:
                self._change(twin, status=_S.CANCELLED)
        if not entry.order.status.is_final:
            self._change(entry, status=_S.CANCELLED)

    # --- rows -------------------------------------------------------------------------------

    def _known(self, order_id: OrderId, what: str) -> Row:
        if not 0 < order_id <= len(self.rows):
            raise VenueRefusedError("The venue does not know this order.", what, 2)
        row = self.rows[order_id - 1]
        if row.order.status.is_final or row.order.type is OrderType.MARKET:
            raise VenueRefusedError("The order is done already.", what, 3)
        return row

    def _cancel(self, row: Row, why: str) -> None:
        self.history.append((self.loop.now, "cancel", row.order.order_id, why))
        self._change(row, status=_S.CANCELLED)
        for leg in row.legs:
            if leg.order.status is _S.SUSPENDED:
                self._change(leg, status=_S.CANCELLED)

    def _new(
        self,
        market: Market,
        side: Side,
        type: OrderType,
        size: int,
        limit_ticks: int | None,
        stop_ticks: int | None,
        tag: Tag | None,
        intention: int | None,
        parent: Row | None,
    ) -> Row:
        now_ns = self._wall_ns()
        order = Order(
            order_id=OrderId(len(self.rows) + 1),
            account_id=ACCOUNT,
            contract_id=market.instrument.contract_id,
            side=side,
            type=type,
            size=size,
            status=_S.PENDING if parent is None else _S.SUSPENDED,
            limit_ticks=limit_ticks,
            stop_ticks=stop_ticks,
            tag=tag,
            parent_id=parent.order.order_id if parent is not None else None,
            created_ns=now_ns,
            updated_ns=now_ns,
        )
        row = Row(order, intention, parent)
        self.rows.append(row)
        market.resting[order.order_id] = row
        self._seen(row)
        return row

    def _change(self, row: Row, **members: object) -> None:
        row.order = order = replace(row.order, updated_ns=self._wall_ns(), **members)
        if order.status.is_final:
            self.markets[order.contract_id].resting.pop(order.order_id, None)
        self._seen(row)

    def _seen(self, row: Row) -> None:
        order = row.order
        self.history.append((self.loop.now, "order", order, row.intention))
        row.index.put(self._indexed_s(), order)
        self.tell(order)

    def _indexed_s(self) -> float:
        return self.loop.now + (self.dice.choice(INDEX_LAG_S) if self.faulty else 0.0)

    def _wall_ns(self) -> int:
        return WALL_0 + round(self.loop.now * 1e9)
