"""One contract as it plays: the tape up to now, practice orders on it, and what is unpublished."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tradedesk.practice.books.matching import Book, Match
from tradedesk.practice.books.rows import OrderRow
from tradedesk.practice.market.prints import Prints, join
from tradedesk.practice.market.tape import Tape, Touch

if TYPE_CHECKING:
    from tradedesk.practice.books.ladder import Ladder
    from tradedesk.practice.market.session import Session

OnMatches = Callable[[Sequence[Match]], None]
OnTrailed = Callable[[Sequence[OrderRow]], None]


class Feed:
    """Moves one contract on in time, never twice over the same trade.

    Parameters
    ----------
    tape : Tape
        Its trades.
    ladder : Ladder
        Its depth.
    now_ns : int
        Where to begin; trades up to here are history.
    on_matches : callable
        Told what practice orders traded, trade by trade.
    on_trailed : callable
        Told which trailing stops moved, trade by trade, before what they traded.
    """

    def __init__(
        self,
        tape: Tape,
        ladder: Ladder,
        now_ns: int,
        on_matches: OnMatches,
        on_trailed: OnTrailed,
    ) -> None:
        self.tape = tape
        self.contract = tape.contract
        self.ladder = ladder
        self.book = Book(ladder, tape.touch(now_ns))
        self.session: Session | None = None
        self.cursor_ns = now_ns
        self._on_matches = on_matches
        self._on_trailed = on_trailed
        self._unpublished: list[Prints] = []
        self._absorbing = False

    @property
    def touch(self) -> Touch:
        """Last price, bid and ask."""
        return self.book.touch

    def advance(self, now_ns: int) -> None:
        """Play the tape up to now. Does nothing when called from inside itself."""
        if self._absorbing or now_ns <= self.cursor_ns:
            return
        prints = self.tape.prints(self.cursor_ns, now_ns)
        self.cursor_ns = now_ns
        if not len(prints.ts_ns):
            return
        self._unpublished.append(prints)
        if self.session is not None:
            self.session.absorb(prints)
        self._absorbing = True
        try:
            self._match(prints)
        finally:
            self._absorbing = False

    def unpublished(self) -> Prints:
        """Take the trades played since this was last called."""
        parts, self._unpublished = self._unpublished, []
        return parts[0] if len(parts) == 1 else join(parts)

    def next_ns(self) -> int | None:
        """When the next trade happens; None if there is none."""
        return self.tape.next_ns(self.cursor_ns)

    def _match(self, prints: Prints) -> None:
        if self.book.empty:
            last = prints.rows(len(prints.ts_ns) - 1, len(prints.ts_ns)).each()[0]
            self.book.touch = Touch(last.px, last.bid, last.ask)
            return
        for trade in prints.each():
            matches = self.book.absorb(trade)
            trailed = self.book.trailed()
            if trailed:
                self._on_trailed(trailed)
            if matches:
                self._on_matches(matches)
