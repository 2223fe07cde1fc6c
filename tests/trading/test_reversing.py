"""Reverse in virtual time: flat first, proven; nothing is opened when anything is not."""

from __future__ import annotations

from typing import Any

from tests.fakes.fake_gateway import Fault
from tests.fakes.fake_venue import ACCOUNT, MNQ
from tests.fakes.plays import answered, played, resting
from tests.fakes.sim_desk import SimDesk

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import CommandDone, CommandFailed, FlattenProgress
from tradedesk.domain.ids import AccountId
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.safety import RiskRules, TradingRules


async def long(desk: SimDesk, size: int = 2) -> None:
    desk.place(size=size, stop_loss_ticks=40)
    await desk.settle(3)
    assert desk.venue.net == size


def reverse(desk: SimDesk, **members: Any) -> str:
    members.setdefault("contract_id", MNQ.contract_id)
    return desk.give(cmd.ReversePosition, **members)


@played()
async def test_long_becomes_short_with_its_bracket_and_every_phase_is_timed(desk: SimDesk) -> None:
    await long(desk)
    entry = await resting(desk)
    click = reverse(desk, stop_loss_ticks=30, take_profit_ticks=60)
    await desk.settle(10)
    (answer,) = answered(desk, click)
    assert isinstance(answer, CommandDone)
    assert answer.text == "Reversed from long 2 to short 2"
    assert desk.venue.net == -2
    assert not desk.venue.orders[entry].is_working
    legs = [order for order in desk.venue.working() if order.parent_id]
    assert {(leg.limit_ticks, leg.stop_ticks) for leg in legs} == {(None, 80_030), (79_940, None)}
    lines = [event for event in desk.heard(FlattenProgress) if event.click_id == click]
    assert [line.text for line in lines] == [
        "Looking at the position",
        "Flattening long 2",
        "Flat; selling 2",
        "Reversed from long 2 to short 2",
    ]
    times = [line.elapsed_ms for line in lines]
    assert times == sorted(times)
    assert times[0] < times[-1]
    flat = [e.text for e in desk.heard(FlattenProgress) if e.click_id == f"{click}-flat"]
    assert "seen twice" in flat[-1]


@played()
async def test_the_size_is_the_one_that_the_venue_holds(desk: SimDesk) -> None:
    """The desk believes in 2; a fill that the hub swallowed makes it 3."""
    await long(desk)
    order_id = await resting(desk)
    desk.stream.loses = lambda: True
    desk.venue.fill(order_id)
    assert desk.blotter.net_size(ACCOUNT, MNQ.contract_id) == 2
    click = reverse(desk)
    await desk.settle(15)
    assert answered(desk, click)[0].text == "Reversed from long 3 to short 3"
    assert desk.venue.net == -3


@played()
async def test_nothing_is_opened_when_flat_cannot_be_proven(desk: SimDesk) -> None:
    await long(desk)
    venue: Any = desk.venue
    venue.close = lambda: None
    click = reverse(desk)
    await desk.settle(60)
    (answer,) = answered(desk, click)
    assert isinstance(answer, CommandFailed)
    assert answer.reason == "It could not be proven flat, so nothing new was opened."
    sold = [order for order in venue.orders.values() if order.side is Side.SELL]
    assert all(order.type is not OrderType.MARKET for order in sold)
    assert desk.gateway.calls.count("place") <= 2, "the entry, and a stop that covers it again"


@played()
async def test_a_position_that_cannot_be_read_is_left_as_it_is(desk: SimDesk) -> None:
    await long(desk)
    desk.gateway.faults["positions"].append(Fault.NOT_SENT)
    click = reverse(desk)
    await desk.settle(5)
    assert "could not be read" in answered(desk, click)[0].reason
    assert desk.venue.net == 2
    assert len(desk.venue.working()) == 1


@played()
async def test_an_order_that_nobody_knows_of_forbids_it(desk: SimDesk) -> None:
    await long(desk)
    desk.gateway.faults["place"].append(Fault.REQUEST_LOST)
    desk.place()
    await desk.settle(6)
    click = reverse(desk)
    await desk.settle(2)
    assert "is not decided yet" in answered(desk, click)[0].reason
    assert desk.venue.net == 2


@played()
async def test_an_entry_that_would_be_refused_leaves_the_position_alone(desk: SimDesk) -> None:
    await long(desk)
    near = reverse(desk, stop_loss_ticks=1)
    await desk.settle(3)
    assert "position was left as it is" in answered(desk, near)[0].reason
    desk.give(cmd.SetArmed, armed=False)
    disarmed = reverse(desk)
    nowhere = reverse(desk, account_id=AccountId(999))
    await desk.settle(3)
    assert "not armed" in answered(desk, disarmed)[0].reason
    assert "Account 999" in answered(desk, nowhere)[0].reason
    assert desk.venue.net == 2
    assert len(desk.venue.working()) == 1


@played(rules=TradingRules(risk=RiskRules(max_order_size=2)))
async def test_more_than_one_order_may_hold_is_not_half_reversed(desk: SimDesk) -> None:
    await long(desk, 2)
    desk.place(size=1)
    await desk.settle(2)
    click = reverse(desk)
    await desk.settle(3)
    assert "3 contracts are more than the 2 allowed" in answered(desk, click)[0].reason
    assert desk.venue.net == 3


@played()
async def test_a_second_press_while_one_runs_is_told_so(desk: SimDesk) -> None:
    await long(desk)
    first = reverse(desk)
    second = reverse(desk)
    close = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
    await desk.settle(10)
    assert isinstance(answered(desk, first)[0], CommandDone)
    assert "being left already" in answered(desk, second)[0].reason
    assert "being closed already" in answered(desk, close)[0].reason
    assert desk.venue.net == -2
    nothing = desk.give(cmd.Flatten)
    await desk.settle(5)
    flat = reverse(desk)
    await desk.settle(2)
    assert nothing
    assert answered(desk, flat)[0].reason == "There is no position to reverse."


@played()
async def test_an_entry_whose_answer_is_lost_is_told_as_unknown_and_found(desk: SimDesk) -> None:
    await long(desk)
    desk.stream.loses = lambda: True
    desk.gateway.faults["place"].append(Fault.REPLY_LOST)
    click = reverse(desk)
    await desk.settle(30)
    (answer,) = answered(desk, click)
    assert answer.outcome_unknown
    assert "Nobody knows yet" in answer.reason
    assert desk.venue.net == -2
    assert desk.gateway.calls.count("place") == 2


@played()
async def test_an_entry_that_is_refused_leaves_the_account_flat(desk: SimDesk) -> None:
    await long(desk)
    desk.gateway.faults["place"].append(Fault.REFUSED)
    click = reverse(desk)
    await desk.settle(10)
    assert answered(desk, click)[0].reason == (
        "Flat. The new order was not placed: The market is closed."
    )
    assert desk.venue.net == 0
