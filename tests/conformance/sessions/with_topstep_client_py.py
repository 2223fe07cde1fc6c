# mypy: disable-error-code="import-not-found,import-untyped"
"""topstep-client-py: async REST client, hubs on signalrcore 1."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.conformance.sessions import names
from tests.conformance.sessions.record import NotOffered, row
from tests.conformance.sessions.scenario import main
from topstep import (
    APIError,
    Bracket,
    OrderSide,
    OrderType,
    PlaceOrderRequest,
    TopstepClient,
)
from topstep.realtime.market_hub import MarketHub
from topstep.realtime.user_hub import UserHub

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.conformance.sessions.adapter import Row, Where, Wish
    from tests.conformance.sessions.heard import Heard

CONNECT_S = 10.0


class Adapter:
    """The package's own objects, and its hubs built with the venue's URLs."""

    place_note = ""
    keeps_depth = True

    def __init__(self, where: Where, heard: Heard) -> None:
        self.where = where
        self.heard = heard

    async def login(self) -> None:
        self.client = await TopstepClient.create(
            username=self.where.username, api_key=self.where.api_key, base_url=self.where.rest
        )

    async def wrong_key(self) -> str:
        try:
            await TopstepClient.create(
                username=self.where.username, api_key="wrong", base_url=self.where.rest
            )
        except APIError as error:
            return f"APIError: {error}"
        raise AssertionError("a wrong key was taken")

    async def ping(self) -> str:
        raise NotOffered("no call")

    async def validate(self) -> bool:
        await self.client.refresh_token()
        return bool(self.client.token)

    async def accounts(self) -> list[Row]:
        return [row(a, names.ACCOUNT) for a in await self.client.accounts.search()]

    async def contracts(self, text: str) -> list[Row]:
        return [row(c, names.CONTRACT) for c in await self.client.contracts.search(text)]

    async def contract(self, contract: str) -> Row:
        return row(await self.client.contracts.search_by_id(contract), names.CONTRACT)

    async def available(self) -> list[Row]:
        return [row(c, names.CONTRACT) for c in await self.client.contracts.available()]

    async def minutes(self, contract: str, start: datetime, end: datetime) -> list[Row]:
        bars = await self.client.history.retrieve_bars(contract, start, end)
        return [row(bar, names.BAR) for bar in bars]

    async def open_market_hub(self) -> None:
        hub = self.market = MarketHub(self.client.token or "", hub_url=self.where.market_hub)
        hub.on_quote(lambda *got: self.heard.on_quote(arguments(got)[-1]))
        hub.on_trade(lambda *got: self.heard.tape.extend(listed(arguments(got)[-1])))
        hub.on_depth(lambda *got: self.heard.depth.extend(listed(arguments(got)[-1])))
        await opened(hub)

    async def open_user_hub(self) -> None:
        hub = self.user = UserHub(self.client.token or "", hub_url=self.where.user_hub)
        hub.on_order(self.keep(self.heard.orders))
        hub.on_trade(self.keep(self.heard.fills))
        hub.on_position(self.keep(self.heard.positions))
        hub.on_account(self.keep(self.heard.accounts))
        await opened(hub)

    def keep(self, rows: list[Row]) -> Callable[..., None]:
        """Give a callback that unwraps events into a list."""
        return lambda *got: rows.append(arguments(got)[-1]["data"])

    async def watch_market(self, contract: str) -> None:
        await self.market.subscribe_all(contract)

    async def watch_user(self, account: int) -> None:
        await self.user.subscribe_all(account)

    async def place(self, account: int, contract: str, wish: Wish) -> int:
        brackets = {
            name: Bracket(ticks=ticks, type=kind)
            for name, ticks, kind in (
                ("stopLossBracket", wish.stop_ticks, OrderType.STOP),
                ("takeProfitBracket", wish.target_ticks, OrderType.LIMIT),
            )
            if ticks is not None
        }
        order: int = await self.client.orders.place(
            PlaceOrderRequest(
                accountId=account,
                contractId=contract,
                type=OrderType(wish.type),
                side=OrderSide(wish.side),
                size=wish.size,
                limitPrice=wish.limit,
                stopPrice=wish.stop,
                trailPrice=wish.trail,
                customTag=wish.tag,
                **brackets,
            )
        )
        return order

    async def modify(
        self, account: int, order: int, limit: float | None, stop: float | None
    ) -> None:
        await self.client.orders.modify(account, order, limit_price=limit, stop_price=stop)

    async def cancel(self, account: int, order: int) -> None:
        await self.client.orders.cancel(account, order)

    async def working(self, account: int) -> list[Row]:
        return [row(o, names.ORDER) for o in await self.client.orders.search_open(account)]

    async def orders(self, account: int, since: datetime) -> list[Row]:
        return [row(o, names.ORDER) for o in await self.client.orders.search(account, since)]

    async def positions(self, account: int) -> list[Row]:
        return [row(p, names.POSITION) for p in await self.client.positions.search_open(account)]

    async def trades(self, account: int, since: datetime) -> list[Row]:
        return [row(t, names.TRADE) for t in await self.client.trades.search(account, since)]

    async def close(self, account: int, contract: str) -> None:
        await self.client.positions.close(account, contract)

    async def partial_close(self, account: int, contract: str, size: int) -> None:
        await self.client.positions.partial_close(account, contract, size)

    async def leave(self) -> str:
        await self.market.stop()
        await self.user.stop()
        await self.client.close()
        return "both hubs closed; no call to log out"


def arguments(got: tuple[Any, ...]) -> list[Any]:
    """Callbacks are given the argument list as one value."""
    return got[0] if len(got) == 1 and isinstance(got[0], list) else list(got)


def listed(value: Any) -> list[Row]:
    """Trades and depth come as lists."""
    return value if isinstance(value, list) else [value]


async def opened(hub: Any) -> None:
    """Connect; the package's ``connect`` may return before the handshake is done."""
    ready = asyncio.Event()
    hub.on_open(ready.set)
    await hub.connect()
    async with asyncio.timeout(CONNECT_S):
        await ready.wait()


if __name__ == "__main__":
    main(Adapter)
