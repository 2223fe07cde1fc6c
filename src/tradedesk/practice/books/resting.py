"""Practice orders at rest: limit orders by price and time, stop orders by trigger. Pure."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING

from tradedesk.domain.order import Side
from tradedesk.practice.market.events import ASKS, BIDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.market.book import MarketBook


class LimitOrders:
    """Resting limit orders of one side: the best price first, then the oldest.

    Parameters
    ----------
    side : Side
        Whose orders these are.
    """

    def __init__(self, side: Side) -> None:
        self._sign = -side.sign  # keys ascend from the best price outwards
        self._keys: list[int] = []
        self._queues: dict[int, dict[OrderRow, None]] = {}

    def __bool__(self) -> bool:
        return bool(self._keys)

    def add(self, order: OrderRow) -> None:
        """Put an order at the end of the queue at its price."""
        assert order.limit is not None
        queue = self._queues.get(order.limit)
        if queue is None:
            queue = self._queues[order.limit] = {}
            insort(self._keys, order.limit * self._sign)
        queue[order] = None

    def discard(self, order: OrderRow, px: int) -> bool:
        """Take an order out of the queue at a price; False if it was not there."""
        queue = self._queues.get(px)
        if queue is None or order not in queue:
            return False
        del queue[order]
        if not queue:
            del self._queues[px]
            del self._keys[bisect_left(self._keys, px * self._sign)]
        return True

    def at(self, px: int) -> list[OrderRow]:
        """Orders at a price, the oldest first."""
        return list(self._queues.get(px, ()))

    @property
    def best(self) -> int | None:
        """The best price, or None."""
        return self._keys[0] * self._sign if self._keys else None

    def reached(self, px: int) -> Iterator[OrderRow]:
        """Orders whose price is `px` or better, the best first; they may be taken out meanwhile."""
        for key in self._keys[:]:
            if key > px * self._sign:
                return
            yield from self.at(key * self._sign)


class UnsureOrders(LimitOrders):
    """Limit orders of one side for which nobody knows yet who stands ahead of them."""

    def __init__(self, side: Side) -> None:
        super().__init__(side)
        self._own = BIDS if side is Side.BUY else ASKS

    def look(self, market: MarketBook) -> None:
        """Nobody is ahead where a level is empty, unless it only went out of sight."""
        if market.empty:  # behind a reset, before the levels that follow it
            return
        while (px := self.best) is not None and not market.beyond(self._own, px):
            for order in self.at(px):
                order.ahead = min(order.ahead, market.size(self._own, px))
                self.discard(order, px)


class StopOrders:
    """Stop orders of one side: the one that is reached first comes first.

    Parameters
    ----------
    side : Side
        Whose orders these are: buy stops are reached from below, sell stops from above.
    """

    def __init__(self, side: Side) -> None:
        self._sign = side.sign
        self._entries: list[tuple[int, int, OrderRow]] = []
        self._trailing: set[OrderRow] = set()

    def __bool__(self) -> bool:
        return bool(self._entries)

    def add(self, order: OrderRow) -> None:
        """Let an order wait for its stop price."""
        assert order.stop is not None
        insort(self._entries, (order.stop * self._sign, order.seq, order))
        if order.trail is not None:
            self._trailing.add(order)

    def discard(self, order: OrderRow, stop: int) -> bool:
        """Take an order out that waits for a price; False if it was not there."""
        key = (stop * self._sign, order.seq)
        at = bisect_left(self._entries, key)
        if at == len(self._entries) or self._entries[at][:2] != key:
            return False
        self._trailing.discard(self._entries.pop(at)[2])
        return True

    def triggered(self, last: int) -> list[OrderRow]:
        """Take out the orders whose price has been reached, the first one first."""
        end = bisect_left(self._entries, (last * self._sign + 1,))
        found = [order for _, _, order in self._entries[:end]]
        del self._entries[:end]
        self._trailing.difference_update(found)
        return found

    def trailing(self) -> list[OrderRow]:
        """Those whose price follows the market, the one that is reached first in front."""
        return sorted(self._trailing, key=self._key)

    def _key(self, order: OrderRow) -> tuple[int, int]:
        assert order.stop is not None
        return order.stop * self._sign, order.seq
