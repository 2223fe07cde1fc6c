"""Flatten: cancel, close, and believe it when it is seen twice."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from tests.fakes.fake_venue import ACCOUNT, MNQ
from tests.trading.test_order_merge import BASE

from tradedesk.domain.ids import ContractId, OrderId
from tradedesk.domain.order import Order, OrderStatus, OrderType
from tradedesk.domain.position import Position
from tradedesk.trading.flatten_plan import FlattenPlan, FlattenStep
from tradedesk.trading.limits import ns

OTHER = ContractId("CON.F.US.MES.Z26")
REPEAT_NS = ns(3)


def order(number: int, **members: object) -> Order:
    members = {"order_id": OrderId(number), "status": OrderStatus.OPEN, **members}
    return msgspec.structs.replace(BASE, **members)


def position(net: int, contract_id: ContractId = MNQ.contract_id) -> Position:
    return Position(ACCOUNT, contract_id, net, Decimal(1))


def look(
    plan: FlattenPlan,
    working: list[Order],
    positions: list[Position],
    *,
    at_s: float = 0,
    on_their_way: int = 0,
) -> FlattenStep:
    return plan.look(working, positions, on_their_way=on_their_way, now_ns=ns(at_s))


def test_cancel_then_close_then_two_proofs() -> None:
    plan = FlattenPlan(None, REPEAT_NS)
    assert plan.first([order(1), order(2)]).cancel == (1, 2)
    step = look(plan, [order(2)], [position(2)])
    assert (step.cancel, step.close) == ((2,), (MNQ.contract_id,))
    assert step.text == "Cancelling 1 order and closing 1 position"
    assert not look(plan, [], []).done
    assert look(plan, [], []).done


def test_something_new_starts_the_proof_again() -> None:
    plan = FlattenPlan(None, REPEAT_NS)
    look(plan, [], [])
    look(plan, [order(5)], [])
    assert not look(plan, [], []).done
    assert look(plan, [], []).done


def test_a_close_is_not_repeated_while_it_may_still_be_filling() -> None:
    plan = FlattenPlan(None, REPEAT_NS)
    assert look(plan, [], [position(2)]).close
    assert not look(plan, [], [position(2)], at_s=1).close
    assert look(plan, [], [position(2)], at_s=3).close
    plan.close_failed(MNQ.contract_id)
    assert look(plan, [], [position(2)], at_s=3.1).close


def test_market_orders_are_waited_for_not_cancelled() -> None:
    plan = FlattenPlan(None, REPEAT_NS)
    closing = order(9, type=OrderType.MARKET, status=OrderStatus.PENDING)
    step = look(plan, [closing], [])
    assert (step.cancel, step.done) == ((), False)
    assert "on the way" in step.text
    look(plan, [], [])
    assert look(plan, [], []).done


def test_nothing_is_proven_while_an_answer_is_awaited() -> None:
    plan = FlattenPlan(None, REPEAT_NS)
    for _ in range(3):
        assert not look(plan, [], [], on_their_way=1).done


def test_legs_end_with_their_parent() -> None:
    plan = FlattenPlan(None, REPEAT_NS)
    legs = [order(n, parent_id=OrderId(1), status=OrderStatus.SUSPENDED) for n in (2, 3)]
    assert look(plan, [order(1), *legs], []).cancel == (1,)
    assert look(plan, legs, []).cancel == (2, 3)


def test_other_contracts_are_left_alone_when_one_is_named() -> None:
    plan = FlattenPlan(MNQ.contract_id, REPEAT_NS)
    other = order(4, contract_id=OTHER)
    assert look(plan, [other], [position(1, OTHER)]).text.startswith("Flat and empty")
    assert look(plan, [other], [position(1, OTHER)]).done
