"""One answer a request: what comes behind it is never taken for the next one."""

from __future__ import annotations

import asyncio
import ssl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.app.system_clock import SystemClock
from tradedesk.gateway.rest.health import RestHealth
from tradedesk.gateway.rest.pool import ConnectionPool
from tradedesk.gateway.rest.reply_bounds import ReplyBounds
from tradedesk.gateway.rest.trace import SendTrace

ANSWERS = {
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "none": b"HTTP/1.1 500 Oh\r\ncontent-length:0\r\n\r\n",
    "no content": b"HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n",
    "chunked": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5;x=1\r\nhello\r\n10\r\n0123456789\r\nabcd\r\n0\r\nSum: 1\r\n\r\n"
    ),
    "interim": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
}


@given(st.sampled_from(sorted(ANSWERS)), st.binary(max_size=80), st.lists(st.integers(1, 40)))
def test_an_answer_ends_where_it_ends_however_it_arrives(
    name: str, behind: bytes, steps: list[int]
) -> None:
    wire = ANSWERS[name] + behind
    bounds, given_out, at = ReplyBounds(), b"", 0
    for step in [*steps, len(wire)]:
        part = bytearray(wire[at : at + step])
        mine = bounds.take(part)
        given_out += bytes(part[:mine])
        if mine < len(part):
            break
        at += step
    assert given_out == ANSWERS[name]


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    bounds = ReplyBounds()
    assert bounds.take(bytearray(b"HTTP/1.1 200 OK\r\n\r\nany")) == 22
    assert bounds.take(bytearray(b"thing")) == 5


@pytest.mark.parametrize("short_way", [True, False])
async def test_an_answer_that_came_twice_is_not_the_next_ones(short_way: bool) -> None:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        number = connections
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(2)
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d" % number
        writer.write(answer * 2)
        await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    pool = ConnectionPool(url, context, SystemClock(), RestHealth(), httpx.Timeout(2.0))
    try:
        for expected in (b"1", b"2", b"3"):
            if short_way:
                trace = SendTrace(None)
                reply = await pool.order("/x", b"{}", token="t", trace=trace, deadline_s=5.0)
            else:
                reply = await pool.request("POST", "/x", content=b"{}", deadline_s=5.0)
            assert reply.body == expected
    finally:
        await pool.aclose()
        server.close()
