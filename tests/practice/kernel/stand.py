"""A venue as the command line makes it, on real sockets, and a client that listens to all of it."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.practice.clients import EARLY, Hub, Rest

from tradedesk.app.practice_main import VenueOptions, make_venue

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tradedesk.practice.server import Venue

BUY, SELL = 0, 1
LIMIT, MARKET, STOP, TRAILING, JOIN_BID, JOIN_ASK = 1, 2, 4, 5, 6, 7
OPEN, FILLED, CANCELLED, REJECTED, PENDING = 1, 2, 3, 5, 6
START = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
"""A Wednesday, nine in the morning in Chicago."""


def money(value: Any) -> Decimal:
    """A number of the wire, as it was printed."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Stand:
    """A venue and somebody who trades all of its accounts; the user hub is heard from the start."""

    def __init__(self, venue: Venue, rest: Rest, user: Hub, market: Hub) -> None:
        self.venue = venue
        self.rest = rest
        self.user = user
        self.market = market
        self.accounts = [one["id"] for one in venue.description()["accounts"]]
        self._ids: dict[str, str] = {}

    async def id(self, symbol: str) -> str:
        """The active contract of a symbol."""
        if symbol not in self._ids:
            found = await self.rest("Contract/available", live=False)
            self._ids = {row["name"][:-2]: row["id"] for row in found["contracts"]}
        return self._ids[symbol]

    # --------------------------------------------------------------------------------- venue time

    async def control(self, action: str, **members: Any) -> dict[str, Any]:
        """The answer of the control endpoint, whatever it is."""
        return await self.rest.post("/practice/control", {"action": action, **members})

    async def step(self, seconds: float) -> None:
        await self.rest.control("step", seconds=seconds)
        await self.heard()

    async def step_to(self, when: datetime) -> None:
        """Step to a moment; an hour at most at once."""
        while (left := (when - await self.now()).total_seconds()) > 0:
            await self.step(min(left, 3_600))

    async def now(self) -> datetime:
        return moment((await self.control("clock"))["time"])

    async def heard(self) -> None:
        """Wait until everything has arrived that the venue has said so far."""
        await self.user.subscribe("Accounts")
        await self.market.invoke("UnsubscribeContractQuotes", "nothing")

    # ----------------------------------------------------------------------------------- trading

    async def place(self, account: int, symbol: str, **order: Any) -> dict[str, Any]:
        body = {"accountId": account, "contractId": await self.id(symbol), "size": 1, **order}
        return await self.rest("Order/place", **body)

    async def placed(self, account: int, symbol: str, **order: Any) -> int:
        """Place an order that must be taken; returns its id."""
        answer = await self.place(account, symbol, **order)
        assert answer["success"], answer
        order_id: int = answer["orderId"]
        return order_id

    async def close(self, account: int, symbol: str) -> dict[str, Any]:
        return await self.rest(
            "Position/closeContract", accountId=account, contractId=await self.id(symbol)
        )

    async def account(self, account: int) -> dict[str, Any]:
        found = await self.rest("Account/search", onlyActiveAccounts=False)
        row: dict[str, Any] = next(one for one in found["accounts"] if one["id"] == account)
        return row

    async def positions(self, account: int) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = (await self.rest("Position/searchOpen", accountId=account))[
            "positions"
        ]
        return rows

    async def working(self, account: int) -> list[dict[str, Any]]:
        """Orders that can still trade, suspended legs included."""
        answer = await self.rest(
            "Order/v2/query", filter={"accountId": account, "statuses": [1, 6, 8]}
        )
        rows: list[dict[str, Any]] = answer["orders"]
        return rows

    async def trades(self, account: int) -> list[dict[str, Any]]:
        """Half-turns, oldest first."""
        answer = await self.rest("Trade/search", accountId=account, startTimestamp=EARLY)
        rows: list[dict[str, Any]] = answer["trades"][::-1]
        return rows

    async def order(self, account: int, order_id: int) -> dict[str, Any]:
        answer = await self.rest("Order/searchById", accountId=account, orderId=order_id)
        row: dict[str, Any] = answer["order"]
        return row

    def orders_heard(self, order_id: int) -> list[dict[str, Any]]:
        return [one for one in self.user.user("Order") if one["id"] == order_id]

    def accounts_heard(self, account: int) -> list[dict[str, Any]]:
        return [one for one in self.user.user("Account") if one["id"] == account]


def transcript(hub: Hub) -> bytes:
    """All events a hub said, as bytes to compare."""
    return b"\n".join(json.dumps(one).encode() for one in hub.records if "target" in one)


def chicago(text: str) -> datetime:
    """A time of November to March in Chicago, such as ``2026-11-18T15:09:59``."""
    return datetime.fromisoformat(f"{text}-06:00")


@asynccontextmanager
async def stand(
    *kinds: str,
    start: datetime | None = START,
    stepped: bool = True,
    speed: float = 1.0,
    hours: str = "always",
    replay: Path | None = None,
    seed: int = 7,
    settings: tuple[str, ...] = (),
) -> AsyncIterator[Stand]:
    """Start a venue in this process and listen to everything about its accounts."""
    options = VenueOptions(
        accounts=kinds or ("practice",),
        start=start,
        stepped=stepped,
        speed=speed,
        hours=hours,
        replay=replay,
        seed=seed,
        settings=("limits=false", "sessions_per_hub=0", *settings),
    )
    async with AsyncExitStack() as stack:
        venue = await stack.enter_async_context(make_venue(options))
        urls = venue.description()
        rest = await stack.enter_async_context(Rest(urls["rest"]))
        await rest.login(venue)
        user = await stack.enter_async_context(Hub(urls["user_hub"], rest.token))
        market = await stack.enter_async_context(Hub(urls["market_hub"], rest.token))
        made = Stand(venue, rest, user, market)
        await user.subscribe("Accounts")
        for account in made.accounts:
            for kind in ("Orders", "Positions", "Trades"):
                await user.subscribe(kind, account)
        yield made
