"""What is said of commands that a dead executor never answered."""

from __future__ import annotations

import pytest

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.changes import Change, ChangeState
from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
from tradedesk.domain.stamps import Stamps
from tradedesk.services.executor_pending import PendingCommands, refusal

ACCOUNT = AccountId(7)
MNQ = ContractId("CON.F.US.MNQ.Z26")
KILL = cmd.Kill(click_id="k", press_ns=1, account_id=ACCOUNT)
LOCK = cmd.LockTrading(click_id="l", press_ns=1, account_id=ACCOUNT, until_ns=5)
CANCEL = cmd.CancelOrder(click_id="c", press_ns=1, account_id=ACCOUNT, order_id=OrderId(3))
REVERSE = cmd.ReversePosition(click_id="r", press_ns=1, account_id=ACCOUNT, contract_id=MNQ)
SETTLE = cmd.SettleIntent(click_id="s", press_ns=1, tag=Tag("td1-a"), placed=True)


def snapshot(*changes: Change) -> ev.SnapshotTaken:
    return ev.SnapshotTaken(
        accounts=(), instruments=(), orders=(), positions=(), fills=(), intents=(), changes=changes
    )


def change(state: ChangeState) -> Change:
    return Change(
        key="order-3-1", command=CANCEL, state=state, stamps=Stamps(1), reason="Too late."
    )


def pending(*commands: cmd.AnyCommand) -> PendingCommands:
    made = PendingCommands()
    for command in commands:
        made.sent(command)
    return made


def test_kill_and_lock_are_asked_for_again() -> None:
    answers, again = pending(KILL, LOCK).settle(snapshot())
    assert (answers, again) == ([], [KILL, LOCK])


@pytest.mark.parametrize("command", [REVERSE, SETTLE, CANCEL])
def test_what_may_have_been_done_is_not_done_twice(command: cmd.AnyCommand) -> None:
    answers, again = pending(command).settle(snapshot())
    assert again == []
    (told,) = answers
    assert isinstance(told, ev.CommandFailed)
    assert told.outcome_unknown


def test_the_journal_tells_how_a_change_ended() -> None:
    (done,), _ = pending(CANCEL).settle(snapshot(change(ChangeState.DONE)))
    assert isinstance(done, ev.CommandDone)
    (refused,), _ = pending(CANCEL).settle(snapshot(change(ChangeState.REFUSED)))
    assert isinstance(refused, ev.CommandFailed)
    assert (refused.reason, refused.outcome_unknown) == ("Too late.", False)
    assert pending(CANCEL).settle(snapshot(change(ChangeState.UNKNOWN))) == ([], [])


def test_an_answered_command_is_forgotten() -> None:
    made = pending(KILL)
    made.heard(ev.CommandDone(click_id="k", text="Flat", elapsed_ms=1.0))
    assert made.settle(snapshot()) == ([], [])


def test_without_an_executor_the_way_round_it_is_named() -> None:
    told = refusal(KILL)
    assert isinstance(told, ev.CommandFailed)
    assert "tradedesk panic" in told.reason
    other = refusal(SETTLE)
    assert isinstance(other, ev.CommandFailed)
    assert "Nothing was done" in other.reason
