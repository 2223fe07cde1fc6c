"""Limits of the day, going flat, locks and changing rules, on the shipped executor."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.fakes.fake_venue import ACCOUNT, LAST, MNQ
from tests.fakes.sim_desk import WIDE, SimDesk
from tests.fakes.virtual_time import WALL_0, VirtualClock, run_virtual

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import (
    CommandDone,
    CommandFailed,
    IntentState,
    LocksChanged,
    Notice,
    Phase,
)
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.safety import CoverRules, LockKind, TradingRules
from tradedesk.domain.session import session_end_ns
from tradedesk.domain.wall_words import wall_words

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

S = IntentState
SECOND = 10**9
MINUTE = 60 * SECOND
END_NS = session_end_ns(WALL_0)
"""17:00 in Chicago, 10 h 40 min after the virtual clock begins at 06:20."""


BASE = msgspec.structs.replace(
    WIDE, risk=msgspec.structs.replace(WIDE.risk, max_position_size=1_000)
)


def rules(**risk: Any) -> TradingRules:
    return msgspec.structs.replace(BASE, risk=msgspec.structs.replace(BASE.risk, **risk))


def play(
    story: Callable[[SimDesk], Coroutine[Any, Any, None]],
    kept: TradingRules = BASE,
    *,
    armed: bool = True,
) -> None:
    async def main() -> None:
        desk = SimDesk(rules=kept)
        await desk.ready(armed=armed)
        await story(desk)
        await desk.stop()

    run_virtual(main)


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let the virtual clock begin at another time of the wall."""

    def at(wall_ns: int) -> None:
        class Later(VirtualClock):
            def wall_ns(self) -> int:
                return wall_ns + self.mono_ns()

        monkeypatch.setattr("tests.fakes.sim_desk.VirtualClock", Later)

    return at


def locks(desk: SimDesk) -> set[LockKind]:
    return {lock.kind for lock in desk.heard(LocksChanged)[-1].locks}


def notices(desk: SimDesk, level: str) -> list[str]:
    return [event.text for event in desk.heard(Notice) if event.level == level]


def give_mark(desk: SimDesk, ticks: int, venue_ns: int | None = None) -> None:
    now_ns = desk.clock.mono_ns()
    desk.executor.handle(
        cmd.MarkPrices(
            click_id=f"mark-{now_ns}",
            press_ns=now_ns,
            marks={MNQ.contract_id: cmd.Mark(ticks, now_ns)},
            venue_ns=desk.clock.wall_ns() if venue_ns is None else venue_ns,
        )
    )


def ask_rules(desk: SimDesk, asked: TradingRules) -> str:
    click = f"rules-{desk.clock.mono_ns()}-{len(desk.events)}"
    desk.executor.handle(cmd.SetRules(click_id=click, press_ns=desk.clock.mono_ns(), rules=asked))
    return click


async def refused(desk: SimDesk, side: Side = Side.BUY) -> str:
    """Try an entry; the reason why it is denied."""
    click = desk.place(side, stop_loss_ticks=20)
    await desk.settle(0.5)
    intent = desk.intent(click)
    assert intent.state is S.DENIED, intent
    return intent.reason


async def long(desk: SimDesk, size: int = 1) -> None:
    before = desk.venue.net
    desk.place(Side.BUY, size)
    await desk.until(
        lambda: desk.blotter.net_size(ACCOUNT, MNQ.contract_id) == before + size, deadline_s=5
    )


# --- the day ------------------------------------------------------------------------------------


