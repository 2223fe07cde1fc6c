"""The outermost layer of the HTTP side: lets faults strike."""

from __future__ import annotations

import asyncio
import logging
import weakref
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from tradedesk.domain.clock import NS_PER_S
from tradedesk.gateway.wire.base import Envelope
from tradedesk.practice.faults import REFUSED, REFUSED_CODES, Fault
from tradedesk.practice.rest.control import PATH as CONTROL_PATH
from tradedesk.practice.rest.envelope import json_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tradedesk.practice.world import World

log = logging.getLogger(__name__)

Transports = weakref.WeakValueDictionary[Any, asyncio.BaseTransport]


class CuttableHttp(H11Protocol):
    """HTTP/1.1 whose connections can be found by their peer, to be cut.

    Parameters
    ----------
    transports : WeakValueDictionary
        Where connections are entered.
    """

    def __init__(self, transports: Transports, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._transports = transports

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Enter the connection."""
        self._transports[transport.get_extra_info("peername")] = transport
        super().connection_made(transport)


class Gate:
    """Lets calls through to the application, unless a fault is in the way.

    Parameters
    ----------
    world : World
        Faults.
    app : ASGI application
        The routes.
    """

    def __init__(self, world: World, app: ASGIApp) -> None:
        self.transports: Transports = weakref.WeakValueDictionary()
        self._world = world
        self._app = app
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Let go of calls that a fault holds."""
        self._closing.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of the application server; sockets of the hubs pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._world.touch()
        send = self._dated(send)
        path: str = scope["path"]
        fault = None if path == CONTROL_PATH else self._world.faults.take(path)
        if fault is not None:
            log.info("Fault %s strikes %s.", fault.kind, path)
            await self._strike(fault, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _dated(self, send: Send) -> Send:
        """Let every reply carry the venue's own time, which in a replay is the recording's."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = formatdate(self._world.now_ns() // NS_PER_S, usegmt=True)
                headers = [*message.get("headers", ()), (b"date", now.encode())]
                message = {**message, "headers": headers}
            await send(message)

        return dated

    async def _strike(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        answer: list[Message] = []
        if fault.kind in ("hold_reply", "lose_reply", "500_after"):
            await self._app(scope, receive, _collector(answer))
        if fault.kind in ("hold_reply", "lose_reply", "cut"):
            await self._wait(fault.seconds)
        match fault.kind:
            case "hold_reply":
                for message in answer:
                    await send(message)
            case "lose_reply" | "cut":
                self._cut(scope)
                while (await receive())["type"] != "http.disconnect":
                    continue  # what the client still had to say is of no interest
            case "500_before" | "500_after":
                await Response(status_code=500)(scope, receive, send)
            case "429":
                await Response(status_code=429)(scope, receive, send)
            case "refuse":
                code = REFUSED_CODES.get(scope["path"], REFUSED)
                refusal = Envelope(success=False, error_code=code, error_message="Order rejected.")
                await json_response(refusal)(scope, receive, send)

    async def _wait(self, seconds: float) -> None:
        """Wait, but not longer than the venue stands."""
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return

    def _cut(self, scope: Scope) -> None:
        transport = self.transports.get(tuple(scope["client"]))
        if isinstance(transport, asyncio.Transport):
            transport.abort()


def _collector(answer: list[Message]) -> Send:
    async def collect(message: Message) -> None:
        answer.append(message)

    return collect
