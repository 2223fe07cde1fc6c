"""What is to happen at which venue time. Pure."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

Action = Callable[[], None]


class Agenda:
    """Actions by venue time; those of one time in the order in which they were entered."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, int, Action]] = []
        self._count = 0

    def at(self, ts_ns: int, action: Action) -> None:
        """Enter an action."""
        self._count += 1
        heappush(self._entries, (ts_ns, self._count, action))

    def next_ns(self) -> int | None:
        """Time of the first entry, or None."""
        return self._entries[0][0] if self._entries else None

    def take(self) -> Action:
        """Take the first entry out."""
        return heappop(self._entries)[2]

    def shift(self, by_ns: int) -> None:
        """Move everything that is entered, because venue time was set."""
        self._entries = [(ts + by_ns, count, action) for ts, count, action in self._entries]
