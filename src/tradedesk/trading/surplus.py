"""Exits that would open a position instead of closing one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderStatus
from tradedesk.domain.roles import STOP_TYPES, is_leg

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def _stops(legs: Iterable[Order]) -> int:
    return sum(leg.remaining for leg in legs if leg.type in STOP_TYPES)
