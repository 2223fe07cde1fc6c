"""A venue whose time is stepped, and somebody who plays drills on it over real sockets."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
from tests.practice.clients import Rest

from tradedesk.app.system_clock import SystemClock
from tradedesk.practice.clock import VenueClock
from tradedesk.practice.config import VenueConfig
from tradedesk.practice.market.source import SyntheticMarket
from tradedesk.practice.server import Venue

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

START_NS = 1_790_000_000_000_000_000
ENDED = {"success", "failure", "timeout", "stopped"}
BUY, SELL = 0, 1
LIMIT, MARKET, STOP = 1, 2, 4


class Player:
    """Trades MNQ on a stepped venue; every answer is taken as it comes."""

    def __init__(self, venue: Venue, rest: Rest) -> None:
        self.venue = venue
        self.rest = rest
        self.account = venue.world.first_account
        self.contract = ""

    async def start(self, drill: str) -> None:
        """Start a drill on a market that has played for a second."""
        found = await self.rest("Contract/search", searchText="MNQ", live=False)
        self.contract = next(row["id"] for row in found["contracts"] if row["name"][:3] == "MNQ")
        await self.step(1.0)
        await self.rest.control("drill_start", drill=drill)

    async def step(self, seconds: float) -> None:
        await self.rest.control("step", seconds=seconds)

    async def told(self) -> dict[str, Any]:
        answer = await self.rest.post("/practice/control", {"action": "drill"})
        told: dict[str, Any] = answer["drill"]
        return told

    async def until_trouble(self) -> None:
        """Step until trouble has begun, not a tick further than half a second."""
        for _ in range(100):
            if (await self.told())["troubleS"] is not None:
                return
            await self.step(0.5)
        raise AssertionError("trouble never began")

    async def until_over(self) -> dict[str, Any]:
        for _ in range(200):
            told = await self.told()
            if told["state"] in ENDED:
                return told
            await self.step(1.0)
        raise AssertionError("the drill never ended")

    async def call(self, endpoint: str, **more: Any) -> httpx.Response | None:
        """One call, None if the connection was cut before an answer came."""
        body = {"accountId": self.account, "contractId": self.contract, **more}
        try:
            return await self.rest.http.post(f"/api/{endpoint}", json=body)
        except httpx.TransportError:
            return None

    async def place(self, side: int, size: int = 1, **more: Any) -> httpx.Response | None:
        return await self.call(
            "Order/place", **{"type": MARKET, "side": side, "size": size, **more}
        )

    async def close(self) -> httpx.Response | None:
        return await self.call("Position/closeContract")

    async def enter(self, side: int, size: int = 1, stop: int = 0, target: int = 0) -> None:
        """A market entry with a bracket so many ticks away, and a second for it to settle."""
        sign = 1 if side == BUY else -1
        legs: dict[str, Any] = {}
        if stop:
            legs["stopLossBracket"] = {"ticks": -stop * sign, "type": STOP}
        if target:
            legs["takeProfitBracket"] = {"ticks": target * sign, "type": LIMIT}
        await self.place(side, size, **legs)
        await self.step(1.0)

    async def cancel_all(self) -> None:
        answer = await self.rest("Order/searchOpen", accountId=self.account)
        for order in answer["orders"]:
            await self.call("Order/cancel", orderId=order["id"])

    async def flatten(self) -> None:
        """Close, then cancel what works; a few venue milliseconds for each."""
        await self.close()
        await self.step(0.1)
        await self.cancel_all()

    async def net(self) -> int:
        answer = await self.rest("Position/searchOpen", accountId=self.account)
        return sum(row["size"] * (1 if row["type"] == 1 else -1) for row in answer["positions"])

    async def last(self) -> float:
        """Last price, from the venue's own book."""
        world = self.venue.world
        contract = world.find(self.contract)
        assert contract is not None
        return float(contract.product.tick.price_lossy(world.floor.book(contract).touch.last))


@asynccontextmanager
async def playing(drill: str, seed: int = 7) -> AsyncIterator[Player]:
    """A venue with a drill that has just begun."""
    config = VenueConfig(seed=seed, limits=False, sessions_per_hub=0)
    clock = VenueClock(SystemClock(), START_NS, stepped=True)
    market = SyntheticMarket(seed, START_NS)
    async with (
        Venue(config, clock, market) as venue,
        Rest(venue.description()["rest"]) as rest,
    ):
        player = Player(venue, await rest.login(venue))
        await player.start(drill)
        yield player
