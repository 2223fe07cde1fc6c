"""A private folder for sockets with a short path: a socket's path has room for 100 bytes."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from tradedesk.domain.errors import StartError

_LONGEST = 80
_SHORT_BASE = Path("/tmp")  # noqa: S108 - the folder below it is made ours, and checked


def socket_folder(home: str) -> Path:
    """Make (or check) the folder for the sockets of one home.

    Raises
    ------
    StartError
        If somebody else could get in; names the folder.
    """
    digest = hashlib.sha256(os.fsencode(os.path.abspath(home))).hexdigest()[:12]
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    folder = Path(base) / f"tradedesk-{os.getuid()}-{digest}"
    if len(os.fsencode(folder)) > _LONGEST:
        folder = _SHORT_BASE / folder.name
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass  # ours or not is found out next
    except OSError as error:
        raise StartError(f"The folder {folder} cannot be made ({error.strerror}).") from error
    info = folder.lstat()
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.getuid():
        raise StartError(f"{folder} belongs to somebody else; remove it or set XDG_RUNTIME_DIR.")
    if stat.S_IMODE(info.st_mode) != 0o700:
        folder.chmod(0o700)
    return folder
