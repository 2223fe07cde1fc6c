"""The kill switch: latched at once, worked to the end, kept over a restart."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.fakes.fake_gateway import Fault
from tests.fakes.fake_venue import LAST, MNQ
from tests.fakes.plays import played
from tests.fakes.sim_desk import SimDesk

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import (
    CommandDone,
    CommandFailed,
    FlattenProgress,
    IntentState,
    LocksChanged,
    Notice,
)
from tradedesk.domain.ids import AccountId
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.safety import Lock, LockKind
from tradedesk.trading.locks import KILL_TEXT, Locks, encode, key_of

S = IntentState


simulated = played()


def release(desk: SimDesk, word: str = "RELEASE") -> Any:
    click = f"release-{len(desk.events)}"
    desk.executor.handle(cmd.ReleaseKill(click_id=click, press_ns=0, word=word))
    return answer(desk, click)


def answer(desk: SimDesk, click: str) -> Any:
    return [
        event
        for event in desk.events
        if isinstance(event, CommandDone | CommandFailed) and event.click_id == click
    ][-1]


def locks(desk: SimDesk) -> list[LockKind]:
    return [lock.kind for lock in desk.heard(LocksChanged)[-1].locks]


def is_empty(desk: SimDesk) -> bool:
    return desk.venue.net == 0 and desk.venue.working() == []


async def loaded(desk: SimDesk) -> None:
    """A position with a bracket, and an entry that rests."""
    desk.place(size=2, stop_loss_ticks=60, take_profit_ticks=60)
    desk.place(type=OrderType.LIMIT, limit_ticks=LAST - 500)
    await desk.settle(3)


# --- tripping -----------------------------------------------------------------------------------


@simulated
async def test_entries_are_off_within_the_handler(desk: SimDesk) -> None:
    await loaded(desk)
    desk.give(cmd.Kill)
    # nothing has run since but the handler
    assert locks(desk) == [LockKind.KILL]
    entry = desk.place()
    assert desk.states(entry) == [S.DENIED]
    assert desk.intent(entry).reason == KILL_TEXT
    assert desk.alarms()[-1] == KILL_TEXT


@simulated
async def test_an_entry_that_passed_the_gate_a_moment_ago_is_stopped_at_the_wire(
    desk: SimDesk,
) -> None:
    entry = desk.place()
    desk.give(cmd.Kill)
    await desk.settle(3)
    assert desk.states(entry) == [S.ARMED, S.NOT_SENT]
    assert "place" not in desk.gateway.calls
    assert desk.intent(entry).reason == KILL_TEXT


@simulated
async def test_everything_is_cancelled_and_closed_and_proven(desk: SimDesk) -> None:
    await loaded(desk)
    click = desk.give(cmd.Kill)
    await desk.settle(3)
    assert is_empty(desk)
    assert answer(desk, click).text == "Flat and empty, seen twice"
    texts = [p.text for p in desk.heard(FlattenProgress) if p.click_id == click]
    assert texts == [
        "Entries off",
        "Cancelling 3 orders",
        "Closing 1 position",
        "Flat and empty; looking once more",
        "Flat and empty, seen twice",
    ]
    times = [p.elapsed_ms for p in desk.heard(FlattenProgress)]
    assert times == sorted(times)
    assert times[-1] <= 700


@simulated
async def test_positions_may_be_kept_with_their_exits(desk: SimDesk) -> None:
    await loaded(desk)
    click = desk.give(cmd.Kill, close_positions=False)
    await desk.settle(3)
    assert isinstance(answer(desk, click), CommandDone)
    assert desk.venue.net == 2
    assert {order.type for order in desk.venue.working()} == {OrderType.STOP, OrderType.LIMIT}
    assert all(order.parent_id for order in desk.venue.working())


@simulated
async def test_exits_still_go(desk: SimDesk) -> None:
    await loaded(desk)
    desk.give(cmd.Kill, close_positions=False)
    await desk.settle(3)
    out = desk.place(Side.SELL, 2)
    await desk.settle(3)
    assert desk.states(out)[-1] is S.ACCEPTED
    assert desk.venue.net == 0


@simulated
async def test_it_goes_on_beyond_every_deadline_with_alarms(desk: SimDesk) -> None:
    await loaded(desk)
    desk.gateway.choose = lambda kind: Fault.NOT_SENT
    click = desk.give(cmd.Kill)
    await desk.settle(75)
    told = [n.text for n in desk.heard(Notice) if "not proven the account flat" in n.text]
    after = [int(text.split(" after ")[1].split(" s;")[0]) for text in told]
    assert [round(seconds / 10) for seconds in after] == [1, 4, 7]
    desk.gateway.choose = None
    await desk.settle(10)
    assert is_empty(desk)
    assert isinstance(answer(desk, click), CommandDone)


@simulated
async def test_an_entry_that_was_on_the_wire_is_closed_as_well(desk: SimDesk) -> None:
    desk.gateway.faults["place"].append(Fault.LATE)
    desk.gateway.late_s = 1.5
    desk.place(size=2, stop_loss_ticks=60)
    await desk.settle(0.02)
    click = desk.give(cmd.Kill)
    await desk.settle(20)
    assert isinstance(answer(desk, click), CommandDone)
    assert is_empty(desk)


@simulated
async def test_twice_is_as_good_as_once(desk: SimDesk) -> None:
    await loaded(desk)
    clicks = [desk.give(cmd.Kill), desk.give(cmd.Flatten), desk.give(cmd.Kill)]
    await desk.settle(10)
    assert all(isinstance(answer(desk, click), CommandDone) for click in clicks)
    assert is_empty(desk)
    sells = [o for o in desk.venue.orders.values() if o.side is Side.SELL and o.filled]
    assert [order.size for order in sells] == [2]
    assert locks(desk) == [LockKind.KILL]


# --- releasing ----------------------------------------------------------------------------------


@simulated
async def test_only_the_word_releases_it(desk: SimDesk) -> None:
    assert release(desk).reason == "The kill switch is not on."
    desk.give(cmd.Kill)
    await desk.settle(3)
    for word in ("", "release", "yes"):
        assert "type RELEASE to release it" in release(desk, word).reason
    assert locks(desk) == [LockKind.KILL]
    assert isinstance(release(desk, " RELEASE "), CommandDone)
    assert locks(desk) == []
    # released, but trading has to be armed again
    entry = desk.place()
    assert "not armed" in desk.intent(entry).reason
    desk.give(cmd.SetArmed, armed=True)
    entry = desk.place()
    await desk.settle(3)
    assert desk.states(entry)[-1] is S.ACCEPTED


@simulated
async def test_it_is_not_released_while_it_works(desk: SimDesk) -> None:
    await loaded(desk)
    desk.gateway.choose = lambda kind: Fault.NOT_SENT
    desk.give(cmd.Kill)
    await desk.settle(1)
    assert "has not proven the account flat yet" in release(desk).reason
    desk.gateway.choose = None
    await desk.settle(10)
    assert isinstance(release(desk), CommandDone)


# --- over a restart -----------------------------------------------------------------------------


@simulated
async def test_the_latch_survives_a_kill_of_the_process(desk: SimDesk) -> None:
    desk.give(cmd.Kill)
    await desk.settle(3)
    await desk.kill()
    desk.start()
    assert locks(desk) == [LockKind.KILL]
    await desk.ready()
    entry = desk.place()
    assert desk.intent(entry).reason == KILL_TEXT
    release(desk)
    await desk.kill()
    desk.start()
    assert locks(desk) == []


@simulated
async def test_work_that_a_dead_process_left_is_finished_by_the_next(desk: SimDesk) -> None:
    await loaded(desk)
    desk.gateway.choose = lambda kind: Fault.NOT_SENT
    desk.give(cmd.Kill)
    await desk.settle(0.5)
    await desk.kill()
    desk.gateway.choose = None
    assert not is_empty(desk)
    desk.start()
    await desk.settle(10)
    assert is_empty(desk)
    assert any("not finished; it goes on now" in text for text in desk.alarms())
    closes = desk.gateway.calls.count("close")
    await desk.kill()
    desk.start()
    await desk.settle(10)
    assert desk.gateway.calls.count("close") == closes


@simulated
async def test_a_disk_that_is_full_does_not_stop_it(desk: SimDesk) -> None:
    await loaded(desk)
    desk.journal.full = True
    desk.give(cmd.Kill)
    entry = desk.place()
    await desk.settle(3)
    assert is_empty(desk)
    assert desk.intent(entry).reason == KILL_TEXT
    assert any("may be forgotten when the desk is started again" in t for t in desk.alarms())
    desk.journal.full = False


# --- the list of locks --------------------------------------------------------------------------


def lock(kind: LockKind = LockKind.KILL, **members: Any) -> Lock:
    return Lock(kind=kind, text=kind.value, since_ns=members.pop("since_ns", 1), **members)


def test_a_lock_binds_its_account_or_all() -> None:
    held = Locks()
    assert held.add(lock(LockKind.DAILY_LOSS, account_id=AccountId(7)))
    assert held.refuse_entry(AccountId(7), 5) == "daily_loss"
    assert held.refuse_entry(AccountId(8), 5) == ""
    assert held.add(lock())
    assert held.refuse_entry(AccountId(8), 5) == "kill"
    # the kill switch is what is told first
    assert held.refuse_entry(AccountId(7), 5) == "kill"
    assert [one.kind for one in held.holding(5)] == [LockKind.DAILY_LOSS, LockKind.KILL]


def test_a_lock_with_an_end_is_only_made_longer() -> None:
    held = Locks()
    assert held.add(lock(LockKind.TIME, until_ns=100))
    assert not held.add(lock(LockKind.TIME, until_ns=50))
    assert held.refuse_entry(AccountId(1), 99)
    assert not held.refuse_entry(AccountId(1), 100)
    assert held.add(lock(LockKind.TIME, until_ns=200))
    assert held.refuse_entry(AccountId(1), 199)


def test_locks_go_through_the_journal_and_back() -> None:
    held = Locks()
    held.add(lock())
    held.add(lock(LockKind.TIME, until_ns=10**18, account_id=AccountId(3)))
    again = Locks()
    again.load(held.dump(), 0)
    assert again.holding(5) == held.holding(5)
    again.load({key_of(lock()): b""}, 0)
    assert len(again.holding(5)) == 2


@pytest.mark.parametrize(
    "payload",
    [b"{", b'{"kind":"of-tomorrow","text":"","since_ns":1}', encode(lock())[:-3]],
)
def test_a_row_that_cannot_be_read_keeps_entries_off_until_the_word(payload: bytes) -> None:
    held = Locks()
    held.load({"strange:*": payload}, 7)
    assert "type RELEASE" in held.refuse_entry(AccountId(1), 8)
    assert held.release(LockKind.KILL)
    assert held.dump() == {"strange:*": b""}


def test_the_kill_switch_is_kept_as_json() -> None:
    assert msgspec.json.decode(encode(lock()), type=Lock) == lock()
    assert MNQ.contract_id not in key_of(lock())
