"""The HTTP side of the noting venue: just enough of it, with the kernel's stamps of arrival."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
import sys
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock

_SO_TIMESTAMPNS = 35
_STAMP = struct.Struct("qq")
_READ = 65_536


class NotingVenue(Protocol):
    """What a connection asks of its venue.

    Attributes
    ----------
    wait_s : float
        How long an order's answer is held back.
    tls : ssl.SSLContext or None
        What to encrypt with.
    replies : dict of str to int
        When each order's answer left, by tag.
    """

    wait_s: float
    clock: Clock
    tls: ssl.SSLContext | None
    replies: dict[str, int]

    def answer(self, path: str, body: bytes, arrived_ns: int) -> dict[str, Any]:
        """The reply to one request."""


class HttpLine:
    """One connection: just enough HTTP/1.1, with or without TLS."""

    def __init__(self, venue: NotingVenue, peer: socket.socket) -> None:
        self._venue = venue
        self._peer = peer
        self._loop = asyncio.get_running_loop()
        self._buffer = b""
        self._arrived_ns = 0
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls: ssl.SSLObject | None = None
        if venue.tls is not None:
            self._tls = venue.tls.wrap_bio(self._in, self._out, server_side=True)
        self._greeted = self._tls is None
        peer.setblocking(False)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if sys.platform == "linux":
            peer.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._loop.add_reader(peer, self._read)

    def close(self) -> None:
        """End it."""
        if self._peer.fileno() >= 0:
            self._loop.remove_reader(self._peer)
            self._peer.close()

    def _read(self) -> None:
        extra: list[tuple[int, int, bytes]] = []
        try:
            if sys.platform == "win32":
                data = self._peer.recv(_READ)
            else:
                data, extra, _flags, _from = self._peer.recvmsg(_READ, 256)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        self._arrived_ns = self._stamp(extra)
        try:
            self._buffer += self._decrypt(data)
        except ssl.SSLError:
            self.close()
            return
        while self._answer_one():
            pass

    def _stamp(self, extra: list[tuple[int, int, bytes]]) -> int:
        clock = self._venue.clock
        mono_ns, wall_ns = clock.mono_ns(), clock.wall_ns()
        for level, kind, data in extra:
            if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
                seconds, rest_ns = _STAMP.unpack(data[: _STAMP.size])
                return int(mono_ns - (wall_ns - (seconds * 1_000_000_000 + rest_ns)))
        return mono_ns

    def _decrypt(self, data: bytes) -> bytes:
        if self._tls is None:
            return data
        self._in.write(data)
        plain = b""
        try:
            if not self._greeted:
                self._tls.do_handshake()
                self._greeted = True
            while chunk := self._tls.read(_READ):
                plain += chunk
        except ssl.SSLWantReadError:
            pass
        self._send(b"")
        return plain

    def _answer_one(self) -> bool:
        head, mark, rest = self._buffer.partition(b"\r\n\r\n")
        if not mark:
            return False
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line[15:])
        if len(rest) < length:
            return False
        self._buffer = rest[length:]
        path = head.split(b" ", 2)[1].decode().split("?")[0]
        found = self._venue.answer(path, rest[:length], self._arrived_ns)
        reply = json.dumps(found).encode()
        answer = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + str(len(reply)).encode()
            + b"\r\n\r\n"
            + reply
        )
        if path == "/api/Order/place":
            tag = json.loads(rest[:length])["customTag"]
            self._loop.call_later(self._venue.wait_s, self._reply, tag, answer)
        else:
            self._send(answer)
        return True

    def _reply(self, tag: str, answer: bytes) -> None:
        self._venue.replies[tag] = self._venue.clock.mono_ns()
        self._send(answer)

    def _send(self, data: bytes) -> None:
        if self._tls is not None:
            if data:
                self._tls.write(data)
            data = self._out.read()
        try:
            if data:
                self._peer.send(data)
        except OSError:
            pass  # it went away
