"""Keeps a hub connected: a fresh token, a new generation and a pause before each attempt."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING, NoReturn

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import AuthError, GatewayError
from tradedesk.gateway.errors import TokenRefusedError
from tradedesk.gateway.signalr.connection import HubConnection, HubSession
from tradedesk.gateway.signalr.socket import TokenPlace, open_socket
from tradedesk.gateway.signalr.timing import HubTiming

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from websockets.asyncio.client import ClientConnection

    from tradedesk.domain.clock import Clock
    from tradedesk.gateway.clockwork import Sleep
    from tradedesk.gateway.rest.tokens import TokenHolder

log = logging.getLogger(__name__)

_DEFAULT_TIMING = HubTiming()
_jitter = random.SystemRandom().random


class HubLink:
    """Connects and comes back, for ever.

    Parameters
    ----------
    url : str
        The hub.
    tokens : TokenHolder
        Asked before every attempt, since the token of the last one may be too old.
    tls : ssl.SSLContext
        Shared context.
    clock : Clock
        Stamps and silence.
    timing : HubTiming
        Deadlines and pauses.
    sleep, jitter : callable
        How pauses are spent, and a random number in [0, 1) that spreads them.
    """

    def __init__(
        self,
        url: str,
        tokens: TokenHolder,
        tls: ssl.SSLContext,
        clock: Clock,
        timing: HubTiming = _DEFAULT_TIMING,
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = _jitter,
    ) -> None:
        self._url = url
        self._tokens = tokens
        self._tls = tls
        self._clock = clock
        self._timing = timing
        self._sleep = sleep
        self._jitter = jitter
        self._place = TokenPlace.HEADER
        self._place_proven = False
        self._generation = 0

    async def run(
        self,
        make_session: Callable[[int], HubSession],
        on_lost: Callable[[int, str], None],
    ) -> NoReturn:
        """Run sessions one after the other until cancelled; leaves no task behind.

        Parameters
        ----------
        make_session : callable
            Given the generation number, which rises with every attempt.
        on_lost : callable
            Told generation and reason when an attempt or a connection has ended.
        """
        pauses = _Pauses(self._timing, self._jitter)
        while True:
            self._generation += 1
            begun_ns = self._clock.mono_ns()
            try:
                await self._live_once(make_session(self._generation))
            except GatewayError as error:
                log.info("hub connection %d: %s", self._generation, error)
                on_lost(self._generation, str(error))
                lived_s = (self._clock.mono_ns() - begun_ns) / NS_PER_S
                pause_s = pauses.after(error, lived_s)
            await self._sleep(pause_s)

    async def _live_once(self, session: HubSession) -> NoReturn:
        socket = await self._open_signed_in()
        connection = HubConnection(socket, session, self._clock, self._timing)
        try:
            await connection.run()
        finally:
            if connection.answered:
                self._place_proven = True
            elif not self._place_proven:
                # Let in but not served: perhaps the token was looked for in the other place.
                self._place = self._place.other

    async def _open_signed_in(self) -> ClientConnection:
        token = await self._tokens.usable()
        try:
            return await self._open(token)
        except TokenRefusedError:
            newer = await self._tokens.usable()
            if newer == token:
                raise
        return await self._open(newer)

    async def _open(self, token: str) -> ClientConnection:
        try:
            return await open_socket(self._url, token, self._place, self._tls, self._timing.open_s)
        except TokenRefusedError:
            if self._place_proven:
                self._tokens.doubt(token)
                raise
        # A hub that only reads the query answers 401 to a header.
        self._place = self._place.other
        try:
            return await open_socket(self._url, token, self._place, self._tls, self._timing.open_s)
        except TokenRefusedError:
            self._tokens.doubt(token)
            raise


class _Pauses:
    """How long to wait before the next attempt, by how the ones before ended."""

    def __init__(self, timing: HubTiming, jitter: Callable[[], float]) -> None:
        self._timing = timing
        self._jitter = jitter
        self._attempts = 0
        self._put_out = 0

    def after(self, error: GatewayError, lived_s: float) -> float:
        """Seconds to wait after an attempt that ended with an error and lived so long."""
        timing = self._timing
        if lived_s > timing.settled_s:
            self._attempts = 0
        if lived_s > timing.peace_s:
            self._put_out = 0
        pause_s = timing.back_off_s[min(self._attempts, len(timing.back_off_s) - 1)]
        self._attempts += 1
        if getattr(error, "patient", isinstance(error, AuthError)):
            pause_s = max(pause_s, timing.patient_s)
        if getattr(error, "put_out", False):
            doubled_s = timing.patient_s * 2.0 ** min(self._put_out, 16)
            pause_s = max(pause_s, min(doubled_s, timing.put_out_most_s))
            self._put_out += 1
        return pause_s * (0.75 + 0.5 * self._jitter())
