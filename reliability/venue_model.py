"""A gateway in memory that everything is judged by: orders, brackets, positions, fills, a price.

It knows nothing of the executor. What a request does happens in the moment in which it arrives;
what the searches show of it comes later, as at the real one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from reliability.virtual_time import WALL_0
from tradedesk.domain.errors import OutcomeUnknownError, VenueRefusedError
from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag, TradeId
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.position import Account, Fill, Position
from tradedesk.domain.price import TickSize

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable

    from reliability.virtual_time import VirtualLoop

ACCOUNT = AccountId(501)
START = 80_000
TICK = Decimal("0.25")
INDEX_LAG_S = (0.0, 0.0, 0.05, 0.3, 1.0, 3.0)
POSITION_LAG_S = 0.2
PRICE_EVERY_S = 0.5
RACE_S = 1.0
"""For how long a racy venue does not know yet that a tag is taken."""

Told = Order | Position | Fill
_S = OrderStatus
_SEARCHABLE = frozenset({_S.OPEN, _S.FILLED, _S.CANCELLED, _S.REJECTED})
_FEES = Decimal("0.37")


def instrument(symbol: str) -> Instrument:
    """One contract; all have the same tick."""
    return Instrument(
        contract_id=ContractId(f"CON.F.US.{symbol}.Z26"),
        name=f"{symbol}Z6",
        description=symbol,
        tick=TickSize(TICK),
        tick_value=Decimal("0.5"),
        symbol_id=f"F.US.{symbol}",
    )


class Lagging:
    """A value and what the search index knows of it."""

    __slots__ = ("coming", "shown")

    def __init__(self) -> None:
        self.shown: object = None
        self.coming: deque[tuple[float, object]] = deque()

    def put(self, at_s: float, value: object) -> None:
        """Show a value from a moment on, and no older one after it."""
        if self.coming and self.coming[-1][0] > at_s:
            at_s = self.coming[-1][0]
        self.coming.append((at_s, value))

    def at(self, now_s: float) -> object:
        """What is shown now."""
        coming = self.coming
        while coming and coming[0][0] <= now_s:
            self.shown = coming.popleft()[1]
        return self.shown


class Row:
    """One order at the venue."""

    __slots__ = ("distance", "index", "intention", "legs", "order", "parent")

    def __init__(self, order: Order, intention: int | None, parent: Row | None) -> None:
        self.order = order
        self.intention = intention
        self.parent = parent
        self.legs: list[Row] = []
        self.distance = 0
        self.index = Lagging()


@dataclass
class Market:
    """One contract: its price, its position and what rests in it."""

    instrument: Instrument
    last: int = START
    net: int = 0
    cost: int = 0
    resting: dict[OrderId, Row] = field(default_factory=dict)
    shown: Lagging = field(default_factory=Lagging)


class Venue:
    """One account.

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
        self.history: list[tuple[object, ...]] = []
        self.frozen_s: float | None = None
        """Since when the searches stand still; None while they do not."""
        self.tell: Callable[[Told], None] = lambda told: None
        self.accounts = [Account(ACCOUNT, "SIM-1", Decimal(50_000), can_trade=True)]
        self._taken: dict[Tag, float] = {}
        self.faulty = True

    # --- requests ---------------------------------------------------------------------------

    def place(
        self,
        contract_id: ContractId,
        side: Side,
        type: OrderType,
        size: int,
        limit_ticks: int | None,
        stop_ticks: int | None,
        stop_loss_ticks: int | None,
        take_profit_ticks: int | None,
        tag: Tag | None,
        intention: int | None,
    ) -> OrderId:
        """Take an order in; a market order fills at once."""
        now = self.loop.now
        if tag is not None:
            taken = self._taken.get(tag)
            if taken is not None and (
                self.tags == "strict" or (self.tags == "racy" and now - taken > RACE_S)
            ):
                # the gateway's client turns this refusal into an unknown outcome
                raise OutcomeUnknownError("Specified custom tag is already in use")
            self._taken.setdefault(tag, now)
        market = self.markets[contract_id]
        if self.faulty and self.dice.random() < 0.01:
            if self.dice.random() < 0.5:
                self._new(market, side, type, size, limit_ticks, stop_ticks, tag, intention, None)
                self._change(self.rows[-1], status=_S.REJECTED)
            raise VenueRefusedError("Not enough money.", "place", 3)
        if type is OrderType.STOP and stop_ticks is not None:
            beyond = (stop_ticks - market.last) * side.sign
            if beyond <= 0:
                raise VenueRefusedError("The stop is on the wrong side.", "place", 2)
        entry = self._new(market, side, type, size, limit_ticks, stop_ticks, tag, intention, None)
        missing = self.faulty and self.dice.random() < 0.03
        if stop_loss_ticks is not None and not missing:
            self._leg(market, entry, OrderType.STOP, -stop_loss_ticks, "-SL")
        if take_profit_ticks is not None:
            self._leg(market, entry, OrderType.LIMIT, take_profit_ticks, "-TP")
        if missing and stop_loss_ticks is not None:
            self.history.append((now, "no stop", entry.order.order_id))
        if type is OrderType.MARKET:
            self._market_fill(market, entry)
        else:
            self._change(entry, status=_S.OPEN)
            self._touch(market, entry)
        return entry.order.order_id

    def cancel(self, order_id: OrderId) -> None:
        """End a working order, and the legs that wait for it."""
        row = self._known(order_id, "cancel")
        self._cancel(row, "api")

    def modify(
        self, order_id: OrderId, size: int | None, limit_ticks: int | None, stop_ticks: int | None
    ) -> None:
        """Change a working order."""
        row = self._known(order_id, "modify")
        order = row.order
        market = self.markets[order.contract_id]
        if size is not None and size <= order.filled:
            raise VenueRefusedError("The size is too small.", "modify", 3)
        if order.type is OrderType.STOP and stop_ticks is not None:
            if (stop_ticks - market.last) * order.side.sign <= 0:
                raise VenueRefusedError("The stop is on the wrong side.", "modify", 3)
        self._change(
            row,
            size=order.size if size is None else size,
            limit_ticks=order.limit_ticks if limit_ticks is None else limit_ticks,
            stop_ticks=order.stop_ticks if stop_ticks is None else stop_ticks,
        )
        if row.order.status is _S.OPEN:
            self._touch(market, row)

    def close(
        self, contract_id: ContractId, size: int | None, intention: int | None = None
    ) -> None:
        """Close a position at market; its exits stay."""
        market = self.markets[contract_id]
        if market.net == 0:
            raise VenueRefusedError("There is no such position.", "close", 2)
        if size is not None and size > abs(market.net):
            raise VenueRefusedError("The size is larger than the position.", "close", 5)
        side = Side.SELL if market.net > 0 else Side.BUY
        row = self._new(
            market,
            side,
            OrderType.MARKET,
            size or abs(market.net),
            None,
            None,
            None,
            intention,
            None,
        )
        self._market_fill(market, row, whole=True)

    # --- questions --------------------------------------------------------------------------

    def orders_since(self, start_ns: int) -> list[Order]:
        """What the search shows: late, and without what waits for its entry."""
        now = self.loop.now if self.frozen_s is None else self.frozen_s
        found = []
        for row in self.rows:
            if row.order.created_ns >= start_ns:
                order = row.index.at(now)
                if isinstance(order, Order) and order.status in _SEARCHABLE:
                    found.append(order)
        return found

    def working(self) -> list[Order]:
        """What works now, what waits for its entry included."""
        return [row.order for market in self.markets.values() for row in market.resting.values()]

    def positions(self) -> list[Position]:
        """What is held, a moment late."""
        now = self.loop.now
        shown = [market.shown.at(now) for market in self.markets.values()]
        return [one for one in shown if isinstance(one, Position) and one.net_size]

    def fills_since(self, start_ns: int) -> list[Fill]:
        """Trades, as late as the search."""
        now = self.loop.now if self.frozen_s is None else self.frozen_s
        return [fill for at, fill in self.fills if at <= now and fill.ts_ns >= start_ns]

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
        position = Position(
            ACCOUNT,
            market.instrument.contract_id,
            net,
            TICK * market.cost / net if net else Decimal(0),
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
