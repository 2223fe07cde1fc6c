"""What may happen to one request, how often, and who draws it."""

from __future__ import annotations

import random
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reliability.venue_model import Venue

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


class Network:
    """Draws what happens to each request.

    The first sending of an intention and its repetitions meet the same faults whatever the policy:
    they are drawn from the intention's number, everything else in the order in which it comes.
    """

    def __init__(self, venue: Venue, seed: int) -> None:
        self.venue = venue
        self.loop = venue.loop
        self.dice = random.Random(seed)
        self.faulty = True
        self.requests = 0
        self._seed = seed
        self._sent: dict[int, int] = {}

    def fault_of(self, intention: int | None) -> tuple[Fault, float]:
        """What happens to the next request, which is one for an intention or any other."""
        self.requests += 1
        if not self.faulty:
            return Fault.NONE, 0.0
        if intention is None:
            return draw(self.dice)
        attempt = self._sent[intention] = self._sent.get(intention, 0) + 1
        return draw(random.Random(self._seed * 1_000_003 + intention * 101 + attempt))

    def half_trip_s(self) -> float:
        """One way."""
        return 0.04 + 0.02 * self.dice.random()
