"""Write a file so that a crash leaves either the old content or the new, never half of it."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING

from tradedesk.domain.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path


def write_atomic(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace a file's content: write beside it, sync, rename.

    Parameters
    ----------
    path : Path
        File to replace or create; its folder must exist.
    content : bytes
        Everything the file shall hold.
    mode : int
        Permissions of the new file; by default only its owner may read it.

    Raises
    ------
    StoreError
        If it cannot be written. The old file stands unchanged and nothing is left beside it.
    """
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if os.name == "posix":
            os.chmod(temporary, mode)
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                os.unlink(temporary)
        raise StoreError(
            f"{path} cannot be written ({error.strerror}): check free space and permissions. "
            "The old file is unchanged."
        ) from error
    _sync_folder(path.parent)


def set_aside(path: Path) -> Path:
    """Rename an unreadable file to ``<name>.broken-<n>``, n the first free number from 1.

    Returns
    -------
    Path
        Where its content is now.

    Raises
    ------
    StoreError
        If it cannot be renamed; it then stands where it stood.
    """
    number = 1
    while (kept := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    try:
        path.rename(kept)
    except OSError as error:
        raise StoreError(
            f"{path} is unreadable and cannot be renamed ({error.strerror}): "
            "move it away or make its folder writable."
        ) from error
    return kept


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable where the system can; the content already is."""
    if os.name != "posix":
        return
    with suppress(OSError):  # some network file systems refuse to sync a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
