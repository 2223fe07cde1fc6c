"""Where the answer to a request ends, so that nothing behind it is taken for the next answer.

A venue, or a machine in between, that answers twice would otherwise leave an answer lying that
the HTTP library gives to the next request: a new order would be believed to be the old one.
"""

from __future__ import annotations

from enum import Enum, auto


class _At(Enum):
    STATUS = auto()
    HEADERS = auto()
    BODY = auto()
    CHUNK_SIZE = auto()
    CHUNK = auto()
    TRAILERS = auto()
    DONE = auto()
    ENDLESS = auto()
    """The answer ends with the connection."""


class ReplyBounds:
    """Says how many of the bytes that arrived belong to the answer to one request."""

    def __init__(self) -> None:
        self._at = _At.STATUS
        self._line = bytearray()
        self._status = b""
        self._length: int | None = None
        self._chunked = False
        self._left = 0

    def take(self, arrived: bytearray) -> int:
        """How many bytes at the beginning of ``arrived`` are its own; they are gone then."""
        taken = 0
        while taken < len(arrived) and self._at not in (_At.DONE, _At.ENDLESS):
            if self._at in (_At.BODY, _At.CHUNK):
                part = min(self._left, len(arrived) - taken)
                taken += part
                self._left -= part
                if not self._left:
                    self._at = _At.DONE if self._at is _At.BODY else _At.CHUNK_SIZE
                continue
            end = arrived.find(b"\n", taken) + 1
            self._line += arrived[taken : end or len(arrived)]
            taken = end or len(arrived)
            if end:
                line = bytes(self._line).strip().lower()
                self._line.clear()
                self._read(line)
        return len(arrived) if self._at is _At.ENDLESS else taken

    def _read(self, line: bytes) -> None:
        if self._at is _At.STATUS:
            self._status = line.split(b" ")[1] if b" " in line else b""
            self._at = _At.HEADERS
        elif self._at is _At.HEADERS:
            if line:
                self._read_header(line)
            else:
                self._begin_body()
        elif self._at is _At.TRAILERS:
            if not line:
                self._at = _At.DONE
        else:
            self._begin_chunk(line)

    def _read_header(self, line: bytes) -> None:
        name, _, text = line.partition(b":")
        if name == b"transfer-encoding":
            self._chunked = True
        elif name == b"content-length" and text.strip().isdigit():
            self._length = int(text)

    def _begin_body(self) -> None:
        if self._status == b"101":
            self._at = _At.ENDLESS
        elif self._status.startswith(b"1"):
            self._at = _At.STATUS  # an interim answer; the real one follows
        elif self._status in (b"204", b"304") or (not self._chunked and self._length == 0):
            self._at = _At.DONE
        elif self._chunked:
            self._at = _At.CHUNK_SIZE
        elif self._length is None:
            self._at = _At.ENDLESS
        else:
            self._at, self._left = _At.BODY, self._length

    def _begin_chunk(self, line: bytes) -> None:
        try:
            size = int(line.split(b";")[0], 16)
        except ValueError:
            self._at = _At.ENDLESS  # no HTTP; the library says so
            return
        self._at = _At.CHUNK if size else _At.TRAILERS
        self._left = size + len(b"\r\n")
