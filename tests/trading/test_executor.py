"""One executor on the venue in memory, in virtual time: what the trader is told, case by case."""

from __future__ import annotations

from typing import Any

import pytest
from tests.fakes.fake_gateway import Fault
from tests.fakes.fake_venue import ACCOUNT, MNQ
from tests.fakes.memory_journal import Disk
from tests.fakes.plays import played
from tests.fakes.sim_desk import SimDesk
from tests.fakes.virtual_time import run_virtual

from tradedesk.domain import commands as cmd
from tradedesk.domain.errors import VenueRefusedError
from tradedesk.domain.events import (
    CommandDone,
    CommandFailed,
    FillReceived,
    FlattenProgress,
    HealthSampled,
    InstrumentResolved,
    IntentState,
    Notice,
    Phase,
    SessionChanged,
    SnapshotTaken,
    TokenGranted,
)
from tradedesk.domain.order import OrderStatus, OrderType, Side
from tradedesk.trading.limits import Timings

S = IntentState


simulated = played()


def answered(desk: SimDesk, click: str) -> list[Any]:
    return [
        event
        for event in desk.events
        if isinstance(event, CommandDone | CommandFailed) and event.click_id == click
    ]


def limit_order(desk: SimDesk, **members: Any) -> str:
    return desk.place(type=OrderType.LIMIT, limit_ticks=79_000, **members)


async def resting(desk: SimDesk, **members: Any) -> int:
    """A limit order that the venue holds; its id."""
    click = limit_order(desk, **members)
    await desk.until(lambda: desk.states(click)[-1] is S.ACCEPTED)
    await desk.settle(1)
    order_id = desk.intent(click).order_id
    assert order_id is not None
    return order_id


# --- placing --------------------------------------------------------------------------------


@simulated
async def test_the_states_of_an_order_that_goes_well(desk: SimDesk) -> None:
    click = desk.place()
    await desk.settle(2)
    assert desk.states(click) == [S.ARMED, S.SENT, S.ACCEPTED]
    rows = [i.state for i in desk.disk.rows if i.command.click_id == click]
    assert rows == [S.ARMED, S.SENT, S.ACCEPTED]


@simulated
async def test_the_hub_may_be_faster_than_the_answer(desk: SimDesk) -> None:
    desk.stream.delay_s = lambda: 0.0
    click = desk.place()
    await desk.settle(2)
    assert desk.states(click) == [S.ARMED, S.SENT, S.ACCEPTED]
    stamps = desk.intent(click).stamps
    assert stamps.hub_echo is not None
    assert stamps.reply is not None
    assert stamps.fill is not None
    assert stamps.hub_echo < stamps.reply
    assert desk.alarms() == []


@simulated
async def test_an_answer_that_never_comes_is_found_by_the_hub(desk: SimDesk) -> None:
    desk.gateway.faults["place"].append(Fault.REPLY_LOST)
    click = desk.place()
    await desk.settle(1)
    assert desk.states(click)[-1] is S.ACCEPTED
    await desk.settle(10)
    assert desk.states(click)[-1] is S.ACCEPTED
    assert desk.intent(click).stamps.reply is None


def test_without_the_hub_it_is_found_by_asking() -> None:
    async def main() -> None:
        desk = SimDesk(timings=Timings(reconcile_busy_s=1_000))
        await desk.ready()
        desk.stream.loses = lambda: True
        desk.gateway.faults["place"].append(Fault.REPLY_LOST)
        click = desk.place()
        await desk.settle(7)
        assert desk.states(click) == [S.ARMED, S.SENT, S.UNKNOWN, S.ACCEPTED]
        await desk.stop()

    run_virtual(main)


@simulated
async def test_an_order_that_never_arrived_is_absent_after_the_quiet_time(desk: SimDesk) -> None:
    desk.gateway.faults["place"].append(Fault.REQUEST_LOST)
    click = desk.place()
    await desk.settle(40)
    assert desk.states(click)[-1] is S.UNKNOWN
    await desk.settle(20)
    assert desk.states(click)[-1] is S.ABSENT
    assert "does not know it" in desk.intent(click).reason
    assert desk.gateway.calls.count("place") == 1


@simulated
async def test_a_request_cut_in_the_middle_is_not_called_unsent(desk: SimDesk) -> None:
    desk.gateway.faults["place"].append(Fault.CUT)
    click = desk.place()
    await desk.settle(0.1)
    assert desk.states(click) == [S.ARMED, S.UNKNOWN]
    await desk.settle(60)
    assert desk.states(click)[-1] is S.ABSENT


