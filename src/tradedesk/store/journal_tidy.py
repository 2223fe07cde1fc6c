"""Removes journals of practice venues that are gone: a new venue is a new world."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tradedesk.domain.errors import StartError, StoreError
from tradedesk.store.journal_lock import JournalLock

if TYPE_CHECKING:
    from pathlib import Path


def forget_journals(folder: Path, venue: str) -> int:
    """Remove the journals of a venue that no executor holds, whatever state they are in.

    Parameters
    ----------
    folder : Path
        Where the journals are, ``<venue>-<login>.sqlite3`` each.
    venue : str
        Whose journals; those of other venues are not looked at.

    Returns
    -------
    int
        How many were removed. One that cannot be removed stays; it is in nobody's way.
    """
    removed = 0
    names = {path.name.split(".")[0] for path in folder.glob(f"{venue}-*.sqlite3*")}
    for name in sorted(names):
        lock = JournalLock(folder / f"{name}.sqlite3.lock")
        try:
            lock.acquire()
        except (StartError, StoreError):
            continue  # in use, or its folder is not ours to write to
        for part in folder.glob(f"{name}.sqlite3*"):
            with suppress(OSError):
                part.unlink()
        lock.release()
        removed += 1
    return removed
