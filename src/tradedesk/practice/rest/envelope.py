"""What all endpoints share: token, body, envelope, and the shape of what goes wrong."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from tradedesk.gateway.wire.base import Envelope, Request
from tradedesk.gateway.wire.rest import ProblemDetails
from tradedesk.practice.auth import bearer

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest

    from tradedesk.practice.world import World

RequestT = TypeVar("RequestT", bound=Request)
Handler = Callable[["World", RequestT], Awaitable[Envelope]]
_JSON: Final = "application/json; charset=utf-8"
_PATH: Final = re.compile(r"`\$\.?(?P<path>[^`]*)`\s*$")
_encoder = msgspec.json.Encoder()


def json_response(body: object, status: int = 200) -> Response:
    """Encode a struct."""
    return Response(_encoder.encode(body), status, media_type=_JSON)


def unauthorized() -> Response:
    """401 as production gives it: no body."""
    return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})


def token_of(world: World, request: HttpRequest) -> str | None:
    """The good token of a request, or None."""
    token = bearer(request.headers.get("authorization"))
    now_s = world.unix_s()
    return token if token is not None and world.tokens.good(token, now_s) else None


def post(
    world: World,
    path: str,
    kind: type[RequestT],
    handler: Callable[[World, RequestT], Awaitable[Envelope]],
    *,
    anybody: bool = False,
) -> Route:
    """Make the route of an endpoint: POST only, token first, then the body.

    Parameters
    ----------
    kind : type
        Struct of the body.
    handler : callable
        Answers a decoded body.
    anybody : bool, default False
        True needs no token.
    """

    async def serve(request: HttpRequest) -> Response:
        if not anybody and token_of(world, request) is None:
            return unauthorized()
        body = await request.body()
        try:
            decoded = msgspec.json.decode(body, type=kind)
        except msgspec.MsgspecError as error:
            return problem(error)
        except (UnicodeDecodeError, RecursionError) as error:
            return problem(msgspec.DecodeError(str(error)))
        return json_response(await handler(world, decoded))

    return Route(path, serve, methods=["POST"])


def problem(error: msgspec.MsgspecError) -> Response:
    """400 with the validation body of ASP.NET."""
    text = str(error)
    found = _PATH.search(text)
    path = f"$.{found['path']}" if found and found["path"] else "$"
    missing = re.search(r"missing required field `(?P<name>[^`]+)`", text)
    if missing:
        path = f"{path}.{missing['name']}"
    body = ProblemDetails(
        type="https://tools.ietf.org/html/rfc9110#section-15.5.1",
        title="One or more validation errors occurred.",
        status=400,
        errors={
            path: [f"The JSON value could not be converted. {text}"],
            "request": ["The request field is required."],
        },
        trace_id=f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-00",
    )
    return Response(
        _encoder.encode(body), 400, media_type="application/problem+json; charset=utf-8"
    )
