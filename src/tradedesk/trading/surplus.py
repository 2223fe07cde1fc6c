"""Exits that would open a position instead of closing one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderStatus
from tradedesk.domain.roles import STOP_TYPES, is_leg

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tradedesk.domain.ids import OrderId
    from tradedesk.domain.order import Order


def surplus_legs(orders: Iterable[Order], net_size: int) -> list[Order]:
    """Bracket legs at work that the position does not need, oldest bracket first.

    Parameters
    ----------
    orders : iterable of Order
        Working orders of one contract.
    net_size : int
        The position, short negative.

    Returns
    -------
    list of Order
        Every leg of a flat position, and legs that would add to the position. Of legs on the right
        side, whole brackets as long as the stops that are left cover the whole position. Suspended
        legs wait for their entry and are never among them.
    """
    brackets: dict[OrderId | None, list[Order]] = defaultdict(list)
    found = []
    for order in sorted(orders, key=lambda one: one.order_id):
        if order.status is not OrderStatus.OPEN or not is_leg(order):
            continue
        if order.side.sign * net_size >= 0:
            found.append(order)
        elif order.parent_id is not None:
            brackets[order.parent_id].append(order)
    over = sum(_stops(legs) for legs in brackets.values()) - abs(net_size)
    for legs in brackets.values():
        if 0 < _stops(legs) <= over:
            over -= _stops(legs)
            found += legs
    return found


def too_large(
    exits: Iterable[Order], net_size: int, protective: Collection[OrderId] = ()
) -> list[tuple[Order, int]]:
    """Exits of ours at work that together would close more than is held, and so turn the position.

    Parameters
    ----------
    exits : iterable of Order
        Working orders of one contract without those that ``surplus_legs`` names.
    net_size : int
        The position, short negative.
    protective : collection of OrderId
        Stops that the desk placed by itself; they go first.

    Returns
    -------
    list of tuple of Order and int
        Orders and how many contracts they should have left, 0 for a cancel, so that stops together
        and targets together close exactly what is held. Newest first after the protective ones;
        legs of an entry that still fills are left to the venue, which makes them grow with it.
    """
    working = {order.order_id: order for order in exits}
    ours = [
        order
        for order in sorted(working.values(), key=lambda one: one.order_id, reverse=True)
        if order.status is OrderStatus.OPEN
        and (is_leg(order) or order.order_id in protective)
        and order.side.sign * net_size <= 0
        and order.parent_id not in working
    ]
    ours.sort(key=lambda one: one.order_id not in protective)
    changes: list[tuple[Order, int]] = []
    for group in (
        [order for order in ours if order.type in STOP_TYPES],
        [order for order in ours if order.type not in STOP_TYPES],
    ):
        over = sum(order.remaining for order in group) - abs(net_size)
        for order in group:
            if over > 0:
                less = min(over, order.remaining)
                over -= less
                changes.append((order, order.remaining - less))
    return changes


def _stops(legs: Iterable[Order]) -> int:
    return sum(leg.remaining for leg in legs if leg.type in STOP_TYPES)
