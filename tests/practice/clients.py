"""A plain client of the venue: httpx and websockets, no code of the product."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import TYPE_CHECKING, Any, Self

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from tradedesk.practice.server import Venue

SEPARATOR = "\x1e"
DEADLINE_S = 10.0
EARLY, LATE = "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"


class Rest:
    """Calls endpoints as their names read; keeps the token once logged in."""

    def __init__(self, base: str) -> None:
        self.http = httpx.AsyncClient(base_url=base, trust_env=False, timeout=DEADLINE_S)
        self.token = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.http.aclose()

    async def login(self, venue: Venue) -> Self:
        who = venue.description()
        answer = await self("Auth/loginKey", userName=who["username"], apiKey=who["api_key"])
        assert answer["success"], answer
        self.use(answer["token"])
        return self

    def use(self, token: str) -> None:
        self.token = token
        self.http.headers["Authorization"] = f"Bearer {token}"

    async def __call__(self, endpoint: str, **body: Any) -> dict[str, Any]:
        """Post to ``/api/<endpoint>``; the answer must be HTTP 200."""
        return await self.post(f"/api/{endpoint}", body)

    async def control(self, action: str, **more: Any) -> None:
        answer = await self.post("/practice/control", {"action": action, **more})
        assert answer["success"], answer

    async def post(self, path: str, body: Any) -> dict[str, Any]:
        answer = await self.http.post(path, json=body)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        decoded: dict[str, Any] = answer.json()
        return decoded


class Hub:
    """One hub connection. Everything heard is kept in order in ``records``."""

    def __init__(self, url: str, token: str, *, version: int = 1) -> None:
        self._url = f"{url.replace('http', 'ws', 1)}?access_token={token}"
        self._version = version
        self._ids = itertools.count(1)
        self._news = asyncio.Event()
        self._rest = ""
        self.records: list[dict[str, Any]] = []
        self.closed = False

    async def __aenter__(self) -> Self:
        self.socket = await connect(self._url, max_size=None, ping_interval=None, proxy=None)
        await self.send({"protocol": "json", "version": self._version})
        self._reader = asyncio.create_task(self._read())
        await self.until(lambda: self.records[:1] == [{}])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.socket.close()
        await self._reader

    async def _read(self) -> None:
        try:
            async for frame in self.socket:
                assert isinstance(frame, str)
                *whole, self._rest = (self._rest + frame).split(SEPARATOR)
                self.records += [json.loads(record) for record in whole]
                self._news.set()
        except ConnectionClosedError:
            """Cut off: for the test the same as a goodbye."""
        self.closed = True
        self._news.set()

    async def send(self, *records: dict[str, Any]) -> None:
        await self.socket.send("".join(json.dumps(one) + SEPARATOR for one in records))

    async def invoke(self, target: str, *values: Any) -> dict[str, Any]:
        """Invoke and return the completion."""
        number = str(next(self._ids))
        await self.send(
            {"type": 1, "invocationId": number, "target": target, "arguments": list(values)}
        )
        completion: dict[str, Any] = await self.until(
            lambda: next((r for r in self.records if r.get("invocationId") == number), None)
        )
        return completion

    async def subscribe(self, target: str, *values: Any) -> None:
        completion = await self.invoke(f"Subscribe{target}", *values)
        assert completion["result"] == 0

    def events(self, target: str) -> list[Any]:
        """Arguments of the events of one target, oldest first."""
        return [r["arguments"] for r in self.records if r.get("target") == target]

    def user(self, kind: str) -> list[dict[str, Any]]:
        """Data of user events: ``Order``, ``Trade``, ``Position`` or ``Account``."""
        return [arguments[0]["data"] for arguments in self.events(f"GatewayUser{kind}")]

    async def until(self, found: Callable[[], Any]) -> Any:
        """Wait for something to be heard; returns it."""
        async with asyncio.timeout(DEADLINE_S):
            while not (value := found()):
                assert not self.closed, "the hub closed"
                self._news.clear()
                await self._news.wait()
        return value

    async def until_closed(self) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while not self.closed:
                self._news.clear()
                await self._news.wait()


class Trader:
    """An account on a venue with both hubs at hand."""

    def __init__(self, venue: Venue, rest: Rest, user: Hub, market: Hub) -> None:
        self.venue = venue
        self.rest = rest
        self.user = user
        self.market = market
        self.account = venue.world.first_account

    async def contract(self, symbol: str = "MNQ") -> str:
        found = await self.rest("Contract/search", searchText=symbol, live=False)
        symbols = {row["name"][:-2]: row["id"] for row in found["contracts"]}
        contract_id: str = symbols[symbol]
        return contract_id

    async def quote(self, contract: str) -> dict[str, Any]:
        """The market as it stands, all members."""
        await self.market.subscribe("ContractQuotes", contract)
        merged: dict[str, Any] = {}
        for heard, quote in self.market.events("GatewayQuote"):
            if heard == contract:
                merged |= quote
        return merged

    async def place(self, contract: str, **order: Any) -> dict[str, Any]:
        body = {"accountId": self.account, "contractId": contract, "size": 1, **order}
        return await self.rest("Order/place", **body)

    async def order(self, order_id: int) -> dict[str, Any]:
        answer = await self.rest("Order/searchById", accountId=self.account, orderId=order_id)
        row: dict[str, Any] = answer["order"]
        return row

    async def until_status(self, order_id: int, status: int) -> dict[str, Any]:
        """Wait until the user hub says that an order has a status."""
        row: dict[str, Any] = await self.user.until(
            lambda: next(
                (
                    order
                    for order in self.user.user("Order")
                    if order["id"] == order_id and order["status"] == status
                ),
                None,
            )
        )
        return row

    async def positions(self) -> list[dict[str, Any]]:
        answer = await self.rest("Position/searchOpen", accountId=self.account)
        rows: list[dict[str, Any]] = answer["positions"]
        return rows
