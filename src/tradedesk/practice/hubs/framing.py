"""SignalR's JSON protocol as a server speaks it: records in, records out. No sockets."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from tradedesk.gateway.wire.hub import RECORD_SEPARATOR, Handshake, HubRecord

INVOCATION: Final = 1
COMPLETION: Final = 3
PING_TYPE: Final = 6
CLOSE_TYPE: Final = 7
_VERSIONS: Final = (0, 1, 2)

_encoder = msgspec.json.Encoder()
_handshake = msgspec.json.Decoder(Handshake)
_record = msgspec.json.Decoder(HubRecord)


class FramingError(Exception):
    """The client sent what is no record."""


class Splitter:
    """Cuts frames into records; a record may be spread over any number of frames.

    Parameters
    ----------
    most_bytes : int
        Largest record.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._parts: list[bytes] = []
        self._held = 0

    def feed(self, frame: bytes) -> list[bytes]:
        """Return the records that a frame completes.

        Raises
        ------
        FramingError
            If a record is too large.
        """
        *whole, rest = frame.split(RECORD_SEPARATOR)
        if whole:
            whole[0] = b"".join((*self._parts, whole[0]))
            self._parts, self._held = [], 0
        if rest:
            self._parts.append(rest)
            self._held += len(rest)
        if max(self._held, *map(len, whole), 0) > self._most_bytes:
            raise FramingError(
                f"The maximum message size of {self._most_bytes}B was exceeded. "
                f"The message size can be configured in AddHubOptions."
            )
        return [record for record in whole if record]


def read_handshake(record: bytes) -> str | None:
    """Check the first record; returns what is wrong with it, or None."""
    try:
        handshake = _handshake.decode(record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "An unexpected error occurred during connection handshake."
    if handshake.protocol != "json":
        return f"The protocol '{handshake.protocol}' is not supported."
    if handshake.version not in _VERSIONS:
        return (
            f"The server does not support version {handshake.version} of the "
            f"'{handshake.protocol}' protocol."
        )
    return None


def read_record(record: bytes) -> HubRecord:
    """Decode a record.

    Raises
    ------
    FramingError
        If it is no JSON object of that kind.
    """
    try:
        return _record.decode(record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FramingError(f"A record cannot be read: {error}.") from error


def arguments(record: HubRecord) -> list[Any]:
    """Positional arguments of an invocation.

    Raises
    ------
    FramingError
        If they are no list.
    """
    raw = bytes(record.arguments) or b"[]"
    try:
        return msgspec.json.decode(raw, type=list[Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FramingError(f"The arguments cannot be read: {error}.") from error


def _sealed(value: Any) -> bytes:
    return _encoder.encode(value) + RECORD_SEPARATOR


HANDSHAKE_TIMEOUT: Final = "Handshake was canceled."
HANDSHAKE_OK: Final = b"{}" + RECORD_SEPARATOR
PING: Final = _sealed({"type": PING_TYPE})


def handshake_refused(reason: str) -> bytes:
    """Answer to a handshake that cannot be served."""
    return _sealed({"error": reason})


def event(target: str, *values: Any) -> bytes:
    """Record that tells the client something."""
    return _sealed({"type": INVOCATION, "target": target, "arguments": values})


def no_method(target: str) -> str:
    """Why an unknown method fails, in the words of production."""
    return (
        f"Failed to invoke '{target}' due to an error on the server. "
        f"HubException: Method does not exist."
    )


def completion(invocation_id: str, error: str | None = None) -> bytes:
    """Answer to an invocation: result 0, or what went wrong."""
    outcome: dict[str, Any] = {"result": 0} if error is None else {"error": error}
    return _sealed({"type": COMPLETION, "invocationId": invocation_id, **outcome})


def closing(error: str | None = None, allow_reconnect: bool = True) -> bytes:
    """Record that announces the end of the connection."""
    reason = {} if error is None else {"error": error}
    return _sealed({"type": CLOSE_TYPE, **reason, "allowReconnect": allow_reconnect})
