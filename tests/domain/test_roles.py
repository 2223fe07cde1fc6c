"""What an order is for."""

from __future__ import annotations

import pytest

from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
from tradedesk.domain.order import Order, OrderStatus, OrderType, Role, Side
from tradedesk.domain.roles import is_leg, role_of

OURS = "td1-aaaaa-bbbbbbb-cccc"


def order(type: OrderType, tag: str | None, parent: int | None) -> Order:
    return Order(
        order_id=OrderId(1),
        account_id=AccountId(1),
        contract_id=ContractId("CON.F.US.MNQ.Z26"),
        side=Side.SELL,
        type=type,
        size=1,
        status=OrderStatus.OPEN,
        limit_ticks=1 if type in {OrderType.LIMIT, OrderType.STOP_LIMIT} else None,
        tag=None if tag is None else Tag(tag),
        parent_id=None if parent is None else OrderId(parent),
    )


@pytest.mark.parametrize(
    ("type", "tag", "parent", "role"),
    [
        (OrderType.LIMIT, OURS, None, Role.ENTRY),
        (OrderType.STOP, OURS, None, Role.ENTRY),
        (OrderType.LIMIT, "mine", None, Role.EXTERNAL),
        (OrderType.STOP, None, None, Role.EXTERNAL),
        (OrderType.STOP, f"{OURS}-SL", None, Role.STOP),
        (OrderType.LIMIT, f"{OURS}-TP", 7, Role.TARGET),
        (OrderType.STOP, "mine-SL", None, Role.STOP),
        (OrderType.STOP, None, 7, Role.STOP),
        (OrderType.TRAILING_STOP, None, 7, Role.STOP),
        (OrderType.STOP_LIMIT, None, 7, Role.STOP),
        (OrderType.LIMIT, None, 7, Role.TARGET),
    ],
)
def test_roles(type: OrderType, tag: str | None, parent: int | None, role: Role) -> None:
    asked = order(type, tag, parent)
    assert role_of(asked) is role
    assert is_leg(asked) is (role in {Role.STOP, Role.TARGET})
