"""The book of the market: contracts waiting at each price, as the tape says. Pure."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.practice.market.events import ASKS, BIDS, LEVEL, RESET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tradedesk.practice.market.events import MarketEvent


class Level(NamedTuple):
    """One price in ticks and the contracts waiting there."""

    px: int
    size: int


class Depth(NamedTuple):
    """A picture of a book: levels of either side, the best first."""

    bids: tuple[Level, ...] = ()
    asks: tuple[Level, ...] = ()


NO_DEPTH: Final = Depth()


class MarketBook:
    """Price levels of one contract, kept up to date by events.

    Parameters
    ----------
    depth : Depth, optional
        What to begin with; empty if left out.
    """

    def __init__(self, depth: Depth = NO_DEPTH) -> None:
        self._sizes: tuple[dict[int, int], dict[int, int]] = ({}, {})
        # Keys ascend from the best outwards: prices of asks, negated prices of bids.
        self._keys: tuple[list[int], list[int]] = ([], [])
        self.load(depth)

    def load(self, depth: Depth) -> None:
        """Take a picture in place of what was known."""
        for side, levels in ((BIDS, depth.bids), (ASKS, depth.asks)):
            self._sizes[side].clear()
            self._sizes[side].update((level.px, level.size) for level in levels if level.size)
            sign = 1 if side == ASKS else -1
            self._keys[side][:] = sorted(px * sign for px in self._sizes[side])

    def apply(self, events: Iterable[MarketEvent]) -> None:
        """Go on by some events; trades change nothing here."""
        for event in events:
            if event.kind == LEVEL:
                self.put(event.side, event.px, event.qty)
            elif event.kind == RESET:
                self.load(NO_DEPTH)

    def put(self, side: int, px: int, size: int) -> None:
        """Let `size` contracts wait at a price; 0 removes the level."""
        sizes, keys = self._sizes[side], self._keys[side]
        key = px if side == ASKS else -px
        if size:
            if px not in sizes:
                insort(keys, key)
            sizes[px] = size
        elif sizes.pop(px, 0):
            del keys[bisect_left(keys, key)]

    @property
    def empty(self) -> bool:
        """Whether no level is known of either side."""
        return not any(self._keys)

    def size(self, side: int, px: int) -> int:
        """Contracts waiting at a price of one side."""
        return self._sizes[side].get(px, 0)

    def beyond(self, side: int, px: int) -> bool:
        """Whether a price lies behind the last level that is known of a side."""
        keys = self._keys[side]
        return bool(keys) and (px if side == ASKS else -px) > keys[-1]

    def best(self, side: int) -> Level | None:
        """The best level of a side, or None when it is empty."""
        keys = self._keys[side]
        if not keys:
            return None
        px = keys[0] if side == ASKS else -keys[0]
        return Level(px, self._sizes[side][px])

    def levels(self, side: int) -> Iterator[Level]:
        """Levels of a side, the best first. The book must not change meanwhile."""
        sizes, sign = self._sizes[side], 1 if side == ASKS else -1
        return (Level(key * sign, sizes[key * sign]) for key in self._keys[side])

    def depth(self, most: int | None = None) -> Depth:
        """A picture, of the best `most` levels a side if that is given."""
        bids, asks = list(self.levels(BIDS)), list(self.levels(ASKS))
        return Depth(tuple(bids[:most]), tuple(asks[:most]))
