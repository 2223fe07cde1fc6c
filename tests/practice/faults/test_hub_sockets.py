"""Faults on hub sockets: dropped, reset, half open, slow, not let in."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from tests.helpers.waiting import until
from tests.practice.clients import SEPARATOR, Hub, Rest
from tests.practice.faults.arming import arm, strikes
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.practice.clients import Trader

    from tradedesk.practice.server import Venue


async def test_a_hub_is_dropped_with_a_record_of_type_7(trader: Trader) -> None:
    await arm(trader.rest, "user_hub", "drop", message="Maintenance.", reconnect=False)
    await trader.user.until_closed()
    assert trader.user.records[-1] == {
        "type": 7,
        "error": "Maintenance.",
        "allowReconnect": False,
    }
    assert (await trader.market.invoke("Heartbeat")).keys() >= {"invocationId"}
    assert [s["struck"] for s in await strikes(trader.rest)] == ["socket 1 of user_hub"]
    url = trader.venue.description()["user_hub"]
    async with Hub(url, trader.rest.token) as again:
        await again.subscribe("Accounts")


async def test_a_hub_socket_is_reset(trader: Trader) -> None:
    raw = await connect(
        trader.venue.description()["market_hub"].replace("http", "ws")
        + f"?access_token={trader.rest.token}",
        ping_interval=None,
        proxy=None,
    )
    await arm(trader.rest, "market_hub", "reset", times=0)
    with pytest.raises(ConnectionClosedError) as lost:
        await asyncio.wait_for(raw.recv(), 5)
    assert (lost.value.rcvd, lost.value.sent) == (None, None)
    assert isinstance(lost.value.__cause__, ConnectionResetError)
    await trader.rest.control("clear_faults")


async def test_a_half_open_socket_says_nothing_and_hears_nothing(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue(ping_s=0.05, silence_s=0.3)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        async with Hub(venue.description()["user_hub"], rest.token) as hub:
            await hub.until(lambda: hub.records.count({"type": 6}) >= 2)
            await arm(rest, "user_hub", "silent", seconds=1.5)
            await until_struck(rest)
            await asyncio.sleep(0.1)  # what was on its way arrives
            heard, began = len(hub.records), time.monotonic()
            await hub.send({"type": 1, "invocationId": "x", "target": "SubscribeAccounts"})
            pong = asyncio.ensure_future(await hub.socket.ping())
            # Longer than the venue waits for a silent client: it must not close either.
            await asyncio.sleep(0.8)
            assert (len(hub.records), hub.closed, pong.done()) == (heard, False, False)
            await hub.until_closed()
            assert time.monotonic() - began >= 1.2
            assert len(hub.records) == heard
            with pytest.raises(ConnectionClosedError):
                await pong


async def until_struck(rest: Rest, count: int = 1) -> None:
    async with asyncio.timeout(5):
        while len(await strikes(rest)) < count:
            continue


async def test_a_half_open_socket_is_forgotten_when_its_client_goes(trader: Trader) -> None:
    gate = trader.venue.gate
    before = len(gate.connections)
    await arm(trader.rest, "user_hub", "silent")
    await until_struck(trader.rest)
    trader.user.socket.transport.abort()
    await until(lambda: len(gate.connections) == before - 1)
    await until(lambda: not trader.venue.world.user_hub.connections)


async def test_a_slow_hub_delivers_late_and_in_order(trader: Trader) -> None:
    contract = await trader.contract()
    await arm(trader.rest, "user_hub", "slow", delay={"law": "uniform", "low": 0.3, "high": 0.4})
    await until_struck(trader.rest)
    began = time.monotonic()
    order = (await trader.place(contract, type=2, side=0))["orderId"]
    assert time.monotonic() - began < 0.3
    await trader.until_status(order, 2)
    assert time.monotonic() - began >= 0.3
    statuses = [row["status"] for row in trader.user.user("Order") if row["id"] == order]
    assert statuses == sorted(statuses, key=[6, 1, 2].index)
    assert trader.market.closed is False


@pytest.mark.parametrize("status", [503, 401])
async def test_negotiation_and_upgrade_are_refused(trader: Trader, status: int) -> None:
    url = trader.venue.description()["user_hub"]
    await arm(trader.rest, "user_hub", "refuse_negotiate", status=status)
    await arm(trader.rest, "user_hub", "refuse_upgrade", status=status, times=2)
    codes = [
        (await trader.rest.http.post(f"{url}/negotiate?negotiateVersion=1")).status_code
        for _ in range(2)
    ]
    assert codes == [status, 200]
    address = url.replace("http", "ws", 1) + f"?access_token={trader.rest.token}"
    for _ in range(2):
        with pytest.raises(InvalidStatus) as refused:
            await connect(address, proxy=None)
        assert refused.value.response.status_code == status
    async with connect(address, proxy=None, ping_interval=None) as socket:
        await socket.send('{"protocol":"json","version":1}' + SEPARATOR)
        assert await socket.recv() == "{}" + SEPARATOR


async def test_a_fault_waits_for_its_time_and_for_its_socket(trader: Trader) -> None:
    now_s = trader.venue.world.faults.register.now_s
    await arm(trader.rest, "user_hub", "drop", at=now_s + 0.5, after=1)
    await asyncio.sleep(0.7)
    assert (await trader.user.invoke("SubscribeAccounts"))["result"] == 0
    url = trader.venue.description()["user_hub"]
    socket = await connect(
        f"{url.replace('http', 'ws', 1)}?access_token={trader.rest.token}",
        proxy=None,
        ping_interval=None,
    )
    record = await asyncio.wait_for(socket.recv(), 5)
    assert '"type":7' in str(record)
    await socket.close()
    assert [s["struck"] for s in await strikes(trader.rest)] == ["socket 2 of user_hub"]