def test_closed_and_open_loss_lock_entries_until_the_next_trading_day_and_exits_go() -> None:
    async def story(desk: SimDesk) -> None:
        await long(desk, 2)
        give_mark(desk, LAST - 499)  # two contracts at $0.5 a tick: $499, and fees of 37 cents
        await desk.settle(1.5)
        assert locks(desk) == set()
        give_mark(desk, LAST - 500)
        await desk.settle(1.5)
        assert locks(desk) == {LockKind.DAILY_LOSS}
        (lock,) = desk.heard(LocksChanged)[-1].locks
        assert lock.until_ns == END_NS
        assert lock.account_id == ACCOUNT
        give_mark(desk, LAST + 5_000)  # a loss that comes back does not open the lock
        await desk.settle(1.5)
        reason = await refused(desk)
        assert reason.startswith(
            "The day's loss is $500.37, your limit $500.00: entries are off until "
        )
        assert wall_words(END_NS, desk.clock.wall_ns()) in reason
        assert reason.endswith("Exits still go.")
        (alarm,) = [text for text in desk.alarms() if text.startswith("The day's loss")]
        assert alarm.endswith("What is held stays open: flatten is one click.")
        exit_click = desk.place(Side.SELL, 1)
        await desk.settle(1)
        assert desk.intent(exit_click).state is S.ACCEPTED
        flat = desk.give(cmd.Flatten)
        await desk.until(lambda: any(e.click_id == flat for e in desk.heard(CommandDone)))
        assert desk.venue.net == 0

    play(story, rules(daily_loss=Decimal(500)))


def test_profit_of_the_day_locks_as_well() -> None:
    async def story(desk: SimDesk) -> None:
        await long(desk)
        give_mark(desk, LAST + 401)
        await desk.settle(1.5)
        assert locks(desk) == {LockKind.DAILY_PROFIT}
        assert (await refused(desk)).startswith("The day's profit is $200.13, your limit $200.00")

    play(story, rules(daily_profit=Decimal(200), daily_loss=Decimal(200)))


def test_a_loss_by_fills_alone_locks_at_the_fill_before_another_click_can_come() -> None:
    async def story(desk: SimDesk) -> None:
        for _ in range(3):  # $0.37 each
            await long(desk)
        await desk.settle(0)  # one turn of the loop
        click = desk.place(Side.BUY)
        assert desk.intent(click).state is S.DENIED
        assert desk.venue.net == 3

    play(story, rules(daily_loss=Decimal(1)))


def test_an_old_price_is_not_used_and_that_is_said_once() -> None:
    async def story(desk: SimDesk) -> None:
        await long(desk)
        give_mark(desk, LAST - 999)
        await desk.settle(11)
        ask_rules(desk, rules(daily_loss=Decimal(400)))
        await desk.settle(30)
        (said,) = [text for text in notices(desk, "warning") if "fresh price" in text]
        assert said.startswith("No fresh price of MNQ Z26 for 10 s")
        assert locks(desk) == set()
        give_mark(desk, LAST - 1_000)
        await desk.settle(1.5)
        assert locks(desk) == {LockKind.DAILY_LOSS}

    play(story, rules(daily_loss=Decimal(600)))


def test_a_lock_cancels_resting_entries_and_leaves_exits() -> None:
    async def story(desk: SimDesk) -> None:
        desk.place(Side.BUY, 1, stop_loss_ticks=40, take_profit_ticks=40)
        desk.place(Side.BUY, 1, type=OrderType.LIMIT, limit_ticks=LAST - 400)
        desk.place(Side.SELL, 1, type=OrderType.LIMIT, limit_ticks=LAST + 400)
        await desk.settle(1)
        give_mark(desk, LAST - 2_000)
        await desk.settle(5)
        left = {(o.side, o.type, o.parent_id is not None) for o in desk.venue.working()}
        assert left == {
            (Side.SELL, OrderType.STOP, True),
            (Side.SELL, OrderType.LIMIT, True),
            (Side.SELL, OrderType.LIMIT, False),  # may only shrink the position
        }

    play(story, rules(daily_loss=Decimal(500)))


