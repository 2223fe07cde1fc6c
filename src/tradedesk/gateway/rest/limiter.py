"""Stays under the venue's request limits, and keeps room for the way out."""

from __future__ import annotations

import asyncio
import math
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import NotSentError, RateLimitedError
from tradedesk.gateway.rest.window import STRAY_NS, SlidingWindow, Slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradedesk.domain.clock import Clock
    from tradedesk.gateway.clockwork import Sleep
    from tradedesk.gateway.rest.window import CallMemory

GENERAL_LIMIT: Final = 190
GENERAL_WINDOW_S: Final = 60
HISTORY_LIMIT: Final = 47
HISTORY_WINDOW_S: Final = 30
MARKET_SIDE_LIMIT: Final = 8
"""Of the venue's 200 calls a minute the desk's market data may use so many; the executor's 190 and
these stay below it whatever either of the two processes does, so neither has to ask the other."""
CLOSED_AFTER_429_S: Final = 60.0
EXIT_SHARE: Final = 20
"""Slots that nothing but an exit may take, at least."""
STOP_SHARE: Final = 20
LOOKS: Final = 10
"""What a flatten asks the venue beside the cancels and closes that it sends."""


class Lane(StrEnum):
    """What a request is for."""

    EXIT = "exit"
    """Closes: never refused here, whatever the count says."""
    CANCEL = "cancel"
    """Cancels: never refused either; when calls are short, closes go first."""
    SESSION = "session"
    """Log-ins and pings: counted, never held up."""
    PROOF = "proof"
    """Questions that a way out waits for: they may use nearly all there is."""
    STOP = "stop"
    """Stop orders without a bracket: protection first."""
    CHANGE = "change"
    """Changes of working orders."""
    ENTRY = "entry"
    """All other orders: refused at once when there is no slot."""
    READ = "read"
    """Questions: they wait for a slot."""
    HISTORY = "history"
    """Bars; they have a window of their own."""
    PAST = "past"
    """Bars of long ago: in the same window, with room left for those that a chart begins with."""


ORDER_SIDE_RESERVES: Final[Mapping[Lane, int]] = {
    Lane.CANCEL: 5,
    Lane.PROOF: LOOKS,
    Lane.STOP: EXIT_SHARE,
    Lane.CHANGE: EXIT_SHARE,
    Lane.ENTRY: EXIT_SHARE + STOP_SHARE,
    Lane.READ: EXIT_SHARE + STOP_SHARE + 20,
}
"""Slots that a lane must leave free for the more urgent ones."""

BAR_LANES: Final = frozenset({Lane.HISTORY, Lane.PAST})
"""Lanes that use the window of bars."""

MARKET_SIDE_RESERVES: Final[Mapping[Lane, int]] = {Lane.PAST: 17}
"""A chart that goes far back never keeps another one waiting for its first bars."""

MOST_OPEN: Final[Mapping[Lane, int]] = {Lane.ENTRY: 50, Lane.STOP: 60}
"""Orders and positions of the login beyond which no more are added: a way out of so many fits into
one minute beside the looks it needs and the calls that others may have made before."""

