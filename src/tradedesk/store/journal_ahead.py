"""The first row of an order that is about to be sent: one plain write, beside the database.

A transaction of the database is the longest step of an order's way to the wire. So an order's first
row goes into a file of its own, as safe from the death of the process as the database's own log,
and into the database together with the row after it, which is written when the last byte has left.
Whoever opens a journal takes over what only this file has.
"""

from __future__ import annotations

import os
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.domain.events import Intent
from tradedesk.store.journal_rows import INTENT, NewRow, row_crc

if TYPE_CHECKING:
    from pathlib import Path

PLACE: Final = 4096
"""Bytes that the file has from the beginning, so that writing to it needs no more of the disk."""

AHEAD: Final = "-ahead"
"""What its name has more than the journal's."""

_HEAD: Final = struct.Struct("<IIqqq")
_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
_decode: Final = msgspec.json.Decoder(Intent).decode


def read_ahead(path: Path) -> NewRow | None:
    """The row that was written last beside a journal; None if there is none that can be believed.

    Parameters
    ----------
    path : Path
        The journal.
    """
    try:
        data = _file_of(path).read_bytes()
        length, crc, wall_ns, mono_ns, account = _HEAD.unpack_from(data)
        payload = data[_HEAD.size : _HEAD.size + length]
        tag = _decode(payload).tag
    except (OSError, ValueError, RecursionError, struct.error):
        return None
    if row_crc(tag, INTENT, payload) != crc:
        return None
    return wall_ns, mono_ns, account, tag, INTENT, payload, crc


class RowAhead:
    """Place for one row.

    Parameters
    ----------
    path : Path
        The journal beside which the file stands; made readable by its owner only.

    Raises
    ------
    OSError
        If it cannot be opened, or its place not be had.
    """

    def __init__(self, path: Path) -> None:
        self._handle = os.open(_file_of(path), _FLAGS, 0o600)
        try:
            missing = PLACE - os.fstat(self._handle).st_size
            if missing > 0:
                _write_at(self._handle, bytes(missing), PLACE - missing)
        except OSError:
            os.close(self._handle)
            raise

    def put(self, row: NewRow) -> bool:
        """Write a row in place of the one before; False if it does not fit or cannot be written."""
        wall_ns, mono_ns, account, _, _, payload, crc = row
        data = _HEAD.pack(len(payload), crc, wall_ns, mono_ns, account) + payload
        if len(data) > PLACE:
            return False
        try:
            return _write_at(self._handle, data, 0) == len(data)
        except OSError:
            return False

    def clear(self) -> None:
        """The database has it: forget it. What cannot be forgotten is found there again."""
        with suppress(OSError):
            _write_at(self._handle, bytes(_HEAD.size), 0)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._handle)


def _file_of(journal: Path) -> Path:
    return journal.with_name(journal.name + AHEAD)


def _write_at(handle: int, data: bytes, at: int) -> int:
    if sys.platform == "win32":
        os.lseek(handle, at, os.SEEK_SET)
        return os.write(handle, data)
    return os.pwrite(handle, data, at)
