"""Compares our books with the venue's, again and again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import GatewayError
from tradedesk.domain.session import session_start_ns

if TYPE_CHECKING:
    from tradedesk.domain.ids import AccountId
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.instruments import Instruments
    from tradedesk.trading.venue_report import VenueReport


class Reconciling:
    """Quick looks while something is open; full ones when flat, in between, on differences."""

    def __init__(self, parts: DeskParts, instruments: Instruments) -> None:
        self._parts = parts
        self._instruments = instruments
        self._kick = asyncio.Event()
        self._due_ns: dict[AccountId, int] = {}
        self._full_ns: dict[AccountId, int] = {}

    def kick(self) -> None:
        """Look now."""
        self._due_ns.clear()
        self._kick.set()

    async def take_all(self) -> None:
        """A full look at every account.

        Raises
        ------
        GatewayError
            If any of it failed.
        """
        for account_id in list(self._parts.books.blotter.accounts):
            await self._full(account_id)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            self._kick.clear()
            try:
                async with asyncio.timeout(self._parts.timings.reconcile_busy_s):
                    await self._kick.wait()
            except TimeoutError:
                pass  # the next look is due
            for account_id in list(self._parts.books.blotter.accounts):
                if self._parts.clock.mono_ns() >= self._due_ns.get(account_id, 0):
                    await self._look(account_id)

    async def _look(self, account_id: AccountId) -> None:
        try:
            report = await self._parts.calls.look(account_id)
            differs = self._parts.books.blotter.differs
            if self._is_full_due(account_id) or differs(
                account_id, report.working, report.positions
            ):
                await self._full(account_id)
            else:
                self._take(report)
        except GatewayError as error:
            # the health line shows it; the next round asks again
            self._parts.books.conditions.rest_healthy = False
            self._parts.books.notice("info", f"Reconciling waits: {error}")
            return
        timings = self._parts.timings
        busy = self._is_busy(account_id)
        pause_s = timings.reconcile_busy_s if busy else timings.reconcile_flat_s
        # a little early, so that a round of the loop is not missed by a hair
        self._due_ns[account_id] = self._parts.clock.mono_ns() + int((pause_s - 0.1) * NS_PER_S)

    async def _full(self, account_id: AccountId) -> None:
        since_ns = session_start_ns(self._parts.clock.wall_ns())
        created = [o.created_ns for o in self._parts.books.blotter.working(account_id)]
        since_ns = min([since_ns, *(at - NS_PER_S for at in created if at)])
        report = await self._parts.calls.full_look(account_id, since_ns)
        self._take(report)
        self._parts.fates.doubt(account_id, report.asked_ns)
        self._full_ns[account_id] = self._parts.clock.mono_ns()

    def _is_full_due(self, account_id: AccountId) -> bool:
        """A trade that the hub swallowed shows in no list of what is open."""
        age_ns = self._parts.clock.mono_ns() - self._full_ns.get(account_id, 0)
        return age_ns >= int(self._parts.timings.reconcile_flat_s * NS_PER_S)

    def _take(self, report: VenueReport) -> None:
        for order in report.working:
            self._instruments.want(order.contract_id)
        for position in report.positions:
            self._instruments.want(position.contract_id)
        self._parts.news.report(report)

    def _is_busy(self, account_id: AccountId) -> bool:
        books = self._parts.books
        return bool(
            books.blotter.working(account_id)
            or books.blotter.open_positions(account_id)
            or any(i.command.account_id == account_id for i in books.intents.on_their_way())
        )