def test_the_limit_flattens_by_itself_where_that_is_set() -> None:
    async def story(desk: SimDesk) -> None:
        await long(desk, 3)
        give_mark(desk, LAST - 400)
        await desk.until(lambda: desk.venue.net == 0, deadline_s=20)
        (alarm,) = [text for text in desk.alarms() if text.startswith("The day's loss")]
        assert "one click" not in alarm

    play(story, rules(daily_loss=Decimal(500), flatten_at_limit=True))


def test_the_lock_survives_a_restart_and_ends_with_the_trading_day(
    begin: Callable[[int], None],
) -> None:
    begin(END_NS - 5 * MINUTE)

    async def story(desk: SimDesk) -> None:
        await long(desk)
        give_mark(desk, LAST - 1_000)
        await desk.settle(1.5)
        assert locks(desk) == {LockKind.DAILY_LOSS}
        await desk.kill()
        desk.start()
        assert locks(desk) == {LockKind.DAILY_LOSS}  # told at once, before the venue is asked
        await desk.ready()
        assert "loss is $500.37" in await refused(desk)
        await desk.settle((END_NS - desk.clock.wall_ns()) / SECOND - 2)
        assert "loss is $500.37" in await refused(desk)
        await desk.settle(3)
        assert locks(desk) == set()
        # the new day begins with nothing but what is open, and of that there is no fresh price
        click = desk.place(Side.BUY, stop_loss_ticks=20)
        await desk.settle(0.5)
        assert desk.intent(click).state is S.ACCEPTED

    play(story, rules(daily_loss=Decimal(500)))


def test_yesterdays_loss_does_not_count_today(begin: Callable[[int], None]) -> None:
    begin(END_NS - MINUTE)

    async def story(desk: SimDesk) -> None:
        for _ in range(2):
            await long(desk)
        await desk.settle(65)
        await long(desk)
        await desk.settle(2)
        assert locks(desk) == set()
        await long(desk)
        await long(desk)
        await desk.until(lambda: locks(desk) == {LockKind.DAILY_LOSS}, deadline_s=0.5)

    play(story, rules(daily_loss=Decimal(1)))


# --- going flat ---------------------------------------------------------------------------------


def test_going_flat_is_announced_and_done_and_entries_stay_off_until_the_next_day() -> None:
    async def story(desk: SimDesk) -> None:
        desk.place(Side.BUY, 2, stop_loss_ticks=40)
        await desk.settle(4 * 60)
        assert notices(desk, "warning") == []
        await desk.settle(62)
        (warning,) = notices(desk, "warning")
        assert warning.startswith("In 5 min, at 06:30 in Chicago (")
        assert "everything is flattened" in warning
        await desk.settle(240)
        assert desk.venue.net == 2
        await desk.settle(70)
        assert desk.venue.net == 0
        assert desk.venue.working() == []
        assert locks(desk) == {LockKind.SESSION_FLAT}
        assert (await refused(desk)).startswith("It is past 06:30 in Chicago")
        assert desk.heard(LocksChanged)[-1].locks[0].until_ns == END_NS
        assert len(notices(desk, "warning")) == 1

    play(story, rules(flat_at="06:30"))


def test_a_crash_over_the_moment_of_going_flat_does_not_skip_it() -> None:
    async def story(desk: SimDesk) -> None:
        await long(desk, 2)
        await desk.settle(9 * 60 + 30)
        await desk.kill()
        await desk.settle(60)
        assert desk.venue.net == 2
        desk.start()
        await desk.until(lambda: desk.venue.net == 0, deadline_s=20)
        assert locks(desk) == {LockKind.SESSION_FLAT}

    play(story, rules(flat_at="06:30"))


def test_a_time_that_has_passed_when_it_is_set_begins_with_the_next_day() -> None:
    async def story(desk: SimDesk) -> None:
        await long(desk)
        ask_rules(desk, rules(flat_at="06:00"))
        await desk.settle(5)
        assert desk.venue.net == 1
        assert locks(desk) == set()

    play(story, rules(flat_at="05:00"))


