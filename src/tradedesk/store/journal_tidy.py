"""Removes journals of practice venues that are long gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import StartError, StoreError
from tradedesk.store.journal_lock import JournalLock

if TYPE_CHECKING:
    from pathlib import Path

    from tradedesk.domain.clock import Clock

KEEP_S = 7 * 24 * 3600


def forget_journals(current: Path, clock: Clock) -> int:
    """Remove journals of the same venue name that nobody wrote to for a week.

    Parameters
    ----------
    current : Path
        The journal about to be opened, ``<venue>-<login>.sqlite3``; it is kept, and so is every
        journal that an executor holds.

    Returns
    -------
    int
        How many were removed.
    """
    venue = current.stem.rpartition("-")[0]
    oldest_s = clock.wall_ns() / NS_PER_S - KEEP_S
    removed = 0
    for journal in current.parent.glob(f"{venue}-*.sqlite3"):
        try:
            if journal == current or journal.stat().st_mtime > oldest_s:
                continue
            lock = JournalLock(journal.with_name(f"{journal.name}.lock"))
            lock.acquire()
        except (OSError, StartError, StoreError):
            continue  # in use, or gone already
        for suffix in ("", "-wal", "-shm", ".lock"):
            journal.with_name(journal.name + suffix).unlink(missing_ok=True)
        lock.release()
        removed += 1
    return removed
