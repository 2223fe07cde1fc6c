"""What two fresh lists say about the cover of one position, and where a stop for it belongs."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.order import Order, OrderStatus
from tradedesk.domain.roles import STOP_LEG, STOP_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradedesk.domain.ids import OrderId
    from tradedesk.domain.position import Position
    from tradedesk.domain.price import TickSize


class Cover(msgspec.Struct, frozen=True):
    """Contracts held (negative when short), and how many of them have a resting stop."""

    net_size: int
    covered: int
    average_price: Decimal = Decimal(0)

    @property
    def bare(self) -> int:
        """Contracts without a stop."""
        return abs(self.net_size) - self.covered


def cover_of(position: Position, working: Iterable[Order], known: Mapping[OrderId, Order]) -> Cover:
    """How much of a position the working orders of the same look protect.

    Parameters
    ----------
    position : Position
        One position.
    working : iterable of Order
        Every working order of its account; those of other contracts and accounts are passed over,
        so that no stop is counted for two positions.
    known : mapping of OrderId to Order
        Orders that were heard of before, to tell whether the parent of a suspended stop is filled.

    Returns
    -------
    Cover
        ``covered`` is never more than what is held. Of two stops that end one another only the
        larger one counts.
    """
    held = position.net_size
    orders = {
        order.order_id: order
        for order in working
        if (order.account_id, order.contract_id) == (position.account_id, position.contract_id)
    }
    resting = {
        order.order_id: size
        for order in orders.values()
        if order.type in STOP_TYPES
        and order.side.sign * held < 0
        and (size := _at_work(order, orders, known)) > 0
    }
    return Cover(held, min(_together(orders, resting), abs(held)), position.average_price)


def targeted(position: Position, working: Iterable[Order], known: Mapping[OrderId, Order]) -> int:
    """Contracts of a position, at most all of it, that working limits on the way out would close.

    Orders of others count as well: one more target for the same contracts would turn the position.
    Parameters as for ``cover_of``.
    """
    held = position.net_size
    orders = {
        order.order_id: order
        for order in working
        if (order.account_id, order.contract_id) == (position.account_id, position.contract_id)
    }
    limits = (
        _at_work(order, orders, known)
        for order in orders.values()
        if order.type not in STOP_TYPES and order.side.sign * held < 0
    )
    return min(sum(limits), abs(held))


def stop_price(cover: Cover, distance_ticks: int, tick: TickSize) -> int:
    """Ticks of a protective stop: the distance behind the average price, never nearer than asked.

    Raises
    ------
    ValueError
        If the distance is not positive.
    """
    if distance_ticks < 1:
        raise ValueError(f"a stop {distance_ticks} ticks away protects nothing")
    average = cover.average_price / tick.size
    if cover.net_size > 0:
        return int(average.to_integral_value(ROUND_FLOOR)) - distance_ticks
    return int(average.to_integral_value(ROUND_CEILING)) + distance_ticks


def _at_work(order: Order, working: Mapping[OrderId, Order], known: Mapping[OrderId, Order]) -> int:
    """Contracts that the order would close as things are at the venue now."""
    if order.status is OrderStatus.OPEN:
        return order.remaining
    if order.status is not OrderStatus.SUSPENDED:
        return 0
    parent = _parent(order, working, known)
    if parent is None:
        return 0
    if parent.status is OrderStatus.FILLED:
        return order.remaining
    return min(order.remaining, parent.filled)


def _parent(
    order: Order, working: Mapping[OrderId, Order], known: Mapping[OrderId, Order]
) -> Order | None:
    """The entry that a leg belongs to, by its id or by its tag."""
    if order.parent_id is not None:
        return working.get(order.parent_id) or known.get(order.parent_id)
    tag = order.tag or ""
    if not tag.endswith(STOP_LEG):
        return None
    entries = (*working.values(), *known.values())
    return next((one for one in entries if one.tag == tag[: -len(STOP_LEG)]), None)


def _together(orders: Mapping[OrderId, Order], resting: Mapping[OrderId, int]) -> int:
    """Contracts that all resting stops close; of two that end one another only the larger."""
    total = 0
    counted: set[OrderId] = set()
    for one in resting:
        if one in counted:
            continue
        pair = {other for other in resting if orders[other].linked_id == one}
        pair |= {other for other in resting if orders[one].linked_id == other} | {one}
        total += max(resting[order_id] for order_id in pair - counted)
        counted |= pair
    return total
