"""What all structs of the wire have in common."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
"""Ids of accounts and positions, sizes, enums."""
Int64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""Ids of orders and trades, volumes."""

UNREADABLE: Final = (ValueError, RecursionError)
"""Everything that decoding bytes from outside can raise: what msgspec objects to, text that is no
UTF-8, and nesting deeper than the interpreter goes. The first of them alone would not do."""


class Wire(msgspec.Struct, rename="camel", kw_only=True):
    """Base: camelCase members, unknown members ignored."""


class Request(Wire, kw_only=True):
    """Base of requests."""


class Envelope(Wire, kw_only=True):
    """What every POST answers; ``errorCode`` means something else on each endpoint."""

    success: bool
    error_code: int
    error_message: str | None = None
