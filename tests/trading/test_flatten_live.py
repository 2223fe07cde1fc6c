"""A flatten in virtual time: late fills, lost words, slow closes, and what the desk shows after."""

from __future__ import annotations

import itertools

from tests.fakes.fake_gateway import Fault
from tests.fakes.fake_venue import ACCOUNT, LAST, MNQ
from tests.fakes.plays import played
from tests.fakes.sim_desk import SimDesk

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import CommandDone, FlattenProgress, Notice, ShieldChanged
from tradedesk.domain.order import Order, OrderType, Side
from tradedesk.domain.safety import ShieldState

NEVER_NEARER_S = 0.25


simulated = played()


def watched_closes(desk: SimDesk) -> list[tuple[float, int]]:
    """Fills in as closes arrive at the venue: when, and what was held."""
    arrived: list[tuple[float, int]] = []
    close = desk.venue.close

    def note() -> None:
        arrived.append((desk.clock.mono_ns() / 1e9, desk.venue.net))
        close()

    desk.venue.close = note  # type: ignore[method-assign]
    return arrived


def phases(desk: SimDesk, click: str) -> list[str]:
    return [p.text for p in desk.heard(FlattenProgress) if p.click_id == click]


def done(desk: SimDesk, click: str) -> bool:
    return any(event.click_id == click for event in desk.heard(CommandDone))


def leg(desk: SimDesk, kind: OrderType) -> Order:
    return next(order for order in desk.venue.working() if order.type is kind)


async def bracket(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=60, take_profit_ticks=60)
    await desk.settle(3)


@simulated
async def test_each_phase_is_told_with_its_time(desk: SimDesk) -> None:
    await bracket(desk)
    click = desk.give(cmd.Flatten)
    await desk.settle(3)
    told = [p for p in desk.heard(FlattenProgress) if p.click_id == click]
    assert [p.text for p in told] == [
        "Entries off",
        "Cancelling 2 orders",
        "Closing 1 position",
        "Flat and empty; looking once more",
        "Flat and empty, seen twice",
    ]
    assert [p.finished for p in told] == [False] * 4 + [True]
    times = [p.elapsed_ms for p in told]
    assert times == sorted(times)
    # each is told when it begins: a whole pause lies between the two proofs
    assert times[4] - times[3] >= 1_000 * desk.executor.parts.timings.observe_gap_s


@simulated
async def test_the_close_waits_until_the_cancels_are_seen(desk: SimDesk) -> None:
    await bracket(desk)
    arrived = watched_closes(desk)
    left: list[int] = []
    close = desk.venue.close

    def note() -> None:
        left.append(len(desk.venue.working()))
        close()

    desk.venue.close = note  # type: ignore[method-assign]
    desk.give(cmd.Flatten)
    await desk.settle(3)
    assert (left, len(arrived)) == ([0], 1)


@simulated
async def test_a_target_that_fills_beside_the_close_leaves_nothing_the_other_way(
    desk: SimDesk,
) -> None:
    """The cancel of the target hangs, so the close goes without it, and the target fills too."""
    await bracket(desk)
    target = leg(desk, OrderType.LIMIT)
    desk.gateway.faults["cancel"].extend([Fault.REQUEST_LOST, Fault.REQUEST_LOST])
    arrived = watched_closes(desk)
    click = desk.give(cmd.Flatten)
    await desk.until(lambda: bool(arrived))
    desk.venue.fill(target.order_id)
    assert desk.venue.net == -2
    await desk.settle(10)
    assert (desk.venue.net, desk.venue.working()) == (0, [])
    assert done(desk, click)
    assert [held for _, held in arrived] == [2, -2]


@simulated
async def test_a_target_that_fills_before_the_close_arrives(desk: SimDesk) -> None:
    await bracket(desk)
    target = leg(desk, OrderType.LIMIT)
    click = desk.give(cmd.Flatten)
    await desk.settle(0.02)
    desk.venue.fill(target.order_id)
    await desk.settle(10)
    assert (desk.venue.net, desk.venue.working()) == (0, [])
    assert done(desk, click)
    assert desk.gateway.calls.count("close") == 0


