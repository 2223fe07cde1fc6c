# mypy: disable-error-code="import-not-found,import-untyped"
"""topstep-sdk: async REST client and hubs of its own on websockets, without negotiation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.conformance.sessions import names
from tests.conformance.sessions.record import row
from tests.conformance.sessions.scenario import main
from topstep_sdk import AsyncTopstepClient, AuthError, Config, OrderStatus

if TYPE_CHECKING:
    from datetime import datetime

    from tests.conformance.sessions.adapter import Row, Where, Wish
    from tests.conformance.sessions.heard import Heard

ACCOUNT = names.ACCOUNT | {"simulated": "simulated"}
ORDER = names.ORDER | {
    "trailDistance": "trail_distance", "trailPrice": "trail_price",
    "parentOrderId": "parent_order_id", "linkedOrderId": "linked_order_id",
}  # fmt: skip
QUOTE = {
    "symbol": "symbol", "symbolName": "symbol_name", "lastPrice": "last_price",
    "bestBid": "best_bid", "bestAsk": "best_ask",
}  # fmt: skip
TAPE = {"price": "price", "volume": "volume", "type": "type", "timestamp": "timestamp"}
DEPTH = {"type": "type", "price": "price", "volume": "volume"}


class Adapter:
    """The package's own objects, by its ``Config``."""

    place_note = ""
    keeps_depth = True

    def __init__(self, where: Where, heard: Heard) -> None:
        self.where = where
        self.heard = heard
        self.client = AsyncTopstepClient(self.config(where.api_key))

    def config(self, key: str) -> Config:
        """All addresses are settings of the package."""
        return Config(
            username=self.where.username,
            api_key=key,
            rest_base_url=self.where.rest,
            user_hub_url=self.where.user_hub,
            market_hub_url=self.where.market_hub,
        )

    async def login(self) -> None:
        await self.client.authenticate()

    async def wrong_key(self) -> str:
        async with AsyncTopstepClient(self.config("wrong")) as other:
            try:
                await other.authenticate()
            except AuthError as error:
                return f"AuthError: {error}"
        raise AssertionError("a wrong key was taken")

    async def ping(self) -> str:
        return str(await self.client.ping())

    async def validate(self) -> bool:
        return bool(await self.client.validate())

    async def accounts(self) -> list[Row]:
        return [row(a, ACCOUNT) for a in await self.client.accounts.search()]

    async def contracts(self, text: str) -> list[Row]:
        return [row(c, names.CONTRACT) for c in await self.client.contracts.search(text)]

    async def contract(self, contract: str) -> Row:
        return row(await self.client.contracts.search_by_id(contract), names.CONTRACT)

    async def available(self) -> list[Row]:
        return [row(c, names.CONTRACT) for c in await self.client.contracts.available()]

    async def minutes(self, contract: str, start: datetime, end: datetime) -> list[Row]:
        bars = await self.client.history.retrieve_bars(
            contract, unit=2, unit_number=1, start_time=start, end_time=end
        )
        return [row(bar, names.BAR) for bar in bars]

    async def open_market_hub(self) -> None:
        heard, hub = self.heard, self.client.market_hub()
        hub.on_quote(lambda _, quote: heard.on_quote(row(quote, QUOTE)))
        hub.on_trade(lambda _, trade: heard.tape.append(row(trade, TAPE)))
        hub.on_depth(lambda _, level: heard.depth.append(row(level, DEPTH)))
        self.market: Any = hub
        await hub.start()

    async def open_user_hub(self) -> None:
        heard, hub = self.heard, self.client.user_hub()
        hub.on_order(lambda order: heard.orders.append(row(order, ORDER)))
        hub.on_trade(lambda trade: heard.fills.append(row(trade, names.TRADE)))
        hub.on_position(lambda position: heard.positions.append(row(position, names.POSITION)))
        hub.on_account(lambda account: heard.accounts.append(row(account, ACCOUNT)))
        self.user: Any = hub
        await hub.start()

    async def watch_market(self, contract: str) -> None:
        await self.market.subscribe_quotes(contract)
        await self.market.subscribe_trades(contract)
        await self.market.subscribe_depth(contract)

    async def watch_user(self, account: int) -> None:
        await self.user.subscribe_accounts()
        await self.user.subscribe_orders(account)
        await self.user.subscribe_positions(account)
        await self.user.subscribe_trades(account)

    async def place(self, account: int, contract: str, wish: Wish) -> int:
        order: int = await self.client.orders.place(
            account,
            contract,
            side=wish.side,
            type=wish.type,
            size=wish.size,
            limit_price=wish.limit,
            stop_price=wish.stop,
            trail_price=wish.trail,
            custom_tag=wish.tag,
            stop_loss_ticks=wish.stop_ticks,
            take_profit_ticks=wish.target_ticks,
        )
        return order

    async def modify(
        self, account: int, order: int, limit: float | None, stop: float | None
    ) -> None:
        await self.client.orders.modify(account, order, limit_price=limit, stop_price=stop)

    async def cancel(self, account: int, order: int) -> None:
        await self.client.orders.cancel(account, order)
        found = await self.client.orders.get(account, order)  # its own call for one order
        assert found is not None
        assert found.status == OrderStatus.CANCELLED, found

    async def working(self, account: int) -> list[Row]:
        rows = [row(o, ORDER) for o in await self.client.orders.search_open(account)]
        paged = await self.client.orders.query(account, statuses=[OrderStatus.OPEN])
        assert {o["id"] for o in rows} == {o.id for o in paged.orders or []}
        return rows

    async def orders(self, account: int, since: datetime) -> list[Row]:
        found = await self.client.orders.search(account, start_timestamp=since)
        return [row(o, ORDER) for o in found]

    async def positions(self, account: int) -> list[Row]:
        return [row(p, names.POSITION) for p in await self.client.positions.search_open(account)]

    async def trades(self, account: int, since: datetime) -> list[Row]:
        found = await self.client.trades.search(account, start_timestamp=since)
        return [row(t, names.TRADE) for t in found]

    async def close(self, account: int, contract: str) -> None:
        await self.client.positions.close(account, contract)

    async def partial_close(self, account: int, contract: str, size: int) -> None:
        await self.client.positions.partial_close(account, contract, size)

    async def leave(self) -> str:
        await self.market.stop()
        await self.user.stop()
        await self.client.aclose()
        return "both hubs closed; no call to log out"


if __name__ == "__main__":
    main(Adapter)
