"""HTTP by hand over a plain socket: every byte that comes back can be counted."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tests.practice.clients import Trader

DEADLINE_S = 10.0


def request(path: str, body: object, token: str = "", *headers: str) -> bytes:
    """A request that asks for the connection to stay open."""
    data = json.dumps(body).encode()
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
        *([f"Authorization: Bearer {token}"] if token else []),
        *headers,
    ]
    return "\r\n".join((*lines, "", "")).encode() + data


class Line:
    """One TCP connection to the venue."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await asyncio.wait_for(self.writer.drain(), DEADLINE_S)

    async def read(self, count: int) -> bytes:
        """Exactly so many bytes."""
        return await asyncio.wait_for(self.reader.readexactly(count), DEADLINE_S)

    async def rest(self) -> bytes:
        """Everything until the venue closes."""
        return await asyncio.wait_for(self.reader.read(), DEADLINE_S)

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one reply."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), DEADLINE_S)
        first, *lines = head.decode().strip().split("\r\n")
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}
        body = await self.read(int(headers.get("content-length", 0)))
        return int(first.split()[1]), headers, body

    async def silent_for(self, seconds: float) -> bool:
        """Whether neither a byte nor an end comes in so long."""
        try:
            await asyncio.wait_for(self.reader.read(1), seconds)
        except TimeoutError:
            return True
        return False

    async def close(self) -> None:
        self.writer.transport.abort()
        await asyncio.gather(self.writer.wait_closed(), return_exceptions=True)


async def dial(base: str) -> Line:
    """Open a connection."""
    where = urlsplit(base)
    opening = asyncio.open_connection(where.hostname, where.port)
    return Line(*await asyncio.wait_for(opening, DEADLINE_S))


async def call(trader: Trader, path: str, body: Any) -> bytes:
    """Everything that comes back for one call until the venue closes."""
    line = await dial(trader.venue.description()["rest"])
    await line.send(request(path, body, trader.rest.token))
    data = await line.rest()
    await line.close()
    return data
