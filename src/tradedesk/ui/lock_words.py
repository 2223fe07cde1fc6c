"""What locks entries now, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradedesk.domain.safety import LockKind
from tradedesk.ui import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.safety import Lock

RELEASE_WORD = "RELEASE"
"""What has to be typed to release the kill switch."""

_NAMES = {
    LockKind.KILL: "kill switch",
    LockKind.TIME: "time lock",
    LockKind.DAILY_LOSS: "daily loss",
    LockKind.DAILY_PROFIT: "daily profit",
    LockKind.SESSION_FLAT: "flat time",
}


@dataclass(frozen=True, slots=True)
class LockView:
    """The lock that holds longest.

    Attributes
    ----------
    reason : str
        A word or two, such as ``daily loss``; empty when nothing is locked.
    left : str
        Time left; empty for one that only a person ends.
    sentence : str
        The executor's own words.
    kill_since : str
        Time of day at which the kill switch was tripped; empty when it is off.
    """

    reason: str = ""
    left: str = ""
    sentence: str = ""
    kill_since: str = ""

    @property
    def block(self) -> str:
        """Why no entry may be placed; empty if no lock says so."""
        if not self.reason:
            return ""
        if self.kill_since:
            return self.sentence
        left = f", {self.left} left" if self.left else f" by {self.reason}"
        return f"locked{left}: {self.sentence}"


FREE = LockView()


def lock_view(locks: Sequence[Lock], wall_ns: int) -> LockView:
    """What to show for locks; ``wall_ns`` is now, UTC."""
    held = [lock for lock in locks if lock.until_ns is None or lock.until_ns > wall_ns]
    if not held:
        return FREE
    kill = next((lock for lock in held if lock.kind is LockKind.KILL), None)
    longest = kill or max(held, key=lambda lock: lock.until_ns or 2**63)
    left = "" if longest.until_ns is None else words.duration(longest.until_ns - wall_ns)
    since = "" if kill is None else words.clock(kill.since_ns, zone=False)
    return LockView(_NAMES[longest.kind], left, longest.text, since)
