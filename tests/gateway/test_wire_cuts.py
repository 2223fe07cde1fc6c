"""The wire cut at many bytes of a mutation and of its answer: never twice, never misjudged."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections import Counter
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.errors import NotSentError, OutcomeUnknownError
from tradedesk.gateway.rest import outcomes
from tradedesk.gateway.rest.health import RestHealth
from tradedesk.gateway.rest.limiter import Lane, Limiter
from tradedesk.gateway.rest.mutations import MutationSender
from tradedesk.gateway.rest.pool import ConnectionPool
from tradedesk.gateway.wire.base import Envelope
from tradedesk.gateway.wire.orders import (
    BracketModel,
    CancelOrderRequest,
    ModifyOrderRequest,
    PlaceOrderRequest,
    PlaceOrderResponse,
)
from tradedesk.gateway.wire.rest import CloseContractRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import msgspec

REPLY_BODY = b'{"orderId":91,"success":true,"errorCode":0,"errorMessage":null}'
REPLY = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
    b"Content-Length: %d\r\n\r\n" % len(REPLY_BODY)
) + REPLY_BODY
TIMEOUTS = httpx.Timeout(connect=2.0, write=2.0, read=0.25, pool=0.5)
AT_ONCE = 40

PLACE_BODY = PlaceOrderRequest(
    account_id=50012345,
    contract_id="CON.F.US.MNQ.Z25",
    type=1,
    side=0,
    size=2,
    limit_price=24950.25,
    custom_tag="td1-abcde-abcdefg-0001",
    stop_loss_bracket=BracketModel(ticks=-40, type=4),
    take_profit_bracket=BracketModel(ticks=80, type=1),
)
CASES: dict[str, tuple[outcomes.Endpoint, msgspec.Struct, type[Any]]] = {
    "place": (outcomes.PLACE, PLACE_BODY, PlaceOrderResponse),
    "cancel": (
        outcomes.CANCEL, CancelOrderRequest(account_id=1, order_id=91), Envelope,
    ),
    "modify": (
        outcomes.MODIFY, ModifyOrderRequest(account_id=1, order_id=91, stop_price=1.25), Envelope,
    ),
    "close": (
        outcomes.CLOSE, CloseContractRequest(account_id=1, contract_id="CON.F.US.MNQ.Z2"), Envelope,
    ),
}  # fmt: skip


class Signed:
    """A token that is there."""

    current = "x" * 400
    is_sure = True

    def doubt(self, token: str) -> None:
        raise AssertionError(f"nobody answers 401 here: {token}")


class CuttingServer:
    """Cuts connections, on a port for each case, and counts the requests that arrived whole."""

    def __init__(self) -> None:
        self.carried_out: Counter[str] = Counter()
        self.connections: Counter[int] = Counter()
        self.silent = asyncio.Event()
        self._over = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []

    async def listen(self, side: str, cut: int, how: str) -> str:
        """Open a port of its own for one case; returns its address."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            self.connections[port] += 1
            try:
                await self._one(reader, writer, str(port), (side, cut, how))
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                self._tasks.discard(task)
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port: int = server.sockets[0].getsockname()[1]
        self._servers.append(server)
        return f"http://127.0.0.1:{port}"

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        self._over.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _one(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        key: str,
        plan: tuple[str, int, str],
    ) -> None:
        side, cut, how = plan
        if side == "request":
            await reader.readexactly(cut)
        else:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            self.carried_out[key] += 1
            writer.write(REPLY[:cut])
            await writer.drain()
        if how == "silence":
            self.silent.set()
            await self._over.wait()
        if how == "reset":
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.fixture
async def cutter() -> AsyncIterator[CuttingServer]:
    cutter = CuttingServer()
    yield cutter
    await cutter.close()


async def request_length(kind: str) -> int:
    """Bytes that one request of this kind puts on the wire."""
    total = 0
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal total
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        total = len(head) + length
        writer.write(REPLY)
        await writer.drain()
        writer.close()
        done.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    assert await outcome(kind, url) == "done"
    await asyncio.wait_for(done.wait(), 5)
    server.close()
    return total


