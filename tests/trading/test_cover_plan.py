"""What two fresh lists say about the cover of a position."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.fake_venue import ACCOUNT, MNQ
from tests.trading.test_order_merge import BASE

from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.position import Position
from tradedesk.domain.price import TickSize
from tradedesk.trading.cover_plan import Cover, cover_of, stop_price

OTHER = ContractId("CON.F.US.MES.Z26")
S = OrderStatus


def held(net: int, average: str = "20000") -> Position:
    return Position(ACCOUNT, MNQ.contract_id, net, Decimal(average))


def stop(number: int, size: int = 1, side: Side = Side.SELL, **members: object) -> Order:
    members = {
        "order_id": OrderId(number),
        "account_id": ACCOUNT,
        "contract_id": MNQ.contract_id,
        "status": S.OPEN,
        "type": OrderType.STOP,
        "stop_ticks": 79_900,
        "limit_ticks": None,
        "tag": None,
        "size": size,
        "side": side,
        **members,
    }
    return msgspec.structs.replace(BASE, **members)


def covered(net: int, *working: Order, known: tuple[Order, ...] = ()) -> int:
    return cover_of(held(net), working, {order.order_id: order for order in known}).covered


def test_stops_of_the_other_side_are_summed_up_to_what_is_held() -> None:
    assert covered(3) == 0
    assert covered(3, stop(1, 2)) == 2
    assert covered(3, stop(1, 2), stop(2, 2)) == 3
    assert covered(-3, stop(1, 3, Side.BUY), stop(2, 3)) == 3


@pytest.mark.parametrize("kind", [OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP])
def test_every_kind_of_stop_counts(kind: OrderType) -> None:
    assert covered(1, stop(1, type=kind)) == 1


def test_what_protects_nothing() -> None:
    assert covered(1, stop(1, type=OrderType.LIMIT, limit_ticks=80_100)) == 0
    assert covered(1, stop(1, side=Side.BUY)) == 0
    assert covered(1, stop(1, contract_id=OTHER)) == 0
    assert covered(1, stop(1, account_id=AccountId(9))) == 0
    for status in S:
        if status not in {S.OPEN, S.SUSPENDED}:
            assert covered(1, stop(1, status=status)) == 0


def test_only_what_is_left_of_a_stop_counts() -> None:
    assert covered(3, stop(1, 3, filled=2)) == 1


def test_the_same_stop_listed_twice_counts_once() -> None:
    assert covered(2, stop(1), stop(1)) == 1


def test_of_two_stops_that_end_one_another_the_larger_counts() -> None:
    pair = (stop(1, 2, linked_id=OrderId(2)), stop(2, 3, linked_id=OrderId(1)))
    assert covered(5, *pair) == 3
    assert covered(5, pair[0], stop(2, 3)) == 3
    assert covered(5, *pair, stop(3)) == 4


def test_a_suspended_stop_covers_what_its_entry_has_filled() -> None:
    leg = stop(2, 3, status=S.SUSPENDED, parent_id=OrderId(1))
    entry = stop(1, 3, Side.BUY, type=OrderType.LIMIT, limit_ticks=80_000)
    assert covered(3, leg) == 0
    assert covered(3, leg, entry) == 0
    assert covered(3, leg, msgspec.structs.replace(entry, filled=2)) == 2
    done = msgspec.structs.replace(entry, filled=3, status=S.FILLED)
    assert covered(3, leg, known=(done,)) == 3
    gone = msgspec.structs.replace(entry, status=S.CANCELLED)
    assert covered(3, leg, known=(gone,)) == 0


def test_a_suspended_stop_finds_its_entry_by_its_tag() -> None:
    leg = stop(2, 3, status=S.SUSPENDED, tag=Tag("td1-x-SL"))
    entry = stop(1, 3, Side.BUY, type=OrderType.MARKET, status=S.FILLED, filled=3)
    assert covered(3, leg, known=(msgspec.structs.replace(entry, tag=Tag("td1-x")),)) == 3
    assert covered(3, leg, known=(msgspec.structs.replace(entry, tag=Tag("td1-y")),)) == 0


@given(
    net=st.integers(-6, 6).filter(bool),
    sizes=st.lists(st.tuples(st.integers(1, 4), st.sampled_from(Side), st.booleans()), max_size=6),
)
def test_against_counting_contract_by_contract(
    net: int, sizes: list[tuple[int, Side, bool]]
) -> None:
    orders = [
        stop(i + 1, size, side, status=S.OPEN if works else S.PENDING)
        for i, (size, side, works) in enumerate(sizes)
    ]
    naked = abs(net)
    for size, side, works in sizes:
        for _ in range(size):
            if works and side.sign * net < 0 and naked:
                naked -= 1
    found = cover_of(held(net), orders, {})
    assert (found.bare, found.covered) == (naked, abs(net) - naked)


@pytest.mark.parametrize(
    ("net", "average", "ticks"),
    [(1, "20000", 79_960), (-1, "20000", 80_040), (2, "20000.1", 79_960), (-2, "20000.1", 80_041)],
)
def test_a_stop_lies_its_distance_behind_the_average(net: int, average: str, ticks: int) -> None:
    cover = Cover(net, 0, Decimal(average))
    assert stop_price(cover, 40, TickSize(Decimal("0.25"))) == ticks


def test_a_stop_needs_a_distance() -> None:
    with pytest.raises(ValueError, match="protects nothing"):
        stop_price(Cover(1, 0, Decimal(1)), 0, TickSize(Decimal(1)))
