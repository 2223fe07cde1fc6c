"""Clients that misbehave on purpose. The venue answers cleanly or closes, and goes on."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from tests.practice.clients import SEPARATOR
from tests.practice.faults.raw import Line, dial, request
from tests.practice.hardening.process_health import Health
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.practice.hardening.conftest import Healthy
    from websockets.asyncio.client import ClientConnection

ACCOUNTS = "/api/Account/search"
MB = 1_000_000
HANDSHAKE = '{"protocol":"json","version":1}' + SEPARATOR


def base(client: Healthy) -> str:
    where: str = client.venue.ready["rest"]
    return where


async def status_of(client: Healthy, data: bytes) -> int | None:
    """Status of the one reply to some bytes; None if the venue just closes."""
    line = await dial(base(client))
    try:
        await line.send(data)
        status, _, _ = await line.answer()
    except (ConnectionError, asyncio.IncompleteReadError):
        return None
    finally:
        await line.close()
    return status


async def hub_socket(client: Healthy, hub: str = "market_hub") -> ClientConnection:
    url = client.venue.ready[hub].replace("http", "ws", 1)
    ws = await connect(
        f"{url}?access_token={client.rest.token}", proxy=None, ping_interval=None, max_size=None
    )
    await ws.send(HANDSHAKE)
    assert await ws.recv() == "{}" + SEPARATOR
    return ws


async def test_ten_megabytes_of_json_are_read_and_answered(unharmed: Healthy) -> None:
    body = {"onlyActiveAccounts": True, "more": "x" * (10 * MB)}
    for _ in range(3):
        answer = await unharmed.rest.http.post(ACCOUNTS, json=body)
        assert (answer.status_code, answer.json()["success"]) == (200, True)
    nonsense = b"[" * (10 * MB)
    answer = await unharmed.rest.http.post(
        ACCOUNTS, content=nonsense, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400


async def test_a_body_above_the_limit_is_refused_unread(unharmed: Healthy) -> None:
    head = (
        f"POST {ACCOUNTS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {unharmed.rest.token}\r\n"
        "Content-Type: application/json\r\n"
    )
    declared = f"{head}Content-Length: 30000001\r\n\r\n".encode()
    assert await status_of(unharmed, declared) == 413
    absurd = f"{head}Content-Length: {'9' * 40}\r\n\r\n".encode()
    assert await status_of(unharmed, absurd) in (400, 413)
    line = await dial(base(unharmed))
    await line.send(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    answer = asyncio.ensure_future(line.answer())
    while not answer.done():
        await line.send(piece * 8)
    assert (await answer)[0] == 413
    await line.close()


async def test_endless_heads_are_refused(unharmed: Healthy) -> None:
    start = b"GET /api/Status/ping HTTP/1.1\r\nHost: x\r\n"
    many = b"".join(b"X-%d: y\r\n" % n for n in range(20_000))
    assert await status_of(unharmed, start + many) == 431
    assert await status_of(unharmed, start + b"X: " + b"y" * MB) == 431
    assert await status_of(unharmed, b"GET /" + b"a" * MB) == 431


@pytest.mark.parametrize(
    "data",
    [
        b"hello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64 + b"\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"POST /api/Order/place HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Header\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_refused(healthy: Healthy, data: bytes) -> None:
    assert await status_of(healthy, data) in (400, 404, 405, 501, 505)
    await healthy.trade()


async def test_bad_upgrades_are_refused(unharmed: Healthy) -> None:
    path = f"/hubs/user?access_token={unharmed.rest.token}"
    good = [
        f"GET {path} HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]  # fmt: skip
    bad = [
        [*good[:4], "Sec-WebSocket-Version: 8", good[5]],
        good[:5],
        [*good[:5], "Sec-WebSocket-Key: short"],
        ["POST" + good[0][3:], *good[1:]],
        [*good, *(f"X-{n}: y" for n in range(500))],
        [*good, "X: " + "y" * 20_000],
    ]
    for lines in bad:
        status = await status_of(unharmed, "\r\n".join((*lines, "", "")).encode())
        assert status is None or 400 <= status < 510, (status, lines)
    other = [good[0], "Host: x", "Connection: Upgrade", "Upgrade: h2c"]
    line = await dial(base(unharmed))
    await line.send("\r\n".join((*other, "", "")).encode())
    assert (await line.answer())[0] in (400, 404, 405, 426)
    await line.close()


async def test_pipelined_calls_are_answered_in_order(unharmed: Healthy) -> None:
    line = await dial(base(unharmed))
    one = request(ACCOUNTS, {"onlyActiveAccounts": True}, unharmed.rest.token)
    ping = b"GET /api/Status/ping HTTP/1.1\r\nHost: x\r\n\r\n"
    sending = asyncio.gather(line.send((one + ping) * 60))
    for _ in range(60):
        status, _, body = await line.answer()
        assert (status, json.loads(body)["success"]) == (200, True)
        assert (await line.answer())[2] == b"pong"
    await sending
    await line.close()


async def test_an_endless_pipeline_whose_replies_nobody_reads(unharmed: Healthy) -> None:
    health = Health(unharmed.venue.ready["pid"])
    before_mb = health.memory_mb
    line = await dial(base(unharmed))
    line.reader._transport.pause_reading()  # type: ignore[attr-defined]
    ping = b"GET /api/Status/ping HTTP/1.1\r\nHost: x\r\n\r\n" * 2_000

    async def for_ever() -> None:
        while True:
            line.writer.write(ping)
            await line.writer.drain()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(for_ever(), 3)
    assert health.memory_mb < before_mb + 40
    await line.close()


async def test_a_half_closed_client_gets_its_answer(unharmed: Healthy) -> None:
    line = await dial(base(unharmed))
    await line.send(request(ACCOUNTS, {"onlyActiveAccounts": True}, unharmed.rest.token))
    line.writer.write_eof()
    status, _, body = await line.answer()
    assert (status, json.loads(body)["success"]) == (200, True)
    assert await line.rest() == b""
    await line.close()
    early = await dial(base(unharmed))
    await early.send(b"POST /api/Order/place HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
    early.writer.write_eof()
    assert await early.rest() == b""
    await early.close()


async def test_connections_opened_and_dropped(unharmed: Healthy) -> None:
    where = urlsplit(base(unharmed))
    address = (where.hostname, where.port)
    reset = struct.pack("ii", 1, 0)
    for number in range(2_000):
        with socket.create_connection(address) as one:
            if number % 3 == 0:
                one.sendall(b"GET /api/Sta")
            if number % 2:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        if number % 200 == 0:
            await unharmed.trade()


async def test_thousands_of_idle_connections(unharmed: Healthy) -> None:
    where = urlsplit(base(unharmed))
    address = (where.hostname, where.port)
    idle = []
    try:
        for number in range(6_000):
            one = socket.socket()
            idle.append(one)
            one.connect(address)
            if number % 2:
                one.sendall(b"POST /api/Order/place HTTP/1.1\r\n")
            if number % 1_000 == 0:
                await unharmed.trade()
        await unharmed.trade()
        async with asyncio.timeout(5):
            line = await dial(base(unharmed))
            await line.send(b"GET /api/Status/ping HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await line.answer())[2] == b"pong"
            await line.close()
        held = Health(unharmed.venue.ready["pid"]).files
        assert held < 4_096 + 100
    finally:
        for one in idle:
            one.close()


async def closed(ws: ClientConnection) -> int | None:
    """Close code that the venue gives; None if there is none."""

    async def for_ever() -> None:
        while True:
            await ws.recv()

    with pytest.raises(ConnectionClosed) as end:
        await asyncio.wait_for(for_ever(), 5)
    return None if end.value.rcvd is None else end.value.rcvd.code


async def test_huge_frames_are_closed_with_1009(unharmed: Healthy) -> None:
    ws = await hub_socket(unharmed)
    await ws.send("x" * (3 * MB))
    assert await closed(ws) == 1009
    ws = await hub_socket(unharmed)

    piece = "x" * 60_000

    async def endless() -> AsyncIterator[str]:
        while True:
            yield piece
            await asyncio.sleep(0)  # so that the client gets to read as well

    with pytest.raises(ConnectionClosed) as end:
        await asyncio.wait_for(ws.send(endless()), 10)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 1009
    await ws.close()


async def test_frames_that_are_no_websocket_end_the_connection(unharmed: Healthy) -> None:
    for frame, code in (
        (b"\x81\x85\x00\x00\x00\x00\xff\xfe\xfd\xfc\xfb", 1007),
        (b"\xf1\x80\x00\x00\x00\x00", 1002),
        (b"\x81\x05hello", 1002),
        (b"\x89\xfe\x00\xff\x00\x00\x00\x00" + b"x" * 255, 1002),
    ):
        ws = await hub_socket(unharmed)
        ws.transport.write(frame)
        assert await closed(ws) == code


async def test_binary_frames_are_records_too(unharmed: Healthy) -> None:
    ws = await hub_socket(unharmed)
    record = b'{"type":1,"invocationId":"1","target":"SubscribeContractQuotes","arguments":["x"]}'
    await ws.send(record + SEPARATOR.encode())
    assert '"invocationId":"1"' in str(await asyncio.wait_for(ws.recv(), 5))
    await ws.send(os.urandom(5_000) + SEPARATOR.encode())
    await closed(ws)


async def test_records_without_an_end(unharmed: Healthy) -> None:
    health = Health(unharmed.venue.ready["pid"])
    before_mb = health.memory_mb
    ws = await hub_socket(unharmed)

    async def for_ever() -> None:
        for _ in range(300):
            await ws.send("x" * 500_000)

    with pytest.raises(ConnectionClosed):
        await for_ever()
    assert health.memory_mb < before_mb + 100
    await ws.close()


async def test_a_record_may_be_split_at_every_byte(unharmed: Healthy) -> None:
    ws = await hub_socket(unharmed)
    record = '{"type":1,"invocationId":"s","target":"UnsubscribeContractQuotes","arguments":["é"]}'
    data = (record + SEPARATOR).encode()
    for byte in data:
        await ws.send(bytes([byte]))
    assert '"invocationId":"s"' in str(await asyncio.wait_for(ws.recv(), 5))
    await ws.close()


async def test_upgrades_that_go_no_further(unharmed: Healthy) -> None:
    url = unharmed.venue.ready["market_hub"].replace("http", "ws", 1)
    sockets = [
        await connect(f"{url}?access_token={unharmed.rest.token}", proxy=None, ping_interval=None)
        for _ in range(50)
    ]
    await unharmed.trade()
    for ws in sockets:
        ws.transport.abort()


async def test_empty_lines_are_no_request(unharmed: Healthy) -> None:
    lines: list[Line] = [await dial(base(unharmed)) for _ in range(10)]
    for line in lines:
        await line.send(b"\r\n" * 5_000)
    await unharmed.trade()
    for line in lines:
        await line.close()
