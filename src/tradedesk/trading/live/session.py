"""Signs in, follows the user hub and decides the phase. Start, reconnect and recovery: one path."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.errors import AuthError, GatewayError
from tradedesk.domain.events import Phase, SessionChanged, TokenGranted
from tradedesk.domain.ids import AccountId
from tradedesk.trading.limits import ns

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.ports import UserStream
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.reconciling import Reconciling
    from tradedesk.trading.live.resolving import Resolving
    from tradedesk.trading.live.user_sink import UserSink

_SIGN_IN_PAUSES_S = (1.0, 2.0, 5.0, 10.0)
_FIRST_SIGN_IN_S = 6.0
"""First deadline of a sign-in, doubled by each failure up to the whole one: a position may stand
bare while an answer that is lost is waited for."""


class VenueAddress(msgspec.Struct, frozen=True):
    """What the desk is told about the venue."""

    venue: str
    live: bool
    rest_url: str
    market_hub_url: str
    account_id: AccountId | None = None


class Session:
    """The state of the executor with the venue."""

    def __init__(
        self,
        parts: DeskParts,
        stream: UserStream,
        sink: UserSink,
        reconciling: Reconciling,
        resolving: Resolving,
        address: VenueAddress,
    ) -> None:
        self._parts = parts
        self._stream = stream
        self._sink = sink
        self._reconciling = reconciling
        self._resolving = resolving
        self._address = address
        self._synced_generation = -1
        self._told: SessionChanged | None = None
        self._detail = ""
        self.token: TokenGranted | None = None
        self.account_id: AccountId | None = address.account_id

    def tell(self, *, again: bool = False) -> None:
        """Emit the session's state if it changed (or ``again``)."""
        now = SessionChanged(
            phase=self._parts.books.conditions.phase,
            armed=self._parts.books.conditions.armed,
            venue=self._address.venue,
            live=self._address.live,
            detail=self._detail,
            account_id=self.account_id,
        )
        if again or now != self._told:
            self._told = now
            self._parts.books.emit(now)

    def granted(self, token: str) -> None:
        """Pass a token on, from a sign-in or from the gateway's own renewal; once each."""
        if self.token is not None and self.token.token == token:
            return
        self.token = TokenGranted(
            token=token,
            rest_url=self._address.rest_url,
            market_hub_url=self._address.market_hub_url,
        )
        self._parts.books.emit(self.token)

    async def run(self, start_tasks: Callable[[], None]) -> None:
        """Sign in, sync and follow until cancelled; ends early only when refused.

        Parameters
        ----------
        start_tasks : callable
            Called once signed in.
        """
        if not await self._sign_in():
            return
        self._parts.owner.start(
            self._stream.run(tuple(self._parts.books.blotter.accounts), self._sink), "user hub"
        )
        start_tasks()
        await self._parts.watchers.until(
            lambda: self._sink.since_ns is not None, self._parts.timings.hub_start_s
        )
        while True:
            await self._sync_if_needed()
            self._judge()
            if self._parts.calls.auth_lost.is_set() and not await self._sign_in_again():
                return
            await self._parts.watchers.until(self._needs_attention, self._parts.timings.health_s)

    # --- signing in -------------------------------------------------------------------------

    async def _sign_in(self) -> bool:
        tries = 0
        while True:
            self._set(Phase.SIGNING_IN, self._detail)
            try:
                deadline_s = min(_FIRST_SIGN_IN_S * 2**tries, self._parts.timings.login_s)
                await self._log_in(deadline_s)
                await self._take_accounts(deadline_s)
            except AuthError as error:
                self._set(Phase.REFUSED, str(error))
                return False
            except GatewayError as error:
                pause_s = _SIGN_IN_PAUSES_S[min(tries, len(_SIGN_IN_PAUSES_S) - 1)]
                tries += 1
                self._set(Phase.SIGNING_IN, f"{error} Trying again in {pause_s:.0f} s.")
                await asyncio.sleep(pause_s)
                continue
            self._set(Phase.SYNCING, "")
            return True

    async def _sign_in_again(self) -> bool:
        """A new token, because the old one is no longer good."""
        self._parts.calls.auth_lost.clear()
        try:
            await self._log_in(self._parts.timings.login_s)
        except AuthError as error:
            self._set(Phase.REFUSED, str(error))
            return False
        except GatewayError as error:
            self._parts.calls.auth_lost.set()
            self._set(Phase.DEGRADED, f"Signing in again failed: {error}")
            await asyncio.sleep(_SIGN_IN_PAUSES_S[0])
            return True
        self._synced_generation = -1
        return True

    async def _log_in(self, deadline_s: float) -> None:
        token = await self._parts.calls.read(self._parts.calls.gateway.login(), deadline_s)
        self.granted(token)

    async def _take_accounts(self, deadline_s: float) -> None:
        accounts = await self._parts.calls.read(self._parts.calls.gateway.accounts(), deadline_s)
        for account in accounts:
            if account.visible:
                self._parts.news.account(account)
        if not self._parts.books.blotter.accounts:
            raise GatewayError("This login has no account; check it on the venue's own page.")
        if self.account_id not in self._parts.books.blotter.accounts:
            tradable = [a for a in accounts if a.visible and a.can_trade]
            self.account_id = (tradable or [a for a in accounts if a.visible])[0].account_id

    # --- following --------------------------------------------------------------------------

    def _needs_attention(self) -> bool:
        sink = self._sink
        connected = sink.since_ns is not None
        in_ready = self._parts.books.conditions.phase is Phase.READY
        return (
            (connected and sink.generation != self._synced_generation)
            or connected != in_ready
            or self._parts.calls.auth_lost.is_set()
        )

    async def _sync_if_needed(self) -> None:
        """Snapshot once per hub connection; without a hub once at the start."""
        connected = self._sink.since_ns is not None
        generation = self._sink.generation if connected else self._synced_generation
        first = self._synced_generation < 0
        if generation == self._synced_generation and not first:
            return
        if first:
            self._set(Phase.SYNCING, "")
        try:
            await self._reconciling.take_all()
            await self._resolving.open_balance()
            await self._resolving.ask(everyone=True)
        except GatewayError as error:
            self._set(Phase.DEGRADED, f"The venue's books could not be read: {error}")
            await asyncio.sleep(_SIGN_IN_PAUSES_S[0])
            return
        self._synced_generation = max(generation, 0)
        self._parts.books.emit(self._parts.books.snapshot())

    def _judge(self) -> None:
        """Choose between ready and degraded."""
        if self._synced_generation < 0:
            return
        heard_ns = self._sink.heard_ns
        stale_ns = ns(self._parts.timings.hub_stale_s)
        if self._sink.since_ns is None:
            self._set(Phase.DEGRADED, f"The user hub is not connected: {self._sink.reason}")
        elif heard_ns is None or self._parts.clock.mono_ns() - heard_ns > stale_ns:
            self._set(Phase.DEGRADED, f"The user hub has been silent for {stale_ns // 10**9} s.")
        elif self._sink.generation == self._synced_generation:
            self._set(Phase.READY, "")

    def _set(self, phase: Phase, detail: str) -> None:
        self._parts.books.conditions.phase = phase
        self._detail = detail
        self.tell()

    def stopped(self, detail: str) -> None:
        """The executor ends."""
        self._set(Phase.STOPPED, detail)
