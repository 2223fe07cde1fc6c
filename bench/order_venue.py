"""A venue that only notes when each order arrives: loopback HTTP and a user hub, no matching.

Run as a process by ``orders.py``; prints ``[http port, hub port]`` when it listens.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

ACCOUNT = 50012345
CONTRACT = {
    "id": "CON.F.US.MNQ.Z26",
    "name": "MNQZ6",
    "description": "Micro E-mini Nasdaq-100: December 2026",
    "tickSize": 0.25,
    "tickValue": 0.5,
    "activeContract": True,
    "symbolId": "F.US.MNQ",
}
OK: dict[str, Any] = {"success": True, "errorCode": 0, "errorMessage": None}
MADE = "2026-11-20T15:00:00.000000+00:00"


class Venue:
    """What arrived, and who listens."""

    def __init__(self, delay_s: float) -> None:
        self.delay_s = delay_s
        self.arrivals: dict[str, int] = {}
        self.connections = 0
        self.hubs: set[ServerConnection] = set()
        self.tasks: set[asyncio.Task[None]] = set()

    def answer(self, path: str, body: bytes, arrived_ns: int) -> dict[str, Any]:
        """The reply to one request."""
        if path == "/api/Order/place":
            return self._place(json.loads(body), arrived_ns)
        if path == "/arrivals":
            return {"arrivals": self.arrivals, "connections": self.connections}
        known: dict[str, dict[str, Any]] = {
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
            "/api/Contract/search": {"contracts": [CONTRACT]},
            "/api/Contract/available": {"contracts": [CONTRACT]},
            "/api/Contract/searchById": {"contract": CONTRACT},
            "/api/Order/v2/query": {"orders": [], "totalCount": 0},
        }
        empty: dict[str, Any] = {"orders": [], "positions": [], "trades": [], "totalCount": 0}
        return {**OK, **known.get(path, empty)}

    def _place(self, order: dict[str, Any], arrived_ns: int) -> dict[str, Any]:
        tag = order["customTag"]
        self.arrivals[tag] = arrived_ns
        order_id = 1_000 + len(self.arrivals)
        told = {
            "id": order_id,
            "accountId": ACCOUNT,
            "contractId": CONTRACT["id"],
            "creationTimestamp": MADE,
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
        task = asyncio.get_running_loop().create_task(self.tell(json.dumps(event) + "\x1e"))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return {**OK, "orderId": order_id}

    async def tell(self, record: str) -> None:
        """Send one record to every hub connection."""
        for hub in list(self.hubs):
            await hub.send(record)

    async def hub(self, socket: ServerConnection) -> None:
        """One SignalR connection."""
        await socket.recv()
        await socket.send("{}\x1e")
        self.hubs.add(socket)
        try:
            async for message in socket:
                for record in str(message).split("\x1e"):
                    call = json.loads(record) if record else {}
                    if call.get("invocationId"):
                        done = {"type": 3, "invocationId": call["invocationId"], "result": None}
                        await socket.send(json.dumps(done) + "\x1e")
        finally:
            self.hubs.discard(socket)


class HttpSide(asyncio.Protocol):
    """Just enough HTTP/1.1: stamps the moment at which a request is whole."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it."""
        self._transport: Any = transport
        self._venue.connections += 1

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self._buffer += data
        while True:
            now_ns = time.perf_counter_ns()
            head, mark, rest = self._buffer.partition(b"\r\n\r\n")
            if not mark:
                return
            length = 0
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line[15:])
            if len(rest) < length:
                return
            self._buffer = rest[length:]
            path = head.split(b" ", 2)[1].decode().split("?")[0]
            reply = json.dumps(self._venue.answer(path, rest[:length], now_ns)).encode()
            answer = (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + str(len(reply)).encode()
                + b"\r\n\r\n"
                + reply
            )
            delay_s = self._venue.delay_s if path == "/api/Order/place" else 0.0
            asyncio.get_running_loop().call_later(delay_s, self._transport.write, answer)


async def main(delay_s: float) -> None:
    """Serve until the other end of standard input is closed."""
    venue = Venue(delay_s)
    loop = asyncio.get_running_loop()
    http = await loop.create_server(lambda: HttpSide(venue), "127.0.0.1", 0)
    async with serve(venue.hub, "127.0.0.1", 0) as hub:
        ports = [http.sockets[0].getsockname()[1], next(iter(hub.sockets)).getsockname()[1]]
        print(json.dumps(ports), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
