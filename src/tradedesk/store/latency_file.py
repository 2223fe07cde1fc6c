"""Latency of every order of the last 90 days: a SQLite file of its own, written by its own thread.

A row is about 200 bytes, and 50,000 are kept at most: 10 MB. Losing the file costs figures, never
an order.
"""

from __future__ import annotations

import logging
import os
import queue
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import StoreError
from tradedesk.domain.latency import LatencyRecord
from tradedesk.store.atomic import set_aside

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tradedesk.domain.clock import Clock

log = logging.getLogger(__name__)

VERSION: Final = 1
KEEP_NS: Final = 90 * 24 * 3600 * NS_PER_S
KEEP_ROWS: Final = 50_000
TIDY_EVERY: Final = 1_000
CLOSE_S: Final = 2.0
_NAMES: Final = LatencyRecord.__struct_fields__
_FIXED: Final = ("venue", "key")
# what was seen once is not unseen: the window may be told of an order again after a restart
_MERGED: Final = ", ".join(
    f"{name} = coalesce(excluded.{name}, {name})" for name in _NAMES if name not in _FIXED
)
_UPSERT: Final = (
    f"INSERT INTO latency ({', '.join(_NAMES)}) VALUES ({', '.join('?' * len(_NAMES))}) "  # noqa: S608 - names of ours
    f"ON CONFLICT (venue, key) DO UPDATE SET {_MERGED}"
)
_RECALL: Final = f"SELECT {', '.join(_NAMES)} FROM latency ORDER BY wall_ns"  # noqa: S608 - the same
_TEXTS: Final = frozenset({"key", "venue", "contract_id", "kind", "type", "text", "outcome"})
_TIDY: Final = (
    "DELETE FROM latency WHERE wall_ns < ? OR rowid IN "
    "(SELECT rowid FROM latency ORDER BY wall_ns DESC LIMIT -1 OFFSET ?)"
)


class LatencyFile:
    """Keeps latency records. ``append`` never waits; a thread writes.

    Parameters
    ----------
    path : Path
        The file; its folder must exist. A damaged one is renamed and a new one begun.
    clock : Clock
        Tells what is 90 days old.

    Attributes
    ----------
    note : str
        A sentence when an old file was set aside, otherwise empty.

    Raises
    ------
    StoreError
        If it cannot be opened, or is from a newer tradedesk: then it is left alone.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._waiting: queue.SimpleQueue[LatencyRecord | None] = queue.SimpleQueue()
        self._failed = False
        self.note = ""
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
        self._thread = threading.Thread(target=self._write, name="latency file", daemon=True)
        self._thread.start()

    def append(self, record: LatencyRecord) -> None:
        """Keep a record; a newer one of the same order adds what was not known before."""
        self._waiting.put(record)

    def recall(self) -> Sequence[LatencyRecord]:
        """Everything that was kept, oldest first. Reads the file: not for the window's thread.

        Raises
        ------
        StoreError
            If it cannot be read.
        """
        try:
            with closing(self._connect()) as database:
                rows = database.execute(_RECALL).fetchall()
            names = _NAMES
            return [
                msgspec.convert(dict(zip(names, row, strict=True)), LatencyRecord) for row in rows
            ]
        except (sqlite3.Error, msgspec.ValidationError) as error:
            raise StoreError(
                f"The latency of earlier orders cannot be read ({error}); {self._path.name} may "
                "be deleted."
            ) from error

    def close(self) -> None:
        """Write what waits, and end; safe to call twice."""
        self._waiting.put(None)
        self._thread.join(CLOSE_S)

    # --- inside -----------------------------------------------------------------------------

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, isolation_level=None, timeout=1.0)

    def _prepare(self) -> None:
        if not self._path.exists():
            # created with its final rights, so that there is no moment in which others can read it
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(self._connect()) as database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise StoreError(
                    f"{self._path.name} is from a newer tradedesk, format {version}: latency is "
                    "not kept in this run."
                )
            database.execute("PRAGMA journal_mode=WAL")
            columns = ", ".join(
                f"{name} {'TEXT' if name in _TEXTS else 'INTEGER'}" for name in _NAMES
            )
            database.execute(
                f"CREATE TABLE IF NOT EXISTS latency ({columns}, PRIMARY KEY (venue, key))"
            )
            database.execute("CREATE INDEX IF NOT EXISTS by_time ON latency (wall_ns)")
            database.execute(f"PRAGMA user_version={VERSION}")
            database.execute(_RECALL + " LIMIT 1").fetchall()  # it has every column
            self._tidy(database)

    def _begin_anew(self, error: sqlite3.DatabaseError) -> None:
        try:
            kept = set_aside(self._path)
            for suffix in ("-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            self._prepare()
        except (sqlite3.Error, OSError) as second:
            raise StoreError(
                f"The latency of orders cannot be kept in {self._path} ({second})."
            ) from error
        self.note = (
            f"The latency of earlier orders could not be read ({error}); the file is now "
            f"{kept.name} and a new one was begun."
        )

    def _tidy(self, database: sqlite3.Connection) -> None:
        database.execute(_TIDY, (self._clock.wall_ns() - KEEP_NS, KEEP_ROWS))

    def _write(self) -> None:
        """The thread: as many records as wait go into one transaction."""
        since_tidy = 0
        with closing(self._connect()) as database:
            database.execute("PRAGMA synchronous=NORMAL")
            while (batch := self._next_batch()) is not None:
                since_tidy += len(batch)
                try:
                    database.execute("BEGIN")
                    database.executemany(_UPSERT, [msgspec.structs.astuple(one) for one in batch])
                    database.execute("COMMIT")
                    if since_tidy >= TIDY_EVERY:
                        since_tidy = 0
                        self._tidy(database)
                    self._failed = False
                except sqlite3.Error as error:
                    if database.in_transaction:
                        database.execute("ROLLBACK")
                    if not self._failed:
                        log.warning("the latency of orders cannot be written: %s", error)
                    self._failed = True

    def _next_batch(self) -> list[LatencyRecord] | None:
        """What waits, or None at the end."""
        first = self._waiting.get()
        if first is None:
            return None
        batch = [first]
        while not self._waiting.empty():
            more = self._waiting.get()
            if more is None:
                self._waiting.put(None)
                break
            batch.append(more)
        return batch
