"""Answers to commands that are not orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.events import CommandDone, CommandFailed, FlattenProgress

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.commands import AnyCommand
    from tradedesk.domain.ids import ContractId, OrderId
    from tradedesk.trading.books import Books


class Replies:
    """Tells the desk how a command ended, with the time since its press."""

    def __init__(self, books: Books, clock: Clock) -> None:
        self._books = books
        self._clock = clock

    def done(self, command: AnyCommand, text: str) -> None:
        """It was carried out."""
        self._books.emit(
            CommandDone(click_id=command.click_id, text=text, elapsed_ms=self.elapsed_ms(command))
        )

    def failed(
        self,
        command: AnyCommand,
        reason: str,
        *,
        order_id: OrderId | None = None,
        contract_id: ContractId | None = None,
        outcome_unknown: bool = False,
    ) -> None:
        """It was not carried out, or nobody knows yet."""
        self._books.emit(
            CommandFailed(
                click_id=command.click_id,
                reason=reason,
                order_id=order_id,
                contract_id=contract_id,
                outcome_unknown=outcome_unknown,
            )
        )

    def progress(self, command: AnyCommand, text: str, *, finished: bool = False) -> None:
        """A flatten reached its next phase."""
        self._books.emit(
            FlattenProgress(
                click_id=command.click_id,
                text=text,
                elapsed_ms=self.elapsed_ms(command),
                finished=finished,
            )
        )

    def elapsed_ms(self, command: AnyCommand) -> float:
        """Milliseconds since the press."""
        return (self._clock.mono_ns() - command.press_ns) / 1e6
