"""Fast time, busy contracts and many orders: the same market, told in time, and sums that hold."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from tests.practice.clients import Hub, Rest

from tradedesk.app.system_clock import SystemClock
from tradedesk.practice.clock import VenueClock
from tradedesk.practice.config import VenueConfig
from tradedesk.practice.exchange_hours import AlwaysOpen
from tradedesk.practice.market.source import SyntheticMarket
from tradedesk.practice.server import Venue
from tradedesk.practice.world import World, the_accounts

CORE = Path(__file__).resolve().parents[2] / "bench" / "venue_core.py"
ORIGIN_NS = 1_795_190_400_000_000_000
KINDS = ("Quotes", "Trades", "MarketDepth")
SUBSCRIBED_S = 15.0


class Ear:
    """Takes what a hub sends to a connection."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def send(self, record: bytes) -> None:
        self.heard.append(record)


async def told(*, looking_ahead: bool) -> list[bytes]:
    """What twenty seconds of three contracts sound like, in steps of 20 ms."""
    clock = VenueClock(SystemClock(), ORIGIN_NS, stepped=True)
    market = SyntheticMarket(7, ORIGIN_NS, 5.0)
    world = World(VenueConfig(pace=5.0), clock, market, the_accounts(), AlwaysOpen())
    ear = Ear()
    world.market_hub.connections.add(ear)  # type: ignore[arg-type]
    feeds = []
    for contract in market.active()[:3]:
        for kind in KINDS:
            await world.market_hub.invoke(ear, f"SubscribeContract{kind}", [contract.contract_id])  # type: ignore[arg-type]
        feeds.append(await world.floor.watch(contract.contract_id, depth=True))
    for turn in range(1_000):
        clock.step(20_000_000)
        world.floor.play()
        feed = feeds[turn % len(feeds)]
        if looking_ahead:
            assert feed is not None
            feed.look_ahead(4_000_000_000)
    world.floor.close()
    return ear.heard


async def test_what_is_made_ahead_is_what_would_have_been_made() -> None:
    plain, ahead = await told(looking_ahead=False), await told(looking_ahead=True)
    assert len(plain) > 1_000
    assert plain == ahead


async def test_a_subscription_is_served_however_fast_time_runs() -> None:
    """At speed 1000 a contract that nobody listens to yet is idle within a few milliseconds."""
    config = VenueConfig(limits=False)
    clock = VenueClock(SystemClock(), rate=1_000.0)
    market = SyntheticMarket(config.seed, clock.origin_ns)
    async with Venue(config, clock, market) as venue:
        urls = venue.description()
        async with Rest(urls["rest"]) as rest:
            await rest.login(venue)
            async with Hub(urls["market_hub"], rest.token) as hub, asyncio.timeout(SUBSCRIBED_S):
                contract = market.active()[0].contract_id
                await hub.subscribe("ContractTrades", contract)
                await hub.until(lambda: len(hub.events("GatewayTrade")) > 20)


async def test_a_venue_that_cannot_keep_up_with_its_clock_answers_all_the_same() -> None:
    """No machine plays years of a book in a second: time runs as fast as it can."""
    clock = VenueClock(SystemClock(), rate=1e8)
    config = VenueConfig(limits=False)
    market = SyntheticMarket(config.seed, clock.origin_ns)
    async with Venue(config, clock, market) as venue:
        urls = venue.description()
        async with Rest(urls["rest"]) as rest, asyncio.timeout(4 * SUBSCRIBED_S):
            await rest.login(venue)
            async with Hub(urls["market_hub"], rest.token) as hub:
                contract = market.active()[0].contract_id
                await hub.subscribe("ContractMarketDepth", contract)
                times = []
                for _ in range(5):
                    await hub.invoke("UnsubscribeContractQuotes", "nothing")
                    times.append(
                        (await rest.post("/practice/control", {"action": "clock"}))["time"]
                    )
                assert times == sorted(set(times)), "and time goes on"


def test_fills_trades_positions_and_money_of_many_orders_add_up() -> None:
    """The seeded trader of the benchmark, on a smaller scale."""
    command = [sys.executable, str(CORE)]
    answer = subprocess.run(
        command, check=True, input="4000\n", stdout=subprocess.PIPE, text=True, timeout=120
    )
    found = json.loads(answer.stdout)
    assert found["trades"] > 2_000
    assert not found["refused"].get("market")
    assert found["differences"] == []