async def outcome(kind: str, url: str) -> str:
    """Send one mutation over a new connection; what the caller is told."""
    endpoint, body, answer_type = CASES[kind]
    clock = SystemClock()
    pool = ConnectionPool(
        url, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), clock, RestHealth(), TIMEOUTS
    )
    sender = MutationSender([pool], Signed(), Limiter(clock))  # type: ignore[arg-type]
    written: list[int] = []
    try:
        await sender.send(endpoint, body, answer_type, Lane.EXIT, lambda: written.append(1))
    except NotSentError:
        assert not written
        return "not sent"
    except OutcomeUnknownError:
        return "unknown"
    finally:
        await pool.aclose()
    assert written == [1]
    return "done"


async def sweep(
    cutter: CuttingServer, kind: str, side: str, cuts: list[int], how: str
) -> Counter[str]:
    """Run all cuts of one kind, some at once; checks each against what the server did."""
    gate = asyncio.Semaphore(AT_ONCE)
    told: Counter[str] = Counter()

    async def one(cut: int) -> None:
        async with gate:
            url = await cutter.listen(side, cut, how)
            word = await outcome(kind, url)
            port = url.rsplit(":", 1)[1]
            copies = cutter.carried_out[port]
            told[word] += 1
            assert copies <= 1, f"{kind} arrived {copies} times, cut at {side} {cut} by {how}"
            assert cutter.connections[int(port)] == 1
            if side == "reply":
                assert copies == 1
                assert word == ("done" if cut >= len(REPLY) else "unknown")
            else:
                assert copies == 0
                assert word in ("unknown", "not sent")

    async with asyncio.timeout(60):
        await asyncio.gather(*(one(cut) for cut in cuts))
    return told


@pytest.mark.parametrize("how", ["end", "reset", "silence"])
@pytest.mark.parametrize("kind", CASES)
async def test_cut_in_the_answer(cutter: CuttingServer, kind: str, how: str) -> None:
    step = 1 if kind == "place" and how != "silence" else 7
    cuts = [*range(0, len(REPLY), step), len(REPLY)]
    told = await sweep(cutter, kind, "reply", cuts, how)
    assert told == {"unknown": len(cuts) - 1, "done": 1}


@pytest.mark.parametrize("how", ["end", "reset", "silence"])
@pytest.mark.parametrize("kind", CASES)
async def test_cut_in_the_request(cutter: CuttingServer, kind: str, how: str) -> None:
    length = await request_length(kind)
    step = 1 if kind == "place" and how != "silence" else 17
    cuts = list(range(0, length, step))
    told = await sweep(cutter, kind, "request", cuts, how)
    assert told.total() == len(cuts)


async def test_on_written_comes_before_the_answer_and_once(cutter: CuttingServer) -> None:
    url = await cutter.listen("reply", 0, "silence")
    clock = SystemClock()
    pool = ConnectionPool(
        url, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), clock, RestHealth(), TIMEOUTS
    )
    sender = MutationSender([pool], Signed(), Limiter(clock))  # type: ignore[arg-type]
    stamps: list[int] = []
    with pytest.raises(OutcomeUnknownError, match="no answer in time"):
        await sender.send(
            outcomes.PLACE, PLACE_BODY, PlaceOrderResponse, Lane.ENTRY, lambda: stamps.append(1)
        )
    assert stamps == [1]
    await pool.aclose()


async def test_a_tls_failure_is_not_sent() -> None:
    """A server that speaks no TLS: the handshake fails before any byte of the order."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert await outcome("place", f"https://127.0.0.1:{port}") == "not sent"
    server.close()


async def test_cancelling_an_order_closes_its_connection(cutter: CuttingServer) -> None:
    url = await cutter.listen("reply", 0, "silence")
    task = asyncio.create_task(outcome("place", url))
    port = int(url.rsplit(":", 1)[1])
    await asyncio.wait_for(cutter.silent.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cutter.carried_out[str(port)] == 1
