# mypy: disable-error-code="import-not-found,import-untyped"
"""projectx-sdk: blocking REST client, hubs on signalrcore 0.9 behind a thread of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projectx_sdk import AuthenticationError, ProjectXClient
from projectx_sdk.realtime import SyncRealTimeClient
from tests.conformance.sessions import names
from tests.conformance.sessions.record import NotOffered, row
from tests.conformance.sessions.scenario import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.conformance.sessions.adapter import Row, Where, Wish
    from tests.conformance.sessions.heard import Heard

CONTRACT = names.without(names.CONTRACT, "symbolId")
ORDER = names.without(names.ORDER, "symbolId", "fillVolume", "filledPrice")
STARTS = 3


class Adapter:
    """The package's own objects, and its hubs built with the venue's URLs."""

    place_note = ", by the client's own post(): orders.place takes no brackets"
    keeps_depth = True

    def __init__(self, where: Where, heard: Heard) -> None:
        self.where = where
        self.heard = heard
        self.hubs: SyncRealTimeClient | None = None

    async def login(self) -> None:
        self.client = ProjectXClient(
            username=self.where.username, api_key=self.where.api_key, base_url=self.where.rest
        )

    async def wrong_key(self) -> str:
        try:
            ProjectXClient(username=self.where.username, api_key="wrong", base_url=self.where.rest)
        except AuthenticationError as error:
            return f"AuthenticationError: {error}"
        raise AssertionError("a wrong key was taken")

    async def ping(self) -> str:
        raise NotOffered("no call")

    async def validate(self) -> bool:
        return bool(self.client.auth.validate_token())

    async def accounts(self) -> list[Row]:
        return [row(a, names.ACCOUNT) for a in self.client.accounts.search(True)]

    async def contracts(self, text: str) -> list[Row]:
        return [row(c, CONTRACT) for c in self.client.contracts.search(text)]

    async def contract(self, contract: str) -> Row:
        found = self.client.contracts.search_by_id(contract)
        if found is None:
            answer = self.client.post("Contract/searchById", json={"contractId": contract})
            assert answer["contract"]["id"] == contract, answer
            raise NotOffered("gives nothing: it looks for `contracts`, the wire has `contract`")
        return row(found, CONTRACT)

    async def available(self) -> list[Row]:
        raise NotOffered("no call")

    async def minutes(self, contract: str, start: datetime, end: datetime) -> list[Row]:
        bars = self.client.history.retrieve_bars(contract, start, end)
        return [row(bar, names.BAR) for bar in bars]

    def connected(self) -> SyncRealTimeClient:
        """Start both hubs, which the package does in one call.

        Its ``start`` looks at an attribute that its own thread may not have set yet, and then goes
        on without hubs; it is stopped and made anew.
        """
        for _ in range(STARTS):
            if self.hubs is None:
                self.hubs = SyncRealTimeClient(
                    self.client.auth.get_token(),
                    "practice",
                    user_hub_url=self.where.user_hub,
                    market_hub_url=self.where.market_hub,
                )
                self.hubs.start()
            if self.hubs.is_connected():
                return self.hubs
            self.hubs.stop()
            self.hubs = None
        raise ConnectionError("the hubs did not open")

    async def open_market_hub(self) -> None:
        assert self.connected().market

    async def open_user_hub(self) -> None:
        assert self.connected().user

    async def watch_market(self, contract: str) -> None:
        hub = self.connected().market
        hub.subscribe_quotes(contract, lambda _, quote: self.heard.on_quote(quote))
        hub.subscribe_trades(contract, lambda _, rows: self.heard.tape.extend(rows))
        hub.subscribe_market_depth(contract, lambda _, rows: self.heard.depth.extend(rows))

    async def watch_user(self, account: int) -> None:
        hub = self.connected().user
        hub.subscribe_accounts(keep(self.heard.accounts))
        hub.subscribe_orders(account, keep(self.heard.orders))
        hub.subscribe_positions(account, keep(self.heard.positions))
        hub.subscribe_trades(account, keep(self.heard.fills))

    async def place(self, account: int, contract: str, wish: Wish) -> int:
        if wish.stop_ticks is None:
            order: int = self.client.orders.place(
                account,
                contract,
                wish.type,
                wish.side,
                wish.size,
                limit_price=wish.limit,
                stop_price=wish.stop,
                trail_price=wish.trail,
                custom_tag=wish.tag,
            )
            return order
        body = {
            "accountId": account,
            "contractId": contract,
            "type": wish.type,
            "side": wish.side,
            "size": wish.size,
            "customTag": wish.tag,
            "stopLossBracket": {"ticks": wish.stop_ticks, "type": 4},
            "takeProfitBracket": {"ticks": wish.target_ticks, "type": 1},
        }
        return int(self.client.post("Order/place", json=body)["orderId"])

    async def modify(
        self, account: int, order: int, limit: float | None, stop: float | None
    ) -> None:
        assert self.client.orders.modify(account, order, limit_price=limit, stop_price=stop)

    async def cancel(self, account: int, order: int) -> None:
        assert self.client.orders.cancel(account, order)

    async def working(self, account: int) -> list[Row]:
        return [row(o, ORDER) for o in self.client.orders.search_open(account)]

    async def orders(self, account: int, since: datetime) -> list[Row]:
        return [row(o, ORDER) for o in self.client.orders.search(account, since)]

    async def positions(self, account: int) -> list[Row]:
        return [row(p, names.POSITION) for p in self.client.positions.search_open(account)]

    async def trades(self, account: int, since: datetime) -> list[Row]:
        return [row(t, names.TRADE) for t in self.client.trades.search(account, since)]

    async def close(self, account: int, contract: str) -> None:
        assert self.client.positions.close_contract(account, contract)

    async def partial_close(self, account: int, contract: str, size: int) -> None:
        assert self.client.positions.partial_close_contract(account, contract, size)

    async def leave(self) -> str:
        self.connected().stop()
        return "both hubs closed; no call to log out"


def keep(rows: list[Row]) -> Callable[..., None]:
    """Give a callback that unwraps events into a list; the package passes the argument list."""

    def callback(got: list[Any]) -> None:
        rows.append(got[-1]["data"])

    return callback


if __name__ == "__main__":
    main(Adapter)
