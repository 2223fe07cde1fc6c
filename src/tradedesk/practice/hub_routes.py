"""Negotiation and the sockets of both hubs."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from starlette.routing import BaseRoute, Route, WebSocketRoute
from uvicorn.protocols.utils import ClientDisconnected

from tradedesk.gateway.wire.hub import NegotiateResponse
from tradedesk.practice.auth import bearer
from tradedesk.practice.hubs.connection import Connection
from tradedesk.practice.rest.envelope import json_response, unauthorized

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection, Request
    from starlette.responses import Response
    from starlette.websockets import WebSocket

    from tradedesk.practice.hubs.connection import Hub
    from tradedesk.practice.world import World

_TRANSPORTS: Final = [{"transport": "WebSockets", "transferFormats": ["Text", "Binary"]}]


def routes(world: World) -> list[BaseRoute]:
    """Routes of both hubs."""
    return [
        *_hub(world, "/hubs/user", world.user_hub),
        *_hub(world, "/hubs/market", world.market_hub),
    ]


def _hub(world: World, path: str, hub: Hub) -> list[BaseRoute]:
    async def negotiate(request: Request) -> Response:
        if not _admitted(world, request):
            return unauthorized()
        asked = request.query_params.get("negotiateVersion", "0")
        version = int(asked) if asked.isdecimal() else 0
        answer = NegotiateResponse(
            negotiate_version=min(version, 1),
            connection_id=uuid.uuid4().hex,
            available_transports=_TRANSPORTS,
            connection_token=uuid.uuid4().hex if version else None,
        )
        return json_response(answer)

    async def socket(websocket: WebSocket) -> None:
        world.touch()
        if not _admitted(world, websocket):
            await websocket.send_denial_response(unauthorized())
            # uvicorn would log an error for an application that never accepts.
            raise ClientDisconnected
        await websocket.accept()
        await Connection(websocket, hub, world.config).run()
        world.touch()

    return [
        Route(f"{path}/negotiate", negotiate, methods=["POST"]),
        WebSocketRoute(path, socket),
    ]


def _admitted(world: World, connection: HTTPConnection) -> bool:
    """A good token in the query or in the header."""
    token = connection.query_params.get("access_token") or bearer(
        connection.headers.get("authorization")
    )
    return token is not None and world.tokens.good(token, world.unix_s())
