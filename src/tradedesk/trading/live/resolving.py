"""Asks the venue about orders whose outcome is unknown, until it is known."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import GatewayError, StoreError
from tradedesk.domain.session import session_start_ns
from tradedesk.trading.balance import CONFIRM_NS, Carried
from tradedesk.trading.inquiry import Inquiry
from tradedesk.trading.intent_book import UNRESOLVED
from tradedesk.trading.limits import ns

if TYPE_CHECKING:
    from tradedesk.domain.events import Intent
    from tradedesk.domain.ids import AccountId, ContractId, Tag
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.user_sink import UserSink

_IDLE_S = 3600.0
_CARRIED = "carried"


class Resolving:
    """One loop for all inquiries; one search answers all of an account that are due."""

    def __init__(self, parts: DeskParts, sink: UserSink) -> None:
        self._parts = parts
        self._sink = sink
        self._inquiries: dict[tuple[Tag, str], Inquiry] = {}
        self._wake = asyncio.Event()
        self._since_ns = session_start_ns(parts.clock.wall_ns())
        self._weighed_ns: int | None = None

    def wake(self) -> None:
        """An intent became unknown."""
        self._wake.set()

    async def open_balance(self) -> None:
        """Begin to find out what positions were carried over; the last witness needs it.

        Raises
        ------
        GatewayError
            If the venue cannot be asked.
        """
        for account_id in self._unbalanced():
            if not self._restore(account_id):
                await self._weigh(account_id)

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            self._wake.clear()
            self._open_new()
            pause_s = self._pause_s()
            if pause_s > 0 and self._weighed_ns is not None:
                await self._confirm_balance(pause_s)
            elif pause_s > 0:
                await self._sleep(pause_s)
            else:
                await self.ask()

    async def _sleep(self, pause_s: float) -> None:
        try:
            async with asyncio.timeout(pause_s):
                await self._wake.wait()
        except TimeoutError:
            pass  # the next question is due

    async def ask(self, *, everyone: bool = False) -> None:
        """Put the questions that are due (or all of them) once."""
        self._open_new()
        now_ns = self._parts.clock.mono_ns()
        due = [one for one in self._inquiries.values() if everyone or one.next_ns <= now_ns]
        due.sort(key=lambda one: one.account_id)
        for account_id, group in itertools.groupby(due, key=lambda one: one.account_id):
            await self._search(account_id, list(group))

    def _open_new(self) -> None:
        # by click too: an order that is sent again with its tag is asked about from the beginning
        unresolved = {
            (intent.tag, intent.command.click_id): intent
            for intent in self._parts.books.intents.unresolved()
        }
        for sending in [sending for sending in self._inquiries if sending not in unresolved]:
            del self._inquiries[sending]
        for sending, intent in unresolved.items():
            if sending not in self._inquiries:
                self._inquiries[sending] = self._inquiry(intent)

    def _inquiry(self, intent: Intent) -> Inquiry:
        timings = self._parts.timings
        return Inquiry(
            tag=intent.tag,
            account_id=intent.command.account_id,
            since_ns=intent.created_ns - ns(timings.look_back_s),
            started_ns=self._parts.clock.mono_ns(),
            timings=timings,
        )

    def _pause_s(self) -> float:
        if not self._inquiries:
            return _IDLE_S
        soonest = min(one.next_ns for one in self._inquiries.values())
        return (soonest - self._parts.clock.mono_ns()) / NS_PER_S

    async def _search(self, account_id: AccountId, inquiries: list[Inquiry]) -> None:
        calls, clock = self._parts.calls, self._parts.clock
        asked_ns = clock.mono_ns()
        clean = True
        try:
            since_ns = min(one.since_ns for one in inquiries)
            orders = await calls.read(calls.gateway.orders_since(account_id, since_ns))
            # pending and suspended orders show up only here
            working = await calls.read(calls.gateway.working_orders(account_id))
        except GatewayError:
            clean = False
        else:
            for order in (*orders, *working):
                self._parts.news.order(order, asked_ns, hub=False)
        now_ns = clock.mono_ns()
        for inquiry in inquiries:
            intent = self._parts.books.intents.by_tag[inquiry.tag]
            if intent.state not in UNRESOLVED:
                continue
            inquiry.searched(asked_ns, now_ns, clean=clean, hub_since_ns=self._sink.since_ns)
            self._parts.recorder.asked(intent, inquiry.tries)
            explained = inquiry.is_ripe and await self._is_explained(intent)
            verdict = inquiry.verdict(now_ns, position_explained=explained)
            if verdict is not None:
                self._parts.fates.conclude(inquiry.tag, verdict.state, verdict.reason)

    async def _is_explained(self, intent: Intent) -> bool:
        """Whether the position moved only by trades that the venue lists."""
        account_id = intent.command.account_id
        try:
            rest = await self._weigh(account_id)
        except GatewayError:
            return False
        holds = self._parts.books.balance.holds
        return rest is not None and holds(account_id, intent.command.contract_id, rest)

    # --- what was carried over --------------------------------------------------------------

    def _unbalanced(self) -> list[AccountId]:
        books = self._parts.books
        return [one for one in books.blotter.accounts if not books.balance.knows(one)]

    def _restore(self, account_id: AccountId) -> bool:
        """Take over what an earlier run of this session was sure of."""
        note = self._parts.recorder.journal.recorded(_CARRIED).get(str(account_id))
        if note is None:
            return False
        try:
            kept = msgspec.json.decode(note, type=Carried)
        except msgspec.MsgspecError:
            return False
        if kept.since_ns != self._since_ns:
            return False
        self._parts.books.balance.restore(account_id, kept.rest)
        return True

    async def _weigh(self, account_id: AccountId) -> dict[ContractId, int] | None:
        parts = self._parts
        asked_ns = parts.clock.mono_ns()
        self._weighed_ns = asked_ns
        known = parts.books.blotter.fills.values()  # read when the answers are there
        rest = await parts.calls.balance(account_id, self._since_ns, known)
        if rest is None:
            return None
        sure = parts.books.balance.weigh(account_id, rest, asked_ns, self._sink.since_ns)
        if sure is not None:
            note = msgspec.json.encode(Carried(since_ns=self._since_ns, rest=sure))
            try:
                parts.recorder.journal.record(_CARRIED, account_id, str(account_id), note)
            except StoreError:
                pass  # only the next start misses it, and will find it out anew
        return rest

    async def _confirm_balance(self, pause_s: float) -> None:
        """Wait for the next question or until balances may be weighed again."""
        accounts = self._unbalanced()
        if not accounts or self._weighed_ns is None:
            self._weighed_ns = None
            return
        due_s = (self._weighed_ns + CONFIRM_NS - self._parts.clock.mono_ns()) / NS_PER_S + 0.1
        if due_s > 0:
            await self._sleep(min(pause_s, due_s))
            return
        for account_id in accounts:
            try:
                await self._weigh(account_id)
            except GatewayError:
                return  # asked again a little later
