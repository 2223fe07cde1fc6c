"""Makes journal rows survive a power cut, off the click: a thread with a handle of its own."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

FOLD_BYTES = 8_000_000
"""Size of the write-ahead log from which it is folded into the database file."""

_JOIN_S = 5.0


class JournalSync:
    """Syncs the write-ahead log whenever asked, and folds it in when it has grown.

    Folding makes the next commit write and sync a new log header; that commit is made here, so
    that it does not fall on a click.

    Parameters
    ----------
    database : Path
        The journal; its write-ahead log stands beside it.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._log_file = database.with_name(f"{database.name}-wal")
        self._wake = threading.Event()
        self._stop = False
        self.synced = 0
        self._thread = threading.Thread(target=self._run, name="journal sync", daemon=True)
        self._thread.start()

    def ask(self) -> None:
        """Sync soon. Costs nothing where it is called."""
        self._wake.set()

    def close(self) -> None:
        """Sync what is left and end the thread."""
        self._stop = True
        self._wake.set()
        self._thread.join(_JOIN_S)

    def _run(self) -> None:
        while not self._stop:
            self._wake.wait()
            self._wake.clear()
            try:
                if self._sync() > FOLD_BYTES:
                    self._fold()
            except (OSError, sqlite3.Error) as error:
                # The rows still survive the process; the journal itself reports a full disk.
                log.info("the journal could not be synced: %s", error)

    def _sync(self) -> int:
        """Force the log to the disk; returns its size in bytes."""
        handle = os.open(self._log_file, os.O_RDWR)
        try:
            os.fsync(handle)
            self.synced += 1
            return os.fstat(handle).st_size
        finally:
            os.close(handle)

    def _fold(self) -> None:
        with sqlite3.connect(self._database, isolation_level=None, timeout=1.0) as other:
            other.execute("PRAGMA synchronous=NORMAL")
            other.execute("PRAGMA wal_checkpoint(RESTART)")
            other.execute("UPDATE meta SET value = value WHERE key = 'next_counter'")
        other.close()
