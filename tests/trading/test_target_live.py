"""A target for a position that is held, on the shipped executor in virtual time."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.fakes.fake_gateway import Fault
from tests.fakes.fake_venue import LAST, MNQ
from tests.fakes.plays import played
from tests.fakes.sim_desk import WIDE, SimDesk
from tests.trading.test_cover_plan import held, stop

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import CommandDone, CommandFailed
from tradedesk.domain.ids import OrderId
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.safety import CoverPolicy, CoverRules
from tradedesk.trading.cover_plan import targeted

ALONE = msgspec.structs.replace(WIDE, cover=CoverRules(unbracketed=CoverPolicy.ALARM))


def simulated() -> Any:
    return played(rules=ALONE)


def targets(desk: SimDesk, *, working: bool = True) -> list[Order]:
    return [
        order
        for order in desk.venue.orders.values()
        if order.type is OrderType.LIMIT and (order.is_working or not working)
    ]


def answer(desk: SimDesk, click: str) -> str:
    (found,) = [
        event
        for event in desk.events
        if isinstance(event, CommandDone | CommandFailed) and event.click_id == click
    ]
    return found.text if isinstance(found, CommandDone) else found.reason


def ask(desk: SimDesk, ticks: int = LAST + 40) -> str:
    return desk.give(cmd.TargetPosition, contract_id=MNQ.contract_id, limit_ticks=ticks)


@simulated()
async def test_one_target_for_every_contract_that_has_none(desk: SimDesk) -> None:
    nothing = ask(desk)
    await desk.settle(1)
    assert answer(desk, nothing) == "There is no position to place a target for."
    desk.place(size=2)
    await desk.settle(1)
    clicks = [ask(desk) for _ in range(2)]
    await desk.settle(2)
    assert answer(desk, clicks[0]) == "Target for 2 placed at 20,010.00"
    assert "on its way already" in answer(desk, clicks[1])
    again = ask(desk)
    await desk.settle(1)
    assert answer(desk, again) == "Every contract has a target already."
    desk.place(size=1)
    await desk.settle(1)
    more = ask(desk, LAST + 60)
    await desk.settle(2)
    assert answer(desk, more) == "Target for 1 placed at 20,015.00"
    assert [(o.side, o.size, o.limit_ticks) for o in targets(desk)] == [
        (Side.SELL, 2, LAST + 40),
        (Side.SELL, 1, LAST + 60),
    ]


@pytest.mark.parametrize("restart", [False, True])
def test_a_stop_that_fills_takes_the_target_with_it(restart: bool) -> None:
    @simulated()
    async def play(desk: SimDesk) -> None:
        desk.place(size=2)
        await desk.settle(1)
        ask(desk)
        desk.give(cmd.ProtectPosition, contract_id=MNQ.contract_id, stop_ticks=LAST - 40)
        await desk.settle(3)
        if restart:
            await desk.kill()
            desk.start()
            await desk.ready()
        (filled,) = [o for o in desk.venue.working() if o.type is OrderType.STOP]
        desk.venue.fill(filled.order_id)
        await desk.settle(6)
        assert (desk.venue.net, desk.venue.working()) == (0, [])
        assert [o.status for o in targets(desk, working=False)] == [OrderStatus.CANCELLED]

    play()


@simulated()
async def test_a_target_that_fills_takes_the_stop_with_it(desk: SimDesk) -> None:
    desk.place(Side.SELL, 3)
    await desk.settle(1)
    ask(desk, LAST - 30)
    desk.give(cmd.ProtectPosition, contract_id=MNQ.contract_id, stop_ticks=LAST + 40)
    await desk.settle(3)
    (target,) = targets(desk)
    assert (target.side, target.size) == (Side.BUY, 3)
    desk.venue.fill(target.order_id)
    await desk.settle(6)
    assert (desk.venue.net, desk.venue.working()) == (0, [])


@simulated()
async def test_a_part_close_makes_the_target_smaller(desk: SimDesk) -> None:
    desk.place(size=3)
    await desk.settle(1)
    ask(desk)
    await desk.settle(2)
    desk.place(Side.SELL, 1)
    await desk.settle(6)
    assert (desk.venue.net, [o.size for o in targets(desk)]) == (2, [2])


@simulated()
async def test_cancel_all_leaves_it_and_with_exits_takes_it(desk: SimDesk) -> None:
    desk.place(size=1)
    await desk.settle(1)
    ask(desk)
    await desk.settle(2)
    await desk.kill()
    desk.start()
    await desk.ready()
    desk.give(cmd.CancelAll)
    await desk.settle(2)
    assert len(targets(desk)) == 1
    desk.give(cmd.CancelAll, include_exits=True)
    await desk.settle(2)
    assert targets(desk) == []


@simulated()
async def test_a_target_needs_no_armed_desk_and_passes_every_lock(desk: SimDesk) -> None:
    desk.place(size=1)
    await desk.settle(1)
    desk.give(cmd.SetArmed, armed=False)
    click = ask(desk)
    await desk.settle(2)
    assert answer(desk, click).startswith("Target for 1 placed")


@simulated()
async def test_a_target_beyond_the_market_is_refused(desk: SimDesk) -> None:
    desk.place(size=1)
    await desk.settle(1)
    mark = cmd.Mark(ticks=LAST + 50, seen_ns=desk.clock.mono_ns())
    desk.executor.handle(
        cmd.MarkPrices(
            click_id="m",
            press_ns=0,
            marks={MNQ.contract_id: mark},
            venue_ns=desk.clock.wall_ns(),
        )
    )
    click = ask(desk)
    await desk.settle(1)
    assert answer(desk, click) == (
        "The market is at 20,012.50, which is beyond a target at 20,010.00: choose another price "
        "or close the position."
    )
    assert targets(desk, working=False) == []


@simulated()
async def test_a_refusal_of_the_venue_is_told_and_can_be_asked_again(desk: SimDesk) -> None:
    desk.place(size=1)
    await desk.settle(1)
    desk.gateway.faults["place"].append(Fault.REFUSED)
    click = ask(desk)
    await desk.settle(2)
    assert answer(desk, click) == "The market is closed."
    ask(desk)
    await desk.settle(2)
    assert len(targets(desk)) == 1


@simulated()
async def test_a_target_of_which_nobody_knows_is_not_sent_twice(desk: SimDesk) -> None:
    desk.place(size=1)
    await desk.settle(1)
    desk.gateway.faults["place"].append(Fault.LATE)
    desk.gateway.late_s = 25
    ask(desk)
    await desk.settle(12)
    again = ask(desk)
    await desk.settle(2)
    assert "is not confirmed" in answer(desk, again)
    await desk.settle(60)
    assert len(targets(desk, working=False)) == 1


def test_limits_on_the_way_out_are_summed_up_to_what_is_held() -> None:
    def limit(number: int, size: int, side: Side = Side.SELL, **members: Any) -> Order:
        prices = {"type": OrderType.LIMIT, "stop_ticks": None, "limit_ticks": 80_100}
        return stop(number, size, side, **prices, **members)

    def count(net: int, *working: Order) -> int:
        return targeted(held(net), working, {})

    assert count(3) == 0
    assert count(3, stop(1, 3)) == 0
    assert count(3, limit(1, 2)) == 2
    assert count(3, limit(1, 2), limit(2, 2)) == 3
    assert count(-3, limit(1, 2)) == 0
    assert count(-3, limit(1, 2, Side.BUY)) == 2
    waiting = limit(1, 2, status=OrderStatus.SUSPENDED, parent_id=OrderId(9))
    assert count(3, waiting) == 0
