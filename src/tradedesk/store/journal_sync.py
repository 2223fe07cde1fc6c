"""Makes journal rows survive a power cut, off the click: a thread with a handle of its own."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

from tradedesk.store.journal_care import drop_old, is_due, note_care, verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tradedesk.domain.clock import Clock

log = logging.getLogger(__name__)

FOLD_BYTES = 8_000_000
"""Size of the write-ahead log from which it is folded into the database file."""
IDLE_S = 60.0
"""Nothing was written for so long: a good moment to look after the file, if a day has passed."""

_JOIN_S = 5.0


class JournalSync:
    """Syncs the write-ahead log whenever asked, folds it in when it has grown, cares once a day.

    Folding makes the next commit write and sync a new log header; that commit is made here, so
    that it does not fall on a click.

    Parameters
    ----------
    database : Path
        The journal; its write-ahead log stands beside it.
    clock : Clock
        Tells when a day has passed.

    Attributes
    ----------
    trouble : str
        What the daily check found; nothing more should be written then.
    """

    def __init__(self, database: Path, clock: Clock) -> None:
        self._database = database
        self._log_file = database.with_name(f"{database.name}-wal")
        self._clock = clock
        self._wake = threading.Event()
        self._stop = False
        self.synced = 0
        self.cared = 0
        self.trouble = ""
        self._thread = threading.Thread(target=self._run, name="journal sync", daemon=True)
        self._thread.start()

    def ask(self) -> None:
        """Sync soon. Costs nothing where it is called."""
        self._wake.set()

    def sync_now(self) -> int:
        """Force the log to the disk and wait for it; returns its size in bytes.

        Raises
        ------
        OSError
            If the disk does not take it.
        """
        handle = os.open(self._log_file, os.O_RDWR)
        try:
            os.fsync(handle)
            self.synced += 1
            return os.fstat(handle).st_size
        finally:
            os.close(handle)

    def close(self) -> None:
        """Sync what is left and end the thread."""
        self._stop = True
        self._wake.set()
        self._thread.join(_JOIN_S)

    def _run(self) -> None:
        self._quietly(self._care)
        while not self._stop:
            asked = self._wake.wait(IDLE_S)
            self._wake.clear()
            self._quietly(self._sync if asked else self._care)
        if self._wake.is_set():
            self._quietly(self._sync)  # asked for while it was busy with something else

    def _quietly(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (OSError, sqlite3.Error) as error:
            # The rows still survive the process; the journal itself reports a full disk.
            log.info("the journal could not be synced or looked after: %s", error)

    def _sync(self) -> None:
        if self.sync_now() > FOLD_BYTES:
            self._fold()

    def _fold(self) -> None:
        with closing(self._open()) as other:
            other.execute("PRAGMA wal_checkpoint(RESTART)")
            other.execute("UPDATE meta SET value = value WHERE key = 'next_counter'")

    def _care(self) -> None:
        """Check and tidy, at the start and in idle times, but not twice a day."""
        with closing(self._open()) as other:
            now_ns = self._clock.wall_ns()
            if not is_due(other, now_ns):
                return
            found = verdict(other)
            if found:
                self.trouble = (
                    f"The order journal {self._database.name} is damaged ({found}); restart the "
                    "desk, which sets it aside and starts a new one."
                )
                return
            drop_old(other, now_ns)
            note_care(other, now_ns)
            self.cared += 1

    def _open(self) -> sqlite3.Connection:
        other = sqlite3.connect(self._database, isolation_level=None, timeout=1.0)
        other.execute("PRAGMA synchronous=NORMAL")
        other.execute("PRAGMA wal_autocheckpoint=0")
        return other
