"""Bodies of requests: read whole before anything is done with them, within limits."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import Message, Receive, Scope

    from tradedesk.practice.config import VenueConfig

TOO_LARGE, TOO_SLOW, BUSY = 413, 408, 503
_LARGE_BYTES: Final = 1_000_000
_LARGE_AT_ONCE: Final = 4
_LARGE_WAIT_S: Final = 10.0


class RefusedBodyError(Exception):
    """A body that is not taken; ``status`` is what the client is told."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class GoneError(Exception):
    """The client left before it had said everything."""


class Bodies:
    """Reads bodies; only a few large ones at a time, so that memory stays bounded.

    Parameters
    ----------
    limits : VenueConfig
        How large and how slow a body may be.
    """

    def __init__(self, limits: VenueConfig) -> None:
        self._limits = limits
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)

    @contextlib.asynccontextmanager
    async def read(self, scope: Scope, receive: Receive) -> AsyncIterator[bytes]:
        """Give a whole body; the room that it takes is free again at the end of the block.

        Raises
        ------
        RefusedBodyError
            If it is too large or too slow.
        GoneError
            If the client left.
        """
        asked = Headers(scope=scope).get("content-length", "")
        length = int(asked) if asked.isdecimal() else 0
        if length > self._limits.most_body_bytes:
            raise RefusedBodyError(TOO_LARGE)
        async with contextlib.AsyncExitStack() as stack:
            yield await self._read(receive, length, stack)

    async def _read(self, receive: Receive, length: int, stack: contextlib.AsyncExitStack) -> bytes:
        parts: list[bytes] = []
        size, is_large, loop = 0, False, asyncio.get_running_loop()
        began_s = loop.time()
        while True:
            if not is_large and max(size, length) > _LARGE_BYTES:
                await self._take_room(stack)
                is_large, began_s = True, loop.time() - size / self._limits.body_bytes_per_s
            allowed_s = self._limits.body_grace_s + size / self._limits.body_bytes_per_s
            try:
                async with asyncio.timeout_at(began_s + allowed_s):
                    message = await receive()
            except TimeoutError as error:
                raise RefusedBodyError(TOO_SLOW) from error
            if message["type"] == "http.disconnect":
                raise GoneError
            part = message.get("body", b"")
            parts.append(part)
            size += len(part)
            if size > self._limits.most_body_bytes:
                raise RefusedBodyError(TOO_LARGE)
            if not message.get("more_body"):
                return parts[0] if len(parts) == 1 else b"".join(parts)

    async def _take_room(self, stack: contextlib.AsyncExitStack) -> None:
        try:
            async with asyncio.timeout(_LARGE_WAIT_S):
                await stack.enter_async_context(self._large)
        except TimeoutError as error:
            raise RefusedBodyError(BUSY) from error


def said(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives a body that was read already, and then what comes after it."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return left.pop() if left else await receive()

    return again
