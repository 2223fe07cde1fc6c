"""Tells which part of a shrinking level was traded, where only sums of levels are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradedesk.practice.market.events import (
    ASKS,
    BIDS,
    BUY,
    LEVEL,
    SELL,
    TRADE,
    TRADED_RANK,
)
from tradedesk.practice.market.recorded.raw import RawEvents

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


def mark_traded(events: RawEvents, event: Ints, before: Ints) -> RawEvents:
    """Give level changes that trades of the same exchange event made their rank.

    A level that lost more than was traded there is split into two rows: what trades took, and
    the rest, whose place in the queue nobody knows.

    Parameters
    ----------
    events : RawEvents
        Trades and level changes in order.
    event : ndarray of int64
        Number of the exchange's event of each row, never descending.
    before : ndarray of int64
        Size of the level before each row; 0 where it is not known.

    Returns
    -------
    RawEvents
        As many rows, or more.
    """
    rank = events.rank_ns.copy()
    split: list[tuple[int, int]] = []
    is_trade = events.kind == TRADE
    numbers = np.unique(event[is_trade])
    starts, stops = np.searchsorted(event, numbers), np.searchsorted(event, numbers, side="right")
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        _mark(events, before, range(start, stop), rank, split)
    marked = events._replace(rank_ns=rank)
    if not split:
        return marked
    rows, left = np.array(split, np.int64).T
    first = RawEvents._make(column[rows] for column in marked)
    first = first._replace(qty=left, rank_ns=np.full(len(rows), TRADED_RANK, np.int64))
    return RawEvents._make(
        np.insert(column, rows, extra) for column, extra in zip(marked, first, strict=True)
    )


def _mark(
    events: RawEvents, before: Ints, rows: range, rank: Ints, split: list[tuple[int, int]]
) -> None:
    """Look at one event of the exchange: what trades took, and which levels shrank by it."""
    pending: dict[tuple[int, int], int] = {}
    part = slice(rows.start, rows.stop)
    columns = (events.kind, events.side, events.px, events.qty, before)
    table = zip(rows, *(column[part].tolist() for column in columns), strict=True)
    for row, kind, side, px, qty, had in table:
        if kind == TRADE:
            for met in met_sides(side):
                pending[met, px] = pending.get((met, px), 0) + qty
        elif kind == LEVEL and (side, px) in pending:
            taken = min(pending[side, px], had - qty)
            if taken <= 0:
                continue
            pending[side, px] -= taken
            if had - taken == qty:
                rank[row] = TRADED_RANK
            else:
                split.append((row, had - taken))


def met_sides(aggressor: int) -> tuple[int, ...]:
    """Sides of the book that a trade may have met."""
    if aggressor == BUY:
        return (ASKS,)
    return (BIDS,) if aggressor == SELL else (BIDS, ASKS)
