"""Opens the journal's database file; sets it aside when it cannot be trusted.

A file of a newer version is neither changed nor moved: it may hold locks and open orders that only
that version understands. It is read as far as this version can, and nothing is added to it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tradedesk.domain.errors import StoreError
from tradedesk.store.journal_ahead import AHEAD, read_ahead
from tradedesk.store.journal_rows import (
    INSERT,
    Contents,
    DamagedError,
    NewRow,
    is_written,
    read_all,
    read_good,
)

VERSION = 1
TAG_COUNTERS = 32**4
_NEWEST = 999
"""A version above this is no version but damage."""

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


class NewerError(StoreError):
    """The file is from a newer version; it is left as it is."""


class StrangerError(StoreError):
    """The file is in order, but it is the journal of another login."""


class OpenedFile(NamedTuple):
    """A journal that was opened.

    Parameters
    ----------
    connection : sqlite3.Connection or None
        In autocommit, write-ahead log, ``synchronous=NORMAL``; None when nothing may be written.
    contents : Contents
        What stands in it, or could be salvaged from the file that was set aside.
    note : str
        A sentence for the trader when something was wrong, otherwise empty.
    refusal : str
        Why nothing may be written, otherwise empty.
    ahead : row or None
        The first row of an order that stands beside the database and not in it.
    """

    connection: sqlite3.Connection | None
    contents: Contents
    note: str = ""
    refusal: str = ""
    ahead: NewRow | None = None


def open_file(path: Path) -> OpenedFile:
    """Open the journal, or start a new one. Its owner is the name of the file.

    Raises
    ------
    StoreError
        If neither works; names the file and what to do.
    """
    ahead = read_ahead(path)
    try:
        if not path.exists() and not _log_of(path).exists():
            return _with(ahead, OpenedFile(_create(path), Contents()))
        try:
            _peek(path)
            connection, contents = _open_checked(path)
            return _with(ahead, OpenedFile(connection, contents))
        except NewerError as newer:
            return _with(ahead, _open_newer(path, newer))
        except StrangerError as stranger:
            kept = _set_aside(path, "of-another-login")
            return OpenedFile(
                _create(path),
                Contents(),
                f"The order journal {path.name} is that of another login ({stranger}), so it was "
                f"set aside whole as {kept.name}. A new one was started, and the venue's own list "
                "is searched for orders of ours.",
            )
        except (DamagedError, sqlite3.DatabaseError) as error:
            return _with(ahead, _replace(path, error))
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"The order journal {path} cannot be opened ({error}); make its folder writable and "
            "free some disk space."
        ) from error


def _with(ahead: NewRow | None, opened: OpenedFile) -> OpenedFile:
    """Add the row that only the file beside the database has, if there is one."""
    if ahead is None or (opened.connection is not None and is_written(opened.connection, ahead)):
        return opened
    return opened._replace(ahead=ahead)


# --- opening --------------------------------------------------------------------------------


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
    first = secrets.randbelow(TAG_COUNTERS)
    rows = (("next_counter", first), ("owner", path.stem))
    connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
    connection.execute(f"PRAGMA user_version={VERSION}")
    connection.execute("COMMIT")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def _peek(path: Path) -> None:
    """Look without a right to write, before anything is opened that folds its log into the file.

    Raises
    ------
    NewerError, StrangerError
        If it is not for us to open.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as look:
            (version,) = look.execute("PRAGMA user_version").fetchone()
            if VERSION < version <= _NEWEST:
                raise NewerError(f"format {version}")
            row = look.execute("SELECT value FROM meta WHERE key = 'owner'").fetchone()
    except sqlite3.Error:
        return  # whoever opens it in earnest finds out what is wrong
    if version == VERSION and row is not None and row[0] != path.stem:
        raise StrangerError(str(row[0]))


def _open_checked(path: Path) -> tuple[sqlite3.Connection, Contents]:
    """Raise ``DamagedError`` or ``sqlite3.DatabaseError`` unless every part can be read."""
    connection = _connect(path)
    try:
        contents = _checked(connection)
    except BaseException:
        connection.close()
        raise
    return connection, contents


def _checked(connection: sqlite3.Connection) -> Contents:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        raise DamagedError("it is empty or no journal at all")
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise DamagedError(verdict)
    row = connection.execute("SELECT value FROM meta WHERE key = 'next_counter'").fetchone()
    if row is None or not isinstance(row[0], int):
        raise DamagedError("its tag counter is missing")
    return read_all(connection)


# --- what cannot be used as it is ---------------------------------------------------------------


def _open_newer(path: Path, error: NewerError) -> OpenedFile:
    contents = _read_copy(path)
    refusal = (
        f"The order journal {path.name} is from a newer tradedesk ({error}) and is left as it is; "
        "start that version, or move the file away."
    )
    note = (
        f"{refusal} {len(contents.intents)} orders were read from it. Entries are off; exits "
        "still go."
    )
    return OpenedFile(None, contents, note, refusal)


def _replace(path: Path, error: Exception) -> OpenedFile:
    contents = _read_copy(path)
    kept = _set_aside(path, "broken")
    note = (
        f"The order journal could not be used ({error}) and was set aside as {kept.name}; "
        f"{len(contents.intents)} orders were read from it. A new one was started, and the "
        "venue's own list is searched for orders of ours. Look whether your locks still hold."
    )
    connection = _create(path)
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(INSERT, [row[1:] for row in contents.rows])
    connection.execute("COMMIT")
    return OpenedFile(connection, contents, note)


def _read_copy(path: Path) -> Contents:
    """What can be read, from a copy: reading a journal may write to it."""
    try:
        with tempfile.TemporaryDirectory(prefix="tradedesk-") as folder:
            for part in (path, _log_of(path)):
                if part.exists():
                    shutil.copyfile(part, Path(folder) / part.name)
            with closing(sqlite3.connect(Path(folder) / path.name, isolation_level=None)) as copy:
                return read_good(copy)
    except (OSError, sqlite3.Error):
        return Contents()  # what cannot be read is the venue's to tell


def _set_aside(path: Path, why: str) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.name}.{why}-{number}")).exists():
        number += 1
    for suffix in ("", "-wal", "-shm", AHEAD):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(kept.with_name(kept.name + suffix))
    return kept


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
