"""Modify, cancel and close through faults, in virtual time: what is sent, found out and told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.fakes.fake_gateway import Fault
from tests.fakes.fake_venue import ACCOUNT, MNQ
from tests.fakes.plays import answered, change_states, changes, played, resting
from tests.fakes.sim_desk import SimDesk
from tests.fakes.virtual_time import run_virtual

from tradedesk.domain import commands as cmd
from tradedesk.domain.changes import Change, ChangeState
from tradedesk.domain.errors import OutcomeUnknownError, VenueRefusedError
from tradedesk.domain.events import CommandDone, CommandFailed, Notice, SnapshotTaken
from tradedesk.domain.ids import AccountId, OrderId
from tradedesk.domain.order import OrderStatus, OrderType, Role, Side
from tradedesk.domain.roles import role_of
from tradedesk.trading.change_desk import KIND

S = ChangeState


def journal(desk: SimDesk) -> dict[str, Change]:
    return {
        key: msgspec.json.decode(note, type=Change)
        for (kind, key), note in desk.disk.notes.items()
        if kind == KIND and note
    }


# --- the record ---------------------------------------------------------------------------------


@played()
async def test_a_cancel_is_journaled_before_it_is_sent_and_stamped_at_every_step(
    desk: SimDesk,
) -> None:
    order_id = await resting(desk)
    gateway: Any = desk.gateway
    found: list[Change] = []
    send = gateway.cancel

    async def cancel(**members: Any) -> None:
        found.extend(journal(desk).values())
        await send(**members)

    gateway.cancel = cancel
    desk.executor.parts.calls.gateway.cancel = cancel  # type: ignore[method-assign]
    click = desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(2)
    (before,) = found
    assert (before.state, before.attempts) == (S.ARMED, 1)
    assert change_states(desk, click) == [S.ARMED, S.SENT, S.DONE]
    stamps = changes(desk, click)[-1].stamps
    steps = [stamps.press, stamps.received, stamps.journaled, stamps.written]
    assert None not in steps
    assert steps == sorted(steps, key=lambda at: at or 0)
    assert stamps.written is not None
    assert stamps.reply is not None
    assert stamps.hub_echo is not None
    assert stamps.written < min(stamps.reply, stamps.hub_echo)
    assert journal(desk)[before.key].state is S.DONE


@played()
async def test_changes_are_counted_by_what_they_change(desk: SimDesk) -> None:
    order_id = await resting(desk)
    move = desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_001)
    await desk.settle(1)
    end = desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(1)
    assert changes(desk, move)[-1].key == f"order-{order_id}-1"
    assert changes(desk, end)[-1].key == f"order-{order_id}-2"
    desk.give(cmd.Sync)
    assert [c.key[-1] for c in desk.heard(SnapshotTaken)[-1].changes] == ["1", "2"]


# --- cancel -------------------------------------------------------------------------------------


@played()
async def test_pending_cancellation_is_on_its_way_and_not_asked_for_again(desk: SimDesk) -> None:
    order_id = await resting(desk)
    venue: Any = desk.venue
    end = venue.cancel
    venue.cancel = lambda one: venue._change(
        venue.orders[one], status=OrderStatus.PENDING_CANCELLATION
    )
    click = desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(6)
    assert answered(desk, click) == []
    end(order_id)
    await desk.settle(1)
    assert isinstance(answered(desk, click)[0], CommandDone)
    assert desk.gateway.calls.count("cancel") == 1
    assert change_states(desk, click)[-1] is S.DONE


@played()
async def test_a_cancel_that_the_venue_takes_and_forgets_is_told_and_given_up(
    desk: SimDesk,
) -> None:
    order_id = await resting(desk)
    venue: Any = desk.venue
    venue.cancel = lambda one: None
    click = desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(20)
    (answer,) = answered(desk, click)
    assert answer.outcome_unknown
    assert "does not show it" in answer.reason
    assert desk.gateway.calls.count("cancel") == 4
    assert change_states(desk, click)[-1] is S.UNKNOWN
    await desk.settle(60)
    assert change_states(desk, click)[-1] is S.REFUSED
    assert desk.gateway.calls.count("cancel") == 4


@played()
async def test_a_cancel_that_comes_through_late_is_told(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.gateway.faults["cancel"].extend([Fault.LATE] + [Fault.NOT_SENT] * 3)
    desk.gateway.late_s = 25
    click = desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(20)
    assert answered(desk, click)[0].outcome_unknown
    assert change_states(desk, click)[-1] is S.UNKNOWN
    await desk.settle(10)
    assert change_states(desk, click)[-1] is S.DONE
    assert any(
        n.text == f"The cancel of order {order_id}, unknown until now: done."
        for n in desk.heard(Notice)
    )


@played()
async def test_a_cancel_nobody_can_find_out_about_is_a_persons_to_look_at(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.gateway.choose = lambda kind: Fault.REQUEST_LOST if kind == "cancel" else Fault.NOT_SENT
    desk.stream.drop()
    click = desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(250)
    assert change_states(desk, click)[-2:] == [S.UNKNOWN, S.NEEDS_HUMAN]
    desk.gateway.choose = None
    desk.venue.cancel(order_id)
    desk.stream.up.set()
    await desk.settle(40)
    assert change_states(desk, click)[-1] is S.DONE


@played()
async def test_what_a_person_was_asked_about_is_still_found_out(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.gateway.choose = lambda kind: Fault.REQUEST_LOST if kind == "cancel" else Fault.NOT_SENT
    desk.stream.drop()
    click = desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(250)
    assert change_states(desk, click)[-1] is S.NEEDS_HUMAN
    desk.gateway.choose = None
    desk.stream.up.set()
    await desk.settle(120)
    assert change_states(desk, click)[-1] is S.REFUSED
    assert [order.order_id for order in desk.venue.working()] == [order_id]
    told = [n.text for n in desk.heard(Notice) if f"The cancel of order {order_id}" in n.text]
    assert ["needs human" in told[0], "refused" in told[1]] == [True, True]


@played()
async def test_a_cancel_that_is_never_sent_says_so(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.gateway.faults["cancel"].extend([Fault.NOT_SENT] * 4)
    click = desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(10)
    (answer,) = answered(desk, click)
    assert not answer.outcome_unknown
    assert change_states(desk, click) == [S.ARMED, S.NOT_SENT]
    assert changes(desk, click)[-1].attempts == 4
    assert len(desk.venue.working()) == 1


@played()
async def test_filled_before_the_cancel_is_a_refusal_with_its_sentence(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.stream.loses = lambda: True
    desk.venue.fill(order_id)
    click = desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(5)
    assert change_states(desk, click)[-1] is S.REFUSED
    assert changes(desk, click)[-1].reason == "It was filled before the cancel arrived."
    assert answered(desk, click)[0].reason == "It was filled before the cancel arrived."


@played()
async def test_two_who_cancel_one_order_send_one_cancel(desk: SimDesk) -> None:
    order_id = await resting(desk)
    first = desk.give(cmd.CancelOrder, order_id=order_id)
    second = desk.give(cmd.CancelOrder, order_id=order_id)
    every = desk.give(cmd.CancelAll)
    await desk.settle(3)
    assert desk.gateway.calls.count("cancel") == 1
    for click in (first, second, every):
        assert isinstance(answered(desk, click)[0], CommandDone)


@played()
async def test_cancel_all_counts_what_became_of_each(desk: SimDesk) -> None:
    await resting(desk, limit_ticks=79_001)
    filled = await resting(desk, limit_ticks=79_002)
    stuck = await resting(desk, limit_ticks=79_003)
    venue: Any = desk.venue
    end = venue.cancel

    def cancel(order_id: OrderId) -> None:
        if order_id == filled:
            venue.fill(order_id)
            raise VenueRefusedError("The order is done already.", "cancel", 3)
        if order_id != stuck:
            end(order_id)

    venue.cancel = cancel
    click = desk.give(cmd.CancelAll)
    await desk.settle(30)
    (answer,) = answered(desk, click)
    assert answer.outcome_unknown
    assert answer.reason.startswith("Cancelled 1 of 3 orders, 1 filled meanwhile, 1 may still work")
    venue.cancel = end
    again = desk.give(cmd.CancelAll)
    await desk.settle(5)
    assert answered(desk, again)[0].text == "Cancelled 1 order"


# --- modify -------------------------------------------------------------------------------------


@played()
async def test_a_change_is_not_repeated_when_something_else_moved_the_order(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.gateway.faults["modify"].append(Fault.REQUEST_LOST)
    click = desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_010)
    await desk.settle(1)
    desk.venue.modify(order_id, None, 78_000, None)
    await desk.settle(20)
    assert desk.gateway.calls.count("modify") == 1
    assert answered(desk, click)[0].outcome_unknown
    await desk.settle(60)
    assert change_states(desk, click)[-1] is S.REFUSED
    assert desk.venue.orders[order_id].limit_ticks == 78_000


@played()
async def test_a_change_is_not_repeated_once_a_newer_one_was_asked_for(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.gateway.faults["modify"].append(Fault.REQUEST_LOST)
    older = desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_010)
    await desk.settle(1)
    newer = desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_020)
    await desk.settle(20)
    assert desk.gateway.calls.count("modify") == 2
    assert answered(desk, older)[0].outcome_unknown
    assert isinstance(answered(desk, newer)[0], CommandDone)
    assert desk.venue.orders[order_id].limit_ticks == 79_020
    await desk.settle(60)
    assert change_states(desk, older)[-1] is S.REFUSED
    assert desk.alarms() == []


@played()
async def test_a_newer_change_does_not_keep_a_refused_one_from_waiting(desk: SimDesk) -> None:
    """It went round without ever waiting, and with it the whole executor."""
    order_id = await resting(desk)
    desk.gateway.faults["modify"].extend([Fault.REQUEST_LOST, Fault.REFUSED])
    older = desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_010)
    while desk.gateway.calls.count("modify") < 2:
        await desk.settle(0.01)
    desk.gateway.faults["orders"].extend([Fault.NOT_SENT] * 2)  # no look tells what the no meant
    desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_020)
    await desk.settle(30)
    assert desk.venue.orders[order_id].limit_ticks == 79_020
    # a no to what was sent twice may mean that the first copy was carried out
    assert change_states(desk, older)[-1] is S.UNKNOWN
    await desk.settle(60)
    assert change_states(desk, older)[-1] is S.REFUSED


@played()
async def test_a_change_is_not_repeated_once_its_order_is_to_be_cancelled(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.gateway.faults["modify"].append(Fault.REQUEST_LOST)
    desk.gateway.faults["cancel"].extend([Fault.REQUEST_LOST] * 4)
    desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_010)
    await desk.settle(1)
    desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(60)
    assert desk.gateway.calls.count("modify") == 1


@played()
async def test_an_older_change_that_comes_through_after_a_newer_one_is_an_alarm(
    desk: SimDesk,
) -> None:
    order_id = await resting(desk)
    desk.gateway.faults["modify"].append(Fault.LATE)
    desk.gateway.late_s = 20
    older = desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_010)
    await desk.settle(1)
    desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_020)
    await desk.settle(15)
    assert desk.alarms() == []
    await desk.settle(10)
    (alarm,) = desk.alarms()
    assert alarm == (
        f"An earlier change of order {order_id} was carried out late: it stands at 19,752.50, "
        "size 1 now. Move it again if you do not want that."
    )
    assert change_states(desk, older)[-1] is S.DONE
    assert desk.gateway.calls.count("modify") == 2


@played()
async def test_a_change_that_comes_through_after_its_verdict_is_an_alarm(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.gateway.faults["modify"].extend([Fault.LATE, Fault.REFUSED])
    desk.gateway.late_s = 60  # longer than any quiet time
    click = desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_010)
    await desk.settle(25)
    assert change_states(desk, click)[-1] is S.UNKNOWN
    await desk.settle(30)
    assert change_states(desk, click)[-1] is S.REFUSED
    await desk.settle(10)
    assert change_states(desk, click)[-1] is S.DONE
    assert "carried out late" in desk.alarms()[0]


@played()
async def test_an_order_that_fills_before_its_change_says_so(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.gateway.faults["modify"].append(Fault.REQUEST_LOST)
    click = desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_010)
    await desk.settle(1)
    desk.venue.fill(order_id)
    await desk.settle(6)
    assert answered(desk, click)[0].reason == "It was filled before the change arrived."
    assert desk.gateway.calls.count("modify") == 1


@played()
async def test_a_change_that_was_not_sent_is_the_traders_to_repeat(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.gateway.faults["modify"].append(Fault.NOT_SENT)
    click = desk.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=79_010)
    await desk.settle(5)
    assert change_states(desk, click) == [S.ARMED, S.NOT_SENT]
    assert desk.gateway.calls.count("modify") == 1


@played()
async def test_a_trailing_stop_shows_no_price_so_the_venues_yes_counts(desk: SimDesk) -> None:
    order_id = await resting(desk, type=OrderType.TRAILING_STOP, stop_ticks=79_000)
    venue: Any = desk.venue
    venue.modify = lambda *members: None
    click = desk.give(cmd.ModifyOrder, order_id=order_id, stop_ticks=79_500)
    await desk.settle(1)
    assert isinstance(answered(desk, click)[0], CommandDone)
    assert desk.gateway.calls.count("modify") == 1


# --- close --------------------------------------------------------------------------------------


@played()
async def test_a_close_that_got_lost_is_repeated_after_a_fresh_look(desk: SimDesk) -> None:
    desk.place(size=2)
    await desk.settle(2)
    desk.gateway.faults["close"].append(Fault.REQUEST_LOST)
    click = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
    await desk.settle(12)
    assert answered(desk, click)[0].text == "Closed 2"
    assert change_states(desk, click) == [S.ARMED, S.SENT, S.UNKNOWN, S.ARMED, S.SENT, S.DONE]
    assert [o.size for o in desk.venue.orders.values() if o.side is Side.SELL] == [2]
    assert changes(desk, click)[-1].attempts == 2


@played()
async def test_a_close_that_was_cut_is_not_repeated_within_moments(desk: SimDesk) -> None:
    desk.place(size=2)
    await desk.settle(2)
    desk.gateway.faults["close"].append(Fault.CUT)
    started_ns = desk.clock.mono_ns()
    click = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
    await desk.until(lambda: bool(answered(desk, click)))
    assert desk.clock.mono_ns() - started_ns >= 3_000_000_000
    assert desk.gateway.calls.count("close") == 2
    assert desk.venue.net == 0


@pytest.mark.parametrize("answer", ["lost", "taken", "pending"])
def test_a_close_is_not_repeated_while_its_order_is_on_its_way(answer: str) -> None:
    async def main() -> None:
        desk = SimDesk()
        await desk.ready()
        desk.place(size=2)
        await desk.settle(2)
        venue: Any = desk.venue
        gateway: Any = desk.gateway
        send = gateway.close_contract
        placed = []

        def close() -> None:
            closing = venue._new(Side.SELL, OrderType.MARKET, 2, None, None, None, None)
            placed.append(closing.order_id)

        async def close_contract(**members: Any) -> None:
            await send(**members)
            if answer == "pending":  # as the gateway words code 6
                raise OutcomeUnknownError("The close may or may not have been carried out.")

        venue.close = close
        gateway.close_contract = close_contract
        if answer == "lost":
            desk.gateway.faults["close"].append(Fault.REPLY_LOST)
        click = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
        await desk.settle(9)
        venue.fill(placed[0])
        await desk.settle(10)
        assert len(placed) == 1
        assert venue.net == 0
        assert isinstance(answered(desk, click)[0], CommandDone)
        await desk.stop()

    run_virtual(main)


@played()
async def test_a_close_that_was_not_sent_is_tried_again(desk: SimDesk) -> None:
    desk.place(size=2)
    await desk.settle(2)
    desk.gateway.faults["close"].extend([Fault.NOT_SENT, Fault.NOT_SENT])
    click = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
    await desk.settle(5)
    assert isinstance(answered(desk, click)[0], CommandDone)
    assert desk.gateway.calls.count("close") == 3


@played()
async def test_a_close_of_a_part_is_an_order_that_is_sent_once(desk: SimDesk) -> None:
    desk.place(size=3)
    await desk.settle(2)
    desk.gateway.faults["place"].append(Fault.REQUEST_LOST)
    click = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id, size=1)
    await desk.settle(100)
    assert answered(desk, click)[0].outcome_unknown
    assert desk.gateway.calls.count("place") == 2
    assert desk.venue.net == 3
    assert changes(desk, click) == []


# --- what is not sent at all ----------------------------------------------------------------------


@played()
async def test_bad_input_sends_nothing_and_says_one_sentence(desk: SimDesk) -> None:
    order_id = await resting(desk)
    desk.place(size=2)
    await desk.settle(2)
    elsewhere = AccountId(999)
    contract = MNQ.contract_id
    bad = {
        desk.give(cmd.CancelOrder, order_id=4711): "does not know this order (4711)",
        desk.give(cmd.CancelOrder, order_id=order_id, account_id=elsewhere): "Account 999 is not",
        desk.give(cmd.CancelAll, account_id=elsewhere): "Account 999 is not",
        desk.give(cmd.ModifyOrder, order_id=4711, limit_ticks=1): "Order 4711 is not known",
        desk.give(cmd.ModifyOrder, order_id=order_id, size=0): "between 1 and 50, not 0",
        desk.give(cmd.ModifyOrder, order_id=order_id): "neither a price nor a size",
        desk.give(
            cmd.ModifyOrder, order_id=order_id, size=2, account_id=elsewhere
        ): "Account 999 is not",
        desk.give(cmd.ClosePosition, contract_id=contract, size=0): "1 or more, not 0",
        desk.give(cmd.ClosePosition, contract_id=contract, size=-1): "1 or more, not -1",
        desk.give(
            cmd.ClosePosition, contract_id=contract, account_id=elsewhere
        ): "Account 999 is not",
    }
    await desk.settle(5)
    for click, words in bad.items():
        (answer,) = answered(desk, click)
        assert isinstance(answer, CommandFailed)
        assert words in answer.reason
        assert not answer.outcome_unknown
    assert {"cancel", "modify", "close"}.isdisjoint(desk.gateway.calls)
    assert desk.venue.net == 2


@played()
async def test_the_same_click_changes_something_once(desk: SimDesk) -> None:
    order_id = await resting(desk)
    move = cmd.ModifyOrder(
        click_id="m", press_ns=0, account_id=ACCOUNT, order_id=order_id, limit_ticks=79_001
    )
    end = cmd.CancelOrder(click_id="c", press_ns=0, account_id=ACCOUNT, order_id=order_id)
    desk.executor.handle(move)
    desk.executor.handle(move)
    await desk.settle(2)
    desk.executor.handle(end)
    desk.executor.handle(end)
    await desk.settle(2)
    assert (desk.gateway.calls.count("modify"), desk.gateway.calls.count("cancel")) == (1, 1)
    assert "nothing was sent twice" in answered(desk, "m")[0].reason
    assert "nothing was sent twice" in answered(desk, "c")[0].reason
    await desk.kill()
    desk.start()
    await desk.ready()
    desk.executor.handle(end)
    assert "nothing was sent twice" in answered(desk, "c")[-1].reason


@played()
async def test_a_full_disk_lets_exits_be_changed_and_no_entries(desk: SimDesk) -> None:
    entry = await resting(desk)
    desk.place(size=2, stop_loss_ticks=40)
    await desk.settle(2)
    (stop,) = [order for order in desk.venue.working() if order.parent_id]
    desk.journal.full = True
    refused = desk.give(cmd.ModifyOrder, order_id=entry, limit_ticks=79_001)
    moved = desk.give(cmd.ModifyOrder, order_id=stop.order_id, stop_ticks=79_970)
    ended = desk.give(cmd.CancelOrder, order_id=entry)
    closed = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
    await desk.settle(5)
    assert "only exits can be changed" in answered(desk, refused)[0].reason
    for click in (moved, ended, closed):
        assert isinstance(answered(desk, click)[0], CommandDone)
    assert len([text for text in desk.alarms() if "journal" in text]) == 1


# --- a life later -------------------------------------------------------------------------------


@played()
async def test_what_an_earlier_life_asked_for_is_found_out_and_never_sent_again(
    desk: SimDesk,
) -> None:
    done = await resting(desk, limit_ticks=79_001)
    lost = await resting(desk, limit_ticks=79_002)
    moved = await resting(desk, limit_ticks=79_003)
    desk.place(size=2)
    await desk.settle(2)
    desk.gateway.faults["cancel"].extend([Fault.REPLY_LOST, Fault.REQUEST_LOST])
    desk.gateway.faults["modify"].append(Fault.REPLY_LOST)
    desk.gateway.faults["close"].append(Fault.REQUEST_LOST)
    clicks = [
        desk.give(cmd.CancelOrder, order_id=done),
        desk.give(cmd.CancelOrder, order_id=lost),
        desk.give(cmd.ModifyOrder, order_id=moved, limit_ticks=79_010),
        desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id),
    ]
    await desk.settle(0.01)
    await desk.kill()
    await desk.settle(1)
    desk.events.clear()
    desk.start()
    await desk.ready()
    await desk.settle(50)
    assert desk.gateway.calls.count("cancel") == 2
    assert desk.gateway.calls.count("modify") == 1
    assert desk.gateway.calls.count("close") == 1
    ends = {change.command.click_id: change.state for change in journal(desk).values()}
    assert [ends[click] for click in clicks] == [S.DONE, S.REFUSED, S.DONE, S.REFUSED]
    assert {change.state for change in journal(desk).values()} == {S.DONE, S.REFUSED}


@played()
async def test_a_record_that_cannot_be_read_is_told_and_the_rest_is_kept(desk: SimDesk) -> None:
    order_id = await resting(desk)
    click = desk.give(cmd.CancelOrder, order_id=order_id)
    await desk.settle(2)
    await desk.kill()
    desk.disk.notes[KIND, "order-9-1"] = b"{"
    desk.start()
    await desk.ready()
    assert any("order-9-1 cannot be read" in n.text for n in desk.heard(Notice))
    books = desk.executor.parts.books
    assert [c.command.click_id for c in books.changes.by_key.values()] == [click]


# --- orders of others -----------------------------------------------------------------------------


@played()
async def test_orders_of_others_are_shown_as_such_and_left_alone(desk: SimDesk) -> None:
    ours = await resting(desk)
    venue: Any = desk.venue
    entry = venue._new(Side.BUY, OrderType.LIMIT, 1, 78_000, None, None, None)
    stop = venue._new(Side.SELL, OrderType.STOP, 1, None, 79_000, None, None)
    desk.place(size=1)
    await desk.settle(2)
    assert role_of(desk.blotter.orders[entry.order_id]) is Role.EXTERNAL
    every = desk.give(cmd.CancelAll, include_exits=True)
    await desk.settle(3)
    assert answered(desk, every)[0].text == (
        "Cancelled 1 order; 2 orders not placed here left alone, flatten takes them too"
    )
    assert [o.order_id for o in venue.working()] == [entry.order_id, stop.order_id]
    assert venue.orders[ours].status is OrderStatus.CANCELLED
    close = desk.give(cmd.ClosePosition, contract_id=MNQ.contract_id)
    await desk.settle(4)
    assert answered(desk, close)[0].text == "Closed 1"
    assert [o.order_id for o in venue.working()] == [entry.order_id, stop.order_id]
    assert any("were not placed here and still work" in n.text for n in desk.heard(Notice))
    flat = desk.give(cmd.Flatten)
    await desk.settle(5)
    assert isinstance(answered(desk, flat)[0], CommandDone)
    assert venue.working() == []
