"""Asks the venue about orders whose outcome is unknown, until it is known."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import GatewayError
from tradedesk.domain.session import session_start_ns
from tradedesk.trading.inquiry import Inquiry
from tradedesk.trading.intent_book import UNRESOLVED
from tradedesk.trading.limits import ns

if TYPE_CHECKING:
    from tradedesk.domain.events import Intent
    from tradedesk.domain.ids import AccountId, Tag
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.user_sink import UserSink

_IDLE_S = 3600.0


class Resolving:
    """One loop for all inquiries; one search answers all of an account that are due."""

    def __init__(self, parts: DeskParts, sink: UserSink) -> None:
        self._parts = parts
        self._sink = sink
        self._inquiries: dict[Tag, Inquiry] = {}
        self._wake = asyncio.Event()
        self._since_ns = session_start_ns(parts.clock.wall_ns())

    def wake(self) -> None:
        """An intent became unknown."""
        self._wake.set()

    async def open_balance(self) -> None:
        """Note what positions were carried over, once; the last witness needs it.

        Raises
        ------
        GatewayError
            If the venue cannot be asked.
        """
        for account_id in list(self._parts.books.blotter.accounts):
            rest = await self._parts.calls.balance(account_id, self._since_ns)
            if rest is not None:
                self._parts.books.balance.open(account_id, rest)

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            self._wake.clear()
            self._open_new()
            pause_s = self._pause_s()
            if pause_s > 0:
                try:
                    async with asyncio.timeout(pause_s):
                        await self._wake.wait()
                except TimeoutError:
                    pass  # the next question is due
                continue
            await self.ask()

    async def ask(self, *, everyone: bool = False) -> None:
        """Put the questions that are due (or all of them) once."""
        self._open_new()
        now_ns = self._parts.clock.mono_ns()
        due = [one for one in self._inquiries.values() if everyone or one.next_ns <= now_ns]
        due.sort(key=lambda one: one.account_id)
        for account_id, group in itertools.groupby(due, key=lambda one: one.account_id):
            await self._search(account_id, list(group))

    def _open_new(self) -> None:
        unresolved = {intent.tag: intent for intent in self._parts.books.intents.unresolved()}
        for tag in [tag for tag in self._inquiries if tag not in unresolved]:
            del self._inquiries[tag]
        for tag, intent in unresolved.items():
            if tag not in self._inquiries:
                self._inquiries[tag] = self._inquiry(intent)

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
            rest = await self._parts.calls.balance(account_id, self._since_ns)
        except GatewayError:
            return False
        balance = self._parts.books.balance
        if rest is None:
            return False
        if balance.holds(account_id, intent.command.contract_id, rest):
            return True
        balance.open(account_id, rest)  # if it could not be noted at the start
        return False
