"""Negotiation and the sockets of both hubs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.routing import BaseRoute, WebSocketRoute
from uvicorn.protocols.utils import ClientDisconnected

from tradedesk.gateway.wire.hub import NegotiateResponse
from tradedesk.practice.auth import bearer
from tradedesk.practice.hubs.connection import Connection, Entry
from tradedesk.practice.hubs.sessions import Sessions
from tradedesk.practice.identity import Ids
from tradedesk.practice.rest.envelope import json_response, route, unauthorized

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
    ids = Ids(world.config.seed, path)
    sessions = Sessions(world.config.sessions_per_hub)

    async def negotiate(request: Request) -> Response:
        if _token(world, request) is None:
            return unauthorized()
        asked = request.query_params.get("negotiateVersion", "0")
        version = 1 if asked.isascii() and asked.isdecimal() and asked.strip("0") else 0
        answer = NegotiateResponse(
            negotiate_version=version,
            connection_id=ids.next(),
            available_transports=_TRANSPORTS,
            connection_token=ids.next() if version else None,
        )
        return json_response(answer, media="application/json")

    async def socket(websocket: WebSocket) -> None:
        world.touch()
        token = _token(world, websocket)
        if token is None:
            await websocket.send_denial_response(unauthorized())
            # uvicorn would log an error for an application that never accepts.
            raise ClientDisconnected
        await websocket.accept()
        entry = Entry(
            world.tokens.user(token), sessions, lambda: world.tokens.good(token, world.unix_s())
        )
        await Connection(websocket, hub, world.config, entry).run()
        world.touch()

    return [route(f"{path}/negotiate", negotiate), WebSocketRoute(path, socket)]


def _token(world: World, connection: HTTPConnection) -> str | None:
    """The good token in the query or in the header."""
    token = connection.query_params.get("access_token") or bearer(
        connection.headers.get("authorization")
    )
    return token if token is not None and world.tokens.good(token, world.unix_s()) else None
