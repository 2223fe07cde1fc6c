"""What a trader may want next: commands made from the market and from what the desk shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reliability.venue_book import ACCOUNT
from tradedesk.domain import commands as cmd
from tradedesk.domain.order import OrderStatus, OrderType, Side

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from reliability.venue_model import Venue
    from reliability.venue_rows import Market
    from tradedesk.domain.order import Order

BRACKETED = ("MNQ", "MES")
BARE = ("MGC",)
SYMBOLS = BRACKETED + BARE
_RESTING_TYPES = frozenset({OrderType.LIMIT, OrderType.STOP})


class Wishes:
    """Makes commands.

    Parameters
    ----------
    working : callable
        The orders that the desk shows.
    """

    def __init__(self, venue: Venue, working: Callable[[], Sequence[Order]]) -> None:
        self.venue = venue
        self._working = working

    def any(self, kind: str, click: str, dice: random.Random) -> tuple[str, cmd.AnyCommand]:
        found: cmd.AnyCommand | None = None
        now_ns = round(self.venue.loop.now * 1e9)
        if kind == "cancel":
            found = self._cancel(click, now_ns, dice)
        elif kind == "modify":
            found = self._modify(click, now_ns, dice)
        elif kind in {"close", "part"}:
            found = self._close(click, now_ns, dice, part=kind == "part")
        elif kind == "flatten":
            contract = dice.choice([*self.venue.markets, None])
            found = cmd.Flatten(click, now_ns, account_id=ACCOUNT, contract_id=contract)
        elif kind == "cancel all":
            contract = dice.choice(list(self.venue.markets))
            found = cmd.CancelAll(click, now_ns, account_id=ACCOUNT, contract_id=contract)
        if found is not None:
            return kind, found
        return "place", self.place(click, now_ns, dice)

    def place(
        self, click: str, now_ns: int, dice: random.Random, near: Market | None = None
    ) -> cmd.PlaceOrder:
        """An order of any kind, or a limit order next to the price of a market."""
        market = near or dice.choice([*self.venue.markets.values()])
        symbol, last = market.instrument.symbol, market.last
        side = dice.choice((Side.BUY, Side.SELL))
        type = dice.choices((OrderType.MARKET, OrderType.LIMIT, OrderType.STOP), (50, 35, 15))[0]
        away = dice.randint(2, 14) * side.sign
        if near is not None:
            type, away = OrderType.LIMIT, side.sign
        stop_loss = dice.randint(6, 40)
        target = dice.randint(6, 60) if dice.random() < 0.6 else None
        bracket = symbol in BRACKETED
        return cmd.PlaceOrder(
            click,
            now_ns,
            account_id=ACCOUNT,
            contract_id=market.instrument.contract_id,
            side=side,
            type=type,
            size=dice.randint(1, 3),
            limit_ticks=last - away if type is OrderType.LIMIT else None,
            stop_ticks=last + away if type is OrderType.STOP else None,
            stop_loss_ticks=stop_loss if bracket else None,
            take_profit_ticks=target if bracket else None,
        )

    def _cancel(self, click: str, now_ns: int, dice: random.Random) -> cmd.CancelOrder | None:
        entries = [o for o in self._resting() if o.parent_id is None]
        if not entries:
            return None
        order = dice.choice(entries)
        return cmd.CancelOrder(click, now_ns, account_id=ACCOUNT, order_id=order.order_id)

    def _modify(self, click: str, now_ns: int, dice: random.Random) -> cmd.ModifyOrder | None:
        orders = [o for o in self._resting() if o.status is OrderStatus.OPEN]
        if not orders:
            return None
        order = dice.choice(orders)
        last = self._market(order).last
        away = dice.randint(5, 40) * order.side.sign
        limit = order.type is OrderType.LIMIT
        return cmd.ModifyOrder(
            click,
            now_ns,
            account_id=ACCOUNT,
            order_id=order.order_id,
            limit_ticks=last - away if limit else None,
            stop_ticks=None if limit else last + away,
        )

    def _close(
        self, click: str, now_ns: int, dice: random.Random, *, part: bool
    ) -> cmd.ClosePosition | None:
        held = [m for m in self.venue.markets.values() if abs(m.net) > part]
        if not held:
            return None
        market = dice.choice(held)
        return cmd.ClosePosition(
            click,
            now_ns,
            account_id=ACCOUNT,
            contract_id=market.instrument.contract_id,
            size=dice.randint(1, abs(market.net) - 1) if part else None,
        )

    def _resting(self) -> list[Order]:
        return [order for order in self._working() if order.type in _RESTING_TYPES]

    def _market(self, order: Order) -> Market:
        return self.venue.markets[order.contract_id]
