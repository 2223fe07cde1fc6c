"""Open sockets of the hubs, as faults see them: dropped, reset, half open, slow."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.utils import ClientDisconnected

from tradedesk.practice.faults.desk import AT_NEGOTIATION, AT_UPGRADE, WHILE_OPEN
from tradedesk.practice.faults.model import MARKET_HUB, USER_HUB
from tradedesk.practice.hubs import framing

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tradedesk.practice.faults.desk import Faults, Hit
    from tradedesk.practice.http_connections import Connections
    from tradedesk.practice.http_valve import Valve

_HUBS: Final = {"/hubs/user": USER_HUB, "/hubs/market": MARKET_HUB}
_NEGOTIATE: Final = "/negotiate"
_REFUSED: Final = 503
_SAY_S: Final = 1.0


def negotiated_hub(path: str) -> str | None:
    """The hub that is negotiated with, or None."""
    plain = path.lower().rstrip("/")
    return _HUBS.get(plain.removesuffix(_NEGOTIATE)) if plain.endswith(_NEGOTIATE) else None


class Lines:
    """The sockets of both hubs.

    Parameters
    ----------
    faults : Faults
        What goes wrong.
    connections : Connections
        Finds the connection of a socket.
    """

    def __init__(self, faults: Faults, connections: Connections) -> None:
        self._faults = faults
        self._connections = connections
        self._open: list[_Line] = []
        self._counts = dict.fromkeys((USER_HUB, MARKET_HUB), 0)

    def refused(self, hub: str) -> int | None:
        """Status that refuses a negotiation; None lets it through."""
        hit = self._faults.socket(hub, f"a negotiation with {hub}", AT_NEGOTIATION, set())
        return None if hit is None else hit.fault.status or _REFUSED

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket from upgrade to end."""
        hub = _HUBS.get(scope["path"].lower().rstrip("/"))
        valve = self._connections.valve(scope["client"])
        if hub is None or valve is None:
            await app(scope, receive, send)
            return
        self._counts[hub] += 1
        name = f"socket {self._counts[hub]} of {hub}"
        hit = self._faults.socket(hub, name, AT_UPGRADE, set())
        if hit is not None:
            await _deny(hit.fault.status or _REFUSED, send)
        line = _Line(hub, name, valve, send)
        try:
            await app(scope, receive, lambda message: self._send(line, message))
        finally:
            if line in self._open:
                self._open.remove(line)

    async def tick(self) -> None:
        """Let strike what is due on sockets that are open."""
        for line in tuple(self._open):
            await self._look(line)

    async def _send(self, line: _Line, message: Message) -> None:
        await line.send(message)
        if message["type"] == "websocket.accept":
            self._open.append(line)
            await self._look(line)

    async def _look(self, line: _Line) -> None:
        while not line.over:
            hit = self._faults.socket(line.hub, line.name, WHILE_OPEN, line.seen)
            if hit is None:
                return
            await line.suffer(hit)


class _Line:
    """One socket."""

    def __init__(self, hub: str, name: str, valve: Valve, send: Send) -> None:
        self.hub = hub
        self.name = name
        self.seen: set[str] = set()
        self.over = False
        self._valve = valve
        self._send = send
        self._slow: Hit | None = None

    async def send(self, message: Message) -> None:
        """Send in turn, after a while if the line is slow; nothing after the end."""
        if self._slow is not None and message["type"] == "websocket.send":
            await asyncio.sleep(self._slow.again() or 0.0)
        if not self.over:
            await self._send(message)

    async def suffer(self, hit: Hit) -> None:
        """Let a fault strike."""
        match hit.fault.kind:
            case "slow":
                self._slow = hit
            case "reset":
                self.over = True
                self._valve.reset()
            case "silent":
                self.over = True
                self._valve.silence()
                if hit.seconds is not None:
                    asyncio.get_running_loop().call_later(hit.seconds, self._valve.reset)
            case "drop":
                self.over = True
                await self._drop(hit)

    async def _drop(self, hit: Hit) -> None:
        error = hit.fault.message or "Connection closed with an error."
        goodbye: list[dict[str, Any]] = [
            {
                "type": "websocket.send",
                "text": framing.closing(error, hit.fault.reconnect).decode(),
            },
            {"type": "websocket.close", "code": 1000},
        ]
        try:
            async with asyncio.timeout(_SAY_S):
                for message in goodbye:
                    await self._send(message)
        except (TimeoutError, ClientDisconnected):
            self._valve.abort()  # it does not read, or has left already


async def _deny(status: int, send: Send) -> None:
    """Refuse an upgrade."""
    await send({"type": "websocket.http.response.start", "status": status, "headers": []})
    await send({"type": "websocket.http.response.body", "body": b""})
    # uvicorn would log an error for an application that never accepts.
    raise ClientDisconnected
