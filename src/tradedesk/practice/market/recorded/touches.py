"""Trades of a recording with the touch that each one left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradedesk.practice.market.book import NO_DEPTH, MarketBook
from tradedesk.practice.market.events import ASKS, BIDS, BUY, LEVEL, RESET, TRADE, UNKNOWN_SIDE
from tradedesk.practice.market.prints import Prints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.practice.market.book import Depth
    from tradedesk.practice.market.events import MarketEvents


def bare_prints(events: MarketEvents) -> Prints:
    """Trades with a touch made up around them.

    Whoever bought took the best ask, whoever sold took the best bid, and the other side stands
    one tick away. Where nobody knows who began, a higher price was bought and a lower one sold.
    """
    rows = np.flatnonzero(events.kind == TRADE)
    px, qty = events.px[rows], events.qty[rows]
    bought = _bought(px, events.side[rows])
    bid = np.where(bought, px - 1, px).astype(np.int32)
    buy_qty = np.where(bought, qty, 0).astype(np.int32)
    return Prints(events.ts_ns[rows], px, qty, buy_qty, bid, bid + np.int32(1))


def booked_prints(events: MarketEvents, opening: Depth) -> Prints:
    """Trades with the recorded touch after everything that happened at their time.

    A side on which nothing waits is put one tick beyond the other, or beyond the trade.
    """
    prints = bare_prints(events)
    if not len(prints.ts_ns):
        return prints
    bid, ask = prints.bid.copy(), prints.ask.copy()
    ends = np.searchsorted(events.ts_ns, prints.ts_ns, side="right").tolist()
    book, at = MarketBook(opening), 0
    for number, end in enumerate(ends):
        if end > at:
            _fold(book, events.rows(at, end))
            at = end
        best_bid, best_ask = book.best(BIDS), book.best(ASKS)
        if best_bid is not None:
            bid[number] = best_bid.px
            ask[number] = best_bid.px + 1
        if best_ask is not None:
            ask[number] = best_ask.px
            if best_bid is None:
                bid[number] = best_ask.px - 1
    return prints._replace(bid=bid, ask=ask)


def _fold(book: MarketBook, events: MarketEvents) -> None:
    put, columns = book.put, (events.kind, events.side, events.px, events.qty)
    for kind, side, px, qty in zip(*(column.tolist() for column in columns), strict=True):
        if kind == LEVEL:
            put(side, px, qty)
        elif kind == RESET:
            book.load(NO_DEPTH)


def _bought(px: NDArray[np.int32], side: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Who began each trade; the first one that nobody knows was sold."""
    guess = np.where(side == BUY, 1, 0)
    unknown = side == UNKNOWN_SIDE
    moved = np.diff(px, prepend=px[:1])
    guess[unknown & (moved > 0)] = 1
    told = ~unknown | (moved != 0)
    last = np.maximum.accumulate(np.where(told, np.arange(len(px)), -1))
    return np.asarray(np.where(last >= 0, guess[last], 0) == 1)