@simulated
async def test_an_order_accepted_after_all_that_is_an_alarm(desk: SimDesk) -> None:
    desk.gateway.faults["place"].append(Fault.LATE)
    desk.gateway.late_s = 90
    click = desk.place()
    await desk.settle(89)
    assert desk.states(click)[-1] is S.ABSENT
    await desk.settle(5)
    assert desk.states(click)[-1] is S.ACCEPTED
    assert "accepted buy 1 MNQ Z26 late" in desk.alarms()[0]


@simulated
async def test_without_hub_and_answer_a_person_is_asked_and_the_contract_is_locked(
    desk: SimDesk,
) -> None:
    desk.gateway.faults["place"].append(Fault.REQUEST_LOST)
    click = desk.place()
    desk.stream.drop()
    await desk.settle(200)
    assert desk.states(click)[-1] is S.NEEDS_HUMAN
    second = desk.place()
    await desk.settle(0)
    assert "look at the venue's own page" in desk.intent(second).reason
    desk.stream.up.set()
    await desk.settle(150)
    assert desk.states(click)[-1] is S.ABSENT


@simulated
async def test_refused_by_the_venue_carries_its_reason(desk: SimDesk) -> None:
    desk.gateway.faults["place"].append(Fault.REFUSED)
    click = desk.place()
    await desk.settle(2)
    assert desk.states(click)[-1] is S.REJECTED
    assert desk.intent(click).reason == "The market is closed."


@simulated
async def test_a_rejected_row_on_the_hub_waits_for_the_answers_reason(desk: SimDesk) -> None:
    desk.stream.delay_s = lambda: 0.0
    venue = desk.venue

    def refuse(*members: Any) -> Any:
        pending = venue._new(Side.BUY, OrderType.MARKET, 1, None, None, members[-1], None)
        venue.reject(pending.order_id)
        raise VenueRefusedError("Outside trading hours.", "place", 5, pending.order_id)

    whole: Any = venue
    whole.place = refuse
    click = desk.place()
    await desk.settle(2)
    assert desk.states(click) == [S.ARMED, S.SENT, S.REJECTED]
    assert desk.intent(click).reason == "Outside trading hours."
    desk.gateway.faults["place"].append(Fault.REPLY_LOST)
    lost = desk.place()
    await desk.settle(10)
    assert desk.states(lost) == [S.ARMED, S.SENT, S.UNKNOWN, S.REJECTED]
    assert desk.alarms() == []


@simulated
async def test_a_pending_order_is_enough_when_no_answer_comes(desk: SimDesk) -> None:
    venue: Any = desk.venue
    venue.fill = lambda order_id: None
    desk.gateway.faults["place"].append(Fault.REPLY_LOST)
    click = desk.place()
    await desk.settle(10)
    assert desk.states(click) == [S.ARMED, S.SENT, S.UNKNOWN, S.ACCEPTED]


@simulated
async def test_a_pending_order_that_is_rejected_later_is_rejected(desk: SimDesk) -> None:
    venue: Any = desk.venue
    venue.fill = lambda order_id: None
    desk.gateway.faults["place"].append(Fault.REPLY_LOST)
    click = desk.place()
    await desk.settle(10)
    venue.reject(desk.intent(click).order_id)
    await desk.settle(1)
    assert desk.states(click) == [S.ARMED, S.SENT, S.UNKNOWN, S.ACCEPTED, S.REJECTED]
    assert desk.alarms() == []


@simulated
async def test_not_sent_may_be_clicked_again_with_the_same_tag(desk: SimDesk) -> None:
    desk.gateway.faults["place"].append(Fault.NOT_SENT)
    click = desk.place()
    await desk.settle(1)
    assert desk.states(click)[-1] is S.NOT_SENT
    tag = desk.intent(click).tag
    again = desk.place(custom_tag=tag)
    await desk.settle(1)
    assert desk.states(again)[-1] is S.ACCEPTED
    assert desk.intent(again).tag == tag
    third = desk.place(custom_tag=tag)
    await desk.settle(1)
    assert "was used before" in desk.intent(third).reason


