"""Which working orders belong to the way out of a position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.roles import STOP_TYPES, is_leg

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.domain.ids import ContractId, Tag
    from tradedesk.domain.order import Order


def protects(order: Order, net_size: int, exit_tags: set[Tag]) -> bool:
    """Whether the order is an exit of a position of ``net_size``.

    Bracket legs, orders sent as exits, and stops on the other side count; a limit order on the
    other side may as well be a new entry and does not.
    """
    if order.side.sign * net_size >= 0:
        return False
    return is_leg(order) or order.tag in exit_tags or order.type in STOP_TYPES


def exits_of(
    working: Iterable[Order], contract_id: ContractId, net_size: int, exit_tags: set[Tag]
) -> list[Order]:
    """Working exits of one position, suspended legs of entries that have not filled left out."""
    orders = [order for order in working if order.contract_id == contract_id]
    working_ids = {order.order_id for order in orders}
    return [
        order
        for order in orders
        if protects(order, net_size, exit_tags) and order.parent_id not in working_ids
    ]
