"""A loopback SignalR hub that does as told and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

if TYPE_CHECKING:
    from types import TracebackType

    from websockets.http11 import Request, Response

RS = "\x1e"
PATIENCE_S = 5.0


class Served:
    """One connection of a client, seen from the hub."""

    def __init__(self, hub: HubServer, socket: ServerConnection) -> None:
        self.socket = socket
        self.calls: list[tuple[str, list[Any]]] = []
        self.pings = 0
        self._hub = hub

    async def send(self, *records: Any) -> None:
        """Send records in one frame."""
        await self.socket.send("".join(json.dumps(record) + RS for record in records))

    async def event(self, target: str, *arguments: Any) -> None:
        """Send one event."""
        await self.send({"type": 1, "target": target, "arguments": list(arguments)})

    async def called(self, *targets: str) -> None:
        """Wait until each of these methods was called."""
        async with asyncio.timeout(PATIENCE_S):
            while not {target for target, _ in self.calls} >= set(targets):
                await self._hub.changed()

    def targets(self) -> list[tuple[str, Any]]:
        """Methods called, with their first argument, sorted."""
        return sorted((target, (arguments or [None])[0]) for target, arguments in self.calls)


class HubServer:
    """Accepts clients one after the other.

    Attributes
    ----------
    refusals : dict
        Method to error text; such calls are answered with the error.
    mute : set of str
        Methods that are never answered.
    handshake : str
        What the handshake is answered with.
    accepts : set of str
        Where a token may be: ``header``, ``query``.
    good_tokens : set of str or None
        Accepted tokens; None accepts all.
    """

    def __init__(self) -> None:
        self.served: list[Served] = []
        self.upgrades: list[tuple[str, str]] = []
        self.refusals: dict[str, str] = {}
        self.mute: set[str] = set()
        self.handshake = "{}" + RS
        self.accepts = {"header", "query"}
        self.good_tokens: set[str] | None = None
        self.redirect_to: str | None = None
        self._pulse = asyncio.Event()

    async def changed(self) -> None:
        """Wait until something happens at the hub."""
        self._pulse.clear()
        await self._pulse.wait()

    async def connection(self, number: int) -> Served:
        """Wait for the client's connection of this number, from 1."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.served) < number:
                await self.changed()
        return self.served[number - 1]

    async def __aenter__(self) -> HubServer:
        self._server = await serve(
            self._serve, "127.0.0.1", 0, process_request=self._admit, ping_interval=None,
            compression=None,
        )  # fmt: skip
        port = next(iter(self._server.sockets)).getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/hubs/any"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._server.close()
        await self._server.wait_closed()

    def _admit(self, socket: ServerConnection, request: Request) -> Response | None:
        header = request.headers.get("Authorization", "").removeprefix("Bearer ")
        query = parse_qs(urlsplit(request.path).query).get("access_token", [""])[0]
        self.upgrades.append((header, query))
        if self.redirect_to is not None:
            response = socket.respond(302, "")
            response.headers["Location"] = self.redirect_to
            return response
        given = [t for place, t in (("header", header), ("query", query)) if place in self.accepts]
        token = next((token for token in given if token), "")
        if not token or (self.good_tokens is not None and token not in self.good_tokens):
            return socket.respond(401, "")
        return None

    async def _serve(self, socket: ServerConnection) -> None:
        served = Served(self, socket)
        self.served.append(served)
        try:
            assert json.loads(str(await socket.recv()).rstrip(RS)) == {
                "protocol": "json",
                "version": 1,
            }
            await socket.send(self.handshake)
            self._pulse.set()
            async for frame in socket:
                for text in str(frame).split(RS)[:-1]:
                    await self._answer(served, json.loads(text))
        except ConnectionClosed:
            pass

    async def _answer(self, served: Served, record: dict[str, Any]) -> None:
        if record["type"] == 6:
            served.pings += 1
        elif record["target"] not in self.mute:
            answer = {"type": 3, "invocationId": record["invocationId"]}
            error = self.refusals.get(record["target"])
            await served.send(answer | ({"result": 0} if error is None else {"error": error}))
        if record["type"] == 1:
            served.calls.append((record["target"], record["arguments"]))
        self._pulse.set()
