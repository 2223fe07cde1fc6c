"""Matching of practice orders against the tape and the synthetic depth. Pure.

The rules, which are simple on purpose:

- Practice orders never appear on the tape and never move it.
- A market order, and the part of a limit order that crosses the touch, takes the opposite
  ladder level by level; behind the last level the prices go on with the size of that level.
- A resting limit order stands behind what the ladder shows at its price when it arrives; in
  front of the touch it stands behind nobody. Trades at its price by the other side's aggressor
  first use up the queue, then fill it, in the order in which practice orders arrived. A trade
  through its price, or a touch that crosses it, fills the rest at its own price.
- A stop order is triggered by the first trade at or beyond its price and is then a market order.
- The price of a trailing stop follows the last price at its distance, never away from it.
- Join orders are limit orders at the best bid or ask of the moment at which they begin to work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradedesk.domain.order import OrderType, Side

if TYPE_CHECKING:
    from tradedesk.practice.books.ladder import Ladder
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.market.prints import Print
    from tradedesk.practice.market.tape import Touch


class Match(NamedTuple):
    """Contracts of one order that traded at one price, in ticks."""

    order: OrderRow
    px: int
    qty: int


class Book:
    """Practice orders on one contract.

    Parameters
    ----------
    ladder : Ladder
        What an order meets.
    touch : Touch
        State of the market to begin with.
    """

    def __init__(self, ladder: Ladder, touch: Touch) -> None:
        self._ladder = ladder
        self._resting: list[OrderRow] = []
        self._trailed: list[OrderRow] = []
        self.touch = touch

    @property
    def empty(self) -> bool:
        """Whether nothing rests here."""
        return not self._resting

    def enter(self, order: OrderRow, now_ns: int) -> list[Match]:
        """Put an order to work; returns what trades at once and rests the remainder.

        A stop order whose price has been reached already trades at once.
        """
        if order.type is OrderType.MARKET:
            return self._take(order, order.remaining, None, now_ns)
        if order.is_stop:
            self._trail(order, self.touch.last)
            if self._triggered(order, self.touch.last):
                return self._take(order, order.remaining, None, now_ns)
            self._resting.append(order)
            return []
        self._join(order)
        matches = self._take(order, order.remaining, order.limit, now_ns)
        self.queue_up(order, now_ns)
        if sum(match.qty for match in matches) < order.remaining:
            self._resting.append(order)
        return matches

    def leave(self, order: OrderRow) -> None:
        """Take an order out, if it is in."""
        if order in self._resting:
            self._resting.remove(order)

    def reprice(self, order: OrderRow, now_ns: int) -> list[Match]:
        """Put an order that changed its price or grew at the end of its queue."""
        self.leave(order)
        return self.enter(order, now_ns)

    def queue_up(self, order: OrderRow, now_ns: int) -> None:
        """Set how many contracts stand in front of a limit order."""
        assert order.limit is not None
        best = self.touch.bid if order.side is Side.BUY else self.touch.ask
        behind = (best - order.limit) * order.side.sign
        order.queue = self._ladder.size(order.limit, behind, now_ns) if behind >= 0 else 0

    def absorb(self, trade: Print) -> list[Match]:
        """Move on by one trade of the tape; returns what practice orders traded.

        Filled orders have left the book; the caller books the matches in the order given.
        """
        from_touch = self.touch
        self.touch = type(from_touch)(trade.px, trade.bid, trade.ask)
        matches: list[Match] = []
        volume = trade.qty
        for order in tuple(self._resting):
            if order.is_stop:
                if self._trail(order, trade.px):
                    self._trailed.append(order)
                if self._triggered(order, trade.px):
                    self._resting.remove(order)
                    matches += self._take(order, order.remaining, None, trade.ts_ns)
                continue
            qty, volume = self._filled_by(order, trade, volume)
            if qty:
                assert order.limit is not None
                matches.append(Match(order, order.limit, qty))
                if qty == order.remaining:
                    self._resting.remove(order)
        return matches

    def trail(self, order: OrderRow) -> None:
        """Set the price of a trailing stop by the last price."""
        self._trail(order, self.touch.last)

    def trailed(self) -> list[OrderRow]:
        """Take the orders whose stop price followed the market since this was last called."""
        rows, self._trailed = self._trailed, []
        return rows

    def _filled_by(self, order: OrderRow, trade: Print, volume: int) -> tuple[int, int]:
        """Contracts of a resting limit order that a trade fills, and the volume left over."""
        assert order.limit is not None
        sign = order.side.sign
        opposite = trade.ask if order.side is Side.BUY else trade.bid
        if (order.limit - trade.px) * sign > 0 or (order.limit - opposite) * sign >= 0:
            return order.remaining, volume
        hits = trade.buy_qty < trade.qty if order.side is Side.BUY else trade.buy_qty > 0
        if trade.px != order.limit or not hits:
            return 0, volume
        passed = min(order.queue, volume)
        order.queue -= passed
        qty = min(order.remaining, volume - passed)
        return qty, volume - qty

    def _take(self, order: OrderRow, wanted: int, limit: int | None, now_ns: int) -> list[Match]:
        sign = order.side.sign
        best = self.touch.ask if order.side is Side.BUY else self.touch.bid
        matches: list[Match] = []
        for px, size in self._ladder.side(order.side, best, now_ns):
            if not wanted or (limit is not None and (px - limit) * sign > 0):
                return matches
            qty = min(wanted, size)
            matches.append(Match(order, px, qty))
            wanted -= qty
        while wanted and (limit is None or (matches[-1].px + sign - limit) * sign <= 0):
            qty = min(wanted, max(matches[-1].qty, 1))
            matches.append(Match(order, matches[-1].px + sign, qty))
            wanted -= qty
        return matches

    def _join(self, order: OrderRow) -> None:
        if order.limit is None:
            joins_bid = order.type is OrderType.JOIN_BID
            order.limit = self.touch.bid if joins_bid else self.touch.ask

    @staticmethod
    def _trail(order: OrderRow, last: int) -> bool:
        """Let a trailing stop follow; True if it moved."""
        if order.trail is None:
            return False
        behind = last + order.trail * order.side.sign
        if order.stop is not None and (behind - order.stop) * order.side.sign >= 0:
            return False
        order.stop = behind
        return True

    @staticmethod
    def _triggered(order: OrderRow, last: int) -> bool:
        assert order.stop is not None
        return (last - order.stop) * order.side.sign >= 0
