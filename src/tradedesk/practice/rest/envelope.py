"""What all endpoints share: token, call limits, body, envelope."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from tradedesk.gateway.wire.base import Envelope, Request
from tradedesk.practice import stamps
from tradedesk.practice.auth import bearer, is_user
from tradedesk.practice.identity import Ids
from tradedesk.practice.rest import body, problems

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest

    from tradedesk.practice.world import World

RequestT = TypeVar("RequestT", bound=Request)
Serve = Callable[["HttpRequest"], Awaitable[Response]]
unauthorized = problems.unauthorized

HISTORY: Final = "/api/History/retrieveBars"
_API: Final = "/api/"
_JSON: Final = "application/json; charset=utf-8"
_TEXT_JSON: Final = "text/json; charset=utf-8"
_encoder = msgspec.json.Encoder()


def json_response(body: object, status: int = 200, media: str = _JSON) -> Response:
    """Encode a struct."""
    return Response(_encoder.encode(body), status, media_type=media)


def negotiated(world: World, request: HttpRequest, answer: object) -> Response:
    """Encode an answer in the media type that the client would rather have."""
    accept = request.headers.get("accept", "").lower()
    media = _TEXT_JSON if "text/json" in accept and "application/json" not in accept else _JSON
    encoded = _encoder.encode(answer)
    if world.config.stamps_z:
        encoded = stamps.zulu(encoded)
    return Response(encoded, media_type=media)


def token_of(world: World, request: HttpRequest) -> str | None:
    """The good token of a request, or None."""
    token = bearer(request.headers.get("authorization"))
    return token if token is not None and world.tokens.good(token, world.unix_s()) else None


def route(path: str, serve: Serve, verb: str = "POST") -> Route:
    """Make a route that, like ASP.NET's, minds neither case nor a slash at the end."""
    made = Route(path, serve, methods=[verb])
    made.path_regex = re.compile(f"^{re.escape(path)}/?$", re.IGNORECASE)
    return made


def over_limit(world: World, path: str, token: str = "", user_name: str = "") -> Response | None:
    """Count a call; 429 if it is one too many.

    A call belongs to the user of its token or, for a log-in, to the user it names. Names that
    nobody has share one window: there is no end of them.
    """
    if not path.startswith(_API):
        return None
    user = world.tokens.user(token) if token else user_name.strip().lower()
    caller = user if is_user(user) else ""
    if token and world.config.limits_per == "token":
        caller = f"{caller} {token}"
    now_s, history = world.mono_s(), path == HISTORY
    if world.limits.admit(caller, history, now_s):
        return None
    wait_s = math.ceil(world.limits.wait_s(caller, history, now_s))
    return problems.too_many(wait_s if world.config.retry_after else None)


def post(
    world: World,
    path: str,
    kind: type[RequestT],
    handler: Callable[[World, RequestT], Awaitable[Envelope]],
    *,
    anybody: bool = False,
) -> Route:
    """Make the route of an endpoint: POST only; token first, then call limits, then the body.

    Parameters
    ----------
    kind : type
        Struct of the body.
    handler : callable
        Answers a decoded body; may raise ``BadFilterError``.
    anybody : bool, default False
        True needs no token; the call is counted to the ``user_name`` in the body.
    """
    ids = Ids(world.config.seed, path)

    async def serve(request: HttpRequest) -> Response:
        token = "" if anybody else token_of(world, request)
        if token is None:
            return unauthorized()
        if not anybody and (refusal := over_limit(world, path, token)) is not None:
            return refusal
        try:
            media = body.media_type(request.headers.get("content-type"))
            decoded = body.decode(await request.body(), media, kind)
        except body.UnsupportedMediaError:
            return problems.unsupported_media(ids.trace())
        except body.BodyError as error:
            return problems.invalid(error.key, error.text, ids.trace())
        if anybody:
            name: str = getattr(decoded, "user_name", "")
            if (refusal := over_limit(world, path, user_name=name)) is not None:
                return refusal
        try:
            world.floor.catch_up()
            answer = await handler(world, decoded)
        except problems.BadFilterError as error:
            return problems.bad_filter(str(error), path)
        return negotiated(world, request, answer)

    return route(path, serve)