@simulated
async def test_an_order_that_is_sent_again_has_a_quiet_time_of_its_own(desk: SimDesk) -> None:
    """Also when the resolver is still busy with another order when it becomes unknown again."""
    desk.gateway.faults["place"].extend([Fault.REQUEST_LOST, Fault.REQUEST_LOST, Fault.LATE])
    desk.gateway.late_s = 35.0
    click = desk.place()
    desk.place()
    await desk.until(lambda: desk.states(click)[-1] is S.ABSENT)
    gateway: Any = desk.executor.parts.calls.gateway
    positions = gateway.positions

    async def slow(account_id: Any) -> Any:
        await desk.settle(6)
        return await positions(account_id)

    gateway.positions = slow
    again = desk.place(custom_tag=desk.intent(click).tag)
    await desk.settle(60)
    assert desk.states(again) == [S.ARMED, S.SENT, S.UNKNOWN, S.ACCEPTED]


@simulated
async def test_a_tag_of_another_order_is_refused(desk: SimDesk) -> None:
    desk.gateway.faults["place"].append(Fault.NOT_SENT)
    click = desk.place()
    await desk.settle(1)
    other = desk.place(size=2, custom_tag=desk.intent(click).tag)
    forged = desk.place(custom_tag="td1-abcde-aaaaaaa-aaaa")
    ours = desk.place(custom_tag="my-strategy-1")
    await desk.settle(1)
    assert "different order" in desk.intent(other).reason
    assert "used before" in desk.intent(forged).reason
    assert desk.states(ours)[-1] is S.ACCEPTED


@simulated
async def test_the_same_click_twice_is_sent_once(desk: SimDesk) -> None:
    click = desk.place()
    first = desk.intent(click).command
    desk.executor.handle(first)
    await desk.settle(2)
    assert desk.gateway.calls.count("place") == 1
    assert S.DENIED in desk.states(click)
    assert "nothing was sent twice" in desk.intent_in(click, S.DENIED).reason


@simulated
async def test_a_full_disk_stops_entries_and_lets_exits_through(desk: SimDesk) -> None:
    desk.place(size=2)
    await desk.settle(2)
    desk.journal.full = True
    entry = desk.place()
    leave = desk.place(Side.SELL, 2)
    await desk.settle(2)
    assert desk.states(entry) == [S.DENIED]
    assert "journal cannot be written" in desk.intent(entry).reason
    assert desk.states(leave)[-1] is S.ACCEPTED
    assert desk.venue.net == 0
    assert len(desk.alarms()) == 1
    desk.journal.full = False
    later = desk.place()
    await desk.settle(2)
    assert desk.states(later)[-1] is S.ACCEPTED


@simulated
async def test_a_fill_before_its_order_is_known(desk: SimDesk) -> None:
    delays = iter([0.4, 0.4, 0.0, 0.0])
    desk.stream.delay_s = lambda: next(delays, 0.05)
    click = desk.place()
    await desk.settle(2)
    assert desk.states(click)[-1] is S.ACCEPTED
    assert len(desk.heard(FillReceived)) == 1


# --- arming, phases -------------------------------------------------------------------------


@simulated
async def test_disarmed_blocks_entries_and_no_exit(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=40)
    await desk.settle(2)
    desk.give(cmd.SetArmed, armed=False)
    entry = desk.place()
    leave = desk.place(Side.SELL, 1)
    await desk.settle(2)
    assert desk.states(entry) == [S.DENIED]
    assert desk.states(leave)[-1] is S.ACCEPTED
    close = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
    await desk.settle(5)
    assert isinstance(answered(desk, close)[-1], CommandDone)
    assert desk.venue.net == 0
    assert desk.venue.working() == []


@simulated
async def test_without_a_desk_entries_are_off_and_armed_does_not_come_back(desk: SimDesk) -> None:
    sink = desk.events.append
    desk.executor.detach(sink, controller=True)
    desk.executor.attach(sink, controller=False)
    click = desk.place()
    assert "No desk is attached" in desk.intent(click).reason
    desk.executor.detach(sink, controller=False)
    desk.executor.attach(sink, controller=True)
    again = desk.place()
    assert "not armed" in desk.intent(again).reason


