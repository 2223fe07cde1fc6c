# mypy: disable-error-code="import-not-found,import-untyped"
"""project-x-py: async REST client with managers on top, hubs on pysignalr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from project_x_py import (
    EventBus,
    OrderManager,
    PositionManager,
    ProjectX,
    ProjectXConfig,
    ProjectXError,
    ProjectXRealtimeClient,
)
from tests.conformance.sessions.record import row
from tests.conformance.sessions.scenario import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.conformance.sessions.adapter import Row, Where, Wish
    from tests.conformance.sessions.heard import Heard


def same(*names: str) -> dict[str, str]:
    """The package's models keep the wire's names."""
    return {name: name for name in names}


ACCOUNT = same("id", "name", "balance", "canTrade", "isVisible", "simulated")
CONTRACT = same("id", "name", "description", "tickSize", "tickValue", "activeContract", "symbolId")
ORDER = same(
    "id", "accountId", "contractId", "symbolId", "creationTimestamp", "updateTimestamp", "status",
    "type", "side", "size", "limitPrice", "stopPrice", "fillVolume", "filledPrice", "customTag",
)  # fmt: skip
POSITION = same(
    "id", "accountId", "contractId", "contractDisplayName", "creationTimestamp", "type", "size",
    "averagePrice",
)  # fmt: skip
TRADE = same(
    "id", "accountId", "contractId", "creationTimestamp", "price", "profitAndLoss", "fees", "side",
    "size", "voided", "orderId",
)  # fmt: skip
BAR = {"t": "timestamp", "o": "open", "h": "high", "l": "low", "c": "close", "v": "volume"}


class Adapter:
    """The package's own objects, by its ``ProjectXConfig``."""

    place_note = ""
    keeps_depth = False

    def __init__(self, where: Where, heard: Heard) -> None:
        self.where = where
        self.heard = heard
        self.config = ProjectXConfig(
            api_url=f"{where.rest}/api",
            user_hub_url=where.user_hub,
            market_hub_url=where.market_hub,
            requests_per_minute=200,  # the gateway's own limit; the package's default is 60
        )
        self.client = ProjectX(where.username, where.api_key, config=self.config)
        self.orders_of = OrderManager(self.client, EventBus())
        self.positions_of = PositionManager(self.client, EventBus())
        self.hubs: Any = None

    async def login(self) -> None:
        await self.client.authenticate()

    async def wrong_key(self) -> str:
        async with ProjectX(self.where.username, "wrong-key-0000", config=self.config) as other:
            try:
                await other.authenticate()
            except ProjectXError as error:
                return f"{type(error).__name__}: {error}"
        raise AssertionError("a wrong key was taken")

    async def ping(self) -> str:
        return str(await self.client.ping())

    async def validate(self) -> bool:
        return bool(await self.client.validate_session())

    async def accounts(self) -> list[Row]:
        return [row(a, ACCOUNT) for a in await self.client.list_accounts()]

    async def contracts(self, text: str) -> list[Row]:
        return [row(c, CONTRACT) for c in await self.client.search_instruments(text)]

    async def contract(self, contract: str) -> Row:
        return row(await self.client.get_instrument(contract), CONTRACT)

    async def available(self) -> list[Row]:
        return [row(c, CONTRACT) for c in await self.client.list_available_contracts()]

    async def minutes(self, contract: str, start: datetime, end: datetime) -> list[Row]:
        frame = await self.client.get_bars(
            contract, interval=1, unit=2, limit=1000, partial=False, start_time=start, end_time=end
        )
        bars = [{wire: bar[name] for wire, name in BAR.items()} for bar in frame.to_dicts()]
        return bars[::-1]  # it sorts them, oldest first

    async def open_market_hub(self) -> None:
        heard = self.heard
        hubs = self.hubs = ProjectXRealtimeClient(
            self.client.get_session_token(),
            str(self.client.get_account_info().id),
            config=self.config,
        )
        await hubs.add_callback("quote_update", lambda got: heard.on_quote(got["data"]))
        await hubs.add_callback("market_trade", lambda got: heard.tape.extend(got["data"]))
        await hubs.add_callback("market_depth", lambda got: heard.depth.extend(got["data"]))
        for event, rows in {
            "order_update": heard.orders,
            "trade_execution": heard.fills,
            "position_update": heard.positions,
            "account_update": heard.accounts,
        }.items():
            await hubs.add_callback(event, keeping(rows))
        assert await hubs.connect(), "the hubs did not open"
        assert hubs.market_connected

    async def open_user_hub(self) -> None:
        assert self.hubs.user_connected

    async def watch_market(self, contract: str) -> None:
        assert await self.hubs.subscribe_market_data([contract])

    async def watch_user(self, account: int) -> None:
        assert await self.hubs.subscribe_user_updates()

    async def place(self, account: int, contract: str, wish: Wish) -> int:
        stop, target = wish.stop_ticks, wish.target_ticks
        answer = await self.orders_of.place_order(
            contract,
            wish.type,
            wish.side,
            wish.size,
            limit_price=wish.limit,
            stop_price=wish.stop,
            trail_price=wish.trail,
            custom_tag=wish.tag,
            stop_loss_bracket=None if stop is None else {"ticks": stop, "type": 4},
            take_profit_bracket=None if target is None else {"ticks": target, "type": 1},
        )
        return int(answer.orderId)

    async def modify(
        self, account: int, order: int, limit: float | None, stop: float | None
    ) -> None:
        assert await self.orders_of.modify_order(order, limit_price=limit, stop_price=stop)

    async def cancel(self, account: int, order: int) -> None:
        assert await self.orders_of.cancel_order(order)

    async def working(self, account: int) -> list[Row]:
        return [row(o, ORDER) for o in await self.orders_of.search_open_orders()]

    async def orders(self, account: int, since: datetime) -> list[Row]:
        found = await self.orders_of.search_orders(start_timestamp=since)
        return [row(o, ORDER) for o in found]

    async def positions(self, account: int) -> list[Row]:
        return [row(p, POSITION) for p in await self.positions_of.get_all_positions()]

    async def trades(self, account: int, since: datetime) -> list[Row]:
        return [row(t, TRADE) for t in await self.client.search_trades(start_date=since)]

    async def close(self, account: int, contract: str) -> None:
        answer = await self.positions_of.close_position_direct(contract)
        assert answer["success"], answer

    async def partial_close(self, account: int, contract: str, size: int) -> None:
        answer = await self.positions_of.partially_close_position(contract, size)
        assert answer["success"], answer

    async def leave(self) -> str:
        await self.hubs.disconnect()
        assert await self.client.logout()
        return "both hubs closed, logged out"


def keeping(rows: list[Row]) -> Callable[[Row], None]:
    """Give a callback that unwraps user events into a list."""
    return lambda event: rows.append(event["data"])


if __name__ == "__main__":
    main(Adapter)
