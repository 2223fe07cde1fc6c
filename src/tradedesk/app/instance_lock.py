"""One running desk for each home: two would fight over one journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.store.file_lock import FileLock

if TYPE_CHECKING:
    from pathlib import Path


class InstanceLock(FileLock):
    """Lock of one home, held while a desk runs on it.

    Parameters
    ----------
    path : Path
        The lock file in the home's data folder.
    """

    def __init__(self, path: Path) -> None:
        folder = str(path.parent).replace("{", "{{").replace("}", "}}")
        super().__init__(
            path,
            f"Another desk is already running on {folder} (process {{owner}}): "
            "close it, or set TRADEDESK_HOME to another folder.",
        )
