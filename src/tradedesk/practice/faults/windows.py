"""Faults that last: a strike opens a window, and whatever falls into it is hit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tradedesk.practice.faults.register import Armed, Register


def open_windows(
    register: Register, group: str, kinds: Collection[str], contract_id: str
) -> Iterator[Armed]:
    """Faults of some kinds that last now on a contract; one that is due begins to.

    A window ends after the fault's ``seconds`` of venue time, else at its ``until``, else when
    the fault is cleared. The seconds of a ``stale`` fault are an age and end nothing.
    """
    for armed in register.of(group):
        fault = armed.fault
        if fault.kind not in kinds or not fault.means_contract(contract_id):
            continue
        now_s = register.now_s
        if armed.ends_s is None or now_s >= armed.ends_s:
            if not armed.strikes(now_s):
                continue
            last_s = math.inf if fault.until is None else fault.until
            lasts = fault.seconds is not None and fault.kind != "stale"
            armed.ends_s = now_s + (fault.seconds or 0.0) if lasts else last_s
            register.note(armed, fault.contract or "all contracts", fault.seconds)
        yield armed
