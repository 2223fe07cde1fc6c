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
import sys
from typing import TYPE_CHECKING, Any

import msgspec
from websockets.asyncio.server import ServerConnection, serve

from tradedesk.app.bench_orders_http import HttpLine
from tradedesk.app.system_clock import SystemClock

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock

ACCOUNT = 50012345
CONTRACT_ID = "CON.F.US.MNQ.Z26"
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
