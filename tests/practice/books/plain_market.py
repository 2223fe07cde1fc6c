"""A market that a test moves by hand: five contracts at each of ten prices on both sides."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderType, Side
from tradedesk.practice.books.matching import Book, Match
from tradedesk.practice.books.rows import OrderRow
from tradedesk.practice.market.book import Depth, Level
from tradedesk.practice.market.events import (
    ASKS,
    BIDS,
    BUY,
    LEVEL,
    SELL,
    TRADE,
    UNKNOWN_RANK,
    MarketEvent,
)
from tradedesk.practice.market.prints import Print
from tradedesk.practice.market.tape import Touch
from tradedesk.practice.products import PRODUCTS, active_contract

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MNQ = active_contract(PRODUCTS[0], date(2026, 11, 22))
TOUCH = Touch(last=100, bid=100, ask=101)
SIZE = 5
_ids = itertools.count(1)


def five_each(bid: int, ask: int) -> Depth:
    return Depth(
        tuple(Level(bid - step, SIZE) for step in range(10)),
        tuple(Level(ask + step, SIZE) for step in range(10)),
    )


def book(touch: Touch = TOUCH) -> Book:
    made = Book(touch)
    made.load(five_each(touch.bid, touch.ask))
    return made


def order(kind: OrderType, side: Side, size: int, px: int | None = None) -> OrderRow:
    return OrderRow(
        id=next(_ids),
        account_id=1,
        contract=MNQ,
        type=kind,
        side=side,
        size=size,
        created_ns=0,
        updated_ns=0,
        limit=px if kind is OrderType.LIMIT else None,
        stop=px if kind is OrderType.STOP else None,
    )


def sold(px: int, qty: int) -> Print:
    """Somebody sold; the price is the bid that is left."""
    return Print(1, px, qty, 0, px, px + 1)


def bought(px: int, qty: int) -> Print:
    """Somebody bought; the price is the ask that is left."""
    return Print(1, px, qty, qty, px - 1, px)


def event(side: int, px: int, qty: int, kind: int = LEVEL, ts_ns: int = 1) -> MarketEvent:
    return MarketEvent(ts_ns, kind, side, px, qty, 0, UNKNOWN_RANK)


def to_five_each(market: Book, bid: int, ask: int) -> list[MarketEvent]:
    """Level changes that lead to five contracts at each price around a touch."""
    rows = []
    for side, wanted in ((BIDS, five_each(bid, ask).bids), (ASKS, five_each(bid, ask).asks)):
        prices = {level.px for level in wanted}
        rows += [
            event(side, one.px, 0) for one in market.market.levels(side) if one.px not in prices
        ]
        rows += [event(side, px, SIZE) for px in sorted(prices) if not market.market.size(side, px)]
    return rows


def absorb(
    market: Book, trade: Print, book_them: Callable[[list[Match]], object] | None = None
) -> list[Match]:
    """Let a trade happen and book what practice orders traded in it, as the feed does."""
    book_them = book_them or booked
    matches = market.on_trade(
        event(BUY if trade.buy_qty else SELL, trade.px, trade.qty, TRADE, trade.ts_ns)
    )
    book_them(matches)
    for row in to_five_each(market, trade.bid, trade.ask):
        market.on_level(row)
    settled = market.settle(trade.ts_ns)
    book_them(settled)
    return matches + settled


def booked(matches: Sequence[Match]) -> list[tuple[int, int]]:
    """Book matches; returns price and size of each."""
    for match in matches:
        match.order.filled += match.qty
    return pairs(matches)


def pairs(matches: Sequence[Match]) -> list[tuple[int, int]]:
    return [(match.px, match.qty) for match in matches]
