"""The write-ahead record of what was asked for: an append-only SQLite file.

A row is written before the first byte of an order (beside the database, see `journal_ahead`; it
survives the death of the process), and synced right after, off the click (so that it survives a
power cut); a strict journal has it in the database, and synced, before the first byte. Recovery
does not trust the file alone: whatever it lost, the venue's own list still shows, by our tags.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.errors import StoreError
from tradedesk.domain.events import Intent, IntentState
from tradedesk.store.journal_ahead import RowAhead
from tradedesk.store.journal_care import KEEP_NS, drop_old, is_due
from tradedesk.store.journal_file import TAG_COUNTERS, open_file
from tradedesk.store.journal_lock import JournalLock
from tradedesk.store.journal_rows import (
    INSERT,
    INTENT,
    OPEN_STATES,
    START,
    NewRow,
    decode_intent,
    newest_notes,
    read_all,
    row_crc,
)
from tradedesk.store.journal_sync import JournalSync

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tradedesk.domain.clock import Clock

log = logging.getLogger(__name__)

__all__ = ["BLOCK", "KEEP_NS", "Journal"]

BLOCK = 64
"""Tag counters reserved at a time."""

_INSERT_TWO = f"{INSERT}, (?, ?, ?, ?, ?, ?, ?)"
_encode = msgspec.json.Encoder().encode


class Journal:
    """The journal of one login, exclusively ours from construction to ``close``.

    A file of a newer version, and one on a disk that takes nothing more, can be read but not
    written: then every write raises, which lets exits go and keeps entries off.

    Parameters
    ----------
    path : Path
        The database file, named after its login; its folder is made, for its owner only.
    clock : Clock
        Labels the rows.
    strict : bool
        Whether an order waits until its row is on the disk, for the power cut between the two;
        it costs what the disk takes to sync, before every order.

    Attributes
    ----------
    note : str
        A sentence for the trader when something was wrong with the file, otherwise empty.

    Raises
    ------
    StartError
        If another executor has it open.
    StoreError
        If it can be neither opened nor started anew.
    """

    def __init__(self, path: Path, clock: Clock, *, strict: bool = False) -> None:
        self._clock = clock
        self._strict = strict
        self._path = path
        _make_folder(path.parent)
        self._lock = JournalLock(path.with_name(f"{path.name}.lock"))
        self._lock.acquire()
        self._sync: JournalSync | None = None
        self._db: sqlite3.Connection | None = None
        try:
            opened = open_file(path)
        except BaseException:
            self._lock.release()
            raise
        self.note = opened.note
        self._refusal = opened.refusal
        self._contents = opened.contents
        self._ahead: RowAhead | None = None
        self._waiting = opened.ahead
        """A row that stands beside the database only; the next row takes it along."""
        if opened.connection is not None:
            self._db = opened.connection
            self._begin(opened.connection)

    def append(self, intent: Intent) -> None:
        """Write one state of an intent.

        Raises
        ------
        StoreError
            If it could not be written (or synced, where that is asked for).
        """
        row = self._row(intent.command.account_id, intent.tag, INTENT, _encode(intent))
        # Waking a thread while an order is about to be sent would cost the order time; the next
        # row, written when its last byte has left, has both synced.
        if intent.state is not IntentState.ARMED:
            self._insert(row)
            self._ask_sync()
        elif self._strict:
            self._insert(row)
            self._sync_now()
        elif not self._put_ahead(row):
            self._insert(row)

    def recall(self, since_ns: int) -> Sequence[Intent]:
        """Newest state of every intent created since then, and of every older one still open."""
        contents = self._contents if self._db is None else read_all(self._db)
        intents = contents.intents
        if self._waiting is not None:
            first = decode_intent(self._waiting)
            intents = {**intents, first.tag: first}
        return [
            intent
            for intent in intents.values()
            if intent.created_ns >= since_ns or intent.state in OPEN_STATES
        ]

    def record(self, kind: str, account: int, key: str, payload: bytes) -> None:
        """Write one state of something that is no order; an empty payload ends it.

        Raises
        ------
        StoreError
            If it could not be written; nothing was kept.
        """
        self._insert(self._row(account, key, kind, payload))
        self._ask_sync()

    def recorded(self, kind: str) -> Mapping[str, bytes]:
        """Newest payload of every key of a kind, except of those that have ended."""
        if self._db is None:
            notes = self._contents.notes.get(kind, {})
        else:
            notes = newest_notes(self._db, kind)
        return {key: payload for key, payload in notes.items() if payload}

    def reserve(self) -> tuple[int, int]:
        """Reserve a block of tag counters for ever; returns the first one and how many.

        Raises
        ------
        StoreError
            If the reservation could not be written.
        """
        db = self._writable()
        try:
            (first,) = db.execute("SELECT value FROM meta WHERE key = 'next_counter'").fetchone()
            db.execute(
                "UPDATE meta SET value = ? WHERE key = 'next_counter'",
                ((first + BLOCK) % TAG_COUNTERS,),
            )
        except sqlite3.Error as error:
            raise _unwritable(error) from error
        self._ask_sync()
        return first, BLOCK

    def close(self) -> None:
        """Sync, close and let go; safe to call twice."""
        if self._waiting is not None and self._db is not None:
            with suppress(sqlite3.Error):  # or else the next start finds it beside
                self._db.execute(INSERT, self._waiting)
                self._waiting = None
                self._ask_sync()
        if self._ahead is not None:
            if self._waiting is None:
                self._ahead.clear()
            self._ahead.close()
            self._ahead = None
        if self._sync is not None:
            self._sync.close()
        if self._db is not None:
            self._db.close()
        self._lock.release()

    # --- inside -----------------------------------------------------------------------------

    def _begin(self, db: sqlite3.Connection) -> None:
        """First writes; a disk that takes none leaves the journal readable."""
        try:
            db.execute("INSERT OR IGNORE INTO meta VALUES ('owner', ?)", (self._path.stem,))
            if is_due(db, self._clock.wall_ns()):
                drop_old(db, self._clock.wall_ns())
            # also pays for the first write, so that the first click does not
            self._insert(self._row(0, "", START, f"{os.getpid()}".encode()))
        except (sqlite3.Error, StoreError) as error:
            text = str(error if isinstance(error, StoreError) else _unwritable(error))
            self.note = f"{self.note} {text} Entries are off until it can be; exits still go."
            self.note = self.note.strip()
        try:
            self._ahead = RowAhead(self._path)
        except OSError as error:
            log.info("every row of an order goes straight into the journal: %s", error)
        self._sync = JournalSync(self._path, self._clock)

    def _row(self, account: int, tag: str, kind: str, payload: bytes) -> NewRow:
        clock, crc = self._clock, row_crc(tag, kind, payload)
        return clock.wall_ns(), clock.mono_ns(), account, tag, kind, payload, crc

    def _put_ahead(self, row: NewRow) -> bool:
        """Write an order's first row beside the database; False when it has to go into it.

        There it goes while an earlier one waits: what the database did not take is said before
        the next order is sent.
        """
        if self._ahead is None or self._waiting is not None:
            return False
        self._writable()
        if not self._ahead.put(row):
            return False
        self._waiting = row
        return True

    def _insert(self, row: NewRow) -> None:
        db, waiting = self._writable(), self._waiting
        try:
            if waiting is None:
                db.execute(INSERT, row)
            else:
                db.execute(_INSERT_TWO, waiting + row)
        except sqlite3.Error as error:
            raise _unwritable(error) from error
        self._waiting = None

    def _writable(self) -> sqlite3.Connection:
        if self._db is None:
            raise StoreError(self._refusal)
        if self._sync is not None and self._sync.trouble:
            raise StoreError(self._sync.trouble)
        return self._db

    def _ask_sync(self) -> None:
        if self._sync is not None:
            self._sync.ask()

    def _sync_now(self) -> None:
        if self._sync is None:
            return
        try:
            self._sync.sync_now()
        except OSError as error:
            raise StoreError(
                f"The order journal could not be put on the disk ({error.strerror})."
            ) from error


def _unwritable(error: sqlite3.Error) -> StoreError:
    return StoreError(f"The order journal cannot be written ({error}).")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix":
            folder.chmod(0o700)
    except OSError as error:
        raise StoreError(
            f"The folder {folder} cannot be used ({error.strerror}); make it writable."
        ) from error
