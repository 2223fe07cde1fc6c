"""The five letters that mark the order tags of this installation.

They are kept in a file of their own, so that orders are recognised as ours even when the journal
is lost.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from tradedesk.store.atomic import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def install_id(path: Path) -> str:
    """Read the letters, or choose and keep new ones.

    Raises
    ------
    StoreError
        If new ones cannot be kept.
    """
    try:
        known = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        known = ""
    if re.fullmatch(r"[a-z2-7]{5}", known):
        return known
    fresh = "".join(secrets.choice(_ALPHABET) for _ in range(5))
    write_atomic(path, f"{fresh}\n".encode())
    return fresh
