"""Replies that are kept, spoiled or made up in place of the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from starlette.responses import Response

from tradedesk.gateway.wire.base import Envelope
from tradedesk.practice.faults.model import PATHS
from tradedesk.practice.rest.envelope import json_response

if TYPE_CHECKING:
    from starlette.types import Message, Send

    from tradedesk.practice.faults.model import Fault

_REFUSED: Final = 2
_REFUSED_CODES: Final = {
    PATHS["cancel"].lower(): 3,
    PATHS["modify"].lower(): 3,
    PATHS["close"].lower(): 5,
    PATHS["partial_close"].lower(): 6,
}
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head><title>Service temporarily unavailable</title></head>
<body><h1>Service temporarily unavailable</h1><p>Please try again in a few minutes.</p></body>
</html>
"""


class _Placed(msgspec.Struct, rename="camel"):
    order_id: int | None = None


class Reply:
    """A reply of the application, kept back."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    async def keep(self, message: Message) -> None:
        """Stand in for ``send``."""
        self._messages.append(message)

    async def give(self, send: Send) -> None:
        """Send it as it is."""
        for message in self._messages:
            await send(message)

    async def give_with(self, body: bytes, send: Send) -> None:
        """Send it with another body."""
        start = self._messages[0]
        headers = [
            (name, str(len(body)).encode() if name.lower() == b"content-length" else value)
            for name, value in start.get("headers", ())
        ]
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    @property
    def body(self) -> bytes:
        """Its body."""
        return b"".join(message.get("body", b"") for message in self._messages)

    @property
    def order_id(self) -> int | None:
        """The order that was placed, if one was."""
        try:
            return msgspec.json.decode(self.body, type=_Placed).order_id
        except msgspec.MsgspecError:
            return None


def garbled(body: bytes) -> bytes:
    """A JSON body with every seventh byte wrong and its end missing: no JSON any more."""
    kept = bytearray(body[: max(len(body) - 2, 0)] or b"{")
    for at in range(3, len(kept), 7):
        kept[at] ^= 0x15
    return bytes(kept)


def html_page(fault: Fault) -> Response:
    """A page of a proxy in place of JSON."""
    return Response(_PAGE, fault.status or 200, media_type="text/html")


def bare(status: int, fault: Fault) -> Response:
    """A status without a body."""
    after = fault.retry_after
    return Response(
        status_code=status, headers=None if after is None else {"Retry-After": str(after)}
    )


def refusal(path: str, fault: Fault) -> Response:
    """A refusal by the rules of the business: HTTP 200 with ``success: false``."""
    usual = _REFUSED_CODES.get(path.lower().rstrip("/"), _REFUSED)
    return json_response(
        Envelope(
            success=False,
            error_code=usual if fault.code is None else fault.code,
            error_message=fault.message or "Order rejected.",
        )
    )
