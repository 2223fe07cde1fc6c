"""Matching of practice orders against the book and the trades of the market. Pure.

Practice orders have price-time priority in a queue that the tape leads:

- A market order, and the part of a limit order that crosses, takes the opposite levels one by one.
  What it takes is gone for practice orders until the market shows more at that price, or for a
  while; history itself does not change.
- A resting limit order stands behind everything that waits at its price when it arrives, or when
  the book first reaches that far. Trades at
  its price use up what stands ahead, then fill it; orders that leave the queue ahead of it, where
  the tape knows them one by one, let it move up; where only sums are known it never stands behind
  more than the level shows.
- A trade through its price fills it as far as that trade went. Contracts that come to wait on the
  other side at its price or better fill it too: they would have met it.
- A stop order is triggered by the first trade at or beyond its price and is then a market order
  in the book that this trade leaves. A trailing stop follows the last price, never away from it.
- Join orders are limit orders at the best bid or ask of the moment at which they begin to work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.domain.order import OrderType, Side
from tradedesk.practice.books.offers import Offers
from tradedesk.practice.books.resting import LimitOrders, StopOrders, UnsureOrders
from tradedesk.practice.market.book import NO_DEPTH, MarketBook
from tradedesk.practice.market.events import ASKS, BIDS, BUY, SELL
from tradedesk.practice.market.tape import Touch

if TYPE_CHECKING:
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.market.book import Depth
    from tradedesk.practice.market.events import MarketEvent

UNSEEN: Final = 2**31 - 1
"""What stands ahead at a price that the book does not reach; known once it does."""


class Match(NamedTuple):
    """Contracts of one order that traded at one price, in ticks."""

    order: OrderRow
    px: int
    qty: int


class Book:
    """Practice orders on one contract, in the book of the market.

    Parameters
    ----------
    touch : Touch
        State of the market to begin with.
    joins_follow : bool, default False
        Whether join orders go along with the best price after they have joined it.
    """

    def __init__(self, touch: Touch, joins_follow: bool = False) -> None:
        self.market = MarketBook()
        self.touch = touch
        self._joins_follow = joins_follow
        self._limits = {side: LimitOrders(side) for side in Side}
        self._stops = {side: StopOrders(side) for side in Side}
        self._offers = Offers(self.market)
        self._unsure = {side: UnsureOrders(side) for side in Side}
        self._triggered: list[OrderRow] = []
        self._trailed: list[OrderRow] = []
        self._seq = 0

    @property
    def empty(self) -> bool:
        """Whether nothing rests here."""
        at_rest = any(self._limits.values()) or any(self._stops.values())
        return not (at_rest or self._triggered)

    def load(self, depth: Depth) -> None:
        """Take a picture of the market's book in place of what was known."""
        self.market.load(depth)

    def enter(self, order: OrderRow, now_ns: int) -> list[Match]:
        """Put an order to work; returns what trades at once and rests the remainder.

        A stop order whose price has been reached already trades at once.
        """
        if order.type is OrderType.MARKET:
            return self._take(order, order.remaining, None, now_ns)
        if order.is_stop:
            _trail(order, self.touch.last)
            assert order.stop is not None
            if (self.touch.last - order.stop) * order.side.sign >= 0:
                return self._trigger(order, now_ns)
            self._rest(order, now_ns)
            return []
        self._join(order)
        matches = self._take(order, order.remaining, order.limit, now_ns)
        if sum(match.qty for match in matches) < order.remaining:
            self._rest(order, now_ns)
        return matches

    def leave(self, order: OrderRow) -> None:
        """Take an order off the book; does nothing if it is not there."""
        if order.limit is not None:
            self._drop(order, order.limit)
        if order.stop is not None:
            self._stops[order.side].discard(order, order.stop)
        if order in self._triggered:
            self._triggered.remove(order)

    def on_trade(self, trade: MarketEvent) -> list[Match]:
        """Go on by one trade of the tape; returns what resting limit orders traded.

        Filled orders have left the book; the caller books the matches in the order given, before
        the next event.
        """
        self.touch = self.touch._replace(last=trade.px)
        matches: list[Match] = []
        for side, own in ((Side.BUY, BUY), (Side.SELL, SELL)):
            best = self._limits[side].best
            if best is not None and (best - trade.px) * side.sign >= 0:
                matches += self._hit(side, trade, at_price=trade.side != own)
            if self._stops[side]:
                self._follow(side, trade.px)
                self._triggered += self._stops[side].triggered(trade.px)
        return matches

    def on_level(self, level: MarketEvent) -> None:
        """Go on by one change of a level."""
        side, px, size = level.side, level.px, level.qty
        self._offers.shown(side, px, size)
        self.market.put(side, px, size)
        own = Side.BUY if side == BIDS else Side.SELL
        for order in self._limits[own].at(px):
            if 0 <= level.rank_ns <= order.rank_ns:
                order.ahead = max(0, order.ahead - level.cut)
            if size:
                order.ahead = min(order.ahead, size)
            else:
                self._unsure[own].add(order)

    def on_reset(self) -> None:
        """Forget the market's book; what stands ahead of orders is not known better by that."""
        self.market.load(NO_DEPTH)
        self._offers.forget()

    def settle(self, now_ns: int) -> list[Match]:
        """Look at the book behind the last event of one time; returns what practice orders traded.

        Triggered stops take from it, and resting limit orders that it crosses are filled.
        """
        self._refresh_touch()
        for unsure in self._unsure.values():
            unsure.look(self.market)
        matches: list[Match] = []
        triggered, self._triggered = self._triggered, []
        for order in triggered:
            if order.live:
                matches += self._trigger(order, now_ns)
        for side in Side:
            matches += self._crossed(side, now_ns)
        return matches

    def joined(self, now_ns: int) -> list[OrderRow]:
        """Let join orders go along with the best price, if they do; returns those that moved."""
        moved: list[OrderRow] = []
        if not self._joins_follow:
            return moved
        for side, kind in ((Side.BUY, OrderType.JOIN_BID), (Side.SELL, OrderType.JOIN_ASK)):
            best = self.touch.bid if side is Side.BUY else self.touch.ask
            for order in list(self._limits[side].reached(best - side.sign * 1_000_000)):
                if order.type is kind and order.limit != best:
                    self.leave(order)
                    order.limit = best
                    self._rest(order, now_ns)
                    moved.append(order)
        return moved

    def trail(self, order: OrderRow) -> None:
        """Set the price of a trailing stop by the last price."""
        _trail(order, self.touch.last)

    def trailed(self) -> list[OrderRow]:
        """Take the orders whose stop price followed the market since this was last called."""
        rows, self._trailed = self._trailed, []
        return rows

    def _rest(self, order: OrderRow, now_ns: int) -> None:
        self._seq += 1
        order.seq, order.rank_ns = self._seq, now_ns
        if order.is_stop:
            self._stops[order.side].add(order)
            return
        assert order.limit is not None
        own = BIDS if order.side is Side.BUY else ASKS
        unseen = self.market.beyond(own, order.limit)
        order.ahead = UNSEEN if unseen else self.market.size(own, order.limit)
        self._limits[order.side].add(order)
        if unseen:
            self._unsure[order.side].add(order)

    def _drop(self, order: OrderRow, px: int) -> None:
        self._limits[order.side].discard(order, px)
        self._unsure[order.side].discard(order, px)

    def _hit(self, side: Side, trade: MarketEvent, at_price: bool) -> list[Match]:
        """Resting orders that a trade reaches: through their price, or at it in their queue."""
        matches: list[Match] = []
        used = 0
        for order in self._limits[side].reached(trade.px):
            assert order.limit is not None
            reach = trade.qty - used
            through = order.limit != trade.px
            if not (through or at_price):
                continue
            qty = min(order.remaining, max(0, reach - (0 if through else order.ahead)))
            order.ahead = 0 if through else max(0, order.ahead - reach)
            used += qty
            if qty:
                matches.append(Match(order, order.limit, qty))
                if qty == order.remaining:
                    self._drop(order, order.limit)
        return matches

    def _crossed(self, side: Side, now_ns: int) -> list[Match]:
        """Resting orders whose price the other side of the market has reached."""
        matches: list[Match] = []
        best = self._limits[side].best
        if best is None:
            return matches
        other = self.market.best(ASKS if side is Side.BUY else BIDS)
        if other is None or (best - other.px) * side.sign < 0:
            return matches
        for order in self._limits[side].reached(other.px):
            assert order.limit is not None
            met = self._take(order, order.remaining, order.limit, now_ns)
            qty = sum(match.qty for match in met)
            if qty:
                matches.append(Match(order, order.limit, qty))
                if qty == order.remaining:
                    self._drop(order, order.limit)
        return matches

    def _take(self, order: OrderRow, wanted: int, limit: int | None, now_ns: int) -> list[Match]:
        """Take the other side's levels up to a limit."""
        taken = self._offers.take(order.side, wanted, limit, now_ns)
        return [Match(order, px, qty) for px, qty in taken]

    def _trigger(self, order: OrderRow, now_ns: int) -> list[Match]:
        """Let a stop order trade; what nobody is there for waits until somebody is."""
        matches = self._take(order, order.remaining, None, now_ns)
        if sum(match.qty for match in matches) < order.remaining:
            self._triggered.append(order)
        return matches

    def _join(self, order: OrderRow) -> None:
        if order.limit is None:
            joins_bid = order.type is OrderType.JOIN_BID
            order.limit = self.touch.bid if joins_bid else self.touch.ask

    def _refresh_touch(self) -> None:
        bid, ask = self.market.best(BIDS), self.market.best(ASKS)
        self.touch = Touch(
            self.touch.last,
            self.touch.bid if bid is None else bid.px,
            self.touch.ask if ask is None else ask.px,
        )

    def _follow(self, side: Side, last: int) -> None:
        for order in self._stops[side].trailing():
            before = order.stop
            if _trail(order, last):
                assert before is not None
                self._stops[side].discard(order, before)
                self._stops[side].add(order)
                self._trailed.append(order)


def _trail(order: OrderRow, last: int) -> bool:
    """Let a trailing stop follow; True if it moved."""
    if order.trail is None:
        return False
    behind = last + order.trail * order.side.sign
    if order.stop is not None and (behind - order.stop) * order.side.sign >= 0:
        return False
    order.stop = behind
    return True
