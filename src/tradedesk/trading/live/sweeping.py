"""Ends and shrinks exits that a position left behind, after the venue has confirmed that it did."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradedesk.domain.commands import ModifyOrder
from tradedesk.domain.errors import GatewayError
from tradedesk.domain.roles import STOP_TYPES
from tradedesk.trading.cover_entry import is_protective
from tradedesk.trading.limits import ns
from tradedesk.trading.surplus import surplus_legs, too_large

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.order import Order
    from tradedesk.trading.blotter import PositionKey
    from tradedesk.trading.live.cancelling import Cancelling
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.modifying import Modifying

_AGAIN_S = 5.0
"""How long a smaller size is given before it is asked for again."""


class _Excess(NamedTuple):
    """What is wrong with the exits of one position."""

    end: list[Order]
    shrink: list[tuple[Order, int]]
    foreign: int
    """Contracts of all stops beyond what is held, where ours alone are not too many."""


class Sweeping:
    """Looks once a second for exits of ours that would open a position.

    A position closed by an order on the other side leaves its bracket at work; one closed in part
    leaves it too large. News of a fill, of the position and of the legs come one by one, so what
    looks wrong must look so for a while, and again on a fresh list from the venue. Orders that
    only our own books still hold are none.
    """

    def __init__(self, parts: DeskParts, cancelling: Cancelling, modifying: Modifying) -> None:
        self._parts = parts
        self._cancelling = cancelling
        self._modifying = modifying
        self._since_ns: dict[PositionKey, int] = {}
        self._not_before_ns: dict[PositionKey, int] = {}
        self._busy: set[PositionKey] = set()
        self._told: dict[PositionKey, int] = {}

    def check(self, now_ns: int) -> None:
        """Start to sweep what has been left behind for longer than the grace."""
        books = self._parts.books
        keys = {(order.account_id, order.contract_id) for order in books.blotter.working()}
        left = dict.fromkeys(
            key
            for key in sorted(keys)
            if not books.ways_out.is_running(key)
            and any(self._excess(key, books.blotter.working(*key), books.blotter.net_size(*key)))
        )
        self._since_ns = {key: self._since_ns.get(key, now_ns) for key in left}
        for key in sorted(self._told.keys() - left.keys()):
            del self._told[key]
        for key, since_ns in self._since_ns.items():
            due_ns = since_ns + ns(self._parts.timings.sweep_grace_s)
            if now_ns >= max(due_ns, self._not_before_ns.get(key, 0)) and key not in self._busy:
                self._busy.add(key)
                self._not_before_ns[key] = now_ns + ns(_AGAIN_S)
                self._parts.owner.start(self._sweep(key), f"sweep {key[1]}")

    async def _sweep(self, key: PositionKey) -> None:
        account_id, contract_id = key
        try:
            try:
                report = await self._parts.calls.look(account_id)
            except GatewayError:
                return  # the next beat asks again
            self._parts.news.report(report)
            if self._parts.books.ways_out.is_running(key):
                return
            held = sum(p.net_size for p in report.positions if p.contract_id == contract_id)
            working = [order for order in report.working if order.contract_id == contract_id]
            excess = self._excess(key, working, held)
            self._shrink(key, held, excess)
            reasons = await self._cancelling.end_orders(
                account_id, [one.order_id for one in excess.end]
            )
        finally:
            self._busy.discard(key)
        books = self._parts.books
        if reasons:
            text = f"Exits of a closed {books.name_of(contract_id)} position may still work: "
            books.notice("alarm", text + reasons[0])
        elif excess.end:
            name = books.name_of(contract_id)
            books.notice("info", f"{_many(excess.end)} left behind by a {name} position cancelled.")

    def _shrink(self, key: PositionKey, held: int, excess: _Excess) -> None:
        books, now_ns = self._parts.books, self._parts.clock.mono_ns()
        name = books.name_of(key[1])
        for order, left in excess.shrink:
            books.notice(
                "info",
                f"The {'stop' if order.type in STOP_TYPES else 'target'} of a {name} position is "
                f"made smaller, from {order.remaining} to {left}: {abs(held)} are held.",
            )
            self._modifying.modify(
                ModifyOrder(
                    click_id=f"fit-{order.order_id}-{now_ns}",
                    press_ns=now_ns,
                    account_id=key[0],
                    order_id=order.order_id,
                    size=order.filled + left,
                ),
                now_ns,
            )
        if excess.foreign and self._told.get(key) != excess.foreign:
            self._told[key] = excess.foreign
            books.notice(
                "warning",
                f"Stops for {abs(held) + excess.foreign} {name} work, but only {abs(held)} are "
                "held: if all of them are hit the position turns. Cancel or shrink one.",
            )

    def _excess(self, key: PositionKey, working: Sequence[Order], held: int) -> _Excess:
        books = self._parts.books
        protective = {order.order_id for order in working if is_protective(books, order)}
        legs = [order for order in working if self._is_ours(order)]
        end = surplus_legs(legs, held)
        end += [
            order
            for order in working
            if order.order_id in protective and order.side.sign * held >= 0
        ]
        ended = {order.order_id for order in end}
        rest = [order for order in working if order.order_id not in ended]
        foreign = [o.order_id for o in rest if not (self._is_ours(o) or o.order_id in protective)]
        sizes = too_large([o for o in rest if o.order_id not in foreign], held, protective)
        end += [order for order, left in sizes if left == 0]
        return _Excess(
            end,
            [(order, left) for order, left in sizes if left],
            0 if sizes or end or not held else _too_many_stops(rest, held),
        )

    def _is_ours(self, order: Order) -> bool:
        """Legs of other programs are left alone."""
        entry = (order.tag or "")[:-3]
        return entry in self._parts.books.intents.by_tag


def _too_many_stops(working: Sequence[Order], held: int) -> int:
    """Contracts of stops on the way out beyond what is held."""
    stops = sum(
        order.remaining
        for order in working
        if order.type in STOP_TYPES
        and order.parent_id not in {one.order_id for one in working}
        and order.side.sign * held < 0
    )
    return max(0, stops - abs(held))


def _many(legs: Sequence[Order]) -> str:
    return "1 exit order" if len(legs) == 1 else f"{len(legs)} exit orders"
