"""One executor per login: two would not know of each other's orders.

The operating system holds the lock, so it ends with its owner, however that ended.
"""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING

from tradedesk.domain.errors import StartError, StoreError

if TYPE_CHECKING:
    from pathlib import Path

_LOCK_BYTE = 4096
"""Windows locks bytes and denies reading them: the one locked lies behind the process id."""


class JournalLock:
    """Exclusive lock beside a journal, from ``acquire`` to ``release``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def acquire(self) -> None:
        """Take the lock without waiting.

        Raises
        ------
        StartError
            If another executor holds it; names its process.
        StoreError
            If the file cannot be opened.
        """
        try:
            file = self._path.open("a+b")
        except OSError as error:
            raise StoreError(
                f"The lock {self._path} cannot be opened ({error.strerror}); make its folder "
                "writable."
            ) from error
        try:
            _lock(file)
        except OSError:
            file.seek(0)
            owner = file.read(32).decode(errors="replace").strip() or "unknown"
            file.close()
            raise StartError(
                f"Another executor (process {owner}) already serves this login; use the desk that "
                "it belongs to, or end that process."
            ) from None
        if os.name == "posix":
            self._path.chmod(0o600)
        file.truncate(0)
        file.write(f"{os.getpid()}\n".encode())
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let go; safe to call twice."""
        if self._file is not None:
            self._file.close()
            self._file = None


def lock_owner(path: Path) -> int | None:
    """Process that holds the lock at ``path``; None if nobody does.

    Unlike a process id in a file it cannot be that of a stranger who got the same number later.
    """
    if not path.exists():
        return None
    lock = JournalLock(path)
    try:
        lock.acquire()
    except StoreError:
        return None
    except StartError:
        written = path.read_bytes().strip()
        return int(written) if written.isdigit() else None
    lock.release()
    return None


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(_LOCK_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
