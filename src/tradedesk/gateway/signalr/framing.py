"""SignalR's JSON records: bytes to records at 0x1E and back. No I/O."""

from __future__ import annotations

from typing import Final

import msgspec

from tradedesk.gateway.wire.hub import RECORD_SEPARATOR

INVOCATION: Final = 1
COMPLETION: Final = 3
PING: Final = 6
CLOSE: Final = 7

HANDSHAKE_RECORD: Final = b'{"protocol":"json","version":1}' + RECORD_SEPARATOR
PING_RECORD: Final = b'{"type":6}' + RECORD_SEPARATOR
MAX_RECORD_BYTES: Final = 16 * 2**20


class RecordSplitter:
    """Cuts a stream of bytes into records, wherever the frames were cut."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes; return the records they complete, without separators.

        Raises
        ------
        ValueError
            If a record grows beyond 16 MiB without an end.
        """
        if not self._rest and data.endswith(RECORD_SEPARATOR):
            # The normal case: whole records in one frame.
            records = data[:-1].split(RECORD_SEPARATOR)
        else:
            records = (self._rest + data).split(RECORD_SEPARATOR)
            self._rest = records.pop()
            if len(self._rest) > MAX_RECORD_BYTES:
                raise ValueError(f"a record of more than {MAX_RECORD_BYTES} bytes has no end")
        return [record for record in records if record]


def invocation_record(invocation_id: str, target: str, arguments: tuple[object, ...]) -> bytes:
    """A call of a hub method that asks for a completion."""
    record = {
        "type": INVOCATION,
        "invocationId": invocation_id,
        "target": target,
        "arguments": arguments,
    }
    return msgspec.json.encode(record) + RECORD_SEPARATOR