@simulated
async def test_hub_loss_degrades_and_a_reconnect_takes_a_snapshot(desk: SimDesk) -> None:
    snapshots = len(desk.heard(SnapshotTaken))
    desk.stream.drop()
    await desk.settle(2)
    assert desk.phase is Phase.DEGRADED
    assert "the connection was cut" in desk.heard(SessionChanged)[-1].detail
    meanwhile = desk.place()
    await desk.settle(2)
    assert desk.states(meanwhile)[-1] is S.ACCEPTED, "REST is healthy, so entries go"
    desk.gateway.choose = lambda kind: Fault.NOT_SENT
    await desk.settle(31)
    refused = desk.place()
    assert "does not answer" in desk.intent(refused).reason
    desk.gateway.choose = None
    desk.stream.up.set()
    await desk.ready()
    assert len(desk.heard(SnapshotTaken)) == snapshots + 1
    assert [p.net_size for p in desk.heard(SnapshotTaken)[-1].positions] == [1]


def test_a_refused_login_says_so_and_ends_quietly() -> None:
    async def main() -> None:
        desk = SimDesk()
        desk.gateway.auth_refused = True
        await desk.until(lambda: desk.phase is Phase.REFUSED)
        assert "refused the key" in desk.heard(SessionChanged)[-1].detail
        assert desk.executor.may_leave
        click = desk.place()
        await desk.settle(1)
        assert desk.states(click) == [S.DENIED]
        await desk.stop()

    run_virtual(main)


def test_a_venue_that_is_not_there_yet_is_tried_again() -> None:
    async def main() -> None:
        desk = SimDesk()
        desk.gateway.faults["login"].extend([Fault.NOT_SENT] * 3)
        await desk.settle(1)
        assert "Trying again" in desk.heard(SessionChanged)[-1].detail
        await desk.ready()
        assert len(desk.heard(TokenGranted)) == 1
        await desk.stop()

    run_virtual(main)


@simulated
async def test_health_is_sampled_each_second(desk: SimDesk) -> None:
    before = len(desk.heard(HealthSampled))
    await desk.settle(10)
    samples = desk.heard(HealthSampled)
    assert len(samples) - before == 10
    assert samples[-1].user_hub_connected
    assert samples[-1].rest_p50_ms == pytest.approx(90, abs=1)


# --- cancel, modify -------------------------------------------------------------------------


@simulated
async def test_an_unknown_cancel_is_repeated_until_proven(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.gateway.faults["cancel"].extend([Fault.REQUEST_LOST, Fault.NOT_SENT])
    click = desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(15)
    assert isinstance(answered(desk, click)[-1], CommandDone)
    assert desk.gateway.calls.count("cancel") == 3
    assert desk.venue.working() == []


@simulated
async def test_a_cancel_that_was_done_without_an_answer_is_not_repeated(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.gateway.faults["cancel"].append(Fault.REPLY_LOST)
    click = desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(15)
    assert isinstance(answered(desk, click)[-1], CommandDone)
    assert desk.gateway.calls.count("cancel") == 1


@simulated
async def test_a_cancel_that_comes_too_late_says_filled(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.stream.loses = lambda: True
    desk.venue.fill(order_id)  # type: ignore[arg-type]
    click = desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(5)
    (answer,) = answered(desk, click)
    assert answer.reason == "It was filled before the cancel arrived."


@simulated
async def test_an_unknown_order_cannot_be_cancelled_nor_changed(desk: SimDesk) -> None:
    cancel = desk.give(cmd.CancelOrder, order_id=4711)
    change = desk.give(cmd.ModifyOrder, order_id=4711, limit_ticks=1)
    await desk.settle(5)
    assert "does not know this order" in answered(desk, cancel)[0].reason
    assert "is not known" in answered(desk, change)[0].reason


@simulated
async def test_a_drag_sends_the_first_and_the_last_change(desk: SimDesk) -> None:
    order_id = await resting(desk)
    clicks = [
        desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_000 + n) for n in range(1, 21)
    ]
    await desk.settle(5)
    assert desk.gateway.calls.count("modify") == 2
    assert desk.blotter.orders[order_id].limit_ticks == 79_020
    texts = [answered(desk, click)[0].text for click in clicks]
    assert texts == ["Changed", *["Replaced by a newer change"] * 18, "Changed"]


@simulated
async def test_an_unknown_change_is_read_back_and_sent_again_only_if_it_is_not_there(
    desk: SimDesk,
) -> None:
    order_id = await resting(desk)
    desk.stream.loses = lambda: True
    desk.gateway.faults["modify"].extend([Fault.REPLY_LOST, Fault.REQUEST_LOST])
    done = desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_004)
    await desk.settle(7)
    lost = desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_008)
    await desk.settle(10)
    assert isinstance(answered(desk, done)[0], CommandDone)
    assert isinstance(answered(desk, lost)[0], CommandDone)
    assert desk.gateway.calls.count("modify") == 3
    assert desk.venue.orders[order_id].limit_ticks == 79_008  # type: ignore[index]


