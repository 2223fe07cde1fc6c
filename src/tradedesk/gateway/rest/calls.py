"""One read: encode, ask, repeat while that can help, decode."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, TypeVar

import httpx
import msgspec

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import GatewayError, RateLimitedError
from tradedesk.gateway.errors import HttpStatusError, TokenRefusedError
from tradedesk.gateway.rest.hedge import hedged
from tradedesk.gateway.rest.limiter import BAR_LANES, Lane
from tradedesk.gateway.rest.pool import describe_fault
from tradedesk.gateway.wire.base import UNREADABLE, Envelope

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.gateway.clockwork import Sleep
    from tradedesk.gateway.rest.limiter import Limiter
    from tradedesk.gateway.rest.pool import ConnectionPool, Reply
    from tradedesk.gateway.rest.window import Slot

log = logging.getLogger(__name__)

Answer = TypeVar("Answer", bound=Envelope)

BACK_OFF_S: Final = (0.25, 1.0, 3.0)
AFTER_429_S: Final = 0.75
READ_DEADLINE_S: Final = 10.0
NEVER_ARRIVED: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Faults before the first byte of a request."""


class Caller:
    """Asks questions that may be asked again.

    Parameters
    ----------
    pool : ConnectionPool
        Where the requests go.
    limiter : Limiter
        Asked for a slot before every attempt.
    clock : Clock
        Deadlines.
    sleep : Sleep
        The back-off.
    """

    def __init__(
        self, pool: ConnectionPool, limiter: Limiter, clock: Clock, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._pool = pool
        self._limiter = limiter
        self._clock = clock
        self._sleep = sleep

    async def ask(
        self,
        path: str,
        body: msgspec.Struct | None,
        answer_type: type[Answer],
        *,
        token: str | None,
        lane: Lane = Lane.READ,
        deadline_s: float = READ_DEADLINE_S,
    ) -> Answer:
        """Ask until there is an answer, four times at most, inside the deadline.

        Network faults, 5xx and 429 are asked again after 0.25, 1 and 3 s, or later when the
        venue says ``Retry-After``; what is not answered soon is asked once more beside the first
        request, history apart. ``success: false`` is an answer and is returned.

        Raises
        ------
        TokenRefusedError
            HTTP 401.
        HttpStatusError
            Any other 3xx or 4xx.
        RateLimitedError
            HTTP 429, still, or no slot of our own.
        GatewayError
            No usable answer in time.
        """
        content = b"" if body is None else msgspec.json.encode(body)
        until_ns = self._clock.mono_ns() + int(deadline_s * NS_PER_S)
        for pause_s in (*BACK_OFF_S, None):
            slots = [await self._limiter.wait(lane, until_ns)]

            async def attempt(slots: list[Slot] = slots) -> Answer:
                slot = slots.pop() if slots else await self._limiter.wait(lane, until_ns)
                return await self._once(path, content, answer_type, token, until_ns, slot)

            try:
                return await (attempt() if lane in BAR_LANES else hedged(attempt))
            except (TokenRefusedError, HttpStatusError):
                raise
            except RateLimitedError as error:
                self._limiter.close_entries(error.retry_after_s)
                trouble: GatewayError = error
                wait_s = max(pause_s or 0.0, error.retry_after_s or AFTER_429_S)
            except GatewayError as error:
                trouble, wait_s = error, pause_s or 0.0
            if pause_s is None or self._clock.mono_ns() + int(wait_s * NS_PER_S) >= until_ns:
                raise trouble
            log.info("%s is asked again in %.2f s: %s", path, wait_s, trouble)
            await self._sleep(wait_s)
        raise AssertionError("the last attempt always returns or raises")

    async def _once(
        self,
        path: str,
        content: bytes,
        answer_type: type[Answer],
        token: str | None,
        until_ns: int,
        slot: Slot,
    ) -> Answer:
        left_s = max(0.05, (until_ns - self._clock.mono_ns()) / NS_PER_S)
        stray = True
        try:
            reply = await self._pool.request(
                "POST", path, content=content, token=token, deadline_s=left_s
            )
            stray = False
        except NEVER_ARRIVED as error:
            stray = False
            raise _silence(path, error) from error
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            raise _silence(path, error) from error
        finally:
            slot.end(stray=stray)
        return _decoded(path, reply, answer_type)


def _silence(path: str, error: Exception) -> GatewayError:
    return GatewayError(f"The venue did not answer {path}: {describe_fault(error)}.")


def _decoded(path: str, reply: Reply, answer_type: type[Answer]) -> Answer:
    status = reply.status
    if status == 401:
        raise TokenRefusedError("The venue no longer accepts this sign-in; sign in again.")
    if status == 429:
        raise RateLimitedError(
            f"The venue said too many requests (HTTP 429) to {path}.", retry_after_s(reply)
        )
    if status >= 500:
        raise GatewayError(f"The venue answered {path} with HTTP {status}; it has a fault.")
    if status != 200:
        raise HttpStatusError(f"The venue answered {path} with HTTP {status}.", status)
    try:
        return msgspec.json.decode(reply.body, type=answer_type)
    except UNREADABLE as error:
        raise GatewayError(f"The venue's answer to {path} cannot be read: {error}.") from error


def retry_after_s(reply: Reply) -> float | None:
    """Seconds of the ``Retry-After`` header; None if it is missing or a date."""
    try:
        seconds = float(reply.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < 86_400 else None
