"""Which charts' bars are kept current: those looked at, those promised, and few besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.ids import ContractId
    from tradedesk.services.chart_feed import ChartFeed

    Key = tuple[ContractId, BarSpec]

IDLE_CHARTS: Final = 4
"""Feeds that nobody looks at any more and that stay current all the same: going back to the bar
size of a moment ago is instant. Each costs time with every trade."""


class ChartShelf:
    """Feeds by contract and bar size.

    Attributes
    ----------
    feeds : dict of ChartFeed
        All that are kept current.
    """

    def __init__(self) -> None:
        self.feeds: dict[Key, ChartFeed] = {}
        self._promised: set[Key] = set()
        self._lookers: dict[Key, int] = {}
        self._idle: list[Key] = []

    def promise(self, key: Key, make: Callable[[], ChartFeed]) -> ChartFeed:
        """The feed of a pair, current for good."""
        self._promised.add(key)
        return self._get(key, make)

    def look(self, key: Key, make: Callable[[], ChartFeed]) -> ChartFeed:
        """The feed of a pair, current until `leave` was called as often as this."""
        feed = self._get(key, make)
        self._lookers[key] = self._lookers.get(key, 0) + 1
        if key in self._idle:
            self._idle.remove(key)
        return feed

    def leave(self, feed: ChartFeed, *, keep: bool = True) -> None:
        """Somebody looks at it no more; does nothing if it is no longer here.

        Without `keep` it takes no place among the idle ones, from which nobody would come back
        to it.
        """
        key = (feed.instrument.contract_id, feed.spec)
        if self.feeds.get(key) is not feed or not self._lookers.get(key):
            return
        self._lookers[key] -= 1
        if self._lookers[key] or key in self._promised:
            return
        if not keep:
            del self.feeds[key]
            return
        self._idle.append(key)
        if len(self._idle) > IDLE_CHARTS:
            del self.feeds[self._idle.pop(0)]

    def put_last(self, key: Key) -> None:
        """Make it the last one in `feeds`."""
        self.feeds[key] = self.feeds.pop(key)

    def _get(self, key: Key, make: Callable[[], ChartFeed]) -> ChartFeed:
        feed = self.feeds.get(key)
        if feed is None:
            feed = self.feeds[key] = make()
        return feed