@simulated
async def test_cancel_all_leaves_the_exits_of_a_position(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=40, take_profit_ticks=40)
    await resting(desk)
    some = desk.give(cmd.CancelAll)
    await desk.settle(5)
    assert isinstance(answered(desk, some)[0], CommandDone)
    assert {o.type for o in desk.venue.working()} == {OrderType.STOP, OrderType.LIMIT}
    assert all(o.parent_id for o in desk.venue.working())
    everything = desk.give(cmd.CancelAll, include_exits=True)
    await desk.settle(5)
    assert isinstance(answered(desk, everything)[0], CommandDone)
    assert desk.venue.working() == []


# --- closing, flatten -----------------------------------------------------------------------


@simulated
async def test_close_takes_orphaned_exits_along_and_leaves_entries(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=40, take_profit_ticks=40)
    entry = await resting(desk)
    click = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
    await desk.settle(5)
    (answer,) = answered(desk, click)
    assert answer.text == "Closed 2, 2 exit orders cancelled"
    assert [o.order_id for o in desk.venue.working()] == [entry]


@simulated
async def test_a_close_without_an_answer_is_proven_by_the_position(desk: SimDesk) -> None:
    desk.place(size=2)
    await desk.settle(2)
    desk.gateway.faults["close"].append(Fault.REPLY_LOST)
    click = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
    twice = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
    await desk.settle(8)
    assert isinstance(answered(desk, click)[0], CommandDone)
    assert "being closed already" in answered(desk, twice)[0].reason
    nothing = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
    await desk.settle(2)
    assert "no position" in answered(desk, nothing)[0].reason


@simulated
async def test_flatten_through_faults_ends_flat(desk: SimDesk) -> None:
    desk.place(size=3, stop_loss_ticks=40)
    await resting(desk)
    desk.gateway.faults["cancel"].extend([Fault.NOT_SENT, Fault.REQUEST_LOST])
    desk.gateway.faults["close"].extend([Fault.NOT_SENT, Fault.REFUSED])
    desk.gateway.faults["positions"].append(Fault.NOT_SENT)
    click = desk.give(cmd.Flatten)
    during = desk.place()
    await desk.settle(30)
    assert "flatten is running" in desk.intent(during).reason
    assert isinstance(answered(desk, click)[0], CommandDone)
    assert (desk.venue.net, desk.venue.working()) == (0, [])
    texts = [p.text for p in desk.heard(FlattenProgress)]
    assert texts[0] == "Entries off"
    assert texts[-1] == "Flat and empty, seen twice"
    after = desk.place()
    await desk.settle(2)
    assert desk.states(after)[-1] is S.ACCEPTED


@simulated
async def test_flatten_that_cannot_be_proven_is_an_alarm(desk: SimDesk) -> None:
    desk.place(size=3)
    await desk.settle(2)
    desk.gateway.choose = lambda kind: Fault.NOT_SENT
    click = desk.give(cmd.Flatten)
    await desk.settle(50)
    (answer,) = answered(desk, click)
    assert "Not proven flat after 40 s" in answer.reason
    assert answer.outcome_unknown
    assert desk.alarms()
    desk.gateway.choose = None


@simulated
async def test_flatten_names_an_order_that_is_still_unknown(desk: SimDesk) -> None:
    desk.gateway.faults["place"].append(Fault.REQUEST_LOST)
    desk.place()
    await desk.settle(6)
    click = desk.give(cmd.Flatten)
    await desk.settle(3)
    assert "1 sent before is still unknown" in answered(desk, click)[0].text


@simulated
async def test_one_close_per_position_even_while_the_venue_is_slow(desk: SimDesk) -> None:
    """A second market close while the first is on its way would open the other side."""
    desk.place(size=3)
    await desk.settle(2)
    desk.gateway.faults["close"].append(Fault.LATE)
    desk.gateway.late_s = 2.5
    click = desk.give(cmd.Flatten)
    await desk.settle(20)
    assert isinstance(answered(desk, click)[0], CommandDone)
    assert desk.venue.net == 0
    closes = [o for o in desk.venue.orders.values() if o.side is Side.SELL]
    assert [o.size for o in closes] == [3]


# --- books ----------------------------------------------------------------------------------


