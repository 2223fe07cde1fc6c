"""A market that a test writes down while it plays: real books and clock, events made by hand."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tradedesk.engine import aggregate
from tradedesk.practice.market.book import NO_DEPTH, Depth, Level, MarketBook
from tradedesk.practice.market.events import (
    ASKS,
    BIDS,
    BUY,
    LEVEL,
    RESET,
    SELL,
    TRADE,
    TRADED_RANK,
    UNKNOWN_RANK,
    MarketEvent,
    MarketEvents,
)
from tradedesk.practice.market.prints import Prints
from tradedesk.practice.market.tape import Touch
from tradedesk.practice.products import PRODUCTS, Contract, active_contract

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine import Bars
    from tradedesk.practice.market.source import Past
    from tradedesk.practice.market.tape import Tape

START_NS = 1_790_000_000_000_000_000
DAY = date(2026, 9, 21)
SYMBOLS = {product.symbol: product for product in PRODUCTS}
DAYS_NS = 30 * 86_400_000_000_000
SIZE = 5


def contract_of(symbol: str) -> Contract:
    return active_contract(SYMBOLS[symbol], DAY)


def five_each(bid: int, ask: int, levels: int = 10) -> Depth:
    """Five contracts at each of some prices on both sides."""
    return Depth(
        tuple(Level(bid - step, SIZE) for step in range(levels)),
        tuple(Level(ask + step, SIZE) for step in range(levels)),
    )


class HandTape:
    """Events of one contract; they may be added behind what was played."""

    def __init__(self, contract: Contract, depth: Depth) -> None:
        self.contract = contract
        self._opening = depth
        self._rows: list[MarketEvent] = []
        self._stamps: list[int] = []
        self._touches: list[tuple[int, int]] = []
        self.book = MarketBook(depth)
        self._first = self._last = self._touch_of(depth.bids[0].px)

    def trade(self, ts_ns: int, side: int, qty: int, px: int | None = None) -> None:
        """Somebody takes from the book, level by level; at a price where nobody waits too."""
        other = ASKS if side == BUY else BIDS
        if px is not None:
            self._add(MarketEvent(ts_ns, TRADE, side, px, qty, 0, UNKNOWN_RANK))
            return
        left, eaten = qty, []
        for level in self.book.levels(other):
            if not left:
                break
            eaten.append((level.px, min(level.size, left), level.size))
            left -= eaten[-1][1]
        for at, took, _ in eaten:
            self._add(MarketEvent(ts_ns, TRADE, side, at, took, 0, UNKNOWN_RANK))
        for at, took, size in eaten:
            self._add(MarketEvent(ts_ns, LEVEL, other, at, size - took, 0, TRADED_RANK))

    def level(self, ts_ns: int, side: int, px: int, qty: int) -> None:
        """So many wait at a price."""
        self._add(MarketEvent(ts_ns, LEVEL, side, px, qty, 0, UNKNOWN_RANK))

    def leave(self, ts_ns: int, side: int, px: int, cut: int, rank_ns: int) -> None:
        """An order of the market that stood there since a time goes without trading."""
        left = max(0, self.book.size(side, px) - cut)
        self._add(MarketEvent(ts_ns, LEVEL, side, px, left, cut, rank_ns))

    def reset(self, ts_ns: int, depth: Depth = NO_DEPTH) -> None:
        """The book begins anew."""
        self._add(MarketEvent(ts_ns, RESET, BIDS, 0, 0, 0, UNKNOWN_RANK))
        for side, levels in ((BIDS, depth.bids), (ASKS, depth.asks)):
            for one in levels:
                self.level(ts_ns, side, one.px, one.size)

    def around(self, ts_ns: int, bid: int, ask: int) -> None:
        """Five each around a touch, by changes of levels."""
        wanted = five_each(bid, ask)
        for side, levels in ((BIDS, wanted.bids), (ASKS, wanted.asks)):
            prices = {one.px for one in levels}
            for one in list(self.book.levels(side)):
                if one.px not in prices:
                    self.level(ts_ns, side, one.px, 0)
            for one in levels:
                if self.book.size(side, one.px) != one.size:
                    self.level(ts_ns, side, one.px, one.size)

    # ------------------------------------------------------------------------- what a tape gives

    def events(self, after_ns: int, until_ns: int) -> MarketEvents:
        first, last = (bisect_right(self._stamps, one) for one in (after_ns, until_ns))
        return MarketEvents.of_rows(self._rows[first:last])

    def depth(self, now_ns: int) -> Depth:
        book = MarketBook(self._opening)
        book.apply(self._rows[: bisect_right(self._stamps, now_ns)])
        return book.depth()

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        first, last = (bisect_right(self._stamps, one) for one in (after_ns, until_ns))
        rows = [
            (row.ts_ns, row.px, row.qty, row.qty if row.side == BUY else 0, *touch)
            for row, touch in zip(self._rows[first:last], self._touches[first:last], strict=True)
            if row.kind == TRADE
        ]
        if not rows:
            return Prints.none()
        stamps, *rest = zip(*rows, strict=True)
        columns = [np.array(column, np.int32) for column in rest]
        return Prints(np.array(stamps, np.int64), *columns)

    def next_ns(self, after_ns: int) -> int | None:
        at = bisect_right(self._stamps, after_ns)
        return self._stamps[at] if at < len(self._stamps) else None

    def touch(self, now_ns: int) -> Touch:
        rows = self._rows[: bisect_right(self._stamps, now_ns)]
        last = next((row.px for row in reversed(rows) if row.kind == TRADE), self._first.last)
        book = MarketBook(self.depth(now_ns))
        bid, ask = book.best(BIDS), book.best(ASKS)
        return Touch(
            last,
            self._first.bid if bid is None else bid.px,
            self._first.ask if ask is None else ask.px,
        )

    def bars(self, spec: BarSpec, start_ns: int, end_ns: int, limit: int, now_ns: int) -> Bars:
        return aggregate(self.prints(start_ns - 1, min(end_ns, now_ns)).batch(), spec)[-limit:]

    def steer(self, ticks: int, from_ns: int, seconds: float) -> bool:
        return False

    def _add(self, row: MarketEvent) -> None:
        assert not self._stamps or row.ts_ns >= self._stamps[-1]
        if row.kind == TRADE:
            self._last = self._last._replace(last=row.px)
        self.book.apply([row])
        bid, ask = self.book.best(BIDS), self.book.best(ASKS)
        touch = (
            self._last.bid if bid is None else bid.px,
            self._last.ask if ask is None else ask.px,
        )
        self._last = Touch(self._last.last, *touch)
        self._rows.append(row)
        self._stamps.append(row.ts_ns)
        self._touches.append(touch)

    @staticmethod
    def _touch_of(bid: int) -> Touch:
        return Touch(bid, bid, bid + 1)

    @property
    def bid(self) -> int:
        """The best bid, or the last there was."""
        return self._last.bid

    @property
    def last(self) -> int:
        """Price of the newest trade written down, or what it began with."""
        return self._last.last


class HandMarket:
    """Some contracts, each with a tape written by hand."""

    start_ns = START_NS
    first_ns = START_NS - DAYS_NS
    last_ns = START_NS + DAYS_NS

    def __init__(self, **bids: int) -> None:
        self.tapes = {
            symbol: HandTape(contract_of(symbol), five_each(bid, bid + 1))
            for symbol, bid in bids.items()
        }

    def active(self) -> list[Contract]:
        return [tape.contract for tape in self.tapes.values()]

    def find(self, contract_id: str) -> Contract | None:
        return next((one for one in self.active() if one.contract_id == contract_id), None)

    def past(self, contract: Contract) -> Past | None:
        return None

    def tape(self, contract: Contract) -> Tape:
        return self.tapes[contract.product.symbol]


__all__ = ["ASKS", "BIDS", "BUY", "SELL", "SIZE", "START_NS", "HandMarket", "HandTape", "five_each"]
