"""A venue with real sockets on the test's own loop, and somebody who trades on it."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
from tests.practice.clients import Hub, Rest, Trader

from tradedesk.app.system_clock import SystemClock
from tradedesk.practice.clock import VenueClock
from tradedesk.practice.config import VenueConfig
from tradedesk.practice.market.source import SyntheticMarket
from tradedesk.practice.server import Venue

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable


@pytest.fixture
async def start_venue() -> AsyncIterator[Callable[..., Awaitable[Venue]]]:
    """Start a venue with knobs of one's own; all of them end with the test."""
    async with AsyncExitStack() as stack:

        async def start(**knobs: object) -> Venue:
            config = VenueConfig(**knobs)  # type: ignore[arg-type]
            clock = VenueClock(SystemClock())
            market = SyntheticMarket(config.seed, clock.origin_ns, config.pace)
            return await stack.enter_async_context(Venue(config, clock, market))

        yield start


@pytest.fixture
async def venue(start_venue: Callable[..., Awaitable[Venue]]) -> Venue:
    """A venue for any number of calls and listeners of one user."""
    return await start_venue(pace=1.0, limits=False, sessions_per_hub=0)


@pytest.fixture
async def rest(venue: Venue) -> AsyncIterator[Rest]:
    """A client that is logged in."""
    async with Rest(venue.description()["rest"]) as client:
        yield await client.login(venue)


@pytest.fixture
async def trader(venue: Venue, rest: Rest) -> AsyncIterator[Trader]:
    """An account with both hubs open and all user events subscribed."""
    urls = venue.description()
    async with (
        Hub(urls["user_hub"], rest.token) as user,
        Hub(urls["market_hub"], rest.token) as market,
    ):
        account = venue.world.first_account
        await user.subscribe("Accounts")
        for kind in ("Orders", "Positions", "Trades"):
            await user.subscribe(kind, account)
        yield Trader(venue, rest, user, market)
