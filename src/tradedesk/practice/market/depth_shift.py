"""A made book that is moved as a whole while somebody steers the price."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Protocol

import numpy as np

from tradedesk.practice.market.book import Depth, Level, MarketBook
from tradedesk.practice.market.events import (
    ASKS,
    BIDS,
    LEVEL,
    RESET,
    TRADE,
    UNKNOWN_RANK,
    MarketEvent,
    MarketEvents,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tradedesk.practice.market.depth_made import MadeDepth
    from tradedesk.practice.market.tape import Touch

    Ints = NDArray[np.int64]


class Trades(Protocol):
    """What says how long the touch has been what it is."""

    def found(self, now_ns: int) -> tuple[int, Touch]:
        """The touch at a moment, and since when."""


class Shifted:
    """The book of a steered price.

    The touch is what the last trade left behind, so the book moves with each trade that comes
    after the drift has gone on by a tick, and not in between.

    Parameters
    ----------
    made : MadeDepth
        The book of the price as it would be.
    trades : Trades
        The trades of that price.
    shift : callable
        Ticks by which the price is off at some times, int32.
    """

    def __init__(
        self, made: MadeDepth, trades: Trades, shift: Callable[[Ints], NDArray[np.int32]]
    ) -> None:
        self._made = made
        self._trades = trades
        self._shift = shift

    def depth(self, now_ns: int) -> Depth:
        """The book after everything up to now."""
        return _moved(self._made.depth(now_ns), self._at(now_ns))

    def events(self, after_ns: int, until_ns: int) -> MarketEvents:
        """Trades and level changes later than `after_ns` and not later than `until_ns`."""
        events = self._made.events(after_ns, until_ns)
        before = self._at(after_ns)
        anchor = (events.kind == TRADE) | (events.kind == RESET)
        row = np.maximum.accumulate(np.where(anchor, np.arange(len(anchor)), -1))
        shifts = np.where(row >= 0, self._shift(events.ts_ns[np.maximum(row, 0)]), before)
        if (shifts == before).all():
            return events._replace(
                px=(events.px + (events.kind != RESET) * before).astype(np.int32)
            )
        return self._moving(events, shifts.tolist(), after_ns, before)

    def _at(self, now_ns: int) -> int:
        since_ns, _ = self._trades.found(now_ns)
        return int(self._shift(np.array([since_ns], np.int64))[0])

    def _moving(
        self, events: MarketEvents, shifts: list[int], after_ns: int, shift: int
    ) -> MarketEvents:
        book = MarketBook(self._made.depth(after_ns))
        rows: list[MarketEvent] = []
        pairs = zip(events.each(), shifts, strict=True)
        for _, moment in groupby(pairs, key=lambda pair: pair[0].ts_ns):
            group = list(moment)
            old, new = _moved(book.depth(), shift), group[-1][1]
            book.apply(event for event, _ in group)
            kept = [event for event, _ in group if event.kind != LEVEL or new == shift]
            rows += [e if e.kind == RESET else e._replace(px=e.px + new) for e in kept]
            if new != shift:
                old = Depth() if any(event.kind == RESET for event in kept) else old
                rows += _difference(old, _moved(book.depth(), new), group[0][0].ts_ns)
                shift = new
        return MarketEvents.of_rows(rows)


def _moved(depth: Depth, ticks: int) -> Depth:
    sides = (tuple(Level(px + ticks, size) for px, size in side) for side in depth)
    return Depth(*sides)


def _difference(old: Depth, new: Depth, ts_ns: int) -> list[MarketEvent]:
    """Level changes that turn one book into another, levels that go first."""
    gone: list[MarketEvent] = []
    there: list[MarketEvent] = []
    for side in (BIDS, ASKS):
        before, after = dict(old[side]), dict(new[side])
        for px in sorted(before.keys() | after.keys()):
            size = after.get(px, 0)
            if size != before.get(px, 0):
                event = MarketEvent(ts_ns, LEVEL, side, px, size, 0, UNKNOWN_RANK)
                (there if size else gone).append(event)
    return gone + there
