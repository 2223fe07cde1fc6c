"""One executor per login: two would not know of each other's orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.store.file_lock import FileLock

if TYPE_CHECKING:
    from pathlib import Path


class JournalLock(FileLock):
    """Exclusive lock beside a journal."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            "Another executor (process {owner}) already serves this login; use the desk that "
            "it belongs to, or end that process.",
        )