def test_a_venue_in_a_time_of_its_own_is_not_flattened_by_the_clock_on_the_wall() -> None:
    async def story(desk: SimDesk) -> None:
        await long(desk)
        for _ in range(11):
            give_mark(desk, LAST, desk.clock.wall_ns() - 3 * 24 * 3_600 * SECOND)
            await desk.settle(60)
        assert desk.venue.net == 1
        assert [t for t in notices(desk, "info") if "time of its own" in t] == [
            "Going flat at 06:30 is off: this venue runs in a time of its own."
        ]

    play(story, rules(flat_at="06:30"))


# --- the lock of the trader's own ---------------------------------------------------------------


def ask_lock(desk: SimDesk, ahead_s: float) -> str:
    return desk.give(cmd.LockTrading, until_ns=desk.clock.wall_ns() + int(ahead_s * SECOND))


def test_a_time_lock_cannot_be_undone_and_survives_a_restart() -> None:
    async def story(desk: SimDesk) -> None:
        done = ask_lock(desk, 600)
        (answer,) = [e for e in desk.heard(CommandDone) if e.click_id == done]
        assert answer.text.startswith("Trading is locked until ")
        shorter = ask_lock(desk, 300)
        (refusal,) = [e for e in desk.heard(CommandFailed) if e.click_id == shorter]
        assert "only be made longer" in refusal.reason
        assert (await refused(desk)).startswith("You locked trading until ")
        await desk.kill()
        desk.start()
        await desk.ready()
        assert (await refused(desk)).startswith("You locked trading until ")
        ask_lock(desk, 900)
        await desk.settle(605)
        assert (await refused(desk)).startswith("You locked trading until ")
        await desk.settle(300)
        assert locks(desk) == set()
        await long(desk)

    play(story)


@pytest.mark.parametrize("ahead_s", [0, -60, 24 * 3_600 + 1, 10**9])
def test_a_lock_of_another_length_is_refused_in_one_sentence(ahead_s: float) -> None:
    async def story(desk: SimDesk) -> None:
        click = ask_lock(desk, ahead_s)
        (answer,) = [e for e in desk.heard(CommandFailed) if e.click_id == click]
        assert "between now and 24 hours from now" in answer.reason
        assert locks(desk) == set()
        await long(desk)

    play(story)


# --- other rules --------------------------------------------------------------------------------


def test_rules_change_while_it_runs_and_outlive_it() -> None:
    async def story(desk: SimDesk) -> None:
        ask_rules(desk, rules(max_order_size=2))
        click = desk.place(Side.BUY, 3)
        assert "more than the 2 allowed" in desk.intent(click).reason
        await desk.kill()
        desk.start()  # with the rules that it was started with before
        await desk.ready()
        assert desk.heard(LocksChanged)[-1].rules == rules(max_order_size=2)
        click = desk.place(Side.BUY, 3)
        assert "more than the 2 allowed" in desk.intent(click).reason
        await desk.kill()
        desk._rules = rules(max_order_size=4)  # other settings
        desk.start()
        await desk.ready()
        assert desk.heard(LocksChanged)[-1].rules == rules(max_order_size=4)

    play(story)


@pytest.mark.parametrize(
    ("risk", "words"),
    [
        ({"max_order_size": 0}, "max_order_size = 0 cannot be used; it takes 1 to 100 contracts."),
        ({"daily_loss": Decimal("0.5")}, "daily_loss = '0.5' cannot be used"),
        ({"daily_loss": Decimal("NaN")}, "daily_loss = 'NaN' cannot be used"),
        ({"daily_loss": Decimal("-5")}, "it takes 0 to 1000000 dollars"),
        ({"flat_at": "17:00"}, "it takes a text such as '15:05'"),
        ({"flat_at": "noon"}, "it takes a text such as '15:05'"),
        ({"repeat_guard_ms": -1}, "it takes 0 to 5000 ms"),
        ({"max_position_size": 10_000}, "it takes 1 to 1000 contracts"),
    ],
)
def test_rules_out_of_bounds_change_nothing(risk: dict[str, Any], words: str) -> None:
    async def story(desk: SimDesk) -> None:
        click = ask_rules(desk, rules(**risk))
        (answer,) = [e for e in desk.heard(CommandFailed) if e.click_id == click]
        assert words in answer.reason
        assert answer.reason.endswith("The rules stay as they are.")
        assert desk.heard(LocksChanged)[-1].rules == BASE

    play(story)


