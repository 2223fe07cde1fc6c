"""Cancels exits that a position has left behind, after the venue has confirmed that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.errors import GatewayError
from tradedesk.trading.limits import ns
from tradedesk.trading.surplus import surplus_legs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.domain.order import Order
    from tradedesk.trading.blotter import PositionKey
    from tradedesk.trading.live.cancelling import Cancelling
    from tradedesk.trading.live.desk_parts import DeskParts


class Sweeping:
    """Looks once a second for legs of brackets of ours that would open a position.

    A position closed by an order on the other side leaves its bracket at work. News of a fill, of
    the position and of the legs come one by one, so what looks left behind must look so for a
    while, and again on a fresh list from the venue.
    """

    def __init__(self, parts: DeskParts, cancelling: Cancelling) -> None:
        self._parts = parts
        self._cancelling = cancelling
        self._since_ns: dict[PositionKey, int] = {}
        self._busy: set[PositionKey] = set()

    def check(self, now_ns: int) -> None:
        """Start to sweep what has been left behind for longer than the grace."""
        books = self._parts.books
        keys = {(order.account_id, order.contract_id) for order in books.blotter.working()}
        left = {key for key in keys if self._surplus(key)}
        self._since_ns = {key: self._since_ns.get(key, now_ns) for key in left}
        for key, since_ns in self._since_ns.items():
            if now_ns - since_ns >= ns(self._parts.timings.sweep_grace_s) and key not in self._busy:
                self._busy.add(key)
                self._parts.owner.start(self._sweep(key), f"sweep {key[1]}")

    async def _sweep(self, key: PositionKey) -> None:
        account_id, contract_id = key
        try:
            try:
                self._parts.news.report(await self._parts.calls.look(account_id))
            except GatewayError:
                return  # the next beat asks again
            legs = self._surplus(key)
            reasons = await self._cancelling.end_orders(account_id, [one.order_id for one in legs])
        finally:
            self._busy.discard(key)
        books = self._parts.books
        if reasons:
            text = f"Exits of a closed {books.name_of(contract_id)} position may still work: "
            books.notice("alarm", text + reasons[0])
        elif legs:
            name = books.name_of(contract_id)
            books.notice("info", f"{_many(legs)} left behind by a {name} position cancelled.")

    def _surplus(self, key: PositionKey) -> list[Order]:
        books = self._parts.books
        ours = [order for order in books.blotter.working(*key) if self._is_ours(order)]
        return surplus_legs(ours, books.blotter.net_size(*key))

    def _is_ours(self, order: Order) -> bool:
        """Legs of other programs are left alone."""
        entry = (order.tag or "")[:-3]
        return entry in self._parts.books.intents.by_tag


def _many(legs: Iterable[Order]) -> str:
    count = len(list(legs))
    return "1 exit order" if count == 1 else f"{count} exit orders"
