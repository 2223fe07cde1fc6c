"""Log-in, validation, log-out and ping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from tradedesk.gateway.wire.base import Envelope
from tradedesk.gateway.wire.rest import (
    LoginAppRequest,
    LoginKeyRequest,
    LoginResponse,
    ValidateResponse,
)
from tradedesk.practice.auth import known
from tradedesk.practice.rest.envelope import json_response, post, token_of, unauthorized

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest

    from tradedesk.practice.world import World

INVALID_CREDENTIALS = 3


def routes(world: World) -> list[Route]:
    """Routes of this family."""

    async def validate(request: HttpRequest) -> Response:
        if token_of(world, request) is None:
            return unauthorized()
        fresh = world.tokens.issue(world.user_name, world.unix_s())
        return json_response(ValidateResponse(success=True, error_code=0, new_token=fresh))

    async def logout(request: HttpRequest) -> Response:
        token = token_of(world, request)
        if token is None:
            return unauthorized()
        world.tokens.end(token)
        return json_response(Envelope(success=True, error_code=0))

    return [
        post(world, "/api/Auth/loginKey", LoginKeyRequest, login_key, anybody=True),
        post(world, "/api/Auth/loginApp", LoginAppRequest, login_app, anybody=True),
        Route("/api/Auth/validate", validate, methods=["POST"]),
        Route("/api/Auth/logout", logout, methods=["POST"]),
        Route("/api/Status/ping", ping, methods=["GET"]),
    ]


async def login_key(world: World, request: LoginKeyRequest) -> Envelope:
    """Give a token for a user name and key."""
    return _login(world, request.user_name, request.api_key)


async def login_app(world: World, request: LoginAppRequest) -> Envelope:
    """The same, with the key as the password."""
    return _login(world, request.user_name, request.password)


async def ping(request: HttpRequest) -> Response:
    """The bare word, or a JSON string for who accepts JSON."""
    if "application/json" in request.headers.get("accept", ""):
        return json_response("pong")
    return Response("pong", media_type="text/plain")


def _login(world: World, user_name: str, api_key: str) -> LoginResponse:
    if not known(user_name, api_key):
        return LoginResponse(success=False, error_code=INVALID_CREDENTIALS)
    token = world.tokens.issue(world.user_name, world.unix_s())
    return LoginResponse(success=True, error_code=0, token=token)