@simulated
async def test_an_entry_that_fills_late_is_closed_as_well(desk: SimDesk) -> None:
    """Sent before the flatten, accepted while it runs."""
    await bracket(desk)
    desk.gateway.faults["place"].append(Fault.LATE)
    desk.gateway.late_s = 0.6
    desk.place(size=3, stop_loss_ticks=60)
    click = desk.give(cmd.Flatten)
    await desk.settle(15)
    assert (desk.venue.net, desk.venue.working()) == (0, [])
    assert done(desk, click)


@simulated
async def test_nobody_closes_twice_at_a_time(desk: SimDesk) -> None:
    """Two flattens, a close and the kill switch, all within a moment."""
    await bracket(desk)
    arrived = watched_closes(desk)
    desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
    desk.give(cmd.Flatten)
    desk.give(cmd.Flatten, contract_id=MNQ.contract_id)
    desk.give(cmd.Kill)
    await desk.settle(20)
    assert (desk.venue.net, desk.venue.working()) == (0, [])
    times = [at for at, _ in arrived]
    assert all(later - at >= NEVER_NEARER_S for at, later in itertools.pairwise(times))
    assert [held for _, held in arrived if held] == [2]


@simulated
async def test_a_call_that_hangs_holds_up_nothing_else(desk: SimDesk) -> None:
    await bracket(desk)
    desk.place(type=OrderType.LIMIT, limit_ticks=LAST - 400)
    await desk.settle(1)
    desk.gateway.faults["cancel"].append(Fault.REQUEST_LOST)
    click = desk.give(cmd.Flatten)
    await desk.settle(4)
    # the one that hangs is given up after 5 s; the position has been closed long before
    assert desk.venue.net == 0
    await desk.settle(10)
    assert done(desk, click)
    assert desk.venue.working() == []


@simulated
async def test_after_lost_words_the_desk_shows_what_was_proven(desk: SimDesk) -> None:
    """The hub tells nothing of the cancels: no order is shown for seconds, nothing is swept."""
    await bracket(desk)
    desk.place(type=OrderType.LIMIT, limit_ticks=LAST - 400, stop_loss_ticks=40)
    await desk.settle(1)
    desk.stream.loses = lambda: True
    click = desk.give(cmd.Flatten)
    await desk.until(lambda: done(desk, click))
    assert desk.blotter.working() == []
    assert desk.blotter.open_positions() == []
    told_ms = [p.elapsed_ms for p in desk.heard(FlattenProgress) if p.finished][-1]
    ended_ms = desk.heard(CommandDone)[-1].elapsed_ms
    assert ended_ms - told_ms < 500
    await desk.settle(10)
    assert not [n.text for n in desk.heard(Notice) if "left behind" in n.text]


@simulated
async def test_orders_that_only_our_books_hold_are_not_swept(desk: SimDesk) -> None:
    await bracket(desk)
    desk.stream.loses = lambda: True
    desk.gateway.faults["orders"].extend([Fault.NOT_SENT] * 3)
    cancels = desk.gateway.calls.count("cancel")
    for order in desk.venue.working():
        desk.venue.cancel(order.order_id)
    desk.venue.close()
    await desk.settle(4)
    assert desk.gateway.calls.count("cancel") == cancels
    assert not [n.text for n in desk.heard(Notice) if "left behind" in n.text]


@simulated
async def test_shields_are_gone_with_the_position(desk: SimDesk) -> None:
    await bracket(desk)
    desk.stream.loses = lambda: True
    desk.give(cmd.Flatten)
    await desk.settle(3)
    last = desk.heard(ShieldChanged)[-1].shield
    assert (last.net_size, last.account_id) == (0, ACCOUNT)
    seen = {event.shield.state for event in desk.heard(ShieldChanged)}
    assert ShieldState.PROTECTING not in seen


@simulated
async def test_a_market_order_on_its_way_out_is_waited_for(desk: SimDesk) -> None:
    """An exit of the trader's own, a moment before the flatten: a close beside it would turn."""
    await bracket(desk)
    arrived = watched_closes(desk)
    desk.gateway.faults["place"].append(Fault.LATE)
    desk.gateway.late_s = 0.5
    desk.place(Side.SELL, 2)
    await desk.settle(0.01)
    click = desk.give(cmd.Flatten)
    await desk.settle(15)
    assert (desk.venue.net, desk.venue.working()) == (0, [])
    assert done(desk, click)
    assert arrived == []
