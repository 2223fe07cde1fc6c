"""Looks after a journal once a day: is every page of it good, and what is old enough to go."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.store.journal_rows import is_needed

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY_NS = 24 * 3600 * NS_PER_S
KEEP_NS = 45 * DAY_NS
_BATCH = 200
"""Rows that go in one transaction; a click that comes meanwhile waits for one of them."""


def is_due(connection: sqlite3.Connection, wall_ns: int) -> bool:
    """Whether the last care was a day ago, or never, or in the future of a clock set back."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'cared_ns'").fetchone()
    return row is None or abs(wall_ns - int(row[0])) >= DAY_NS


def note_care(connection: sqlite3.Connection, wall_ns: int) -> None:
    """Write down that it was looked after now."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('cared_ns', ?)", (wall_ns,))


def verdict(connection: sqlite3.Connection) -> str:
    """Check every page and every index; what is wrong, or nothing."""
    try:
        (word,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if word == "ok" else str(word)


def drop_old(connection: sqlite3.Connection, wall_ns: int) -> int:
    """Drop rows older than 45 days that nobody needs any more; returns how many.

    What is still open stays however old it is: orders without an outcome, locks, rules.
    """
    old = [(seq,) for seq in _old_rows(connection, wall_ns - KEEP_NS)]
    for start in range(0, len(old), _BATCH):
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.executemany("DELETE FROM event WHERE seq = ?", old[start : start + _BATCH])
        finally:
            connection.execute("COMMIT")
    return len(old)


def _old_rows(connection: sqlite3.Connection, before_ns: int) -> Iterator[int]:
    kept = {
        seq
        for seq, kind, payload in connection.execute(
            "SELECT max(seq), kind, payload FROM event GROUP BY kind, tag"
        )
        if is_needed(kind, payload)
    }
    for (seq,) in connection.execute("SELECT seq FROM event WHERE t_wall < ?", (before_ns,)):
        if seq not in kept:
            yield seq
