"""What all structs of the wire have in common."""

from __future__ import annotations

import msgspec


class Wire(msgspec.Struct, rename="camel", kw_only=True):
    """Base: camelCase members, unknown members ignored."""


class Request(Wire, kw_only=True):
    """Base of requests."""


class Envelope(Wire, kw_only=True):
    """What every POST answers; ``errorCode`` means something else on each endpoint."""

    success: bool
    error_code: int
    error_message: str | None = None
