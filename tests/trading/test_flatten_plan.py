"""Flatten: cancel, close, and believe it when it is seen twice."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from tests.fakes.fake_venue import ACCOUNT, MNQ
from tests.trading.test_order_merge import BASE

from tradedesk.domain.ids import ContractId, OrderId
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.position import Position
from tradedesk.trading.flatten_plan import FlattenPlan, FlattenStep
from tradedesk.trading.limits import ns
from tradedesk.trading.ways_out import WaysOut

OTHER = ContractId("CON.F.US.MES.Z26")
REPEAT_NS = ns(3)


def order(number: int, **members: object) -> Order:
    members = {"order_id": OrderId(number), "status": OrderStatus.OPEN, **members}
    return msgspec.structs.replace(BASE, **members)


def position(net: int, contract_id: ContractId = MNQ.contract_id) -> Position:
    return Position(ACCOUNT, contract_id, net, Decimal(1))


class Plan:
    """A plan and the closes that came of it, at moments that a test names."""

    def __init__(self, contract_id: ContractId | None = None) -> None:
        self.ways_out = WaysOut()
        self.now_ns = 0
        self.plan = FlattenPlan(contract_id, REPEAT_NS, ns(60), self.may_close)

    def may_close(self, contract_id: ContractId, gap_ns: int) -> bool:
        return self.ways_out.may_close((ACCOUNT, contract_id), self.now_ns, gap_ns)

    def look(
        self,
        working: list[Order],
        positions: list[Position],
        *,
        at_s: float = 0,
        on_their_way: int = 0,
        not_done: bool = False,
    ) -> FlattenStep:
        self.now_ns = ns(at_s)
        step = self.plan.look(working, positions, on_their_way=on_their_way, now_ns=self.now_ns)
        for contract_id in step.close:
            key = (ACCOUNT, contract_id)
            self.ways_out.close_began(key, self.now_ns)
            filling_ns = None if not_done else self.now_ns
            self.ways_out.close_ended(key, self.now_ns, self.now_ns, filling_ns=filling_ns)
        return step


def test_cancel_then_close_then_two_proofs() -> None:
    plan = Plan()
    assert plan.plan.first([order(1), order(2)], 0).cancel == (1, 2)
    step = plan.look([order(2)], [position(2)])
    assert (step.cancel, step.close) == ((2,), ())
    assert step.text == "Cancelling 1 order, then closing 1 position"
    step = plan.look([], [position(2)], at_s=0.1)
    assert (step.cancel, step.close) == ((), (MNQ.contract_id,))
    assert step.text == "Closing 1 position"
    assert plan.look([], [], at_s=0.2).text == "Flat and empty; looking once more"
    assert plan.look([], [], at_s=0.3).done


def test_an_order_that_cannot_be_cancelled_holds_a_close_up_for_a_second_only() -> None:
    plan = Plan()
    assert not plan.look([order(2)], [position(2)]).close
    assert not plan.look([order(2)], [position(2)], at_s=0.9).close
    step = plan.look([order(2)], [position(2)], at_s=1)
    assert (step.cancel, step.close) == ((2,), (MNQ.contract_id,))


def test_a_market_order_on_its_way_may_fill_before_a_close_goes_out() -> None:
    plan = Plan()
    filling = order(9, type=OrderType.MARKET, status=OrderStatus.PENDING)
    assert not plan.look([filling], [position(2)]).close
    assert not plan.look([], [position(2)], at_s=0.5, on_their_way=1).close
    assert plan.look([filling], [position(2)], at_s=1.0).close


def test_something_new_starts_the_proof_again() -> None:
    plan = Plan()
    plan.look([], [])
    plan.look([order(5)], [])
    assert not plan.look([], []).done
    assert plan.look([], []).done


def test_a_close_is_not_repeated_while_it_may_still_be_filling() -> None:
    plan = Plan()
    assert plan.look([], [position(2)]).close
    assert not plan.look([], [position(2)], at_s=0.005).close
    assert not plan.look([], [position(2)], at_s=2.9).close
    assert plan.look([], [position(2)], at_s=3, not_done=True).close
    # it was refused: what counts is the one before it
    assert not plan.look([], [position(2)], at_s=3.1).close
    assert plan.look([], [position(2)], at_s=3.3).close


def test_what_a_late_fill_turned_is_closed_again_soon_but_never_at_once() -> None:
    plan = Plan()
    assert plan.look([], [position(2)]).close
    assert not plan.look([], [position(-2)], at_s=0.1).close
    filling = order(9, type=OrderType.MARKET)
    assert not plan.look([filling], [position(-2)], at_s=0.6).close
    assert plan.look([], [position(-2)], at_s=0.7).close
    assert not plan.look([], [position(-2)], at_s=1.4).close
    plan.look([], [], at_s=1.5)
    assert plan.look([], [], at_s=1.6).done


def test_a_close_in_flight_is_the_only_one_until_its_answer_is_overdue() -> None:
    plan = Plan()
    key = (ACCOUNT, MNQ.contract_id)
    plan.ways_out.close_began(key, ns(0))
    for tenth in range(20):
        assert not plan.look([], [position(2)], at_s=tenth / 10).close
    assert plan.look([], [position(2)], at_s=2, not_done=True).close
    plan.ways_out.close_began(key, ns(3))
    plan.ways_out.close_ended(key, ns(3), ns(4), filling_ns=None)
    assert not plan.look([], [position(2)], at_s=4.01).close
    assert plan.look([], [position(2)], at_s=4.5).close


def test_stops_of_what_cannot_be_closed_stay_at_work_from_a_moment_on() -> None:
    plan = Plan()
    plan.plan = FlattenPlan(None, REPEAT_NS, ns(10), plan.may_close)
    stop = order(2, type=OrderType.STOP, side=Side.SELL)
    entry = order(3, type=OrderType.STOP, side=Side.BUY)
    target = order(4, side=Side.SELL)
    work = [stop, entry, target]
    assert plan.look(work, [position(2)], at_s=9.9).cancel == (2, 3, 4)
    step = plan.look(work, [position(2)], at_s=11)
    assert (step.cancel, step.close) == ((3, 4), (MNQ.contract_id,))
    assert plan.look([stop], [position(-2)], at_s=11.2).cancel == (2,)
    assert plan.look([stop], [], at_s=11.4).cancel == (2,)


def test_market_orders_are_waited_for_not_cancelled() -> None:
    plan = Plan()
    closing = order(9, type=OrderType.MARKET, status=OrderStatus.PENDING)
    step = plan.look([closing], [])
    assert (step.cancel, step.done) == ((), False)
    assert step.text == "Waiting for 1 order on the way"
    plan.look([], [])
    assert plan.look([], []).done


def test_nothing_is_proven_while_an_answer_is_awaited() -> None:
    plan = Plan()
    for _ in range(3):
        assert not plan.look([], [], on_their_way=1).done


def test_legs_end_with_their_parent() -> None:
    plan = Plan()
    legs = [order(n, parent_id=OrderId(1), status=OrderStatus.SUSPENDED) for n in (2, 3)]
    assert plan.look([order(1), *legs], []).cancel == (1,)
    assert plan.look(legs, []).cancel == (2, 3)


def test_other_contracts_are_left_alone_when_one_is_named() -> None:
    plan = Plan(MNQ.contract_id)
    other = order(4, contract_id=OTHER)
    step = plan.look([other], [position(1, OTHER)])
    assert step.text == "Flat and empty; looking once more"
    assert plan.look([other], [position(1, OTHER)]).done
