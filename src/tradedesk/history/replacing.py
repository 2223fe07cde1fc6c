"""Writes a file whole or not at all: beside it first, then renamed."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from tradedesk.domain.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEMPORARY: Final = ".tmp"
"""How names of files end that are not finished; they begin with a dot."""


def replace_file(path: Path, write: Callable[[str], None]) -> None:
    """Replace or make a file.

    Parameters
    ----------
    path : Path
        The file; its folder must be there.
    write : callable
        Writes everything to the path it is given.

    Raises
    ------
    StoreError
        If it cannot be written. What stood there still does and nothing is left beside it.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        write(str(temporary))
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written ({error.strerror or error}): check that its folder is "
            "there, free space and permissions. What was there is unchanged."
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the renaming itself last where the system can; the content already does."""
    if os.name != "posix":
        return
    with suppress(OSError):  # some network file systems refuse to sync a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
