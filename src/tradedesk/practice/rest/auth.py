"""Log-in, validation, log-out and ping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from tradedesk.gateway.wire.base import Envelope
from tradedesk.gateway.wire.rest import (
    LoginAppRequest,
    LoginKeyRequest,
    LoginResponse,
    ValidateResponse,
)
from tradedesk.practice.auth import bearer, is_user, known
from tradedesk.practice.config import login_refusal_code
from tradedesk.practice.rest.envelope import (
    json_response,
    negotiated,
    over_limit,
    post,
    route,
    token_of,
    unauthorized,
)

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest
    from starlette.routing import Route

    from tradedesk.practice.world import World

USER_NOT_FOUND, INVALID_CREDENTIALS, AGREEMENTS_NOT_SIGNED = 1, 3, 7
AGREEMENTS: Final = "Please log into the ProjectX platform and complete the required agreements"
_VALIDATE, _LOGOUT = "/api/Auth/validate", "/api/Auth/logout"


def routes(world: World) -> list[Route]:
    """Routes of this family."""

    async def validate(request: HttpRequest) -> Response:
        return _validate(world, request)

    async def logout(request: HttpRequest) -> Response:
        return _logout(world, request)

    return [
        post(world, "/api/Auth/loginKey", LoginKeyRequest, login_key, anybody=True),
        post(world, "/api/Auth/loginApp", LoginAppRequest, login_app, anybody=True),
        route(_VALIDATE, validate),
        route(_LOGOUT, logout),
        route("/api/Status/ping", ping, "GET"),
    ]


async def login_key(world: World, request: LoginKeyRequest) -> Envelope:
    """Give a token for a user name and key."""
    return _login(world, request.user_name, request.api_key)


async def login_app(world: World, request: LoginAppRequest) -> Envelope:
    """The same, with the key as the password."""
    return _login(world, request.user_name, request.password)


async def ping(request: HttpRequest) -> Response:
    """The bare word, or a JSON string for who accepts JSON."""
    accept = request.headers.get("accept", "").lower()
    if "application/json" in accept:
        return json_response("pong")
    if "text/json" in accept:
        return json_response("pong", media="text/json; charset=utf-8")
    return Response("pong", media_type="text/plain")


def _login(world: World, user_name: str, api_key: str) -> LoginResponse:
    config = world.config
    code = login_refusal_code(config.login_refusal)
    if code == 0 and not known(user_name, api_key):
        named = is_user(user_name) or config.unknown_user == "invalid_credentials"
        code = INVALID_CREDENTIALS if named else USER_NOT_FOUND
    if code:
        message = AGREEMENTS if code == AGREEMENTS_NOT_SIGNED else None
        return LoginResponse(success=False, error_code=code, error_message=message)
    token = world.tokens.issue(world.user_name, world.unix_s())
    return LoginResponse(success=True, error_code=0, token=token)


def _validate(world: World, request: HttpRequest) -> Response:
    """Any body or none will do."""
    token = bearer(request.headers.get("authorization"))
    flaw = None if token is None else world.tokens.flaw(token, world.unix_s())
    if token is None or (flaw is not None and world.config.validate_refusal == "http_401"):
        return unauthorized()
    refusal = over_limit(world, _VALIDATE, token)
    if refusal is not None:
        return refusal
    if flaw is not None:
        refused = ValidateResponse(success=False, error_code=flaw.value)
        return negotiated(world, request, refused)
    renewed = world.config.validate_renews
    fresh = world.tokens.issue(world.user_name, world.unix_s()) if renewed else None
    answer = ValidateResponse(success=True, error_code=0, new_token=fresh)
    return negotiated(world, request, answer)


def _logout(world: World, request: HttpRequest) -> Response:
    token = token_of(world, request)
    if token is None:
        return unauthorized()
    refusal = over_limit(world, _LOGOUT, token)
    if refusal is not None:
        return refusal
    if world.config.logout_ends == "all":
        world.tokens.end_all()
    else:
        world.tokens.end(token, world.unix_s())
    return negotiated(world, request, Envelope(success=True, error_code=0))
