"""A wire between client and venue that is cut after any byte, in either direction.

It stands in front of the real venue, ends TLS where there is any, and passes whole requests and
whole replies on. When a plan is armed, the next request to that path is cut as planned; offsets
count the bytes on the wire, which under TLS are those of the encrypted records.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections import Counter
from enum import StrEnum
from typing import NamedTuple

_RECORD_HEAD = 5
_MOST = 1 << 20


class How(StrEnum):
    """How a connection ends."""

    FIN = "fin"
    RST = "rst"
    SILENCE = "silence"


class Plan(NamedTuple):
    """What happens to one request.

    Parameters
    ----------
    path : str
        Which request: the next one to this path.
    side : str
        ``request``, ``reply``, ``before`` (answered with ``made`` and not passed on), ``after``
        (passed on, then answered with ``made``) or ``twice`` (the reply is sent two times).
    at : int
        Bytes that still pass.
    how : How
        What comes then.
    made : bytes
        A made-up reply.
    """

    path: str
    side: str
    at: int = 0
    how: How = How.FIN
    made: bytes = b""


class Plain:
    """No TLS: the bytes of the wire are those of HTTP."""

    def opened(self, raw: bytes) -> bytes:
        """What arrived, in plain."""
        return raw

    def closed(self, plain: bytes) -> bytes:
        """What is to be sent, as it goes over the wire."""
        return plain

    @property
    def owed(self) -> bytes:
        """Bytes that the other end waits for before it goes on."""
        return b""

    ready = True


class Encrypted:
    """The server's end of TLS, over bytes that somebody else moves."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)
        self.ready = False

    def opened(self, raw: bytes) -> bytes:
        """See ``Plain``."""
        self._in.write(raw)
        try:
            if not self.ready:
                self._tls.do_handshake()
                self.ready = True
            return self._tls.read(_MOST)
        except ssl.SSLWantReadError:
            return b""

    def closed(self, plain: bytes) -> bytes:
        """See ``Plain``."""
        self._tls.write(plain)
        return self._out.read()

    @property
    def owed(self) -> bytes:
        """See ``Plain``."""
        return self._out.read()


class CutWire:
    """One listening port in front of a venue.

    Attributes
    ----------
    arrived : Counter
        Whole requests that the venue was given, by path.
    lengths : dict
        Bytes on the wire of the last whole request and reply, by path.
    """

    def __init__(self, venue_port: int, context: ssl.SSLContext | None) -> None:
        self._venue_port = venue_port
        self._context = context
        self._plan: Plan | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.arrived: Counter[str] = Counter()
        self.lengths: dict[str, tuple[int, int]] = {}
        self.url = ""

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        scheme = "http" if self._context is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """End every connection."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def arm(self, plan: Plan) -> None:
        """Cut the next request to its path."""
        self._plan = plan

    def disarm(self) -> bool:
        """Take the plan back; whether it had not been used."""
        left, self._plan = self._plan is not None, None
        return left

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        codec = Plain() if self._context is None else Encrypted(self._context)
        one = _Connection(self, reader, writer, codec)
        try:
            while await one.exchange():
                pass
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, OSError):
            pass  # the client went away, which is its right
        finally:
            self._tasks.discard(task)
            one.end()

    def take_plan(self, path: str) -> Plan | None:
        """The plan for a request to this path, once."""
        if self._plan is None or self._plan.path != path:
            return None
        plan, self._plan = self._plan, None
        return plan

    async def ask_venue(self, request: bytes, *, whole: bool) -> tuple[bytes, bytes]:
        """Pass a request on; head and body of the reply. A part of one is not answered."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._venue_port)
        try:
            writer.write(request)
            await writer.drain()
            if not whole:
                return b"", b""
            head = await reader.readuntil(b"\r\n\r\n")
            return head, await reader.readexactly(_body_length(head))
        finally:
            writer.close()


class _Connection:
    def __init__(
        self,
        wire: CutWire,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        codec: Plain | Encrypted,
    ) -> None:
        self._wire = wire
        self._reader = reader
        self._writer = writer
        self._codec = codec
        self._plain = b""
        self._units: list[tuple[int, int]] = []

    async def exchange(self) -> bool:
        """Serve one request; False when the connection is over."""
        request, raw_length = await self._request()
        path = request.split(b" ", 2)[1].decode()
        plan = self._wire.take_plan(path)
        if plan is None:
            reply = await self._carry_out(path, request)
            raw = self._on_wire(reply)
            self._wire.lengths[path] = (raw_length, len(raw))
            await self._send(raw)
            return True
        if plan.side == "request":
            await self._cut_request(path, request, raw_length, plan)
            return False
        if plan.side == "before":
            await self._send(self._codec.closed(plan.made))
            return True
        reply = await self._carry_out(path, request)
        if plan.side == "after":
            await self._send(self._codec.closed(plan.made))
            return True
        if plan.side == "twice":
            await self._send(self._on_wire(reply) + self._on_wire(reply))
            return True
        await self._send(self._on_wire(reply)[: plan.at])
        await self._finish(plan.how)
        return False

    def end(self) -> None:
        """Close, or abort where that was planned."""
        self._writer.close()

    async def _cut_request(self, path: str, request: bytes, raw_length: int, plan: Plan) -> None:
        if plan.at >= raw_length:
            await self._carry_out(path, request)
        else:
            # what a server has decoded when only so many bytes came: whole records, under TLS
            seen = sum(plain for end, plain in self._units if end <= plan.at)
            part = request[: plan.at] if isinstance(self._codec, Plain) else request[:seen]
            await self._wire.ask_venue(part, whole=False)
        await self._finish(plan.how)

    async def _request(self) -> tuple[bytes, int]:
        """A whole request in plain, and how many bytes it was on the wire."""
        raw_length, self._units = 0, []
        while True:
            raw = await self._unit()
            was_ready = self._codec.ready
            plain = self._codec.opened(raw)
            owed = self._codec.owed
            if owed:
                await self._send(owed)
            if was_ready or plain:
                raw_length += len(raw)
                self._units.append((raw_length, len(plain)))
            self._plain += plain
            head, end, body = self._plain.partition(b"\r\n\r\n")
            if end and len(body) >= (length := _body_length(head)):
                request = head + end + body[:length]
                self._plain = body[length:]
                return request, raw_length

    async def _unit(self) -> bytes:
        """Some bytes; one record under TLS, so that the last of a handshake is told from data."""
        if isinstance(self._codec, Plain):
            data = await self._reader.read(65_536)
            if not data:
                raise ConnectionError("the client left")
            return data
        head = await self._reader.readexactly(_RECORD_HEAD)
        return head + await self._reader.readexactly(int.from_bytes(head[3:], "big"))

    async def _carry_out(self, path: str, request: bytes) -> tuple[bytes, bytes]:
        self._wire.arrived[path] += 1
        return await self._wire.ask_venue(request, whole=True)

    def _on_wire(self, reply: tuple[bytes, bytes]) -> bytes:
        """Head and body in a record each, as servers send them."""
        return b"".join(self._codec.closed(part) for part in reply if part)

    async def _send(self, raw: bytes) -> None:
        self._writer.write(raw)
        await self._writer.drain()

    async def _finish(self, how: How) -> None:
        if how is How.SILENCE:
            await self._reader.read(1)  # until the client has had enough
        elif how is How.RST:
            raw: socket.socket = self._writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _body_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0
