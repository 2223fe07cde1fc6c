"""Our own bytes under the HTTP library: one piece out, nothing lost, nothing invented."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpcore
import httpx
import pytest

from tradedesk.app.system_clock import SystemClock
from tradedesk.gateway.config import GatewayConfig
from tradedesk.gateway.rest.health import RestHealth
from tradedesk.gateway.rest.pool import ConnectionPool
from tradedesk.gateway.rest.trace import SendTrace
from tradedesk.gateway.rest.wire_stream import WireBackend, WireStream
from tradedesk.gateway.tls import tls_context

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Peer:
    """A server that keeps every piece as the kernel gave it."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.writers: list[asyncio.StreamWriter] = []
        self.answers = True
        self.arrived = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        try:
            while piece := await reader.read(1 << 20):
                self.pieces.append(piece)
                self.arrived.set()
                if self.answers:
                    writer.write(ANSWER)
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def listening(peer: Peer) -> AsyncIterator[int]:
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in peer.writers:
            writer.close()


@asynccontextmanager
async def pooled(port: int) -> AsyncIterator[ConnectionPool]:
    url = f"http://127.0.0.1:{port}"
    tls = tls_context(GatewayConfig(url, url, url))
    timeouts = httpx.Timeout(connect=1.0, write=1.0, read=0.3, pool=0.5)
    pool = ConnectionPool(url, tls, SystemClock(), RestHealth(), timeouts)
    try:
        yield pool
    finally:
        await pool.aclose()


async def order(pool: ConnectionPool, trace: SendTrace) -> Any:
    return await pool.order(
        "/api/Order/place", b'{"size":1}', token="secret", trace=trace, deadline_s=2.0
    )


async def opened(port: int) -> WireStream:
    stream = await WireBackend().connect_tcp("127.0.0.1", port, timeout=1.0)
    assert isinstance(stream, WireStream)
    return stream


async def test_an_order_arrives_in_one_piece() -> None:
    peer = Peer()
    async with listening(peer) as port, pooled(port) as pool:
        for _ in range(20):
            assert (await order(pool, SendTrace())).body == b"{}"
    assert len(peer.pieces) == 20
    assert len(peer.writers) == 1
    for piece in peer.pieces:
        head, _, body = piece.partition(b"\r\n\r\n")
        assert head.startswith(b"POST /api/Order/place HTTP/1.1\r\n")
        assert b"\r\nAuthorization: Bearer secret" in head
        assert body == b'{"size":1}'


async def test_nothing_leaves_before_the_body_is_begun() -> None:
    peer = Peer()
    async with listening(peer) as port:
        stream = await opened(port)
        await stream.write(b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n")
        await stream.aclose()
        closed = await opened(port)
        await closed.write(b"x", timeout=1.0)
        async with asyncio.timeout(2):
            await peer.arrived.wait()
        await closed.aclose()
    assert peer.pieces == [b"x"]


async def test_a_dead_connection_is_known_before_the_body_is_begun() -> None:
    peer = Peer()
    async with listening(peer) as port:
        stream = await opened(port)
        await stream.write(b"x")
        async with asyncio.timeout(2):
            await peer.arrived.wait()
        for writer in peer.writers:
            writer.close()
        assert await stream.read(2) + await stream.read(1_000) == ANSWER
        assert await stream.read(1) == b""
        assert stream.get_extra_info("is_readable")
        with pytest.raises(httpcore.WriteError):
            await stream.write(b"POST / HTTP/1.1\r\n\r\n")
        await stream.aclose()


async def test_a_question_without_a_body_does_not_wait() -> None:
    peer = Peer()
    async with listening(peer) as port, pooled(port) as pool:
        await pool.ping()
    assert peer.pieces[0].startswith(b"GET /api/Status/ping")


async def test_written_means_that_the_kernel_has_all_of_it() -> None:
    stuck = asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await stuck.wait()
        writer.close()

    server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    stream = await opened(server.sockets[0].getsockname()[1])
    with pytest.raises(httpcore.WriteTimeout):
        await stream.write(b"x" * 50_000_000, timeout=0.3)
    stuck.set()
    await stream.aclose()
    server.close()


async def test_no_answer_and_no_venue_are_httpx_errors() -> None:
    peer = Peer()
    peer.answers = False
    async with listening(peer) as port, pooled(port) as pool:
        trace = SendTrace()
        with pytest.raises(httpx.ReadTimeout):
            await order(pool, trace)
        assert trace.written
    async with pooled(port) as pool:
        trace = SendTrace()
        with pytest.raises(httpx.ConnectError):
            await order(pool, trace)
        assert not trace.body_begun


async def test_a_close_while_waiting_ends_the_wait() -> None:
    peer = Peer()
    peer.answers = False
    async with listening(peer) as port:
        stream = await opened(port)
        reading = asyncio.ensure_future(stream.read(10, timeout=5.0))
        await asyncio.sleep(0)
        await stream.aclose()
        async with asyncio.timeout(2):
            assert await reading == b""
