"""Runs a flatten: entries off, cancel, close, and look until it is seen to be over."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.commands import Flatten, Kill
from tradedesk.domain.errors import GatewayError
from tradedesk.domain.events import IntentState
from tradedesk.domain.urgency import on_the_way_out
from tradedesk.trading.exits import protects
from tradedesk.trading.flatten_plan import FlattenPlan, FlattenStep
from tradedesk.trading.limits import ns
from tradedesk.trading.live.flatten_watch import FlattenAlarm, Phases

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tradedesk.domain.ids import AccountId, ContractId, OrderId
    from tradedesk.domain.order import Order
    from tradedesk.trading.books import Books
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.replies import Replies
    from tradedesk.trading.venue_report import VenueReport

_ANSWERS_S = 1.0
"""How long one round waits for answers before it looks again; a call that hangs goes on."""
_PATIENCE_S = 2.5
"""First deadline of a look: one that is lost must not hold up the next close. It doubles where the
venue is only slow."""
_APART_NS = 3 * NS_PER_S
"""How far the venue's clock and its lists may be behind."""
_HOLD = "A flatten is running; entries are off until it is done."

Asked = Flatten | Kill


class Flattening:
    """Nothing that blocks entries ever blocks this."""

    def __init__(self, parts: DeskParts, replies: Replies) -> None:
        self._parts = parts
        self._replies = replies
        self._running: dict[str, Asked] = {}
        self._cancelling: set[OrderId] = set()

    @property
    def is_killing(self) -> bool:
        """Whether the kill switch is still at work."""
        return any(isinstance(command, Kill) for command in self._running.values())

    def flatten(self, command: Asked, on_done: Callable[[], None] | None = None) -> None:
        """Start; asking again while one runs is answered by the running one's progress.

        For the kill switch it goes on until it is proven, however long that takes.

        Parameters
        ----------
        on_done : callable, optional
            Called once it is proven.
        """
        if command.click_id in self._running:
            return
        self._begin(command)
        self._parts.owner.start(self._go_on(command, on_done), "flatten")

    async def run(self, command: Flatten) -> bool:
        """Flatten and wait for the end; True when it was proven."""
        self._begin(command)
        return await self._run(command)

    def _begin(self, command: Asked) -> None:
        self._running[command.click_id] = command
        self._parts.books.conditions.hold = _HOLD

    async def _go_on(self, command: Asked, on_done: Callable[[], None] | None) -> None:
        if await self._run(command) and on_done is not None:
            on_done()

    async def _run(self, command: Asked) -> bool:
        on_the_way_out()
        contract_id = _contract_of(command)
        try:
            now_ns = self._parts.clock.mono_ns()
            with self._parts.books.ways_out.running(command.account_id, contract_id, now_ns):
                done = await self._until_flat(command, contract_id)
        finally:
            del self._running[command.click_id]
            if not self._running:
                self._parts.books.conditions.hold = ""
        if not done:
            self._replies.progress(command, self._late(command), finished=True)
        return done

    # --- the loop ---------------------------------------------------------------------------

    async def _until_flat(self, command: Asked, contract_id: ContractId | None) -> bool:
        parts = self._parts
        plan = FlattenPlan(
            contract_id,
            ns(parts.timings.close_repeat_s),
            parts.clock.mono_ns() + ns(parts.timings.leave_s),
            lambda contract, gap_ns: parts.books.ways_out.may_close(
                (command.account_id, contract), parts.clock.mono_ns(), gap_ns
            ),
        )
        alarm = FlattenAlarm(command, parts)
        phases = Phases(
            lambda text: self._replies.progress(command, text), parts.timings.observe_gap_s
        )
        phases.tell("Entries off")
        working = self._wanted(command, parts.books.blotter.working(command.account_id))
        step = plan.first(working, parts.clock.mono_ns())
        phases.tell(step.text)
        patience_s = _PATIENCE_S
        while not alarm.is_over():
            await self._do(command, step)
            try:
                report = await parts.calls.look(command.account_id, patience_s)
            except GatewayError as error:
                patience_s = min(2 * patience_s, parts.timings.call_s)
                step = FlattenStep(text=f"{error} Trying again")
                phases.tell(step.text)
                await asyncio.sleep(phases.gap_s)
                continue
            patience_s = _PATIENCE_S
            parts.news.report(report)
            step = plan.look(
                self._wanted(command, report.working),
                report.positions if _closes(command) else (),
                on_their_way=self._on_their_way(command, contract_id, report),
                now_ns=parts.clock.mono_ns(),
            )
            if step.done:
                await self._finish(command, contract_id, step, report)
                return True
            is_new = phases.tell(step.text, soon=step.soon)
            if not is_new or not (step.cancel or step.close):
                await asyncio.sleep(phases.gap_s)
        return False

    async def _do(self, command: Asked, step: FlattenStep) -> None:
        """Send everything of a step at the same time; a call that hangs holds up nothing."""
        gateway, account_id = self._parts.calls.gateway, command.account_id
        calls = [
            self._cancel(gateway.cancel(account_id=account_id, order_id=order_id), order_id)
            for order_id in step.cancel
            if order_id not in self._cancelling
        ]
        calls += [
            self._try(
                gateway.close_contract(account_id=account_id, contract_id=contract_id, size=None)
            )
            for contract_id in step.close
        ]
        if calls:
            tasks = [self._parts.owner.start(call, "flatten call") for call in calls]
            await asyncio.wait(tasks, timeout=_ANSWERS_S)

    async def _cancel(self, call: Awaitable[None], order_id: OrderId) -> None:
        self._cancelling.add(order_id)
        try:
            await self._try(call)
        finally:
            self._cancelling.discard(order_id)

    async def _try(self, call: Awaitable[None]) -> None:
        """Whatever comes of it, the next look tells."""
        try:
            await self._parts.calls.change(call)
        except GatewayError:
            return

    # --- what belongs to it -----------------------------------------------------------------

    def _wanted(self, command: Asked, working: list[Order] | tuple[Order, ...]) -> list[Order]:
        """All orders; without the exits of positions where those are meant to stay."""
        if _closes(command):
            return list(working)
        books = self._parts.books
        return [
            order
            for order in working
            if not protects(
                order,
                books.blotter.net_size(order.account_id, order.contract_id),
                books.intents.exit_tags,
            )
        ]

    def _on_their_way(
        self, command: Asked, contract_id: ContractId | None, report: VenueReport
    ) -> int:
        """Orders whose answer is awaited, and whatever is too new for the lists."""
        books, clock = self._parts.books, self._parts.clock
        asked_ns = clock.wall_ns() - (clock.mono_ns() - report.asked_ns)
        working = books.blotter.working(command.account_id, contract_id)
        count = report.too_new(self._wanted(command, working), asked_ns - _APART_NS)
        if _closes(command):
            count += report.missed(books.blotter.open_positions(command.account_id), contract_id)
        return count + _awaited(books, command.account_id, contract_id)

    # --- the end ----------------------------------------------------------------------------

    async def _finish(
        self,
        command: Asked,
        contract_id: ContractId | None,
        step: FlattenStep,
        report: VenueReport,
    ) -> None:
        unknown = [
            intent
            for intent in self._parts.books.intents.unresolved()
            if contract_id in {None, intent.command.contract_id}
        ]
        text = step.text
        if unknown:
            text += f"; {len(unknown)} sent before is still unknown and being asked about"
            self._parts.books.notice("warning", text)
        self._replies.progress(command, text, finished=True)
        await self._tidy(command, contract_id, report)
        self._replies.done(command, text)

    async def _tidy(
        self, command: Asked, contract_id: ContractId | None, report: VenueReport
    ) -> None:
        """End what our own books still hold for working although two looks did not list it."""
        parts = self._parts
        listed = {order.order_id for order in report.working}
        left = [
            order
            for order in parts.books.blotter.working(command.account_id, contract_id)
            if order.order_id not in listed
        ]
        if not left:
            return
        since_ns = min(order.created_ns for order in left) - NS_PER_S
        try:
            # what became of each: a leg that was cancelled may as well have been filled
            parts.news.report(await parts.calls.full_look(command.account_id, since_ns))
        except GatewayError:
            return  # the reconciler asks again
        parts.news.missing(report)

    def _late(self, command: Asked) -> str:
        seconds = self._parts.timings.flatten_s
        text = f"Not proven flat after {seconds:.0f} s; look at the venue's own page."
        self._replies.failed(command, text, contract_id=_contract_of(command), outcome_unknown=True)
        self._parts.books.notice("alarm", text)
        return text


def _awaited(books: Books, account_id: AccountId, contract_id: ContractId | None) -> int:
    return sum(
        intent.state in {IntentState.ARMED, IntentState.SENT}
        and intent.command.account_id == account_id
        and contract_id in {None, intent.command.contract_id}
        for intent in books.intents.on_their_way()
    )


def _contract_of(command: Asked) -> ContractId | None:
    return command.contract_id if isinstance(command, Flatten) else None


def _closes(command: Asked) -> bool:
    return isinstance(command, Flatten) or command.close_positions
