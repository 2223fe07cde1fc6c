"""One writer at a time in a folder of the archive, whichever process it is in."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from tradedesk.domain.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_NAME: Final = ".lock"
TRIES: Final = 200
PAUSE_S: Final = 0.05


@contextmanager
def writing(folder: Path, tries: int = TRIES) -> Iterator[None]:
    """Hold the folder's lock; it ends with the process that has it, however that ended.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    tries : int
        How often to ask, 50 ms apart: ten seconds if left out. A day is written in less than one.

    Raises
    ------
    StoreError
        If another process writes there all that time, or the folder cannot be used.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK_NAME).open("a+b")
    except OSError as error:
        raise StoreError(
            f"The folder {folder} cannot be used ({error.strerror}): make it writable."
        ) from error
    with file:
        _acquire(file, folder, tries)
        yield


def _acquire(file: IO[bytes], folder: Path, tries: int) -> None:
    for number in range(tries):
        try:
            _lock(file)
        except OSError as error:
            if number == tries - 1:
                raise StoreError(
                    f"Another process writes into {folder}: try again when it has finished."
                ) from error
            time.sleep(PAUSE_S)
        else:
            return


def _lock(file: IO[bytes]) -> None:
    """Lock without waiting; raise OSError if somebody else has it."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(0, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
