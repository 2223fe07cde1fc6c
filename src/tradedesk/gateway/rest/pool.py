"""One warm connection to the venue, replaced when it can no longer be trusted."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import httpx

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import GatewayError, NotSentError
from tradedesk.gateway.rest.wire_transport import WireTransport
from tradedesk.version import __version__

if TYPE_CHECKING:
    import ssl
    from collections.abc import Coroutine

    from tradedesk.domain.clock import Clock
    from tradedesk.gateway.rest.health import RestHealth
    from tradedesk.gateway.rest.trace import SendTrace

log = logging.getLogger(__name__)

PING_PATH: Final = "/api/Status/ping"
PING_DEADLINE_S: Final = 4.0
KEEPALIVE_S: Final = 600.0
MAX_IDLE_NS: Final = 45 * NS_PER_S
"""A connection that was not used for so long (pings included: the machine slept) is not trusted
with a request any more: a cold start costs 0.2 s, an order into a dead connection is lost sight
of."""
TIMEOUTS: Final = httpx.Timeout(connect=2.0, write=2.0, read=5.0, pool=0.5)
_HEADERS: Final = {
    "Accept": "application/json",
    "Content-Type": "application/json",
    "User-Agent": f"tradedesk/{__version__}",
}


class Reply(NamedTuple):
    """Status, headers and whole body of one answer."""

    status: int
    headers: httpx.Headers
    body: bytes


class _Client:
    """An HTTP client and how many requests are under way in it."""

    __slots__ = ("http", "inflight", "retired", "wire")

    def __init__(self, base_url: str, tls: ssl.SSLContext, timeouts: httpx.Timeout) -> None:
        self.wire = WireTransport(base_url, tls, _HEADERS, timeouts, KEEPALIVE_S)
        # no proxies and no .netrc from outside
        self.http = httpx.AsyncClient(
            base_url=base_url,
            headers=_HEADERS,
            timeout=timeouts,
            transport=self.wire,
            trust_env=False,
            follow_redirects=False,
        )
        self.inflight = 0
        self.retired = False


class ConnectionPool:
    """Requests over a kept connection.

    Parameters
    ----------
    base_url : str
        Where the venue is.
    tls : ssl.SSLContext
        Shared context.
    clock : Clock
        Measures round trips and idleness.
    health : RestHealth
        Told of every reply.
    timeouts : httpx.Timeout
        Of the single steps: connect, write, read, and waiting for a connection.

    Attributes
    ----------
    is_warm : bool
        True once a request was answered over the present connections.
    """

    def __init__(
        self,
        base_url: str,
        tls: ssl.SSLContext,
        clock: Clock,
        health: RestHealth,
        timeouts: httpx.Timeout = TIMEOUTS,
    ) -> None:
        self._base_url = base_url
        self._tls = tls
        self._clock = clock
        self._health = health
        self._timeouts = timeouts
        self._client = _Client(base_url, tls, timeouts)
        self._retired: set[_Client] = set()
        self._closed = False
        self._used_mono_ns = clock.mono_ns()
        self._used_wall_ns = clock.wall_ns()
        self.is_warm = False

    @property
    def idle_ns(self) -> int:
        """Nanoseconds since the last request, or since the pool was made."""
        return max(
            self._clock.mono_ns() - self._used_mono_ns, self._clock.wall_ns() - self._used_wall_ns
        )

    @property
    def inflight(self) -> int:
        """Requests under way in the present connections."""
        return self._client.inflight

    async def order(
        self, path: str, content: bytes, *, token: str, trace: SendTrace, deadline_s: float
    ) -> Reply:
        """Post an order or a change once, the short way, and read the whole answer.

        Raises
        ------
        NotSentError
            If the pool is closed.
        httpx.HTTPError, TimeoutError
            On any trouble; ``trace`` knows how far it had come. Cancelling closes the connection
            that was in use.
        """
        client = await self._trusted_client()
        return await self._counted(
            client, self._post(client, path, content, token, trace), deadline_s
        )

    async def request(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        token: str | None = None,
        deadline_s: float,
    ) -> Reply:
        """Send one request once and read the whole answer.

        Raises
        ------
        NotSentError
            If the pool is closed.
        httpx.HTTPError, TimeoutError
            On any trouble. Cancelling closes the connection that was in use.
        """
        client = await self._trusted_client()
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        request = client.http.build_request(method, path, content=content, headers=headers)
        return await self._counted(client, self._send(client, request), deadline_s)

    async def ping(self) -> None:
        """Use the connection once; replace it and try once more if that fails.

        Raises
        ------
        GatewayError
            If a new connection does not answer either.
        """
        try:
            await self._ping_once()
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            log.info("connection to the venue replaced after a failed ping: %r", error)
            await self.retire()
            try:
                await self._ping_once()
            except (httpx.HTTPError, TimeoutError, OSError) as second:
                raise GatewayError(
                    f"The venue at {self._base_url} does not answer: {describe_fault(second)}."
                ) from second

    async def _counted(
        self, client: _Client, exchange: Coroutine[Any, Any, Reply], deadline_s: float
    ) -> Reply:
        client.inflight += 1
        sent_ns = self._clock.mono_ns()
        try:
            async with asyncio.timeout(deadline_s):
                reply = await exchange
        finally:
            client.inflight -= 1
            self._touch()
            await self._sweep()
        self._health.note_reply(
            sent_ns, self._used_mono_ns, self._used_wall_ns, reply.headers.get("date")
        )
        self.is_warm = not client.retired
        return reply

    async def _send(self, client: _Client, request: httpx.Request) -> Reply:
        response = await client.http.send(request)
        return Reply(response.status_code, response.headers, response.content)

    async def _post(
        self, client: _Client, path: str, content: bytes, token: str, trace: SendTrace
    ) -> Reply:
        return Reply(*await client.wire.post(path, content, token, trace))

    async def _ping_once(self) -> None:
        await self.request("GET", PING_PATH, deadline_s=PING_DEADLINE_S)

    async def retire(self) -> None:
        """Use new connections from now on; requests under way finish on the old ones."""
        self._client.retired = True
        self._retired.add(self._client)
        self._client = _Client(self._base_url, self._tls, self._timeouts)
        self.is_warm = False
        self._touch()
        await self._sweep()

    async def aclose(self) -> None:
        """Close everything; requests under way fail."""
        self._closed = True
        await self._client.http.aclose()
        for client in list(self._retired):
            await client.http.aclose()
        self._retired.clear()

    async def _trusted_client(self) -> _Client:
        if self._closed:
            raise NotSentError("Nothing was sent: the connection to the venue has been closed.")
        if self.idle_ns > MAX_IDLE_NS and self._client.inflight == 0:
            await self.retire()
        return self._client

    def _touch(self) -> None:
        self._used_mono_ns = self._clock.mono_ns()
        self._used_wall_ns = self._clock.wall_ns()

    async def _sweep(self) -> None:
        for client in [client for client in self._retired if client.inflight == 0]:
            self._retired.discard(client)
            await client.http.aclose()


def describe_fault(error: Exception) -> str:
    """A few words for a network fault, without addresses or secrets."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return "no connection could be made"
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return "no answer in time"
    if isinstance(error, httpx.RemoteProtocolError):
        return "the connection was cut or the answer was no HTTP"
    if isinstance(error, httpx.NetworkError | OSError):
        return "the connection broke"
    return type(error).__name__
