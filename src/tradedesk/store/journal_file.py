"""Opens the journal's database file, and sets it aside when it cannot be trusted."""

from __future__ import annotations

import os
import secrets
import sqlite3
import zlib
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.errors import StoreError
from tradedesk.domain.events import Intent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = 1
TAG_COUNTERS = 32**4

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    t_wall INTEGER NOT NULL,
    t_mono INTEGER NOT NULL,
    account INTEGER NOT NULL,
    tag TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload BLOB NOT NULL,
    crc INTEGER NOT NULL
);
"""

_decode = msgspec.json.Decoder(Intent).decode


class DamagedError(StoreError):
    """The file is unreadable, or from a newer version."""


def row_crc(tag: str, kind: str, payload: bytes) -> int:
    """Checksum over what a row says."""
    return zlib.crc32(payload, zlib.crc32(f"{tag}\0{kind}\0".encode()))


def open_file(path: Path) -> tuple[sqlite3.Connection, str, list[Intent]]:
    """Open the journal, or start a new one.

    Returns
    -------
    connection : sqlite3.Connection
        In autocommit, write-ahead log, ``synchronous=NORMAL``.
    note : str
        A sentence when the old file had to be set aside, otherwise empty.
    salvaged : list of Intent
        What could still be read from a file that was set aside, newest state of each.

    Raises
    ------
    StoreError
        If neither works; names the file and what to do.
    """
    try:
        existed = path.exists() or _log_of(path).exists()
        if not existed:
            return _create(path), "", []
        try:
            return _open_checked(path), "", []
        except (DamagedError, sqlite3.DatabaseError) as error:
            salvaged = _salvage(path)
            kept = _set_aside(path)
            note = (
                f"The order journal could not be used ({error}) and was set aside as {kept.name}; "
                f"{len(salvaged)} orders were read from it. A new one was started, and the "
                "venue's own list is searched for orders of ours."
            )
            return _create(path), note, salvaged
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"The order journal {path} cannot be opened ({error}); make its folder writable and "
            "free some disk space."
        ) from error


def read_rows(connection: sqlite3.Connection) -> Iterator[Intent]:
    """Every recorded state in order.

    Raises
    ------
    DamagedError
        At the first row whose checksum does not fit.
    """
    rows = connection.execute(
        "SELECT seq, tag, kind, payload, crc FROM event WHERE kind = 'intent' ORDER BY seq"
    )
    for seq, tag, kind, payload, crc in rows:
        if row_crc(tag, kind, payload) != crc:
            raise DamagedError(f"row {seq} does not fit its checksum")
        try:
            yield _decode(payload)
        except msgspec.MsgspecError as error:
            raise DamagedError(f"row {seq} cannot be read: {error}") from error


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


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=0.2)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        # folding the log into the file is the sync thread's, never a click's
        connection.execute("PRAGMA wal_autocheckpoint=0")
    except BaseException:
        connection.close()
        raise
    return connection


def _create(path: Path) -> sqlite3.Connection:
    # created with its final rights, so that there is no moment in which others can read it
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = _connect(path)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("BEGIN IMMEDIATE")
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)
    # not from 0: tags of a journal that was lost must not come again
    connection.execute(
        "INSERT INTO meta VALUES ('next_counter', ?)", (secrets.randbelow(TAG_COUNTERS),)
    )
    connection.execute(f"PRAGMA user_version={VERSION}")
    connection.execute("COMMIT")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def _open_checked(path: Path) -> sqlite3.Connection:
    connection = _connect(path)
    try:
        _check(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection) -> None:
    """Raise ``DamagedError`` or ``sqlite3.DatabaseError`` unless every part can be read."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise DamagedError(f"it is from a newer tradedesk, format {version}")
    if version != VERSION:
        raise DamagedError("it is empty or no journal at all")
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise DamagedError(verdict)
    for _ in read_rows(connection):
        pass
    row = connection.execute("SELECT value FROM meta WHERE key = 'next_counter'").fetchone()
    if row is None or not isinstance(row[0], int):
        raise DamagedError("its tag counter is missing")


def _salvage(path: Path) -> list[Intent]:
    """Newest readable state of each intent; what cannot be read is the venue's to tell."""
    newest: dict[str, Intent] = {}
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=0.2)
        try:
            for intent in read_rows(connection):
                newest[intent.tag] = intent
        finally:
            connection.close()
    except (DamagedError, sqlite3.Error):
        pass  # up to here is what there is
    return list(newest.values())


def _set_aside(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(kept.with_name(kept.name + suffix))
    return kept


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
