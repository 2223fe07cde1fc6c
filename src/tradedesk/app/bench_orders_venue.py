"""A venue that only notes when each order arrives: HTTP and a user hub on loopback, no matching.

Run as a process with its options as one line of JSON on standard input; prints one line of JSON,
``{"http": port, "hub": port}``, when it listens, and what it noted for every further line; ends
when standard input is closed. Arrival is the kernel's own stamp of the last segment where the
system gives one, so that the time until this process gets a processor is not counted as the
order's.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
import sys
from typing import TYPE_CHECKING, Any

import msgspec
from websockets.asyncio.server import ServerConnection, serve

from tradedesk.app.system_clock import SystemClock

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock

ACCOUNT = 50012345
CONTRACT_ID = "CON.F.US.MNQ.Z26"
_SO_TIMESTAMPNS = 35
_STAMP = struct.Struct("qq")
_READ = 65_536
_CONTRACT = {
    "id": CONTRACT_ID,
    "name": "MNQZ6",
    "description": "Micro E-mini Nasdaq-100: December 2026",
    "tickSize": 0.25,
    "tickValue": 0.5,
    "activeContract": True,
    "symbolId": "F.US.MNQ",
}
_OK: dict[str, Any] = {"success": True, "errorCode": 0, "errorMessage": None}
_MADE = "2026-11-20T15:00:00.000000+00:00"
_KNOWN: dict[str, dict[str, Any]] = {
    "/api/Auth/loginKey": {"token": "bench"},
    "/api/Account/search": {
        "accounts": [
            {
                "id": ACCOUNT,
                "name": "BENCH",
                "balance": 50_000,
                "canTrade": True,
                "isVisible": True,
                "simulated": True,
            }
        ]
    },
    "/api/Contract/search": {"contracts": [_CONTRACT]},
    "/api/Contract/available": {"contracts": [_CONTRACT]},
    "/api/Contract/searchById": {"contract": _CONTRACT},
    "/api/Order/v2/query": {"orders": [], "totalCount": 0},
}
_EMPTY: dict[str, Any] = {"orders": [], "positions": [], "trades": [], "totalCount": 0}


class VenueOptions(msgspec.Struct, frozen=True):
    """How long an order's round trip is made to take, and the certificate to speak TLS with."""

    round_trip_ms: float = 0.0
    certificate: str = ""
    key: str = ""


class BenchVenue:
    """What arrived, and who listens."""

    def __init__(self, options: VenueOptions, clock: Clock) -> None:
        self.wait_s = options.round_trip_ms / 1_000
        self.clock = clock
        self.tls: ssl.SSLContext | None = None
        if options.certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(options.certificate, options.key)
        self.arrivals: dict[str, int] = {}
        self.replies: dict[str, int] = {}
        self.connections = 0
        self._hubs: set[ServerConnection] = set()

    def answer(self, path: str, body: bytes, arrived_ns: int) -> dict[str, Any]:
        """The reply to one request."""
        if path == "/api/Order/place":
            return self._place(json.loads(body), arrived_ns)
        return {**_OK, **_KNOWN.get(path, _EMPTY)}

    def noted(self) -> dict[str, Any]:
        """When each order arrived and its reply left, by tag, and the connections so far."""
        return {
            "arrivals": self.arrivals,
            "replies": self.replies,
            "connections": self.connections,
        }

    async def hub(self, peer: ServerConnection) -> None:
        """One SignalR connection."""
        await peer.recv()
        await peer.send("{}\x1e")
        self._hubs.add(peer)
        try:
            async for message in peer:
                for record in str(message).split("\x1e"):
                    call = json.loads(record) if record else {}
                    if call.get("invocationId"):
                        done = {"type": 3, "invocationId": call["invocationId"], "result": None}
                        await peer.send(json.dumps(done) + "\x1e")
        finally:
            self._hubs.discard(peer)

    def _place(self, order: dict[str, Any], arrived_ns: int) -> dict[str, Any]:
        tag = order["customTag"]
        self.arrivals[tag] = arrived_ns
        order_id = 1_000 + len(self.arrivals)
        told = {
            "id": order_id,
            "accountId": ACCOUNT,
            "contractId": CONTRACT_ID,
            "creationTimestamp": _MADE,
            "status": 3,
            "type": order["type"],
            "side": order["side"],
            "size": order["size"],
            "customTag": tag,
        }
        event = {
            "type": 1,
            "target": "GatewayUserOrder",
            "arguments": [{"action": 1, "data": told}],
        }
        record = json.dumps(event) + "\x1e"
        for hub in self._hubs:
            hub.transport.write(_text_frame(record.encode()))
        return {**_OK, "orderId": order_id}


def _text_frame(payload: bytes) -> bytes:
    """One unmasked WebSocket text frame, as a server sends them."""
    length = len(payload)
    if length < 126:
        return bytes((0x81, length)) + payload
    return b"\x81\x7e" + length.to_bytes(2, "big") + payload


class HttpLine:
    """One connection: just enough HTTP/1.1, with or without TLS."""

    def __init__(self, venue: BenchVenue, peer: socket.socket) -> None:
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


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def serve_venue(options: VenueOptions) -> None:
    """Serve until standard input is closed."""
    venue = BenchVenue(options, SystemClock())
    loop = asyncio.get_running_loop()
    lines: list[HttpLine] = []
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)

    def accept() -> None:
        peer, _ = listener.accept()
        venue.connections += 1
        lines.append(HttpLine(venue, peer))

    loop.add_reader(listener, accept)
    try:
        async with serve(venue.hub, "127.0.0.1", 0) as hub:
            ports = {
                "http": listener.getsockname()[1],
                "hub": next(iter(hub.sockets)).getsockname()[1],
            }
            _say(ports)
            while await asyncio.to_thread(sys.stdin.readline):
                _say(venue.noted())
    finally:
        loop.remove_reader(listener)
        listener.close()
        for line in lines:
            line.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(serve_venue(msgspec.json.decode(sys.stdin.readline(), type=VenueOptions)))
