"""Carries changes out as their inquiries say: sends, looks, waits, until they are decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradedesk.domain.changes import ChangeState
from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.commands import ClosePosition
from tradedesk.domain.errors import GatewayError, NotSentError, VenueRefusedError
from tradedesk.trading.change_inquiry import Act, Answer, ChangeInquiry
from tradedesk.trading.change_sight import Sight, sight_of
from tradedesk.trading.limits import ns

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tradedesk.domain.changes import Change
    from tradedesk.domain.commands import CancelOrder, ModifyOrder
    from tradedesk.domain.ids import AccountId, OrderId
    from tradedesk.domain.ports import Stamp
    from tradedesk.trading.live.desk_parts import DeskParts

_DAY_NS = 24 * 3600 * NS_PER_S
_DECIDED = frozenset({Sight.DONE, Sight.TOO_LATE})


@dataclass(frozen=True)
class Course:
    """One change and the ways to send it, to look for it and to see how it stands.

    Parameters
    ----------
    look : callable
        Asks the venue how the target stands; raises ``GatewayError`` when it does not answer.
    newest : callable
        Whether nothing newer was asked for the same target.
    """

    key: str
    inquiry: ChangeInquiry
    send: Callable[[Stamp], Awaitable[None]]
    look: Callable[[], Awaitable[None]]
    sight: Callable[[], Sight]
    newest: Callable[[], bool]


class Changing:
    """Drives the inquiries; at the start those that an earlier life left open, too."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    def inquiry(self, change: Change, *, asked_before: bool = False) -> ChangeInquiry:
        """The inquiry of a change."""
        return ChangeInquiry(
            change.command,
            self._parts.timings,
            self._parts.clock.mono_ns(),
            asked_before=asked_before,
        )

    async def carry_out(self, course: Course) -> Change:
        """Send a change and find out what came of it.

        Returns
        -------
        Change
            At its end; or ``UNKNOWN``, and then the asking goes on without the caller.
        """
        decided = False
        try:
            decided = await self._drive(course, until_told=True)
        finally:
            # whatever else happened, cancelling included: nothing sent is left undecided
            self._parts.changes.unknown(course.key, "The change was interrupted.")
        if not decided:
            self._parts.owner.start(self._watch(course), f"watch {course.key}")
        return self._parts.books.changes.by_key[course.key]

    async def take_up(self) -> None:
        """Ask about what an earlier life of the executor left open."""
        for key in self._parts.changes.unread:
            self._parts.books.notice(
                "warning", f"The journal's record of {key} cannot be read; look at it yourself."
            )
        for change in self._parts.books.changes.open():
            self._parts.owner.start(self._watch(self._old_course(change)), f"watch {change.key}")

    async def look_for_order(self, account_id: AccountId, order_id: OrderId) -> None:
        """Ask how one order stands, with everything created since it was.

        Raises
        ------
        GatewayError
            If the venue does not answer.
        """
        order = self._parts.books.blotter.orders.get(order_id)
        if order is not None and order.created_ns:
            since_ns = order.created_ns - ns(self._parts.timings.look_back_s)
        else:
            since_ns = self._parts.clock.wall_ns() - _DAY_NS
        report = await self._parts.calls.full_look(account_id, since_ns)
        self._parts.news.report(report)
        order = self._parts.books.blotter.orders.get(order_id)
        listed = any(one.order_id == order_id for one in report.working)
        if order is not None and order.is_working and not listed:
            # a leg that ended before it was at work is in no list; it is believed when missed twice
            self._parts.news.report(await self._parts.calls.full_look(account_id, since_ns))

    # --- inside -------------------------------------------------------------------------------

    async def _watch(self, course: Course) -> None:
        await self._drive(course, until_told=False)
        change = self._tell_end(course)
        if change.state is ChangeState.NEEDS_HUMAN:
            # a network that was bad for so long heals, too, and then the venue shows what there is
            await self._drive(course, until_told=False)
            self._tell_end(course)

    def _tell_end(self, course: Course) -> Change:
        change = self._parts.books.changes.by_key[course.key]
        text = f"{self._name(change)}, unknown until now: {change.state.replace('_', ' ')}."
        level = "info" if change.state == "done" else "warning"
        self._parts.books.notice(level, f"{text} {change.reason}".strip())
        return change

    async def _drive(self, course: Course, *, until_told: bool) -> bool:
        """Follow the inquiry's steps; False when it stays unknown and the trader is to be told."""
        desk, clock, inquiry = self._parts.changes, self._parts.clock, course.inquiry
        known = self._parts.books.changes.by_key
        # what the venue has shown once counts, whatever happens to the order afterwards
        while not known[course.key].state.is_final:
            newest = course.newest()
            step = inquiry.next(course.sight(), clock.mono_ns(), newest=newest)
            if step.act is Act.SEND:
                await self._send(course)
            elif step.act is Act.LOOK:
                await self._look(course)
            elif step.act is Act.WAIT:
                await self._wait(course, step.wait_ns, for_newer=until_told and newest)
            elif step.act is Act.TELL:
                desk.unknown(course.key, step.reason)
                if until_told:
                    return False
            elif step.state is not None:
                desk.conclude(course.key, step.state, step.reason)
                return True
        return True

    async def _wait(self, course: Course, wait_ns: int, *, for_newer: bool) -> None:
        """Until the target is seen to be decided, or something newer is asked for it.

        A newer wish that was there before the wait must not end it: it would never wait at all.
        """
        await self._parts.watchers.until(
            lambda: course.sight() in _DECIDED or (for_newer and not course.newest()),
            wait_ns / NS_PER_S,
        )

    async def _send(self, course: Course) -> None:
        desk, clock, key = self._parts.changes, self._parts.clock, course.key
        if course.inquiry.tries:
            desk.again(key)
        course.inquiry.sent(clock.mono_ns())
        answer, reason = Answer.TAKEN, "The venue took it, but does not show it."
        try:
            await self._parts.calls.change(course.send(lambda: desk.wrote(key, clock.mono_ns())))
            desk.replied(key, clock.mono_ns())
        except NotSentError as error:
            answer, reason = Answer.NOT_SENT, str(error)
        except VenueRefusedError as error:
            desk.replied(key, clock.mono_ns())
            answer, reason = Answer.REFUSED, str(error)
        except GatewayError as error:
            answer, reason = Answer.UNKNOWN, str(error)
            desk.unknown(key, reason)
        course.inquiry.answered(answer, reason, clock.mono_ns())

    async def _look(self, course: Course) -> None:
        clock = self._parts.clock
        asked_ns = clock.mono_ns()
        clean = True
        try:
            await course.look()
        except GatewayError:
            clean = False
        hub_since_ns = self._parts.books.blotter.hub_since_ns
        course.inquiry.looked(asked_ns, clock.mono_ns(), clean=clean, hub_since_ns=hub_since_ns)

    def _old_course(self, change: Change) -> Course:
        command, books = change.command, self._parts.books
        looked = False

        async def look() -> None:
            nonlocal looked
            if isinstance(command, ClosePosition):
                self._parts.news.report(await self._parts.calls.look(command.account_id))
            else:
                await self.look_for_order(command.account_id, command.order_id)
            looked = True

        def sight() -> Sight:
            if isinstance(command, ClosePosition):
                if not looked:
                    return Sight.UNSEEN  # the books are still empty
                held = books.blotter.net_size(command.account_id, command.contract_id)
                return Sight.BEFORE if held else Sight.DONE
            return sight_of(command, books.blotter.orders.get(command.order_id))

        return Course(
            key=change.key,
            inquiry=self.inquiry(change, asked_before=True),
            send=_never,
            look=look,
            sight=sight,
            newest=lambda: False,
        )

    def _name(self, change: Change) -> str:
        command: ModifyOrder | CancelOrder | ClosePosition = change.command
        if isinstance(command, ClosePosition):
            return f"The close of {self._parts.books.name_of(command.contract_id)}"
        noun = "change" if type(command).__name__ == "ModifyOrder" else "cancel"
        return f"The {noun} of order {command.order_id}"


async def _never(on_written: Stamp) -> None:
    raise NotSentError("What an earlier run asked for is not sent again.")
