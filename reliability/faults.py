"""What may happen to one request, and how often."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

STALL_SHARE = 0.03
STALL_S = (2.0, 30.0)


class Fault(Enum):
    """What happens to one request."""

    NONE = "none"
    REFUSED = "no connection: nothing was sent"
    BLACK_HOLE = "sent, never arrives, no answer"
    ERROR_BEFORE = "HTTP 500 before anything was done"
    ERROR_AFTER = "HTTP 500 after it was done"
    REPLY_LOST = "done, no answer"
    REPLY_CUT = "done, the answer breaks off"
    CODE_7 = "done, answered with a code that means nothing"


SHARES = (
    (Fault.REFUSED, 0.03),
    (Fault.BLACK_HOLE, 0.03),
    (Fault.ERROR_BEFORE, 0.04),
    (Fault.ERROR_AFTER, 0.08),
    (Fault.REPLY_LOST, 0.07),
    (Fault.REPLY_CUT, 0.03),
    (Fault.CODE_7, 0.02),
)


def draw(dice: random.Random) -> tuple[Fault, float]:
    """One request's fault, and for how long the gateway sits on it."""
    stall_s = dice.uniform(*STALL_S) if dice.random() < STALL_SHARE else 0.0
    roll = dice.random()
    for fault, share in SHARES:
        roll -= share
        if roll < 0:
            return fault, stall_s
    return Fault.NONE, stall_s