ALWAYS: Final = frozenset({Lane.EXIT, Lane.CANCEL, Lane.SESSION})
"""Lanes that are never refused."""


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
        Slots of its window that a lane leaves to the others.
    memory : CallMemory, optional
        Where the calls of the general window are kept beyond a crash of this process: the venue
        does not forget them either.
    """

    def __init__(
        self,
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
        general: int = GENERAL_LIMIT,
        history: int = HISTORY_LIMIT,
        reserves: Mapping[Lane, int] = ORDER_SIDE_RESERVES,
        memory: CallMemory | None = None,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._general = SlidingWindow(general, GENERAL_WINDOW_S * NS_PER_S)
        self._history = SlidingWindow(history, HISTORY_WINDOW_S * NS_PER_S)
        self._reserves = reserves
        self._memory = memory
        self._entries_open_ns = 0
        self._open = 0
        self._number = 0
        if memory is not None:
            self._take_over(memory)

    def keep_exits(self, calls: int) -> None:
        """Say how many calls would cancel and close everything that may be open.

        As many slots, and some for looking, are kept from everything that is no exit; never fewer
        than 20.
        """
        self._open = calls

    @property
    def now_ns(self) -> int:
        """The present moment on the limiter's clock."""
        return self._clock.mono_ns()

    @property
    def entries_left(self) -> int:
        """New orders that the window lets through this moment."""
        now = self._clock.mono_ns()
        if now < self._entries_open_ns:
            return 0
        return max(0, self._general.limit - self._reserve(Lane.ENTRY) - self._general.count(now))

    def take(self, lane: Lane) -> Slot:
        """Take a slot now; whoever took it says when the call is over.

        Raises
        ------
        NotSentError
            If an entry, stop or change finds no slot, too much is open already, or entries are
            closed after HTTP 429.
        """
        now = self._clock.mono_ns()
        if lane is Lane.ENTRY and now < self._entries_open_ns:
            left = math.ceil((self._entries_open_ns - now) / NS_PER_S)
            raise NotSentError(
                f"The order was not sent: the venue said too many requests; new entries are "
                f"closed for {left} s. Exits still go."
            )
        most = MOST_OPEN.get(lane)
        if most is not None and self._open >= most:
            raise NotSentError(
                f"The order was not sent: {self._open} orders and positions may be open, and no "
                f"more could be ended within the calls that the venue allows in a minute. Cancel "
                f"some, or try again when the venue has been looked at, in a few seconds."
            )
        wait_ns = 0 if lane in ALWAYS else self._general.wait_ns(now, self._reserve(lane))
        if wait_ns:
            raise NotSentError(
                f"The order was not sent: {self._general.count(now)} requests in the last "
                f"minute leave no room below the venue's limit. Try again in "
                f"{math.ceil(wait_ns / NS_PER_S)} s; exits still go."
            )
        return self._slot(self._general)

    async def turn(self, lane: Lane) -> Slot:
        """Take a slot for an exit: at once while there is one, else the moment one comes free.

        It is held back only while the venue would refuse it for its number: sent all the same it
        would not be carried out, and might cost the slots of those that come after it.
        """
        end_ns = self._clock.mono_ns() + self._general.window_ns
        while (now := self._clock.mono_ns()) < end_ns:
            wait_ns = self._general.wait_ns(now, self._reserve(lane))
            if wait_ns == 0:
                break
            await self._sleep(wait_ns / NS_PER_S)
        return self._slot(self._general)

    async def wait(self, lane: Lane, until_ns: int) -> Slot:
        """Take a slot for a read, waiting for one until ``until_ns`` (monotonic).

        Raises
        ------
        RateLimitedError
            If no slot comes free in time.
        """
        window = self._history if lane in BAR_LANES else self._general
        while lane is not Lane.SESSION:
            now = self._clock.mono_ns()
            wait_ns = window.wait_ns(now, self._reserve(lane))
            if wait_ns == 0:
                break
            if now + wait_ns > until_ns:
                raise RateLimitedError(
                    "Too many requests in a short time: the question was put off to stay below "
                    "the venue's limit.",
                    wait_ns / NS_PER_S,
                )
            await self._sleep(wait_ns / NS_PER_S)
        return self._slot(window)

    def close_entries(self, seconds: float | None) -> None:
        """Keep new entries back after HTTP 429, for as long as the venue asked or a minute."""
        wait_s = CLOSED_AFTER_429_S if seconds is None else seconds
        until = self._clock.mono_ns() + int(wait_s * NS_PER_S)
        self._entries_open_ns = max(self._entries_open_ns, until)

    def _reserve(self, lane: Lane) -> int:
        reserve = self._reserves.get(lane, 0)
        if reserve < EXIT_SHARE:
            return reserve
        many = min(self._open, MOST_OPEN[Lane.STOP])
        # one in four for cancels whose answer is lost and that are sent again
        return reserve - EXIT_SHARE + max(EXIT_SHARE, many + many // 4 + LOOKS)

    def _slot(self, window: SlidingWindow) -> Slot:
        self._number += 1
        memory = self._memory if window is self._general else None
        return Slot(window, self._clock, memory, self._number)

    def _take_over(self, memory: CallMemory) -> None:
        """Count what an earlier process sent in this minute."""
        now = self._clock.mono_ns()
        for noted_ns in sorted(memory.recall()):
            # what was on its way when that process died arrived a moment after it was noted
            moment_ns = min(noted_ns, now) + NS_PER_S
            # a moment far ahead is one of before the machine was started anew
            if noted_ns <= now + STRAY_NS and moment_ns > now - self._general.window_ns:
                self._number += 1
                self._general.add(moment_ns)
                memory.put(self._number, moment_ns)
