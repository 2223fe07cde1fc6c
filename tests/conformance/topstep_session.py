"""A session with topstep-client-py 0.1.1 as it is published, against a venue that is running.

A program of its own: the package's hubs run threads that outlive their connection. Prints what it
saw as one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from topstep import TopstepClient
from topstep.models.order import Bracket, OrderSide, OrderType, PlaceOrderRequest
from topstep.realtime.market_hub import MarketHub
from topstep.realtime.user_hub import UserHub

if TYPE_CHECKING:
    from collections.abc import Callable

DEADLINE_S = 20.0


class Heard:
    """Everything the hubs called back with."""

    def __init__(self) -> None:
        self.orders: list[Any] = []
        self.positions: list[Any] = []
        self.quotes: list[Any] = []
        self.trades: list[Any] = []

    async def until(self, ready: Callable[[], Any]) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while not ready():  # noqa: ASYNC110 - the package calls back on threads of its own
                await asyncio.sleep(0.02)


def last_argument(values: tuple[Any, ...]) -> Any:
    """Callbacks are given the argument list as one value, or its items."""
    value = values[-1]
    return value[-1] if isinstance(value, list) else value


async def session(ready: dict[str, Any]) -> dict[str, Any]:
    heard = Heard()
    async with await TopstepClient.create(
        username=ready["username"], api_key=ready["api_key"], base_url=ready["rest"]
    ) as client:
        (account,) = await client.accounts.search()
        contract = next(
            c for c in await client.contracts.search("MNQ") if c.symbol_id == "F.US.MNQ"
        )
        user = UserHub(client.token or "", hub_url=ready["user_hub"])
        market = MarketHub(client.token or "", hub_url=ready["market_hub"])
        user.on_order(lambda *values: heard.orders.append(last_argument(values)))
        user.on_position(lambda *values: heard.positions.append(last_argument(values)))
        market.on_quote(lambda *values: heard.quotes.append(last_argument(values)))
        market.on_trade(lambda *values: heard.trades.append(last_argument(values)))
        for hub in (user, market):
            await hub.connect()
        await asyncio.sleep(0.5)  # connect() of the package returns before the handshake is done
        await user.subscribe_orders(account.id)
        await user.subscribe_positions(account.id)
        await market.subscribe_quotes(contract.id)
        await market.subscribe_trades(contract.id)
        await heard.until(lambda: heard.quotes and heard.trades)
        seen = await trade(client, account.id, contract.id, heard)
        for hub in (user, market):
            await hub.stop()
        return seen | {"account": account.name, "contract": contract.name}


async def trade(client: TopstepClient, account: int, contract: str, heard: Heard) -> dict[str, Any]:
    """Bracketed market order, read back in every way the package has, then closed."""
    order_id = await client.orders.place(
        PlaceOrderRequest.model_validate(
            {
                "accountId": account,
                "contractId": contract,
                "type": OrderType.MARKET,
                "side": OrderSide.BUY,
                "size": 2,
                "customTag": "conformance-1",
                "stopLossBracket": Bracket(ticks=-80, type=OrderType.STOP),
                "takeProfitBracket": Bracket(ticks=160, type=OrderType.LIMIT),
            }
        )
    )
    await heard.until(lambda: len(heard.orders) >= 6 and heard.positions)
    since = datetime.now(UTC) - timedelta(minutes=5)
    working = await client.orders.search_open(account)
    found = await client.orders.search(account, since)
    (position,) = await client.positions.search_open(account)
    trades = await client.trades.search(account, since)
    bars = await client.history.retrieve_bars(contract, since, datetime.now(UTC))
    for order in working:
        await client.orders.cancel(account, order.id)
    await client.positions.close(account, contract)
    await heard.until(lambda: heard.positions[-1]["data"]["size"] == 0)
    return {
        "order_id": order_id,
        "statuses": [(o["data"]["id"] - order_id, o["data"]["status"]) for o in heard.orders[:6]],
        "working": [(o.id - order_id, o.type.name, o.custom_tag) for o in working],
        "found": [(o.id - order_id, o.status.name) for o in found],
        "position": (position.type.name, position.size),
        "traded": sum(t.size for t in trades),
        "bars": len(bars),
        "quote": sorted(heard.quotes[0]),
        "trade": sorted(
            heard.trades[0][0] if isinstance(heard.trades[0], list) else heard.trades[0]
        ),
        "left": len(await client.positions.search_open(account)),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(session(json.loads(sys.argv[1])))))  # noqa: T201
