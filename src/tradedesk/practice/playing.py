"""The order of things: events of all tapes and entries of the agenda, one after another in time.

Whatever happens is stamped with the moment at which it happens on the tape, not with the moment at
which this process came to play it, so the same seed and the same wishes give the same history.
"""

from __future__ import annotations

from heapq import merge
from typing import TYPE_CHECKING, Final

from tradedesk.practice.agenda import Agenda

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tradedesk.practice.feed import Feed


_STRETCH_NS: Final = 600_000_000_000
"""The longest stretch whose events are held at once."""


class Playing:
    """Moves venue time on.

    Parameters
    ----------
    now_ns : int
        Venue time to begin with.
    """

    def __init__(self, now_ns: int) -> None:
        self.now_ns = now_ns
        self.agenda = Agenda()
        self._busy = False

    def advance(self, feeds: Collection[Feed], until_ns: int) -> None:
        """Play everything up to a time. Does nothing when called from inside itself."""
        if self._busy or until_ns <= self.now_ns:
            return
        self._busy = True
        try:
            while self.now_ns < until_ns:
                self._play(tuple(feeds), min(until_ns, self.now_ns + _STRETCH_NS))
        finally:
            self._busy = False

    def set(self, now_ns: int) -> None:
        """Stand at another time; what is entered is as far off as before."""
        self.agenda.shift(now_ns - self.now_ns)
        self.now_ns = now_ns

    def _play(self, feeds: Iterable[Feed], until_ns: int) -> None:
        hot = []
        for feed in feeds:
            if feed.hot:
                hot.append(feed)
            else:
                feed.skim(until_ns)
        streams = [feed.events(until_ns) for feed in hot]
        moments = streams[0] if len(streams) == 1 else merge(*streams, key=lambda one: one[0])
        for ts_ns, feed, rows in moments:
            self._due(ts_ns)
            self.now_ns = ts_ns
            feed.play(ts_ns, rows)
        self._due(until_ns)
        for feed in hot:
            feed.arrive(until_ns)
        self.now_ns = until_ns

    def _due(self, until_ns: int) -> None:
        while (due_ns := self.agenda.next_ns()) is not None and due_ns <= until_ns:
            self.now_ns = max(due_ns, self.now_ns)
            self.agenda.take()()
