"""Sends what changes something at the venue: once, and says honestly what became of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.domain.errors import NotSentError
from tradedesk.gateway.rest.calls import retry_after_s
from tradedesk.gateway.rest.limiter import Lane
from tradedesk.gateway.rest.outcomes import Answer, Endpoint, judge, unknown_after
from tradedesk.gateway.rest.pool import ConnectionPool, Reply, describe_fault
from tradedesk.gateway.rest.trace import SendTrace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradedesk.gateway.rest.limiter import Limiter
    from tradedesk.gateway.rest.tokens import TokenSource

log = logging.getLogger(__name__)

MUTATION_DEADLINE_S: Final = 8.0
_encode: Final = msgspec.json.Encoder().encode


class MutationSender:
    """Sends a mutation at most once.

    Parameters
    ----------
    pools : sequence of ConnectionPool
        Warm connections kept for orders; the least busy one is taken.
    tokens : TokenSource
        Only looked at: nothing is ever renewed because of, or inside, an order.
    limiter : Limiter
        Asked for a slot; only an exit waits for one, entries are refused at once.
    """

    def __init__(
        self, pools: Sequence[ConnectionPool], tokens: TokenSource, limiter: Limiter
    ) -> None:
        self._pools = pools
        self._tokens = tokens
        self._limiter = limiter

    async def send(
        self,
        endpoint: Endpoint,
        body: msgspec.Struct,
        answer_type: type[Answer],
        lane: Lane,
        on_written: Callable[[], None] | None = None,
        on_taken: Callable[[], None] | None = None,
    ) -> Answer:
        """Send once and return the answer of a request that was carried out.

        ``on_written`` is called when the last byte was handed to the kernel, ``on_taken`` before
        the first one, when nothing of ours holds the request back any more.

        Raises
        ------
        NotSentError
            If no byte of the body was handed to the kernel.
        VenueRefusedError
            If the venue definitely refused.
        OutcomeUnknownError
            In every other case. Cancelling leaves the outcome just as open.
        """
        token = self._tokens.current
        if token is None:
            raise NotSentError(f"{endpoint.noun} was not sent: not signed in yet.")
        if lane is Lane.ENTRY and not self._tokens.is_sure:
            raise NotSentError(
                f"{endpoint.noun} was not sent: the venue no longer takes this sign-in and a new "
                f"one is being made. Try again in a moment; exits still go."
            )
        if lane in (Lane.EXIT, Lane.CANCEL):
            slot = await self._limiter.turn(lane)
        else:
            slot = self._limiter.take(lane)
        if on_taken is not None:
            on_taken()
        stray = True
        try:
            reply = await self._exchange(endpoint, _encode(body), token, on_written)
            stray = False
        except NotSentError:
            stray = False
            raise
        finally:
            slot.end(stray=stray)
        if reply.status == 401:
            self._tokens.doubt(token)
        elif reply.status == 429:
            self._limiter.close_entries(retry_after_s(reply))
        return judge(endpoint, reply.status, reply.body, answer_type)

    async def _exchange(
        self, endpoint: Endpoint, content: bytes, token: str, on_written: Callable[[], None] | None
    ) -> Reply:
        trace = SendTrace(on_written)
        pool = min(self._pools, key=lambda pool: pool.inflight)
        try:
            return await pool.order(
                endpoint.path,
                content,
                token=token,
                trace=trace,
                deadline_s=MUTATION_DEADLINE_S,
            )
        except NotSentError:
            raise
        except Exception as error:
            # Deliberately broad: whatever went wrong, only two things matter, and the trace
            # knows them. A new kind of exception must not turn an open order into a lost one.
            log.info("%s failed, body begun: %s: %r", endpoint.path, trace.body_begun, error)
            if trace.body_begun:
                raise unknown_after(endpoint, describe_fault(error)) from error
            raise NotSentError(f"{endpoint.noun} was not sent: {describe_fault(error)}.") from error
