"""Which commands the executor has not answered yet, and what to say when it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain import commands as cmd
from tradedesk.domain.changes import Change, ChangeState
from tradedesk.domain.events import (
    AnyEvent,
    CommandDone,
    CommandFailed,
    FlattenProgress,
    Intent,
    IntentChanged,
    IntentState,
    SnapshotTaken,
)
from tradedesk.domain.ids import Tag
from tradedesk.domain.stamps import Stamps

if TYPE_CHECKING:
    from tradedesk.domain.commands import AnyCommand

_GONE = "The executor is not running; it is being restarted."
_PANIC = "To cancel and close everything without it, run “tradedesk panic” in a terminal."

_UNANSWERED = (
    cmd.SetArmed | cmd.SetRules | cmd.MarkPrices | cmd.Sync | cmd.TrackContract | cmd.Shutdown
)


class PendingCommands:
    """Commands handed over and not answered."""

    def __init__(self) -> None:
        self._pending: dict[str, AnyCommand] = {}

    def sent(self, command: AnyCommand) -> None:
        """A command was handed to the kernel."""
        if not isinstance(command, _UNANSWERED):
            self._pending[command.click_id] = command

    def heard(self, event: AnyEvent) -> None:
        """An event arrived; it may be an answer."""
        if not self._pending:
            return
        if isinstance(event, IntentChanged):
            if not event.intent.state.is_open:
                self._pending.pop(event.intent.command.click_id, None)
        elif isinstance(event, CommandDone | CommandFailed) or (
            isinstance(event, FlattenProgress) and event.finished
        ):
            self._pending.pop(event.click_id, None)

    def settle(self, snapshot: SnapshotTaken) -> tuple[list[AnyEvent], list[AnyCommand]]:
        """After a crash: what is known from the journal about what was not answered.

        An order is written down before its first byte, so one that is not in the journal was not
        sent. One that is there is told again, because whoever waits for its end may have missed it.
        A flatten, the kill switch and a lock are worth asking for again, and doing so is harmless.

        Returns
        -------
        answers : list
            Events for the desk.
        again : list of AnyCommand
            To be handed over again.
        """
        known = {intent.command.click_id: intent for intent in snapshot.intents}
        changes = {change.command.click_id: change for change in snapshot.changes}
        answers: list[AnyEvent] = []
        again: list[AnyCommand] = []
        for command in self._pending.values():
            if isinstance(command, cmd.Flatten | cmd.Kill | cmd.LockTrading):
                again.append(command)
            elif isinstance(command, cmd.PlaceOrder):
                found = known.get(command.click_id)
                reason = "The executor ended before this order was written down. Not sent."
                answers.append(IntentChanged(intent=found) if found else not_sent(command, reason))
            elif command.click_id in changes:
                answers += _told_by(changes[command.click_id])
            elif command.click_id not in known:
                answers.append(
                    failed(
                        command,
                        "The executor ended before it answered; look whether it was done.",
                        outcome_unknown=True,
                    )
                )
        self._pending.clear()
        return answers, again


def _told_by(change: Change) -> list[AnyEvent]:
    """The end of a change that the journal knows; none while the venue is still being asked."""
    if change.state is ChangeState.DONE:
        return [CommandDone(click_id=change.command.click_id, text=change.reason, elapsed_ms=0.0)]
    if change.state.is_final:
        return [failed(change.command, change.reason)]
    return []


def refusal(command: AnyCommand) -> AnyEvent | None:
    """The answer to a command while there is no executor; None where none is needed."""
    if isinstance(command, cmd.PlaceOrder):
        return not_sent(command, f"{_GONE} Nothing was sent.")
    if isinstance(command, _UNANSWERED) and not isinstance(command, cmd.SetArmed):
        return None
    if isinstance(command, cmd.Flatten | cmd.Kill):
        return failed(command, f"{_GONE} Nothing was done. {_PANIC}")
    return failed(command, f"{_GONE} Nothing was done.")


def not_sent(command: cmd.PlaceOrder, reason: str) -> IntentChanged:
    """An order that provably did not leave this machine."""
    return IntentChanged(
        intent=Intent(
            tag=Tag(f"unsent-{command.click_id}"),
            command=command,
            state=IntentState.NOT_SENT,
            stamps=Stamps(command.press_ns, command.asked_ns or None),
            reason=reason,
        )
    )


def failed(command: AnyCommand, reason: str, *, outcome_unknown: bool = False) -> CommandFailed:
    """Any other command that was not carried out, as far as is known."""
    return CommandFailed(
        click_id=command.click_id,
        reason=reason,
        order_id=getattr(command, "order_id", None),
        contract_id=getattr(command, "contract_id", None),
        outcome_unknown=outcome_unknown,
    )
