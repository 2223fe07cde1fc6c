"""A lock that ends with its owner, however that ended.

The operating system holds it; the process id in the file only tells people who it is.
"""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING

from tradedesk.domain.errors import StartError, StoreError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

LOCK_BYTE = 4096
"""Windows locks bytes and denies reading them: the one locked lies behind the process id."""


class FileLock:
    """Exclusive lock, held from ``acquire`` to ``release`` or the end of the process.

    Parameters
    ----------
    path : Path
        The lock file; its folder must exist. The file stays when the lock is released.
    taken : str
        Sentence for who finds it taken; ``{owner}`` stands for the process that has it.
    """

    def __init__(self, path: Path, taken: str) -> None:
        self._path = path
        self._taken = taken
        self._file: IO[bytes] | None = None

    def acquire(self) -> None:
        """Take the lock without waiting.

        Raises
        ------
        StartError
            If another process holds it; the message names that process.
        StoreError
            If the file cannot be opened.
        """
        try:
            file = self._path.open("a+b")
        except OSError as error:
            raise StoreError(
                f"The lock file {self._path} cannot be opened ({error.strerror}): "
                "make its folder writable."
            ) from error
        try:
            _lock(file)
        except OSError as error:
            file.seek(0)
            owner = file.read(32).decode(errors="replace").strip() or "unknown"
            file.close()
            raise StartError(self._taken.format(owner=owner)) from error
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

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def lock_owner(path: Path) -> int | None:
    """Process that holds the lock at ``path``; None if nobody does.

    Unlike a process id in a file it cannot be that of a stranger who got the same number later.
    """
    if not path.exists():
        return None
    lock = FileLock(path, "{owner}")
    try:
        lock.acquire()
    except StoreError:
        return None
    except StartError as error:
        return int(str(error)) if str(error).isdigit() else None
    lock.release()
    return None


def _lock(file: IO[bytes]) -> None:
    """Lock without waiting; raise OSError if somebody else holds it."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(LOCK_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