def test_while_a_lock_holds_rules_only_become_stricter_and_the_wish_waits() -> None:
    kept = rules(daily_loss=Decimal(500), max_order_size=5, max_position_size=20)
    asked = rules(daily_loss=Decimal(900), max_order_size=3, max_position_size=50)
    middle = rules(daily_loss=Decimal(500), max_order_size=3, max_position_size=20)

    async def story(desk: SimDesk) -> None:
        ask_lock(desk, 60)
        ask_rules(desk, asked)
        assert desk.heard(LocksChanged)[-1].rules == middle
        (said,) = notices(desk, "warning")
        assert said == (
            "While trading is locked, rules only become stricter: max_position_size, daily_loss "
            "stay until the lock ends."
        )
        await desk.kill()
        desk.start()
        assert desk.heard(LocksChanged)[-1].rules == middle
        await desk.ready()
        await desk.settle(65)
        assert desk.heard(LocksChanged)[-1].rules == asked
        assert locks(desk) == set()

    play(story, kept)


def test_while_a_lock_holds_the_times_of_the_cover_only_become_shorter() -> None:
    def timed(alarm: float, act: float, confirm: float) -> TradingRules:
        cover = CoverRules(alarm_after_s=alarm, act_after_s=act, confirm_s=confirm)
        return msgspec.structs.replace(BASE, cover=cover)

    async def story(desk: SimDesk) -> None:
        ask_rules(desk, timed(3, 8, 4))
        ask_lock(desk, 60)
        ask_rules(desk, timed(2, 9, 4))
        assert desk.heard(LocksChanged)[-1].rules == timed(2, 8, 4)
        (said,) = notices(desk, "warning")
        assert said == (
            "While trading is locked, rules only become stricter: act_after_s stays until the "
            "lock ends."
        )
        await desk.ready()
        await desk.settle(65)
        assert desk.heard(LocksChanged)[-1].rules == timed(2, 9, 4)

    play(story)


def test_a_kill_switch_or_going_flat_leaves_the_rules_free() -> None:
    async def story(desk: SimDesk) -> None:
        await desk.settle(11 * 60)
        assert locks(desk) == {LockKind.SESSION_FLAT}
        ask_rules(desk, rules(max_order_size=60))
        assert desk.heard(LocksChanged)[-1].rules.risk.max_order_size == 60
        assert locks(desk) == {LockKind.SESSION_FLAT}  # and it does not end the lock

    play(story, rules(flat_at="06:30"))


def test_a_full_disk_keeps_lock_and_rules_in_force_and_says_so() -> None:
    async def story(desk: SimDesk) -> None:
        desk.journal.full = True
        ask_lock(desk, 600)
        ask_rules(desk, rules(max_order_size=2))
        assert locks(desk) == {LockKind.TIME}
        assert len(desk.alarms()) == 2
        desk.journal.full = False
        assert (await refused(desk)).startswith("You locked trading until ")

    play(story)


def test_rules_that_nobody_can_read_give_way_to_the_settings() -> None:
    async def story(desk: SimDesk) -> None:
        await desk.kill()
        desk.disk.notes["rules", "*"] = b"{"
        desk.start()
        await desk.until(lambda: desk.phase is Phase.READY)
        assert desk.heard(LocksChanged)[-1].rules == BASE

    play(story)
