"""``TRADEDESK_EXECUTOR``: where the order path runs."""

from __future__ import annotations

import os
from typing import Literal

from tradedesk.domain.errors import InputError

VARIABLE = "TRADEDESK_EXECUTOR"


def executor_mode() -> Literal["process", "inline"]:
    """Read the environment.

    Raises
    ------
    InputError
        If it holds anything but ``process`` or ``inline``.
    """
    wanted = os.environ.get(VARIABLE, "process")
    if wanted == "process":
        return "process"
    if wanted == "inline":
        return "inline"
    raise InputError(f"{VARIABLE} is {wanted!r}: set it to 'process' (the default) or 'inline'.")
