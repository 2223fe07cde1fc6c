"""The write-ahead record of what was asked for: an append-only SQLite file.

A row is written before the first byte of an order (some 20 us; it survives the death of the
process), and synced right after, off the click (so that it survives a power cut). Recovery does
not trust the file alone: whatever it lost, the venue's own list still shows, by our tags.
"""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import StoreError
from tradedesk.domain.events import Intent, IntentState
from tradedesk.store.journal_file import (
    TAG_COUNTERS,
    newest_notes,
    open_file,
    read_rows,
    row_crc,
)
from tradedesk.store.journal_lock import JournalLock
from tradedesk.store.journal_sync import JournalSync

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tradedesk.domain.clock import Clock

BLOCK = 64
"""Tag counters reserved at a time."""

KEEP_NS = 45 * 24 * 3600 * NS_PER_S
OPEN_STATES = frozenset(
    {IntentState.ARMED, IntentState.SENT, IntentState.UNKNOWN, IntentState.NEEDS_HUMAN}
)

_INSERT = (
    "INSERT INTO event (t_wall, t_mono, account, tag, kind, payload, crc) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_encode = msgspec.json.Encoder().encode


class Journal:
    """The journal of one login, exclusively ours from construction to ``close``.

    Parameters
    ----------
    path : Path
        The database file; its folder is made, for its owner only.
    clock : Clock
        Labels the rows.

    Attributes
    ----------
    note : str
        A sentence for the trader when the old file had to be set aside, otherwise empty.

    Raises
    ------
    StartError
        If another executor has it open.
    StoreError
        If it can be neither opened nor started anew.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._clock = clock
        _make_folder(path.parent)
        self._lock = JournalLock(path.with_name(f"{path.name}.lock"))
        self._lock.acquire()
        try:
            self._db, self.note, salvaged = open_file(path)
        except StoreError:
            self._lock.release()
            raise
        self._sync = JournalSync(path)
        self._execute = self._db.execute
        self._forget_old()
        for intent in salvaged:
            self.append(intent)
        # also pays for the first write, so that the first click does not
        self._insert(0, "", "start", f"{os.getpid()}".encode())

    def append(self, intent: Intent) -> None:
        """Write one state of an intent.

        Raises
        ------
        StoreError
            If it could not be written; nothing was kept.
        """
        self._insert(intent.command.account_id, intent.tag, "intent", _encode(intent))
        # Waking a thread while an order is about to be sent would cost the order time; the next
        # row, written when its last byte has left, has both synced.
        if intent.state is not IntentState.ARMED:
            self._sync.ask()

    def recall(self, since_ns: int) -> Sequence[Intent]:
        """Newest state of every intent created since then, and of every older one still open."""
        newest = {intent.tag: intent for intent in read_rows(self._db)}
        return [
            intent
            for intent in newest.values()
            if intent.created_ns >= since_ns or intent.state in OPEN_STATES
        ]

    def record(self, kind: str, account: int, key: str, payload: bytes) -> None:
        """Write one state of something that is no order; an empty payload ends it.

        Raises
        ------
        StoreError
            If it could not be written; nothing was kept.
        """
        self._insert(account, key, kind, payload)
        self._sync.ask()

    def recorded(self, kind: str) -> Mapping[str, bytes]:
        """Newest payload of every key of a kind, except of those that have ended."""
        return {key: payload for key, payload in newest_notes(self._db, kind).items() if payload}

    def reserve(self) -> tuple[int, int]:
        """Reserve a block of tag counters for ever; returns the first one and how many.

        Raises
        ------
        StoreError
            If the reservation could not be written.
        """
        try:
            (first,) = self._execute("SELECT value FROM meta WHERE key = 'next_counter'").fetchone()
            self._execute(
                "UPDATE meta SET value = ? WHERE key = 'next_counter'",
                ((first + BLOCK) % TAG_COUNTERS,),
            )
        except sqlite3.Error as error:
            raise StoreError(f"The order journal cannot be written ({error}).") from error
        self._sync.ask()
        return first, BLOCK

    def close(self) -> None:
        """Sync, close and let go; safe to call twice."""
        self._sync.close()
        self._db.close()
        self._lock.release()

    def _insert(self, account: int, tag: str, kind: str, payload: bytes) -> None:
        clock = self._clock
        crc = row_crc(tag, kind, payload)
        try:
            self._execute(
                _INSERT, (clock.wall_ns(), clock.mono_ns(), account, tag, kind, payload, crc)
            )
        except sqlite3.Error as error:
            raise StoreError(f"The order journal cannot be written ({error}).") from error

    def _forget_old(self) -> None:
        """Drop rows of long ago, except those of orders that are still open."""
        try:
            newest = {intent.tag: intent.state for intent in read_rows(self._db)}
            still_open = [tag for tag, state in newest.items() if state in OPEN_STATES]
            marks = ",".join("?" * len(still_open))
            self._execute(
                f"DELETE FROM event WHERE t_wall < ? AND tag NOT IN ({marks}) "  # noqa: S608 - marks
                "AND (kind IN ('intent', 'start') OR seq NOT IN "
                "(SELECT max(seq) FROM event GROUP BY kind, tag))",
                (self._clock.wall_ns() - KEEP_NS, *still_open),
            )
        except sqlite3.Error as error:
            raise StoreError(f"The order journal cannot be written ({error}).") from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix":
            folder.chmod(0o700)
    except OSError as error:
        raise StoreError(
            f"The folder {folder} cannot be used ({error.strerror}); make it writable."
        ) from error
