"""What stands in a journal: its rows, their checksums, and the newest of each."""

from __future__ import annotations

import sqlite3
import zlib

import msgspec

from tradedesk.domain.errors import StoreError
from tradedesk.domain.events import Intent, IntentState
from tradedesk.domain.ids import Tag

INTENT, START = "intent", "start"

OPEN_STATES = frozenset(
    {IntentState.ARMED, IntentState.SENT, IntentState.UNKNOWN, IntentState.NEEDS_HUMAN}
)
"""Whoever reads such a state later has to ask the venue."""

_SELECT = "SELECT seq, tag, kind, payload, crc FROM event ORDER BY seq"
_SELECT_WHOLE = (
    "SELECT seq, t_wall, t_mono, account, tag, kind, payload, crc FROM event ORDER BY seq"
)
_decode = msgspec.json.Decoder(Intent).decode

Row = tuple[int, int, int, int, str, str, bytes, int]
"""A whole row, as the table has it."""
NewRow = tuple[int, int, int, str, str, bytes, int]
"""A row that has no number yet."""

INSERT = (
    "INSERT INTO event (t_wall, t_mono, account, tag, kind, payload, crc) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
"""Adds a new row."""


class DamagedError(StoreError):
    """The file cannot be trusted."""


class Contents:
    """The newest state of everything that a journal holds.

    Attributes
    ----------
    intents : dict
        By tag, in the order in which they were first written.
    notes : dict
        Payloads of what is no order, by kind and then by key; an empty one means that it is over.
    rows : list
        What was salvaged, as rows for another journal; empty for one that was read in order.
    lost : int
        Rows that could not be read.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.intents: dict[Tag, Intent] = {}
        self.notes: dict[str, dict[str, bytes]] = {}
        self.lost = 0

    def note(self, kind: str, key: str, payload: bytes) -> None:
        """Keep the newest payload of a key."""
        self.notes.setdefault(kind, {})[key] = payload


def row_crc(tag: str, kind: str, payload: bytes) -> int:
    """Checksum over what a row says."""
    return zlib.crc32(payload, zlib.crc32(f"{tag}\0{kind}\0".encode()))


def read_all(connection: sqlite3.Connection) -> Contents:
    """Read a journal of which every row must be good.

    Raises
    ------
    DamagedError
        At the first row whose checksum does not fit, or that cannot be read.
    """
    contents = Contents()
    newest: dict[str, tuple[int, bytes]] = {}
    for seq, tag, kind, payload, crc in connection.execute(_SELECT):
        if type(payload) is not bytes or row_crc(tag, kind, payload) != crc:
            raise DamagedError(f"row {seq} does not fit its checksum")
        if kind == INTENT:
            newest[tag] = (seq, payload)
        else:
            contents.note(kind, tag, payload)
    for tag, (seq, payload) in newest.items():
        try:
            contents.intents[Tag(tag)] = _decode(payload)
        except msgspec.MsgspecError as error:
            raise DamagedError(f"row {seq} cannot be read: {error}") from error
    return contents


def newest_notes(connection: sqlite3.Connection, kind: str) -> dict[str, bytes]:
    """Newest payload of every key of a kind.

    Raises
    ------
    DamagedError
        At the first row whose checksum does not fit.
    """
    rows = connection.execute(
        "SELECT seq, tag, payload, crc FROM event WHERE kind = ? ORDER BY seq", (kind,)
    )
    notes: dict[str, bytes] = {}
    for seq, key, payload, crc in rows:
        if row_crc(key, kind, payload) != crc:
            raise DamagedError(f"row {seq} does not fit its checksum")
        notes[key] = payload
    return notes


def read_good(connection: sqlite3.Connection) -> Contents:
    """Read what can be read of a journal, from its beginning and from its end.

    A state older than the newest one may come out. That is safe: an order that had ended is asked
    about once more, and a lock that was released holds until it is released again.
    """
    found: dict[int, Row] = {}
    for way in ("", " DESC"):
        try:
            for row in connection.execute(_SELECT_WHOLE + way):
                found[row[0]] = row
        except (sqlite3.Error, UnicodeError, OverflowError):
            continue  # up to here is what there is; the other end may tell more
    contents = Contents()
    newest: dict[tuple[str, str], Row] = {}
    for seq in sorted(found):
        row = found[seq]
        if _take(contents, row):
            newest[row[5], row[4]] = row
        else:
            contents.lost += 1
    contents.rows = [row for (kind, _), row in newest.items() if kind != START]
    return contents


def decode_intent(row: NewRow) -> Intent:
    """The intent that a row of an order tells of."""
    return _decode(row[5])


def is_written(connection: sqlite3.Connection, row: NewRow) -> bool:
    """Whether a journal has this very row."""
    _, _, _, tag, kind, payload, _ = row
    found = connection.execute(
        "SELECT 1 FROM event WHERE kind = ? AND tag = ? AND payload = ?", (kind, tag, payload)
    )
    return found.fetchone() is not None


def is_needed(kind: str, payload: bytes) -> bool:
    """Whether the newest row of a key must be kept however old it is."""
    if kind != INTENT:
        return kind != START and bool(payload)
    try:
        return _decode(payload).state in OPEN_STATES
    except msgspec.MsgspecError:
        return True


def _take(contents: Contents, row: Row) -> bool:
    tag, kind, payload, crc = row[4:]
    if not all(isinstance(number, int) for number in row[:4]) or type(payload) is not bytes:
        return False  # a damaged cell may hold anything
    try:
        if row_crc(tag, kind, payload) != crc:
            return False
        if kind == INTENT:
            contents.intents[Tag(tag)] = _decode(payload)
        else:
            contents.note(kind, tag, payload)
    except (msgspec.MsgspecError, UnicodeError):
        return False
    return True
