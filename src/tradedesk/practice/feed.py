"""One contract as it plays: the tape up to now, practice orders in it, and what is unpublished."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final, Protocol

from tradedesk.practice.books.matching import Book
from tradedesk.practice.market.events import LEVEL, TRADE
from tradedesk.practice.market.prints import Prints, join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tradedesk.practice.books.matching import Match
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.market.events import MarketEvent
    from tradedesk.practice.market.session import Session
    from tradedesk.practice.market.tape import Tape, Touch
    from tradedesk.practice.products import Contract


_AT: Final = attrgetter("ts_ns")
_NO_PRINTS: Final = Prints.none()


class Orders(Protocol):
    """Who is told what became of practice orders, event by event."""

    def apply(self, matches: Sequence[Match]) -> None:
        """Orders traded."""

    def moved(self, rows: Sequence[OrderRow]) -> None:
        """Prices of orders followed the market."""

    def marked(self, contract: Contract) -> None:
        """The last price changed."""


class Feed:
    """Moves one contract on in time, never twice over the same event.

    A feed is *hot* while its book matters: somebody has orders or a position there or watches its
    depth. A cold one only takes the trades, which is quick however fast time runs.

    Parameters
    ----------
    tape : Tape
        Its events.
    now_ns : int
        Where to begin; what happened up to here is history.
    orders : Orders
        Told what practice orders traded.
    joins_follow : bool, default False
        Whether join orders go along with the best price.
    """

    def __init__(self, tape: Tape, now_ns: int, orders: Orders, joins_follow: bool = False) -> None:
        self.tape = tape
        self.contract = tape.contract
        self.contract_id = tape.contract.contract_id
        self.book = Book(tape.touch(now_ns), joins_follow)
        self.session: Session | None = None
        self.cursor_ns = now_ns
        self.hot = False
        self._orders = orders
        self._unpublished: list[Prints] = []
        self._changed: dict[tuple[int, int], int] = {}
        self._was_reset = False
        self._traded = False

    @property
    def touch(self) -> Touch:
        """Last price, bid and ask."""
        return self.book.touch

    def heat(self) -> None:
        """Know the market's book from now on."""
        if not self.hot:
            self.hot = True
            self.book.load(self.tape.depth(self.cursor_ns))
            self._was_reset = True

    def cool(self) -> None:
        """Let go of the market's book."""
        self.hot = False
        self._changed.clear()

    def jump(self, now_ns: int) -> None:
        """Stand at another time; what lies between did not happen."""
        self.cursor_ns = now_ns
        self.session = None
        self._unpublished.clear()
        self._changed.clear()
        self.book.touch = self.tape.touch(now_ns)
        if self.hot:
            self.hot = False
            self.heat()

    def skim(self, until_ns: int) -> None:
        """Go on without looking at the book."""
        self.arrive(until_ns)
        self.book.touch = self.tape.touch(until_ns)

    def events(self, until_ns: int) -> Iterator[tuple[int, Feed, list[MarketEvent]]]:
        """What happens up to a time, grouped by moment; to be played, then `arrive`."""
        events = self.tape.events(self.cursor_ns, until_ns)
        if not len(events.ts_ns):
            return
        rows = events.each()
        for ts_ns, group in groupby(rows, _AT):
            yield ts_ns, self, list(group)

    def play(self, ts_ns: int, rows: list[MarketEvent]) -> None:
        """Live through the events of one moment."""
        book, before = self.book, self.book.touch.last
        for row in rows:
            if row.kind == TRADE:
                self._trade(row)
            elif row.kind == LEVEL:
                book.on_level(row)
                self._changed[(row.side, row.px)] = row.qty
            else:
                book.on_reset()
                self._changed.clear()
                self._was_reset = True
        self._tell(book.settle(ts_ns))
        moved = book.joined(ts_ns)
        if moved:
            self._orders.moved(moved)
        if book.touch.last != before:
            self._orders.marked(self.contract)

    def arrive(self, until_ns: int) -> None:
        """Everything up to a time has been played: book-keep its trades."""
        after_ns, self.cursor_ns = self.cursor_ns, until_ns
        if self.hot and not self._traded:
            return
        self._traded = False
        prints = self.tape.prints(after_ns, until_ns)
        if not len(prints.ts_ns):
            return
        self._unpublished.append(prints)
        if self.session is not None:
            self.session.absorb(prints)

    def unpublished(self) -> Prints:
        """Take the trades played since this was last called."""
        parts, self._unpublished = self._unpublished, []
        if not parts:
            return _NO_PRINTS
        return parts[0] if len(parts) == 1 else join(parts)

    def changed(self) -> tuple[bool, dict[tuple[int, int], int]]:
        """Take the levels (side, price) that changed since this was last called, with their size.

        True in front says that the book was begun anew: everything in it is to be told.
        """
        was_reset, self._was_reset = self._was_reset, False
        changed, self._changed = self._changed, {}
        return was_reset, changed

    def next_ns(self) -> int | None:
        """When the next event happens; None if there is none."""
        return self.tape.next_ns(self.cursor_ns)

    def look_ahead(self, by_ns: int) -> None:
        """Have the tape make what comes so much later, so that it is there when its time comes."""
        self.tape.next_ns(self.cursor_ns + by_ns)

    def _trade(self, trade: MarketEvent) -> None:
        self._traded = True
        matches = self.book.on_trade(trade)
        trailed = self.book.trailed()
        if trailed:
            self._orders.moved(trailed)
        self._tell(matches)

    def _tell(self, matches: list[Match]) -> None:
        if matches:
            self._orders.apply(matches)
