"""Which levels the subscribers of one contract know, and which changed."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from tradedesk.practice.market.events import ASKS, BIDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradedesk.practice.feed import Feed

Levels = dict[tuple[int, int], int]
"""Contracts by side and price in ticks; 0 for a level that is gone."""


class DepthTeller:
    """Gathers changes until they are told.

    Parameters
    ----------
    feed : Feed
        The contract as it plays.
    most : int
        Levels a side that are shown; 0 shows all.
    """

    def __init__(self, feed: Feed, most: int) -> None:
        self._feed = feed
        self._most = most
        self._pending: Levels = {}
        self._shown: Levels = {}
        self._extra: tuple[int, int] | None = None
        self._anew = True

    def gather(self) -> None:
        """Take what the feed has played."""
        was_reset, changed = self._feed.changed()
        if was_reset:
            self._anew = True
            self._pending.clear()
        else:
            self._pending.update(changed)

    @property
    def anew(self) -> bool:
        """Whether everything is to be told."""
        return self._anew

    def everything(self, crossed: int = 0) -> Levels:
        """All levels that are shown, bids first, the best of each side in front.

        Parameters
        ----------
        crossed : int, default 0
            Show a bid so many ticks above the best ask; 0 shows the book as it is.
        """
        self._anew = False
        self._pending.clear()
        self._extra = None
        self._shown = dict(self._visible())
        return {**self._shown, **self._crossing(crossed)}

    def changes(self, crossed: int = 0) -> Levels:
        """Levels that differ from what was told last."""
        if not (self._pending or crossed or self._extra):
            return {}
        changed, self._pending = self._pending, {}
        if self._most:
            before, self._shown = self._shown, dict(self._visible())
            gone: Levels = {level: 0 for level in before if level not in self._shown}
            changed = gone | {
                level: size for level, size in self._shown.items() if before.get(level) != size
            }
        return {**changed, **self._crossing(crossed)}

    def _crossing(self, crossed: int) -> Levels:
        """The level that a crossed book shows beside the real ones, and the end of the last."""
        book, last = self._feed.book.market, self._extra
        ask = book.best(ASKS) if crossed else None
        self._extra = None if ask is None else (BIDS, ask.px + crossed)
        rows: Levels = {}
        if last is not None and last != self._extra:
            rows[last] = book.size(*last)
        if self._extra is not None:
            rows[self._extra] = 1
        return rows

    def _visible(self) -> Iterator[tuple[tuple[int, int], int]]:
        book = self._feed.book.market
        for side in (BIDS, ASKS):
            levels = book.levels(side)
            for level in itertools.islice(levels, self._most) if self._most else levels:
                yield (side, level.px), level.size
