"""A venue without sockets whose time and market a test moves, and its user hub written down."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import msgspec

from tradedesk.app.system_clock import SystemClock
from tradedesk.gateway.wire.base import Envelope
from tradedesk.gateway.wire.orders import (
    ModifyOrderRequest,
    OrderByIdRequest,
    OrderSearchOpenRequest,
    PlaceOrderRequest,
)
from tradedesk.gateway.wire.rest import TradeSearchRequest
from tradedesk.practice.clock import VenueClock
from tradedesk.practice.config import VenueConfig
from tradedesk.practice.exchange_hours import AlwaysOpen
from tradedesk.practice.rest import accounts as account_routes
from tradedesk.practice.rest import orders as order_routes
from tradedesk.practice.rest.control import control
from tradedesk.practice.world import World, the_accounts

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from tests.practice.kernel.hand_market import HandMarket, HandTape

    from tradedesk.practice.books.exchange import Answer
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.hours import Hours
    from tradedesk.practice.hubs.connection import Connection

MS = 1_000_000


def at_once(call: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that waits for nothing."""
    try:
        call.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")


def decoded(answer: Envelope) -> dict[str, Any]:
    rows: dict[str, Any] = json.loads(msgspec.json.encode(answer))
    return rows


class Ear:
    """Stands where a hub connection stands."""

    def __init__(self) -> None:
        self.records: list[bytes] = []

    def send(self, record: bytes) -> None:
        self.records.append(record)

    def end(self, *args: object, **kwargs: object) -> None:
        raise AssertionError("the venue ended the connection")


class Hall:
    """Accounts of some kinds on a market that is written by hand."""

    def __init__(
        self,
        market: HandMarket,
        *kinds: str,
        slice_ns: int | None = None,
        hours: Hours | None = None,
        **knobs: Any,
    ) -> None:
        self.market = market
        self.slice_ns = slice_ns
        clock = VenueClock(SystemClock(), market.start_ns, stepped=True)
        config = VenueConfig(limits=False, **knobs)
        accounts = the_accounts(kinds or ("practice",))
        self.world = World(config, clock, market, accounts, hours or AlwaysOpen())
        self.start = {one: ledger.balance for one, ledger in self.world.ledgers.items()}
        self.ear = Ear()
        hub, listener = self.world.user_hub, cast("Connection", self.ear)
        hub.joined(listener)
        at_once(hub.invoke(listener, "SubscribeAccounts", []))
        for account in self.world.accounts:
            for kind in ("Orders", "Positions", "Trades"):
                at_once(hub.invoke(listener, f"Subscribe{kind}", [account]))

    def close_down(self) -> None:
        self.world.faults.user.close()
        self.world.floor.close()

    @property
    def accounts(self) -> list[int]:
        return list(self.world.accounts)

    @property
    def now_ns(self) -> int:
        return self.world.floor.now_ns()

    def tape(self, symbol: str) -> HandTape:
        return self.market.tapes[symbol]

    def id(self, symbol: str) -> str:
        return self.tape(symbol).contract.contract_id

    def px(self, symbol: str, ticks: int) -> float:
        return self.tape(symbol).contract.product.tick.price_lossy(ticks)

    def go(self, venue_ns: int) -> None:
        """Let venue time go on, in one step or in slices."""
        while venue_ns > 0:
            part = min(venue_ns, self.slice_ns or venue_ns)
            self.world.clock.step(part)
            self.world.floor.play()
            venue_ns -= part

    def place(self, account: int, symbol: str, **members: Any) -> Answer:
        tick = self.tape(symbol).contract.product.tick
        for name in ("limit_price", "stop_price", "trail_price"):
            if isinstance(members.get(name), int):
                members[name] = tick.price_lossy(members[name])
        return self.world.exchange.place(
            PlaceOrderRequest(account_id=account, contract_id=self.id(symbol), **members)
        )

    def modify(self, row: OrderRow, **members: Any) -> Answer:
        """Change an order; prices in ticks."""
        tick = row.contract.product.tick
        prices = {
            name: None if ticks is None else tick.price_lossy(ticks)
            for name, ticks in members.items()
            if name != "size"
        }
        return self.world.exchange.modify(
            ModifyOrderRequest(
                account_id=row.account_id, order_id=row.id, size=members.get("size"), **prices
            )
        )

    def control(self, action: str, **members: Any) -> str | None:
        """What is wrong with an action, None if it was carried out."""
        outcome = control(self.world, json.dumps({"action": action, **members}).encode())
        return None if isinstance(outcome, Envelope) else outcome

    # ------------------------------------------------------------------------- what can be known

    def rows(self, account: int) -> list[OrderRow]:
        return list(self.world.exchange.rows.where(account, lambda row: True))

    def live(self) -> list[OrderRow]:
        return [row for one in self.accounts for row in self.world.exchange.rows.live_of(one)]

    def net(self, account: int, symbol: str) -> int:
        row = self.world.ledgers[account].position(self.id(symbol))
        return 0 if row is None else row.net

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Data of the user hub's events of one kind."""
        target = f"GatewayUser{kind}"
        records = (json.loads(record.rstrip(b"\x1e")) for record in self.ear.records)
        return [one["arguments"][0]["data"] for one in records if one["target"] == target]

    def order_by_rest(self, row: OrderRow) -> dict[str, Any]:
        request = OrderByIdRequest(account_id=row.account_id, order_id=row.id)
        order: dict[str, Any] = decoded(at_once(order_routes.search_by_id(self.world, request)))[
            "order"
        ]
        return order

    def open_by_rest(self, account: int) -> list[dict[str, Any]]:
        request = OrderSearchOpenRequest(account_id=account)
        rows: list[dict[str, Any]] = decoded(
            at_once(order_routes.search_open(self.world, request))
        )["orders"]
        return rows

    def positions_by_rest(self, account: int) -> list[dict[str, Any]]:
        request = OrderSearchOpenRequest(account_id=account)
        rows: list[dict[str, Any]] = decoded(
            at_once(account_routes.positions(self.world, request))
        )["positions"]
        return rows

    def trades_by_rest(self, account: int) -> list[dict[str, Any]]:
        request = TradeSearchRequest(account_id=account)
        rows: list[dict[str, Any]] = decoded(at_once(account_routes.trades(self.world, request)))[
            "trades"
        ]
        return rows
