"""Calls counted as the venue counts them: at most so many in any stretch of so long."""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import TYPE_CHECKING, Final, Protocol

from tradedesk.domain.clock import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.clock import Clock

GUARD_NS: Final = 50 * NS_PER_MS
"""Two clocks do not run at quite the same speed: a call is counted so much longer."""
STRAY_NS: Final = 30 * NS_PER_S
"""A request that nobody waits for any more may still be on its way for so long."""


class CallMemory(Protocol):
    """Keeps the moments of calls beyond the life of a process."""

    def recall(self) -> Sequence[int]:
        """Monotonic nanoseconds of the last calls, in any order."""

    def put(self, number: int, moment_ns: int) -> None:
        """Keep the moment of call ``number`` in place of what was kept for it. Never raises."""


class SlidingWindow:
    """At most ``limit`` moments in any ``window_ns``.

    Parameters
    ----------
    limit : int
        Moments allowed.
    window_ns : int
        Length of the window in nanoseconds.
    """

    def __init__(self, limit: int, window_ns: int) -> None:
        self.limit = limit
        self.window_ns = window_ns
        self._moments: list[int] = []

    def count(self, now_ns: int) -> int:
        """Moments inside the window that ends now."""
        moments = self._moments
        if moments and moments[0] <= now_ns - self.window_ns:
            del moments[: bisect_right(moments, now_ns - self.window_ns)]
        return len(moments)

    def add(self, now_ns: int) -> None:
        """Count one, whether there is room or not."""
        self.count(now_ns)
        insort(self._moments, now_ns)

    def move(self, from_ns: int, to_ns: int) -> None:
        """Count at ``to_ns`` what was counted at ``from_ns``."""
        try:
            self._moments.remove(from_ns)
        except ValueError:
            pass  # it was forgotten meanwhile
        insort(self._moments, to_ns)

    def wait_ns(self, now_ns: int, reserve: int) -> int:
        """How long until there is room with ``reserve`` slots left over; 0 if there is now."""
        excess = self.count(now_ns) - (self.limit - reserve) + 1
        if excess <= 0:
            return 0
        # a reserve as large as the window leaves no room at all: ask again when the last is gone
        last = min(excess, len(self._moments)) - 1
        if last < 0:
            return self.window_ns
        return self._moments[last] + self.window_ns - now_ns


class Slot:
    """The place of one call in a window, from before it is sent until its answer is here.

    The venue counts a call when it arrives, which is some time between the two. Counted at the
    end of it, no stretch of the venue's time can hold more calls than a stretch of ours.
    """

    __slots__ = ("_clock", "_memory", "_moment_ns", "_number", "_window")

    def __init__(
        self, window: SlidingWindow, clock: Clock, memory: CallMemory | None, number: int
    ) -> None:
        self._window = window
        self._clock = clock
        self._memory = memory
        self._number = number
        self._moment_ns = clock.mono_ns()
        window.add(self._moment_ns)
        if memory is not None:
            memory.put(number, self._moment_ns)

    def end(self, *, stray: bool = False) -> None:
        """The call is over; ``stray`` if it was given up and may still arrive."""
        moment_ns = self._clock.mono_ns() + (STRAY_NS if stray else GUARD_NS)
        self._window.move(self._moment_ns, moment_ns)
        self._moment_ns = moment_ns
        if self._memory is not None:
            self._memory.put(self._number, moment_ns)
