"""Messages between the desk and its executor: length-prefixed msgpack frames."""

from __future__ import annotations

import struct
from typing import Any

import msgspec

from tradedesk.domain.commands import AnyCommand
from tradedesk.domain.errors import TradeDeskError
from tradedesk.domain.events import AnyEvent

PROTOCOL = 1
COOKIE_BYTES = 32
MAX_TO_EXECUTOR = 64 * 1024
"""A command is a few hundred bytes; more is not from a desk."""
MAX_TO_DESK = 64 * 1024 * 1024
"""A snapshot of a whole session."""

_LENGTH = struct.Struct(">I")


class FrameError(TradeDeskError):
    """Bytes that are no frame of ours; the connection is of no more use."""


class Hello(msgspec.Struct, frozen=True, tag_field="kind", tag="hello"):
    """First frame from whoever connects. ``role`` is ``desk`` or ``panic``."""

    cookie: bytes
    role: str
    protocol: int = PROTOCOL

    def __repr__(self) -> str:
        return f"Hello(role={self.role!r}, protocol={self.protocol})"


class Welcome(msgspec.Struct, frozen=True, tag_field="kind", tag="welcome"):
    """First frame back: from here on events follow."""

    pid: int


class Refused(msgspec.Struct, frozen=True, tag_field="kind", tag="refused"):
    """Instead of ``Welcome``; the connection is closed after it."""

    reason: str


_encoder = msgspec.msgpack.Encoder()
decode_hello = msgspec.msgpack.Decoder(Hello).decode
decode_greeting = msgspec.msgpack.Decoder(Welcome | Refused).decode
decode_command = msgspec.msgpack.Decoder(AnyCommand).decode
decode_event = msgspec.msgpack.Decoder(AnyEvent).decode


def frame(message: Any) -> bytes:
    """One message as bytes ready to be written."""
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


class FrameSplitter:
    """Cuts a stream of bytes into frames, however it was cut on the way.

    Parameters
    ----------
    limit : int
        Longest body allowed, bytes.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes; return the bodies that are whole now.

        Raises
        ------
        FrameError
            If a frame claims to be longer than the limit.
        """
        buffer = self._buffer
        buffer += data
        bodies = []
        start = 0
        while len(buffer) - start >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(buffer, start)
            if length > self._limit:
                raise FrameError(f"A frame of {length} bytes is longer than {self._limit}.")
            end = start + _LENGTH.size + length
            if len(buffer) < end:
                break
            bodies.append(bytes(buffer[start + _LENGTH.size : end]))
            start = end
        del buffer[:start]
        return bodies
