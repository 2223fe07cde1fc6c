"""The venue's time of day, and whether it is the time of day here."""

from __future__ import annotations

from typing import Final

from tradedesk.domain.clock import NS_PER_MS, NS_PER_S

OWN_TIME_NS: Final = 60 * NS_PER_S
"""From here on apart a practice venue runs in a time of its own; real ones never do."""


class VenueTime:
    """Turns our wall clock into the venue's.

    A firm's venue runs in the time of the world, so its stamps correct our clock. A practice venue
    may live on another day and faster; then what it shows is its own.
    """

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._ahead_ns = 0

    def hear(self, venue_ns: int, wall_ns: int) -> None:
        """The market was stamped with a time."""
        if not self._live:
            self._ahead_ns = venue_ns - wall_ns

    def correct(self, skew_ms: float | None) -> None:
        """The venue's clock minus ours was measured."""
        if self._live:
            self._ahead_ns = int((skew_ms or 0.0) * NS_PER_MS)

    @property
    def is_own(self) -> bool:
        """Whether the venue runs in another time than the world."""
        return not self._live and abs(self._ahead_ns) > OWN_TIME_NS

    def at(self, wall_ns: int) -> int:
        """The venue's time at a moment of ours."""
        return wall_ns + self._ahead_ns

    def ours(self, venue_ns: int) -> int:
        """Our time at a moment of the venue's, at the pace of the world."""
        return venue_ns - self._ahead_ns
