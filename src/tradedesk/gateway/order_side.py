"""Puts together what the executor needs of a venue. No NumPy, no Qt behind this import."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from tradedesk.gateway.rest.calls import Caller
from tradedesk.gateway.rest.contracts import ContractDirectory
from tradedesk.gateway.rest.gateway import ProjectXGateway
from tradedesk.gateway.rest.health import RestHealth
from tradedesk.gateway.rest.limiter import Limiter
from tradedesk.gateway.rest.mutations import MutationSender
from tradedesk.gateway.rest.pool import ConnectionPool
from tradedesk.gateway.rest.queries import AccountQueries
from tradedesk.gateway.rest.reader import Reader
from tradedesk.gateway.rest.tokens import Credentials, TokenSource
from tradedesk.gateway.signalr.link import HubLink
from tradedesk.gateway.signalr.timing import HubTiming
from tradedesk.gateway.signalr.user_hub import UserHub
from tradedesk.gateway.tls import tls_context

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradedesk.domain.clock import Clock
    from tradedesk.gateway.clockwork import Sleep
    from tradedesk.gateway.config import GatewayConfig
    from tradedesk.gateway.rest.window import CallMemory

ORDER_CONNECTIONS = 2
"""Kept for orders alone: while one is being pinged, an order finds the other one free."""

_DEFAULT_TIMING = HubTiming()


class OrderSide(NamedTuple):
    """What the executor holds: an ``OrderGateway`` and a ``UserStream``."""

    gateway: ProjectXGateway
    stream: UserHub


def build_order_side(
    config: GatewayConfig,
    credentials: Credentials,
    clock: Clock,
    *,
    on_token: Callable[[str], None] | None = None,
    timing: HubTiming = _DEFAULT_TIMING,
    sleep: Sleep = asyncio.sleep,
    memory: CallMemory | None = None,
) -> OrderSide:
    """Build the order side of a venue; nothing is sent yet.

    Parameters
    ----------
    config : GatewayConfig
        Addresses.
    credentials : callable
        Gives user name and API key at each sign-in.
    clock : Clock
        Wall and monotonic time.
    on_token : callable, optional
        Told every new token, to pass it on to the market side.
    timing : HubTiming
        Deadlines of the hub.
    sleep : callable
        How back-offs are spent.
    memory : CallMemory, optional
        Where calls are counted beyond a crash; see ``Limiter``.
    """
    tls = tls_context(config)
    health = RestHealth()
    order_pools = [
        ConnectionPool(config.rest_url, tls, clock, health) for _ in range(ORDER_CONNECTIONS)
    ]
    query_pool = ConnectionPool(config.rest_url, tls, clock, health)
    gateway = wire_gateway(
        order_pools,
        query_pool,
        Limiter(clock, sleep, memory=memory),
        credentials,
        clock,
        health=health,
        live=config.live,
        on_token=on_token,
        sleep=sleep,
    )
    link = HubLink(config.user_hub_url, gateway.tokens, tls, clock, timing, sleep)
    return OrderSide(gateway, UserHub(link, gateway.contracts.resolve))


def wire_gateway(
    order_pools: Sequence[ConnectionPool],
    query_pool: ConnectionPool,
    limiter: Limiter,
    credentials: Credentials,
    clock: Clock,
    *,
    health: RestHealth,
    live: bool = False,
    on_token: Callable[[str], None] | None = None,
    sleep: Sleep = asyncio.sleep,
) -> ProjectXGateway:
    """Put the gateway together over given connections."""
    caller = Caller(query_pool, limiter, clock, sleep)
    tokens = TokenSource(caller, credentials, clock, on_token)
    reader = Reader(caller, tokens)
    contracts = ContractDirectory(reader, clock, live=live)
    return ProjectXGateway(
        order_pools=order_pools,
        query_pool=query_pool,
        sender=MutationSender(order_pools, tokens, limiter),
        queries=AccountQueries(reader, contracts, health),
        contracts=contracts,
        tokens=tokens,
        limiter=limiter,
        health=health,
    )
