"""Calls to the venue with a deadline, a stopwatch and a memory of whether it answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

import msgspec

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.domain.errors import (
    AuthError,
    GatewayError,
    OutcomeUnknownError,
    VenueRefusedError,
)
from tradedesk.trading.balance import unexplained
from tradedesk.trading.limits import Timings, ns
from tradedesk.trading.round_trips import RoundTrips
from tradedesk.trading.venue_report import VenueReport

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

    from tradedesk.domain.clock import Clock
    from tradedesk.domain.ids import AccountId, ContractId
    from tradedesk.domain.ports import OrderGateway
    from tradedesk.domain.position import Fill

T = TypeVar("T")
U = TypeVar("U")

_APART_NS = 100 * NS_PER_MS
"""How much later than the positions the orders may come, for both to tell of one moment."""


class VenueCalls:
    """The venue's order side as the executor's tasks use it."""

    def __init__(self, gateway: OrderGateway, clock: Clock, timings: Timings) -> None:
        self.gateway = gateway
        self.trips = RoundTrips()
        self.heard_ns: int | None = None
        self.auth_lost = asyncio.Event()
        self._clock = clock
        self._timings = timings
        self._failures = 0

    @property
    def healthy(self) -> bool:
        """Whether the venue's REST side answered lately and the last question too."""
        if self.heard_ns is None or self._failures:
            return False
        return self._clock.mono_ns() - self.heard_ns < ns(self._timings.rest_stale_s)

    async def read(self, call: Awaitable[T], deadline_s: float | None = None) -> T:
        """Await a question.

        Raises
        ------
        GatewayError
            Also when the deadline passes.
        """
        deadline_s = self._timings.call_s if deadline_s is None else deadline_s
        try:
            async with asyncio.timeout(deadline_s):
                return await self._timed(call)
        except TimeoutError:
            self._failures += 1
            raise GatewayError(f"The venue did not answer within {deadline_s:g} s.") from None
        except AuthError:
            self.auth_lost.set()
            raise

    async def change(self, call: Awaitable[T]) -> T:
        """Await a mutation; the deadline passing is an unknown outcome.

        Raises
        ------
        NotSentError, VenueRefusedError, OutcomeUnknownError
            As the port says.
        """
        try:
            async with asyncio.timeout(self._timings.place_s):
                return await self._timed(call)
        except TimeoutError:
            self._failures += 1
            raise OutcomeUnknownError(
                f"The venue did not answer within {self._timings.place_s:g} s."
            ) from None

    async def look(self, account_id: AccountId, deadline_s: float | None = None) -> VenueReport:
        """Fresh working orders and positions, asked at the same time.

        Positions that came long before the orders are asked for again: an order that filled in
        between would show in neither list.
        """
        asked_ns = self._clock.mono_ns()
        working, (held, held_ns) = await _both(
            self._dated(self.gateway.working_orders(account_id), deadline_s),
            self._dated(self.gateway.positions(account_id), deadline_s),
        )
        if working[1] - held_ns > _APART_NS:
            held = await self.read(self.gateway.positions(account_id), deadline_s)
        return VenueReport(
            account_id=account_id,
            asked_ns=asked_ns,
            working=tuple(working[0]),
            positions=tuple(held),
        )

    async def full_look(self, account_id: AccountId, since_ns: int) -> VenueReport:
        """Everything of an account since ``since_ns`` (wall), and what is open."""
        asked_ns = self._clock.mono_ns()
        orders, fills = await _both(
            self.read(self.gateway.orders_since(account_id, since_ns)),
            self.read(self.gateway.fills_since(account_id, since_ns)),
        )
        # what is open is asked last, so that an order of the list above is not missed in it
        report = await self.look(account_id)
        return msgspec.structs.replace(
            report, asked_ns=asked_ns, orders=tuple(orders), fills=tuple(fills)
        )

    async def balance(
        self, account_id: AccountId, since_ns: int, known: Iterable[Fill]
    ) -> dict[ContractId, int] | None:
        """Contracts that the trades since ``since_ns`` do not explain, by contract.

        None when the position moved while it was asked for: trades and positions of different
        moments say nothing.

        Parameters
        ----------
        known : iterable of Fill
            What was heard otherwise; the venue lists a trade some time after the hub tells it.
        """
        before = await self.read(self.gateway.positions(account_id))
        fills = await self.read(self.gateway.fills_since(account_id, since_ns))
        after = await self.read(self.gateway.positions(account_id))
        held = {position.contract_id: position.net_size for position in before}
        if held != {position.contract_id: position.net_size for position in after}:
            return None
        listed = {fill.trade_id for fill in fills}
        late = [
            fill
            for fill in known
            if fill.account_id == account_id
            and fill.ts_ns >= since_ns
            and fill.trade_id not in listed
        ]
        return unexplained(after, [*fills, *late])

    async def _dated(self, call: Awaitable[T], deadline_s: float | None) -> tuple[T, int]:
        """An answer and when it came."""
        return await self.read(call, deadline_s), self._clock.mono_ns()

    async def _timed(self, call: Awaitable[T]) -> T:
        started_ns = self._clock.mono_ns()
        try:
            result = await call
        except VenueRefusedError:
            self._answered(started_ns)
            raise
        except GatewayError:
            self._failures += 1
            raise
        self._answered(started_ns)
        return result

    def _answered(self, started_ns: int) -> None:
        now_ns = self._clock.mono_ns()
        self.trips.add(now_ns - started_ns)
        self.heard_ns = now_ns
        self._failures = 0


async def _both(first: Awaitable[T], second: Awaitable[U]) -> tuple[T, U]:
    """Two answers asked for at the same time; a fault is raised once both have ended."""
    one, two = await asyncio.gather(first, second, return_exceptions=True)
    if isinstance(one, BaseException):
        raise one
    if isinstance(two, BaseException):
        raise two
    return one, two