@simulated
async def test_a_position_that_lost_its_stop_is_an_alarm_once(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=40)
    await desk.settle(3)
    assert desk.alarms() == []
    (stop,) = desk.venue.working()
    desk.venue.cancel(stop.order_id)
    await desk.settle(10)
    assert len(desk.alarms()) == 1
    assert "Long 2 MNQ Z26 has no working stop" in desk.alarms()[0]


@simulated
async def test_what_the_hub_swallowed_is_found_by_reconciling(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.stream.loses = lambda: True
    desk.venue.fill(order_id)  # type: ignore[arg-type]
    await desk.settle(6)
    assert desk.blotter.orders[order_id].status is OrderStatus.FILLED
    assert desk.blotter.net_size(ACCOUNT, MNQ.contract_id) == 1
    assert len(desk.blotter.fills) == 1


def test_a_lost_journal_is_made_good_by_the_venues_list() -> None:
    async def main() -> None:
        desk = SimDesk()
        await desk.ready()
        click = limit_order(desk)
        await desk.settle(2)
        tag = desk.intent(click).tag
        await desk.kill()
        desk.disk = Disk()
        desk.start()
        await desk.ready()
        assert desk.intents[tag].state is S.ACCEPTED
        assert any("not in the journal" in n.text for n in desk.heard(Notice))
        fresh = limit_order(desk)
        await desk.settle(2)
        assert desk.states(fresh)[-1] is S.ACCEPTED
        await desk.stop()

    run_virtual(main)


@simulated
async def test_a_symbol_nobody_knows(desk: SimDesk) -> None:
    click = desk.give(cmd.TrackContract, symbol="XYZ")
    known = desk.give(cmd.TrackContract, symbol="MNQ")
    await desk.settle(1)
    assert "No active contract" in answered(desk, click)[0].reason
    assert desk.heard(InstrumentResolved)[-1].instrument == MNQ
    assert known


@simulated
async def test_an_orderly_end_waits_for_answers_and_names_what_stays_unknown(
    desk: SimDesk,
) -> None:
    quick = desk.place()
    await desk.settle(0.01)
    desk.gateway.faults["place"].append(Fault.LATE)
    slow = desk.place()
    desk.give(cmd.Shutdown)
    await desk.executor.close()
    assert desk.states(quick)[-1] is S.ACCEPTED
    assert desk.states(slow)[-1] is S.UNKNOWN
    assert any("still unknown" in text for text in desk.alarms())
    assert desk.heard(SessionChanged)[-1].phase is Phase.STOPPED
    assert desk.gateway.closed


@simulated
async def test_a_yes_with_the_id_of_no_order_is_asked_about(desk: SimDesk) -> None:
    venue: Any = desk.venue
    place = venue.place
    venue.place = lambda *members: 4242
    nowhere = desk.place()
    await desk.settle(1)
    assert desk.states(nowhere)[-1] is S.ACCEPTED

    def misname(*members: Any) -> int:
        place(*members)
        return 4343

    venue.place, desk.stream.loses = misname, lambda: True
    misnamed = desk.place(type=OrderType.LIMIT, limit_ticks=79_000)
    await desk.settle(150)
    assert desk.states(nowhere)[-2:] == [S.UNKNOWN, S.ABSENT]
    assert desk.states(misnamed)[-1] is S.ACCEPTED
    assert desk.intent(misnamed).order_id == 1


@simulated
async def test_positions_are_never_older_than_the_orders_that_they_are_read_with(
    desk: SimDesk,
) -> None:
    """A stop fills while the list of orders is slow to come: it must not show in neither list."""
    stop = desk.place(type=OrderType.STOP, stop_ticks=80_100)
    await desk.settle(2)
    gateway: Any = desk.executor.parts.calls.gateway
    answer = gateway.working_orders

    async def slow(account_id: Any) -> Any:
        await desk.settle(3)
        return await answer(account_id)

    gateway.working_orders = slow
    looked: list[Any] = []
    look = desk.executor.parts.owner.start(_keep(desk, looked), "look")
    await desk.settle(1)
    order_id = desk.intent(stop).order_id
    assert order_id is not None
    desk.venue.fill(order_id)
    await look
    (report,) = looked
    assert [order.order_id for order in report.working] == []
    assert [position.net_size for position in report.positions] == [1]


async def _keep(desk: SimDesk, looked: list[Any]) -> None:
    looked.append(await desk.executor.parts.calls.look(ACCOUNT))
