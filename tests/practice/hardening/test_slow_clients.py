"""Clients that say or read everything slowly, or nothing at all; with short deadlines."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from tests.helpers.waiting import until
from tests.practice.clients import SEPARATOR, Hub, Rest
from tests.practice.faults.arming import strikes
from tests.practice.faults.raw import dial, request
from tests.practice.process import venue_process
from websockets.asyncio.client import connect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tradedesk.practice.server import Venue

ACCOUNTS = "/api/Account/search"


async def test_a_head_that_drips_in_is_given_up(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue(head_s=0.5)
    base = venue.description()["rest"]
    began = time.monotonic()
    line = await dial(base)
    await line.send(b"POST /api/Order/place HTTP/1.1\r\n")
    answer = asyncio.ensure_future(line.answer())
    while not answer.done():
        await line.send(b"X: y\r\n")
        await asyncio.sleep(0.05)
    assert (await answer)[0] == 408
    assert 0.4 < time.monotonic() - began < 5
    await line.close()
    await until(lambda: len(venue.gate.connections) == 0)


async def test_a_body_that_drips_in_is_given_up(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue(body_grace_s=0.5, body_bytes_per_s=1_000)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        whole = request(ACCOUNTS, {"onlyActiveAccounts": True, "x": "y" * 3_000}, rest.token)
        line = await dial(venue.description()["rest"])
        await line.send(whole[:-2_990])
        answer = asyncio.ensure_future(line.answer())
        sent = 2_990
        while not answer.done():
            await line.send(whole[-sent : -sent + 1])
            sent -= 1
            await asyncio.sleep(0.02)
        assert (await answer)[0] == 408
        await line.close()
        # At the rate that is asked for, the same body is served.
        line = await dial(venue.description()["rest"])
        for start in range(0, len(whole), 200):
            await line.send(whole[start : start + 200])
            await asyncio.sleep(0.05)
        status, _, body = await line.answer()
        assert (status, json.loads(body)["success"]) == (200, True)
        await line.close()


async def test_an_idle_connection_is_closed_and_a_busy_one_is_not(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue(keep_alive_s=0.4)
    base = venue.description()["rest"]
    silent = await dial(base)
    assert await silent.rest() == b""
    await silent.close()
    async with Rest(base) as rest:
        await rest.login(venue)
        await rest.control("fault", on="accounts", kind="hold_reply", seconds=1)
        assert (await rest("Account/search", onlyActiveAccounts=True))["success"]


async def test_one_connection_too_many_takes_the_place_of_the_idlest(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue(most_connections=16)
    base = venue.description()["rest"]
    async with Rest(base) as rest:
        await rest.login(venue)
        async with Hub(venue.description()["user_hub"], rest.token) as hub:
            lines = []
            for _ in range(40):
                lines.append(await dial(base))
                assert len(venue.gate.connections) <= 16
            await lines[-1].send(b"GET /api/Status/ping HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await lines[-1].answer())[2] == b"pong"
            assert (await hub.invoke("SubscribeAccounts"))["result"] == 0
            for line in lines:
                await line.close()


async def test_a_client_that_never_reads_its_hub_is_let_go(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue(stuck_s=0.5)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        url = venue.description()["user_hub"].replace("http", "ws", 1)
        ws = await connect(
            f"{url}?access_token={rest.token}", proxy=None, ping_interval=None, max_queue=1
        )
        await ws.send('{"protocol":"json","version":1}' + SEPARATOR)
        await until(lambda: venue.world.user_hub.connections)
        (connection,) = venue.world.user_hub.connections
        ws.transport.pause_reading()
        began = time.monotonic()
        while venue.world.user_hub.connections:
            connection.send(b'{"type":6}\x1e' * 10_000)
            await asyncio.sleep(0.02)
            assert time.monotonic() - began < 10
        assert connection._waiting_bytes <= 33 * 1024 * 1024
        ws.transport.abort()
        assert (await rest("Account/search", onlyActiveAccounts=True))["success"]


async def test_fifty_clients_log_in_at_once(start_venue: Callable[..., Awaitable[Venue]]) -> None:
    venue = await start_venue(sessions_per_hub=0)
    urls = venue.description()

    async def client(number: int) -> int:
        async with Rest(urls["rest"]) as rest:
            await rest.login(venue)
            async with Hub(urls["user_hub"], rest.token) as hub:
                await hub.subscribe("Accounts")
                (account,) = (await rest("Account/search", onlyActiveAccounts=True))["accounts"]
                assert account["id"] == venue.world.config.account_id
                return number

    async with asyncio.timeout(20):
        done = await asyncio.gather(*(client(number) for number in range(50)))
    assert done == list(range(50))
    await until(lambda: not venue.world.user_hub.connections)
    await until(lambda: len(venue.gate.connections) == 0)


@pytest.mark.parametrize("kind", ["hold_reply", "black_hole", "latency", "stall"])
def test_the_venue_ends_in_time_whatever_a_fault_holds(kind: str) -> None:
    with venue_process() as venue:
        where = urlsplit(venue.ready["rest"])
        with socket.create_connection((where.hostname, where.port)) as held:
            asyncio.run(hold(venue.ready, kind, held))
            began = time.monotonic()
            assert venue.end() == 0
            assert time.monotonic() - began < 3


async def hold(ready: dict[str, Any], kind: str, held: socket.socket) -> None:
    """Make a call that is held for long, and leave a half-open hub socket behind."""
    async with Rest(ready["rest"]) as rest:
        who = {"userName": ready["username"], "apiKey": ready["api_key"]}
        rest.use((await rest("Auth/loginKey", **who))["token"])
        await rest.control("fault", on="accounts", kind=kind, seconds=600)
        await rest.control("fault", on="user_hub", kind="silent")
        url = ready["user_hub"].replace("http", "ws", 1)
        ws = await connect(f"{url}?access_token={rest.token}", proxy=None, ping_interval=None)
        held.sendall(request(ACCOUNTS, {"onlyActiveAccounts": True}, rest.token))
        while len(await strikes(rest)) < 2:
            continue
        ws.transport.abort()
