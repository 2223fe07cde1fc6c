"""What is armed and what has struck: opportunities counted, chances drawn, strikes numbered."""

from __future__ import annotations

import logging
from collections import deque
from random import Random
from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.practice.faults.kinds import group_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from tradedesk.practice.faults.model import Fault

log = logging.getLogger(__name__)

MOST_LISTED: Final = 10_000


class Strike(msgspec.Struct, frozen=True, rename="camel"):
    """One strike.

    Parameters
    ----------
    number : int
        Counts strikes from 1.
    at_s : float
        Venue seconds since the start of the venue.
    fault, on, kind : str
        What struck.
    struck : str
        Whom it struck.
    seconds : float or None
        How long it takes, where it takes time.
    """

    number: int
    at_s: float
    fault: str
    on: str
    kind: str
    struck: str
    seconds: float | None = None


class Armed:
    """A fault that is armed, with what it has seen so far.

    Parameters
    ----------
    fault : Fault
        Checked.
    id : str
        Its name.
    seed : int
        Makes its chances, together with its name.
    """

    def __init__(self, fault: Fault, id_: str, seed: int) -> None:
        self.fault = fault
        self.id = id_
        self.group = group_of(fault)
        self.seen = 0
        self.struck = 0
        self.left = 0
        self.ends_s: float | None = None
        self.chance = Random(f"{seed}/{id_}")

    @property
    def spent(self) -> bool:
        """Whether it will never strike again."""
        return 0 < self.fault.times <= self.struck

    def due(self, now_s: float) -> bool:
        """Whether it may strike at a time."""
        fault = self.fault
        return (
            not self.spent
            and (fault.at is None or fault.at <= now_s)
            and (fault.until is None or now_s < fault.until)
        )

    def strikes(self, now_s: float) -> bool:
        """Count an opportunity; whether it strikes."""
        if not self.due(now_s):
            return False
        self.seen += 1
        if self.seen <= self.fault.after:
            return False
        if self.fault.chance < 1 and self.chance.random() >= self.fault.chance:
            return False
        self.struck += 1
        return True

    def draw_s(self) -> float | None:
        """How long a strike takes; None if the fault does not say."""
        if self.fault.delay is not None:
            return self.fault.delay.draw(self.chance)
        return self.fault.seconds


class Register:
    """Armed faults, oldest first, and the list of strikes.

    Parameters
    ----------
    seed : int
        Makes the chances.
    now_ns : callable
        Venue time in nanoseconds; its first answer is the start of the venue.
    """

    def __init__(self, seed: int = 0, now_ns: Callable[[], int] = lambda: 0) -> None:
        self.on_armed: Callable[[], None] = lambda: None
        self.begin(seed, now_ns)
        self._armed: list[Armed] = []
        self._groups: dict[str, list[Armed]] = {}
        self._names = 0
        self._numbers = 0
        self.strikes: deque[Strike] = deque(maxlen=MOST_LISTED)

    def begin(self, seed: int, now_ns: Callable[[], int]) -> None:
        """Set the seed of what is armed from now on, and the start of the venue to now."""
        self.seed = seed
        self._now_ns = now_ns
        self._start_ns = now_ns()

    @property
    def now_s(self) -> float:
        """Venue seconds since the start."""
        return (self._now_ns() - self._start_ns) / 1e9

    def arm(self, fault: Fault) -> Armed:
        """Let a fault strike from now on; it is given a name if it has none."""
        self._names += 1
        armed = Armed(fault, fault.id or f"f{self._names}", self.seed)
        self._armed.append(armed)
        self._groups.setdefault(armed.group, []).append(armed)
        self.on_armed()
        return armed

    def clear(self) -> None:
        """Disarm everything."""
        self._armed.clear()
        self._groups.clear()

    def disarm(self, ids: Collection[str]) -> None:
        """Disarm some by name; names that are not armed do no harm."""
        self._armed = [one for one in self._armed if one.id not in ids]
        for group, armed in tuple(self._groups.items()):
            self._groups[group] = [one for one in armed if one.id not in ids]

    def any(self, group: str) -> bool:
        """Whether anything of a group is armed; cheap enough to ask for every record."""
        return group in self._groups

    def of(self, group: str) -> Iterator[Armed]:
        """Armed faults of a group, oldest first; those that are over are dropped on the way."""
        kept = [one for one in self._groups.get(group, ()) if not self._over(one)]
        if kept:
            self._groups[group] = kept
        else:
            self._groups.pop(group, None)
        return iter(kept)

    def armed(self) -> list[Armed]:
        """What can still strike or still lasts."""
        self._armed = [one for one in self._armed if not self._over(one)]
        return list(self._armed)

    def note(self, armed: Armed, struck: str, seconds: float | None = None) -> Strike:
        """Number a strike, list it and log it."""
        self._numbers += 1
        rounded = None if seconds is None else round(seconds, 6)
        strike = Strike(
            self._numbers,
            round(self.now_s, 6),
            armed.id,
            armed.fault.on,
            armed.fault.kind,
            struck,
            rounded,
        )
        self.strikes.append(strike)
        lasts = "" if rounded is None else f" for {rounded:g} s"
        log.info(
            "Strike %d at %.6f s: fault %s (%s) hits %s%s.",
            *(strike.number, strike.at_s, armed.id, armed.fault.kind, struck, lasts),
        )
        return strike

    def _over(self, armed: Armed) -> bool:
        now_s = self.now_s
        if armed.left or (armed.ends_s is not None and now_s < armed.ends_s):
            return False
        return armed.spent or (armed.fault.until is not None and now_s >= armed.fault.until)
