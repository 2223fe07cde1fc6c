"""Runs a flatten: entries off, cancel, close, and look until it is seen to be over."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.domain.errors import GatewayError, NotSentError, VenueRefusedError
from tradedesk.domain.events import IntentState
from tradedesk.trading.flatten_plan import FlattenPlan, FlattenStep
from tradedesk.trading.limits import ns

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tradedesk.domain.commands import Flatten
    from tradedesk.domain.ids import AccountId
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.replies import Replies

_SLOWER = 1.5
_LONGEST_GAP_S = 2.0
_HOLD = "A flatten is running; entries are off until it is done."


class Flattening:
    """The kill switch. Nothing that blocks entries ever blocks this."""

    def __init__(self, parts: DeskParts, replies: Replies) -> None:
        self._parts = parts
        self._replies = replies
        self._running: dict[str, Flatten] = {}

    def flatten(self, command: Flatten) -> None:
        """Start; asking again while one runs is answered by the running one's progress."""
        if command.click_id in self._running:
            return
        self._running[command.click_id] = command
        self._parts.books.conditions.hold = _HOLD
        self._parts.owner.start(self._run(command), "flatten")

    async def _run(self, command: Flatten) -> None:
        try:
            done = await self._until_flat(command)
        finally:
            del self._running[command.click_id]
            if not self._running:
                self._parts.books.conditions.hold = ""
        if done:
            return
        seconds = self._parts.timings.flatten_s
        text = f"Not proven flat after {seconds:.0f} s; look at the venue's own page."
        self._replies.progress(command, text, finished=True)
        self._replies.failed(command, text, contract_id=command.contract_id, outcome_unknown=True)
        self._parts.books.notice("alarm", text)

    async def _until_flat(self, command: Flatten) -> bool:
        parts = self._parts
        plan = FlattenPlan(command.contract_id, ns(parts.timings.close_repeat_s))
        end_ns = parts.clock.mono_ns() + ns(parts.timings.flatten_s)
        self._replies.progress(command, "Entries off")
        step = plan.first(parts.books.blotter.working(command.account_id))
        told, gap_s = "", parts.timings.observe_gap_s
        while parts.clock.mono_ns() < end_ns:
            if step.text != told:
                told, gap_s = step.text, parts.timings.observe_gap_s
                self._replies.progress(command, step.text)
            else:
                # Nothing moves: looks at the speed of the line would use up the calls of a minute.
                gap_s = min(gap_s * _SLOWER, _LONGEST_GAP_S)
            await self._do(command.account_id, plan, step)
            try:
                report = await parts.calls.look(command.account_id)
            except GatewayError as error:
                step = FlattenStep(text=f"{error} Trying again")
                await asyncio.sleep(gap_s)
                continue
            parts.news.report(report)
            step = plan.look(
                report.working,
                report.positions,
                on_their_way=self._on_their_way(command),
                now_ns=parts.clock.mono_ns(),
            )
            if step.done:
                self._finish(command, step)
                return True
            if step.text == told or not (step.cancel or step.close):
                await asyncio.sleep(gap_s)
        return False

    async def _do(self, account_id: AccountId, plan: FlattenPlan, step: FlattenStep) -> None:
        gateway = self._parts.calls.gateway
        await asyncio.gather(
            *(
                self._try(gateway.cancel(account_id=account_id, order_id=order_id))
                for order_id in step.cancel
            )
        )
        closed = await asyncio.gather(
            *(
                self._try(
                    gateway.close_contract(
                        account_id=account_id, contract_id=contract_id, size=None
                    )
                )
                for contract_id in step.close
            )
        )
        for contract_id, sent in zip(step.close, closed, strict=True):
            if not sent:
                plan.close_failed(contract_id)

    async def _try(self, call: Awaitable[None]) -> bool:
        """False when it certainly was not done; the next look tells the rest."""
        try:
            await self._parts.calls.change(call)
        except (NotSentError, VenueRefusedError):
            return False
        except GatewayError:
            return True
        return True

    def _on_their_way(self, command: Flatten) -> int:
        """Orders whose answer is awaited; unknown ones are asked about and named at the end."""
        return sum(
            intent.state in {IntentState.ARMED, IntentState.SENT}
            and intent.command.account_id == command.account_id
            and command.contract_id in {None, intent.command.contract_id}
            for intent in self._parts.books.intents.on_their_way()
        )

    def _finish(self, command: Flatten, step: FlattenStep) -> None:
        unknown = [
            intent
            for intent in self._parts.books.intents.unresolved()
            if command.contract_id in {None, intent.command.contract_id}
        ]
        text = step.text
        if unknown:
            text += f"; {len(unknown)} sent before is still unknown and being asked about"
            self._parts.books.notice("warning", text)
        self._replies.progress(command, text, finished=True)
        self._replies.done(command, text)
