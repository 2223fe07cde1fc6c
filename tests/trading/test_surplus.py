"""Which bracket legs a position does not need."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.roles import STOP_TYPES
from tradedesk.trading.surplus import surplus_legs


def bracket(
    entry: int, side: Side, size: int = 1, status: OrderStatus = OrderStatus.OPEN
) -> list[Order]:
    """Stop and target of an entry on ``side``."""
    return [
        Order(
            order_id=OrderId(entry + step),
            account_id=AccountId(1),
            contract_id=ContractId("C"),
            side=side.other,
            type=kind,
            size=size,
            status=status,
            limit_ticks=110 if kind is OrderType.LIMIT else None,
            stop_ticks=90 if kind is OrderType.STOP else None,
            tag=Tag(f"td1-x-{entry}{suffix}"),
            parent_id=OrderId(entry),
        )
        for step, kind, suffix in ((1, OrderType.STOP, "-SL"), (2, OrderType.LIMIT, "-TP"))
    ]


def ids(orders: list[Order]) -> list[int]:
    return [order.order_id for order in orders]


def test_a_covered_position_keeps_its_bracket() -> None:
    assert surplus_legs(bracket(10, Side.BUY, 2), 2) == []


def test_a_flat_position_needs_none() -> None:
    assert ids(surplus_legs(bracket(10, Side.BUY), 0)) == [11, 12]


def test_legs_that_would_add_to_the_position_go() -> None:
    orders = bracket(10, Side.BUY) + bracket(20, Side.SELL)
    assert ids(surplus_legs(orders, -1)) == [11, 12]


def test_the_oldest_bracket_goes_when_the_position_shrank() -> None:
    orders = bracket(10, Side.BUY) + bracket(20, Side.BUY)
    assert ids(surplus_legs(orders, 1)) == [11, 12]


def test_a_bracket_larger_than_the_position_stays_rather_than_leave_it_naked() -> None:
    assert surplus_legs(bracket(10, Side.BUY, 3), 1) == []


def test_legs_that_wait_for_their_entry_stay() -> None:
    assert surplus_legs(bracket(10, Side.BUY, status=OrderStatus.SUSPENDED), 0) == []


def test_a_plain_order_is_no_leg() -> None:
    (stop, _) = bracket(10, Side.BUY)
    plain = Order(
        order_id=OrderId(5),
        account_id=stop.account_id,
        contract_id=stop.contract_id,
        side=Side.SELL,
        type=OrderType.LIMIT,
        size=1,
        status=OrderStatus.OPEN,
        tag=Tag("td1-x-1"),
    )
    assert surplus_legs([plain], 0) == []


@given(
    sizes=st.lists(st.integers(1, 4), max_size=5),
    net=st.integers(1, 12),
    short=st.booleans(),
)
def test_what_is_left_never_covers_less_than_before(
    sizes: list[int], net: int, short: bool
) -> None:
    side = Side.SELL if short else Side.BUY
    orders = [leg for i, size in enumerate(sizes) for leg in bracket(10 * (i + 1), side, size)]
    gone = set(ids(surplus_legs(orders, -net if short else net)))
    stops = [order for order in orders if order.type in STOP_TYPES]
    before = sum(order.size for order in stops)
    after = sum(order.size for order in stops if order.order_id not in gone)
    assert after >= min(before, net)
    for stop in stops:
        assert (stop.order_id in gone) == (stop.order_id + 1 in gone), "brackets go as a whole"
