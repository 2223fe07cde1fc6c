"""Stays under the venue's request limits, and keeps room for the way out."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Final

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import NotSentError, RateLimitedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradedesk.domain.clock import Clock
    from tradedesk.gateway.clockwork import Sleep

GENERAL_LIMIT: Final = 190
GENERAL_WINDOW_S: Final = 60
HISTORY_LIMIT: Final = 47
HISTORY_WINDOW_S: Final = 30
CLOSED_AFTER_429_S: Final = 60.0


class Lane(Enum):
    """What a request is for."""

    EXIT = "exit"
    """Cancels and closes: never refused here, whatever the count says."""
    SESSION = "session"
    """Log-ins and pings: counted, never held up."""
    STOP = "stop"
    """Stop orders without a bracket: protection first."""
    ENTRY = "entry"
    """All other orders: refused at once when there is no slot."""
    READ = "read"
    """Questions: they wait for a slot."""
    HISTORY = "history"
    """Bars; they have a window of their own."""


ORDER_SIDE_RESERVES: Final[Mapping[Lane, int]] = {Lane.STOP: 20, Lane.ENTRY: 40, Lane.READ: 60}
"""Slots that a lane must leave free for the more urgent ones."""


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
        self._moments: deque[int] = deque()

    def count(self, now_ns: int) -> int:
        """Moments inside the window that ends now."""
        moments = self._moments
        while moments and moments[0] <= now_ns - self.window_ns:
            moments.popleft()
        return len(moments)

    def add(self, now_ns: int) -> None:
        """Count one, whether there is room or not."""
        self.count(now_ns)
        self._moments.append(now_ns)

    def wait_ns(self, now_ns: int, reserve: int) -> int:
        """How long until there is room with ``reserve`` slots left over; 0 if there is now."""
        excess = self.count(now_ns) - (self.limit - reserve) + 1
        if excess <= 0:
            return 0
        return self._moments[excess - 1] + self.window_ns - now_ns


class Limiter:
    """One window for everything, one for history.

    Parameters
    ----------
    clock : Clock
        Monotonic time.
    sleep : Sleep
        How reads wait.
    general, history : int
        Requests a minute, and bar requests in 30 seconds.
    reserves : mapping of Lane to int
        Slots of the general window that a lane leaves to the others.
    """

    def __init__(
        self,
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
        general: int = GENERAL_LIMIT,
        history: int = HISTORY_LIMIT,
        reserves: Mapping[Lane, int] = ORDER_SIDE_RESERVES,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._general = SlidingWindow(general, GENERAL_WINDOW_S * NS_PER_S)
        self._history = SlidingWindow(history, HISTORY_WINDOW_S * NS_PER_S)
        self._reserves = reserves
        self._entries_open_ns = 0

    def take(self, lane: Lane) -> None:
        """Take a slot now.

        Raises
        ------
        NotSentError
            If an entry or stop finds no slot, or entries are closed after HTTP 429.
        """
        now = self._clock.mono_ns()
        if lane is Lane.ENTRY and now < self._entries_open_ns:
            left = math.ceil((self._entries_open_ns - now) / NS_PER_S)
            raise NotSentError(
                f"The order was not sent: the venue said too many requests; new entries are "
                f"closed for {left} s. Exits still go."
            )
        if lane in (Lane.ENTRY, Lane.STOP):
            wait_ns = self._general.wait_ns(now, self._reserves.get(lane, 0))
            if wait_ns:
                raise NotSentError(
                    f"The order was not sent: {self._general.count(now)} requests in the last "
                    f"minute leave no room below the venue's limit. Try again in "
                    f"{math.ceil(wait_ns / NS_PER_S)} s; exits still go."
                )
        self._general.add(now)

    async def wait(self, lane: Lane, until_ns: int) -> None:
        """Take a slot for a read, waiting for one until ``until_ns`` (monotonic).

        Raises
        ------
        RateLimitedError
            If no slot comes free in time.
        """
        window = self._history if lane is Lane.HISTORY else self._general
        if lane is Lane.SESSION:
            window.add(self._clock.mono_ns())
            return
        reserve = self._reserves.get(lane, 0)
        while True:
            now = self._clock.mono_ns()
            wait_ns = window.wait_ns(now, reserve)
            if wait_ns == 0:
                window.add(now)
                return
            if now + wait_ns > until_ns:
                raise RateLimitedError(
                    "Too many requests in a short time: the question was put off to stay below "
                    "the venue's limit.",
                    wait_ns / NS_PER_S,
                )
            await self._sleep(wait_ns / NS_PER_S)

    def close_entries(self, seconds: float | None) -> None:
        """Keep new entries back after HTTP 429, for as long as the venue asked or a minute."""
        wait_s = CLOSED_AFTER_429_S if seconds is None else seconds
        until = self._clock.mono_ns() + int(wait_s * NS_PER_S)
        self._entries_open_ns = max(self._entries_open_ns, until)
