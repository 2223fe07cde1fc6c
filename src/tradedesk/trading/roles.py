"""What an order is for, read from its tag and its links."""

from __future__ import annotations

from tradedesk.domain.order import Order, OrderType, Role
from tradedesk.trading.tags import leg_of

STOP_TYPES = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP})


def is_leg(order: Order) -> bool:
    """Whether the order is the stop or target of a bracket."""
    return order.parent_id is not None or (order.tag is not None and leg_of(order.tag) != "")


def role_of(order: Order, *, known: bool) -> Role:
    """Stop or target by the bracket; otherwise entry if ``known`` to us, else external."""
    if is_leg(order):
        return Role.STOP if order.type in STOP_TYPES else Role.TARGET
    return Role.ENTRY if known else Role.EXTERNAL


def reduces(order: Order, net_size: int) -> bool:
    """Whether filling the order brings a position of ``net_size`` nearer to flat."""
    return order.side.sign * net_size < 0
