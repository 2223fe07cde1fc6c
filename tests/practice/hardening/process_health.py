"""What a process holds: memory and open files, as Linux tells it."""

from __future__ import annotations

from pathlib import Path

import pytest


class Health:
    """One process, looked at from outside.

    Parameters
    ----------
    pid : int
        The process.
    """

    def __init__(self, pid: int) -> None:
        self._folder = Path("/proc") / str(pid)
        if not self._folder.exists():
            pytest.skip("the system has no /proc")

    @property
    def files(self) -> int:
        """Open files and sockets."""
        return len(list((self._folder / "fd").iterdir()))

    @property
    def memory_mb(self) -> float:
        """Resident memory."""
        pages = int((self._folder / "statm").read_text().split()[1])
        return pages * 4096 / 1e6
