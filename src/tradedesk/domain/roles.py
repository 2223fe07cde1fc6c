"""What an order is for, read from its tag, its parent and its type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.order import OrderType, Role

if TYPE_CHECKING:
    from tradedesk.domain.order import Order

TAG_PREFIX: Final = "td1-"
"""How every tag that tradedesk makes begins."""
STOP_LEG: Final = "-SL"
"""What the venue adds to an entry's tag for the stop of its bracket."""
TARGET_LEG: Final = "-TP"
"""The same for the target."""

STOP_TYPES: Final = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP})
_LEGS: Final = frozenset({Role.STOP, Role.TARGET})


def role_of(order: Order) -> Role:
    """Stop or target for the leg of a bracket, else entry if the tag is tradedesk's, else external.

    The venue's own suffix of the tag decides; a leg without one is told by its type.
    """
    tag = order.tag or ""
    if tag.endswith(STOP_LEG):
        return Role.STOP
    if tag.endswith(TARGET_LEG):
        return Role.TARGET
    if order.parent_id is not None:
        return Role.STOP if order.type in STOP_TYPES else Role.TARGET
    return Role.ENTRY if tag.startswith(TAG_PREFIX) else Role.EXTERNAL


def is_leg(order: Order) -> bool:
    """Whether the order is the stop or target of a bracket."""
    return role_of(order) in _LEGS
