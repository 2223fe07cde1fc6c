"""The practice venue as a process, and both sides of a client on it, as fixtures and calls."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest
from tests.helpers import leaks

from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.ids import AccountId, OrderId, Tag
from tradedesk.domain.order import Order, OrderType, Side
from tradedesk.gateway.config import GatewayConfig
from tradedesk.gateway.market_side import MarketSide, build_market_side
from tradedesk.gateway.order_side import OrderSide, build_order_side

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from tradedesk.domain.instrument import Instrument

HOUR_NS = 3_600 * NS_PER_S
CLOCK = SystemClock()


class Venue(msgspec.Struct):
    """The ready line."""

    rest: str
    user_hub: str
    market_hub: str
    username: str
    api_key: str
    accounts: list[dict[str, Any]]
    pid: int

    @property
    def config(self) -> GatewayConfig:
        return GatewayConfig(self.rest, self.user_hub, self.market_hub)

    async def control(self, action: str, **members: Any) -> None:
        """Do something to the venue: ``fault``, ``drop_hubs``, ``expire_tokens`` ..."""
        login = {"userName": self.username, "apiKey": self.api_key}
        async with httpx.AsyncClient(base_url=self.rest, trust_env=False) as client:
            token = (await client.post("/api/Auth/loginKey", json=login)).json()["token"]
            reply = await client.post(
                "/practice/control",
                json={"action": action, **members},
                headers={"Authorization": f"Bearer {token}"},
            )
        assert reply.json()["success"], reply.text

    @property
    def account_id(self) -> AccountId:
        return AccountId(self.accounts[0]["id"])


@pytest.fixture(scope="module")
def venue() -> Iterator[Venue]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tradedesk", "practice", "--port", "0", "--seed", "7"],
        stdout=subprocess.PIPE,
    )
    leaks.KEPT_CHILDREN.add(process.pid)
    assert process.stdout is not None
    try:
        yield msgspec.convert(json.loads(process.stdout.readline()), Venue)
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


@pytest.fixture
async def side(venue: Venue) -> AsyncIterator[OrderSide]:
    side = build_order_side(venue.config, lambda: (venue.username, venue.api_key), CLOCK)
    await side.gateway.login()
    yield side
    await side.gateway.aclose()


@pytest.fixture
async def market(venue: Venue, side: OrderSide) -> AsyncIterator[MarketSide]:
    market = build_market_side(venue.config, lambda: side.gateway.tokens.current, CLOCK)
    yield market
    await market.aclose()


@pytest.fixture
async def mnq(side: OrderSide) -> Instrument:
    return await side.gateway.resolve("MNQ")


async def place(desk: OrderSide, venue: Venue, mnq: Instrument, **changes: Any) -> OrderId:
    order: dict[str, Any] = {
        "account_id": venue.account_id,
        "instrument": mnq,
        "side": Side.BUY,
        "type": OrderType.MARKET,
        "size": 1,
        "limit_ticks": None,
        "stop_ticks": None,
        "stop_loss_ticks": None,
        "take_profit_ticks": None,
        "tag": Tag(f"test-{CLOCK.mono_ns()}"),
        "on_written": lambda: None,
    }
    return await desk.gateway.place(**(order | changes))


async def last_ticks(market: MarketSide, instrument: Instrument) -> int:
    now = CLOCK.wall_ns()
    bars = await market.bars(
        instrument, BarSpec.parse("1m"), now - 100 * HOUR_NS, now, 1, partial=True
    )
    return int(bars.close[-1])


def find(orders: Sequence[Order], order_id: OrderId) -> Order:
    (order,) = [order for order in orders if order.order_id == order_id]
    return order
