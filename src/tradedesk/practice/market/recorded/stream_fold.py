"""One symbol of a recorded stream: a book kept by updates, and the events that come of it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.practice.market.events import (
    BUY,
    LEVEL,
    RESET,
    SELL,
    TRADE,
    TRADED_RANK,
    UNKNOWN_RANK,
)
from tradedesk.practice.market.recorded.raw import RawDepth, Recorded, RowList
from tradedesk.practice.market.recorded.traded import met_sides

if TYPE_CHECKING:
    from decimal import Decimal

_KEPT: Final = 1_000
"""Updates that a picture may be older than."""

Levels = list[tuple[int, int]]


class Update(NamedTuple):
    """New sizes of levels; first, last and previous number of what they sum up, and its time."""

    first: int
    last: int
    previous: int | None
    made_ms: int
    bids: Levels
    asks: Levels


class StreamFold:
    """Keeps the book of one symbol.

    Parameters
    ----------
    awaits : bool
        Whether the recording has a picture of the book somewhere, before which updates say
        nothing.
    """

    def __init__(self, awaits: bool) -> None:
        self._out = RowList()
        self._levels: RawDepth = ({}, {})
        self._recent: deque[Update] = deque(maxlen=_KEPT)
        self._opening: RawDepth = ({}, {})
        self._opened_ns: int | None = None
        self._silent = awaits
        self._whole = False
        self._last: int | None = None
        self._unknown = 0
        self._pending: dict[tuple[int, int], int] = {}
        self._pending_ms = 0

    def trade(self, ts_ns: int, made_ms: int, px: int, qty: int, maker_bought: bool) -> None:
        """Something traded."""
        side = SELL if maker_bought else BUY
        self._out.add((ts_ns, TRADE, side, px, qty, 0, UNKNOWN_RANK))
        (met,) = met_sides(side)
        self._pending[met, px] = self._pending.get((met, px), 0) + qty
        self._pending_ms = max(self._pending_ms, made_ms)

    def update(self, ts_ns: int, update: Update) -> None:
        """Levels changed. Where updates are missing the book is empty until it is known again."""
        self._recent.append(update)
        if self._silent:
            return
        if self._last is not None:
            if update.last <= self._last:
                return
            joined = update.first <= self._last + 1 or update.previous == self._last
            if not joined:
                self._lose(ts_ns)
        self._last = update.last
        for side, changes in enumerate((update.bids, update.asks)):
            for px, size in changes:
                self._put(ts_ns, side, px, size)
        if update.made_ms >= self._pending_ms:
            self._pending.clear()

    def picture(self, ts_ns: int, number: int, bids: Levels, asks: Levels) -> None:
        """The whole book as of an update that may lie back; ignored where nothing is missing."""
        if self._whole:
            return
        self._whole, self._silent, self._last = True, False, None
        book: RawDepth = ({}, {})
        for side, levels in enumerate((bids, asks)):
            book[side].update((px, size) for px, size in levels if size)
        for update in self._recent:
            if update.last > number:
                self._last = update.last
                for side, changes in enumerate((update.bids, update.asks)):
                    _apply(book[side], changes)
        self._show(ts_ns, book)

    def recorded(self, step: Decimal) -> Recorded:
        """Everything so far."""
        return Recorded(
            self._out.columns(), step, None, self._opening, self._opened_ns, self._unknown
        )

    def _lose(self, ts_ns: int) -> None:
        self._unknown += 1
        self._whole = False
        self._recent = deque(list(self._recent)[-1:], _KEPT)
        for levels in self._levels:
            levels.clear()
        self._out.add((ts_ns, RESET, 0, 0, 0, 0, UNKNOWN_RANK))

    def _show(self, ts_ns: int, book: RawDepth) -> None:
        if self._opened_ns is None and not any(self._levels):
            self._opened_ns = ts_ns
            self._opening = (dict(book[0]), dict(book[1]))
        else:
            self._out.add((ts_ns, RESET, 0, 0, 0, 0, UNKNOWN_RANK))
            for side, levels in enumerate(book):
                for px, size in levels.items():
                    self._out.add((ts_ns, LEVEL, side, px, size, 0, UNKNOWN_RANK))
        self._levels = book

    def _put(self, ts_ns: int, side: int, px: int, size: int) -> None:
        levels, add = self._levels[side], self._out.add
        before = levels.get(px, 0)
        if size == before:
            return
        if size:
            levels[px] = size
        else:
            del levels[px]
        taken = min(self._pending.get((side, px), 0), before - size)
        if taken > 0:
            self._pending[side, px] -= taken
            add((ts_ns, LEVEL, side, px, before - taken, 0, TRADED_RANK))
            if before - taken == size:
                return
        add((ts_ns, LEVEL, side, px, size, 0, UNKNOWN_RANK))


def _apply(levels: dict[int, int], changes: Levels) -> None:
    for px, size in changes:
        if size:
            levels[px] = size
        else:
            levels.pop(px, None)
