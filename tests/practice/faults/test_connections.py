"""Faults on new connections: refused, reset, swallowed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.helpers.waiting import until
from tests.practice.faults.arming import arm, strikes
from tests.practice.faults.raw import dial, request

if TYPE_CHECKING:
    from tests.practice.clients import Trader

ACCOUNTS = "/api/Account/search"
ASK = {"onlyActiveAccounts": True}


async def pings(base: str) -> bool:
    """Whether a client that connects anew is served; False if it is refused."""
    async with httpx.AsyncClient(base_url=base, trust_env=False) as stranger:
        try:
            return (await stranger.get("/api/Status/ping")).status_code == 200
        except httpx.ConnectError:
            return False


async def test_the_listener_really_refuses_and_then_listens_on_the_same_port(
    trader: Trader,
) -> None:
    base = trader.venue.description()["rest"]
    began = time.monotonic()
    await arm(trader.rest, "connect", "refuse", seconds=1.0)
    while await pings(base):
        assert time.monotonic() - began < 5
    # What was open before stays open and is served.
    assert (await trader.rest("Account/search", **ASK))["success"]
    assert (await trader.user.invoke("SubscribeAccounts"))["result"] == 0
    while not await pings(base):
        assert time.monotonic() - began < 5
    assert time.monotonic() - began >= 1.0
    assert [s["struck"] for s in await strikes(trader.rest)] == ["the listener"]


async def test_the_venue_ends_while_it_refuses(trader: Trader) -> None:
    await arm(trader.rest, "connect", "refuse", seconds=600)
    while not await strikes(trader.rest):
        continue
    with pytest.raises(ConnectionRefusedError):
        await dial(trader.venue.description()["rest"])


async def test_new_connections_are_reset(trader: Trader) -> None:
    base = trader.venue.description()["rest"]
    await arm(trader.rest, "connect", "reset", times=2)
    for _ in range(2):
        with pytest.raises(ConnectionResetError):
            await (await dial(base)).rest()
    line = await dial(base)
    await line.send(request(ACCOUNTS, ASK, trader.rest.token))
    assert (await line.answer())[0] == 200
    await line.close()


async def test_new_connections_are_swallowed(trader: Trader) -> None:
    base = trader.venue.description()["rest"]
    await arm(trader.rest, "connect", "black_hole", seconds=0.6)
    line = await dial(base)
    await line.send(request(ACCOUNTS, ASK, trader.rest.token))
    assert await line.silent_for(0.4)
    with pytest.raises(ConnectionResetError):
        await line.rest()
    await line.close()
    assert (await trader.rest("Account/search", **ASK))["success"]


async def test_a_swallowed_connection_is_forgotten_when_its_client_goes(trader: Trader) -> None:
    gate = trader.venue.gate
    before = len(gate.connections)
    await arm(trader.rest, "connect", "black_hole")
    line = await dial(trader.venue.description()["rest"])
    await until(lambda: len(gate.connections) == before + 1)
    await line.close()
    await until(lambda: len(gate.connections) == before)
