"""A scripted REST server and an order side that talks to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.gateway.clocks import FakeClock
from tests.gateway.rest_server import RestServer, ok
from tests.gateway.samples import ACCOUNT, ES, MES, MNQ

from tradedesk.gateway.config import GatewayConfig
from tradedesk.gateway.order_side import build_order_side

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tradedesk.gateway.rest.gateway import ProjectXGateway


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def server() -> AsyncIterator[RestServer]:
    """Knows one login, one account and three contracts."""
    async with RestServer() as server:
        server.on("/api/Auth/loginKey", ok(token="token-1"))
        server.on("/api/Account/search", ok(accounts=[ACCOUNT]))
        server.on("/api/Contract/search", ok(contracts=[MES, ES, MNQ]))
        server.on("/api/Contract/available", ok(contracts=[MES, ES, MNQ]))
        server.on(
            "/api/Contract/searchById",
            lambda asked: ok(
                contract={row["id"]: row for row in (MES, ES, MNQ)}.get(asked.json["contractId"])
            ),
        )
        yield server


def config_for(url: str) -> GatewayConfig:
    return GatewayConfig(url, f"{url}/hubs/user", f"{url}/hubs/market")


@pytest.fixture
async def gateway(server: RestServer, clock: FakeClock) -> AsyncIterator[ProjectXGateway]:
    """Signed in."""
    side = build_order_side(
        config_for(server.url), lambda: ("trader", "k-0123"), clock, sleep=clock.sleep
    )
    await side.gateway.login()
    yield side.gateway
    await side.gateway.aclose()
