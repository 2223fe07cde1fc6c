"""Answers other than HTTP 200, with the bodies of ASP.NET or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tradedesk.gateway.wire.rest import ProblemDetails

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest
    from starlette.types import ExceptionHandler

_SECTION: Final = "https://tools.ietf.org/html/rfc9110#section-15.5."
_MEDIA: Final = "application/problem+json; charset=utf-8"
_encoder = msgspec.json.Encoder()


class BadFilterError(Exception):
    """A filter of v2/query that makes no sense; the text is for the client."""


def unauthorized() -> Response:
    """401 as production gives it: no body."""
    return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})


def too_many(retry_after_s: int | None) -> Response:
    """429 without a body."""
    headers = None if retry_after_s is None else {"Retry-After": str(retry_after_s)}
    return Response(status_code=429, headers=headers)


def invalid(key: str, text: str, trace_id: str) -> Response:
    """400 for a body that cannot be read.

    Beside the member at fault ASP.NET names the parameter of its own handler, ``request``: it got
    none.
    """
    return _problem(
        ProblemDetails(
            type=f"{_SECTION}1",
            title="One or more validation errors occurred.",
            status=400,
            errors={key: [text], "request": ["The request field is required."]},
            trace_id=trace_id,
        )
    )


def bad_filter(detail: str, path: str) -> Response:
    """400 of v2/query: plain problem details."""
    return _problem(
        ProblemDetails(
            type=f"{_SECTION}1", title="Bad Request", status=400, detail=detail, instance=path
        )
    )


def unsupported_media(trace_id: str) -> Response:
    """415."""
    return _problem(
        ProblemDetails(
            type=f"{_SECTION}16", title="Unsupported Media Type", status=415, trace_id=trace_id
        )
    )


async def _bare(request: HttpRequest, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return Response(status_code=error.status_code, headers=error.headers)


HANDLERS: Final[dict[int | type[Exception], ExceptionHandler]] = {404: _bare, 405: _bare}
"""An unknown path and a wrong verb are answered without a body."""


def _problem(body: ProblemDetails) -> Response:
    return Response(_encoder.encode(body), body.status, media_type=_MEDIA)
