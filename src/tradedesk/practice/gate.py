"""The outermost layer of the venue: reads bodies, lets faults strike, dates replies."""

from __future__ import annotations

import asyncio
from email.utils import formatdate
from typing import TYPE_CHECKING, Final

import msgspec
from starlette.responses import Response

from tradedesk.domain.clock import NS_PER_S
from tradedesk.practice.faults.desk import Facts
from tradedesk.practice.faults.model import PATHS
from tradedesk.practice.http_body import Bodies, GoneError, RefusedBodyError, said
from tradedesk.practice.http_connections import Connections
from tradedesk.practice.http_lines import Lines, negotiated_hub
from tradedesk.practice.http_strikes import Striker
from tradedesk.practice.rest.control import PATH as CONTROL_PATH

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tradedesk.practice.world import World

_CLOSES: Final = frozenset({PATHS["close"].lower(), PATHS["partial_close"].lower()})


class Gate:
    """Lets calls through to the application, unless a limit or a fault is in the way.

    Parameters
    ----------
    world : World
        Faults, and what calls are about.
    app : ASGI application
        The routes.
    """

    def __init__(self, world: World, app: ASGIApp) -> None:
        self.faults = world.faults
        self.connections = Connections(world.config, world.faults)
        self.lines = Lines(world.faults, self.connections)
        self._world = world
        self._app = app
        self._bodies = Bodies(world.config)
        self._closing = asyncio.Event()
        self._striker = Striker(world, app, self.connections, self._closing)

    def close(self) -> None:
        """Let go of calls and connections that a fault holds."""
        self._closing.set()
        self.connections.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call, or one socket of a hub."""
        if scope["type"] == "websocket":
            await self.lines.serve(self._app, scope, receive, send)
            return
        self._world.touch()
        try:
            async with self._bodies.read(scope, receive) as body:
                await self._serve(body, scope, said(body, receive), self._dated(send))
        except GoneError:
            return
        except RefusedBodyError as error:
            served = self.connections.served(scope["client"])
            if served is not None:
                served.refuse(error.status)

    async def _serve(self, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        hub = negotiated_hub(path)
        if hub is not None and (status := self.lines.refused(hub)) is not None:
            await Response(status_code=status)(scope, receive, send)
        elif path == CONTROL_PATH:
            await self._app(scope, receive, send)
        else:
            self._world.drills.called(path, body)
            plan = self._world.faults.call(path, lambda: self._facts(path, body))
            await self._striker.serve(plan, scope, receive, send)

    def _dated(self, send: Send) -> Send:
        """Let every reply carry the venue's own time, which in a replay is the recording's."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = formatdate(self._world.now_ns() // NS_PER_S, usegmt=True)
                headers = [*message.get("headers", ()), (b"date", now.encode())]
                message = {**message, "headers": headers}
            await send(message)

        return dated

    def _facts(self, path: str, body: bytes) -> Facts:
        """What a call is about, as far as its body tells."""
        try:
            call = msgspec.json.decode(body, type=_Call)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return Facts()
        account, contract, side = call.account_id, call.contract_id, call.side
        if account is None:
            return Facts(None, contract)
        if contract is None and call.order_id is not None:
            row = self._world.exchange.rows.get(account, call.order_id)
            contract = None if row is None else row.contract.contract_id
        ledger = self._world.ledgers.get(account)
        position = None if ledger is None or contract is None else ledger.position(contract)
        plain = path.lower().rstrip("/")
        reduces = position is not None and (
            plain in _CLOSES
            or (plain == PATHS["place"].lower() and position.net > 0 and side == 1)
            or (plain == PATHS["place"].lower() and position.net < 0 and side == 0)
        )
        return Facts(account, contract, reduces)


class _Call(msgspec.Struct, rename="camel"):
    """Members that tell what a call is about."""

    account_id: int | None = None
    contract_id: str | None = None
    order_id: int | None = None
    side: int | None = None
