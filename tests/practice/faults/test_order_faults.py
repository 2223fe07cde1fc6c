"""What order faults tell the books that ask; pure."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

from tradedesk.domain.order import OrderType, Side
from tradedesk.practice.books.rows import OrderRow
from tradedesk.practice.faults import Fault, Faults
from tradedesk.practice.faults.orders import roles_of

MNQ = "CON.F.US.MNQ.Z26"


def order(kind: OrderType = OrderType.MARKET, side: Side = Side.SELL, **more: Any) -> OrderRow:
    contract = cast("Any", SimpleNamespace(contract_id=MNQ))
    return OrderRow(
        id=1, account_id=9, contract=contract, type=kind, side=side, size=5,
        created_ns=0, updated_ns=0, **more,
    )  # fmt: skip


def desk(*faults: dict[str, Any]) -> Faults:
    made = Faults(seed=1)
    for fault in faults:
        made.arm(Fault(**fault))
    return made


def test_what_an_order_is_for() -> None:
    assert roles_of(order(), 3) == ("exit",)
    assert roles_of(order(), -3) == roles_of(order(), 0) == ("entry",)
    assert roles_of(order(OrderType.STOP, parent_id=4), 0) == ("stop_leg", "exit")
    assert roles_of(order(OrderType.LIMIT, parent_id=4), 0) == ("target_leg", "exit")


def test_exits_are_rejected_so_often_and_entries_are_not() -> None:
    orders = desk({"on": "exit", "kind": "reject", "times": 2}).orders
    assert not orders.rejects(order(), 0)
    assert [orders.rejects(order(), 3) for _ in range(3)] == [True, True, False]


def test_the_stop_leg_is_rejected_and_the_target_is_not() -> None:
    faults = desk({"on": "stop_leg", "kind": "reject"})
    assert not faults.orders.rejects(order(OrderType.LIMIT, parent_id=4), 0)
    assert faults.orders.rejects(order(OrderType.STOP, parent_id=4), 0)
    (strike,) = faults.register.strikes
    assert (strike.number, strike.struck) == (1, "order 1")


def test_filters_by_account_and_contract() -> None:
    orders = desk({"on": "exit", "kind": "reject", "account": 8, "times": 0}).orders
    assert not orders.rejects(order(), 3)
    orders = desk({"on": "exit", "kind": "reject", "contract": "MES", "times": 0}).orders
    assert not orders.rejects(order(), 3)
    orders = desk({"on": "exit", "kind": "reject", "contract": "MNQ", "account": 9}).orders
    assert orders.rejects(order(), 3)


def test_a_partial_fill_is_forced_where_there_is_something_to_leave() -> None:
    orders = desk({"on": "entry", "kind": "partial", "size": 2, "times": 2}).orders
    assert orders.most_fill(order(), 0) == 2
    assert orders.most_fill(order(filled=3, cost=int(Decimal(3))), 0) is None
    assert orders.most_fill(order(), 0) == 2
    assert orders.most_fill(order(), 0) is None
