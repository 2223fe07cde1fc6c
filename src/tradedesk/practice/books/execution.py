"""What happens to orders after they were accepted: work, fill, legs, cancel."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from tradedesk.domain.order import OrderStatus
from tradedesk.practice.books.legs import Legs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.practice.books.intake import Change
    from tradedesk.practice.books.ledger import Ledger
    from tradedesk.practice.books.matching import Match
    from tradedesk.practice.books.ports import Markets, OnFill, Trouble, UserSink
    from tradedesk.practice.books.rows import OrderRow, OrderRows
    from tradedesk.practice.books.rules import BookRules


HELD_NS: Final = 250_000_000
"""How long the rest of an order is held back that was made to fill in part."""
AGAIN_NS: Final = 1_000_000_000
"""How often a forced order looks whether it can trade by now."""


class Execution:
    """Moves orders through their lives and tells the user about it.

    Parameters
    ----------
    rows : OrderRows
        All orders.
    ledgers : dict of int to Ledger
        By account id.
    markets : Markets
        Books and venue time.
    sink : UserSink
        Where news goes.
    rules : BookRules
        Times and choices.
    trouble : Trouble
        What goes wrong on request.
    """

    def __init__(
        self,
        rows: OrderRows,
        ledgers: dict[int, Ledger],
        markets: Markets,
        sink: UserSink,
        rules: BookRules,
        trouble: Trouble,
    ) -> None:
        self._rows = rows
        self._ledgers = ledgers
        self._markets = markets
        self._sink = sink
        self._rules = rules
        self._trouble = trouble
        self._held: set[int] = set()
        self._legs = Legs(self, markets, rules, trouble)
        self.on_fill: list[OnFill] = []

    def submit(self, entry: OrderRow, legs: Sequence[OrderRow] = (), patient: bool = False) -> None:
        """Take an order in: it and its suspended legs are announced, soon after it works.

        The order of the news is production's: stop leg, entry, target leg. A market that has
        closed meanwhile rejects it; a patient order waits until the market opens.
        """
        for row in (entry, *legs):
            self._rows.add(row)
        for row in sorted((entry, *legs), key=lambda row: (row.linked_id is not None, -row.id)):
            self._sink.on_order(row)
        self._markets.settle(entry.contract)
        now_ns = self._markets.now_ns()
        self._markets.at(now_ns + self._rules.accept_ns, lambda: self._start(entry))

    def refuse(self, row: OrderRow) -> None:
        """Keep a row for an order that was refused."""
        row.status = OrderStatus.REJECTED
        self._rows.add(row)
        self._sink.on_order(row)

    def cancel(self, row: OrderRow) -> None:
        """Cancel a live order; legs that an unfilled entry will never need go with it."""
        self.finish(row, OrderStatus.CANCELLED)
        family = [] if row.filled else self.legs(row)
        if row.parent_id is not None and self._rules.leg_cancel_takes_twin:
            family = self.legs(self.entry_of(row))
        for leg in family:
            if leg.live:
                self.finish(leg, OrderStatus.CANCELLED)
        self._markets.settle(row.contract)

    def change(self, row: OrderRow, change: Change) -> None:
        """Change size or price of a live order.

        A smaller size keeps the place in the queue; a larger one or another price loses it.
        """
        size, limit, stop, trail = change
        requeue = (limit not in (None, row.limit)) or (stop not in (None, row.stop))
        requeue |= (size is not None and size > row.size) or trail is not None
        book = self._markets.book(row.contract)
        if requeue:
            book.leave(row)
        row.size = row.size if size is None else size
        row.limit = row.limit if limit is None else limit
        row.stop = row.stop if stop is None else stop
        if trail is not None:
            row.trail, row.stop = trail, None
            book.trail(row)
        self.touch(row)
        if row.status is OrderStatus.OPEN and requeue:
            self.apply(book.enter(row, self._markets.now_ns()))

    def apply(self, matches: Sequence[Match]) -> None:
        """Book matches in order: order, trades, position, account, then legs."""
        for row, group in groupby(matches, key=lambda match: match.order):
            # What was booked a moment ago may have ended this order or made it smaller.
            left = row.remaining if row.live else 0
            most = self._trouble.most_fill(row, self.net(row)) if left else None
            if most is not None:
                left = min(left, most)
                self._hold_back(row)
            fills = []
            for match in group:
                fills.append(match._replace(qty=min(match.qty, left)))
                left -= fills[-1].qty
            fills = [fill for fill in fills if fill.qty]
            if fills:
                self._fill(row, fills)

    def moved(self, rows: Sequence[OrderRow]) -> None:
        """Tell that the price of orders followed the market."""
        for row in rows:
            if row.live:
                self.touch(row)

    def open(self, row: OrderRow) -> None:
        """Let an order work that has its price; it trades at once if it can."""
        row.status = OrderStatus.OPEN
        self.touch(row)
        self.apply(self._markets.book(row.contract).enter(row, self._markets.now_ns()))

    def requeue(self, row: OrderRow) -> None:
        """Put a working order that grew or moved at the end of its queue, and tell about it."""
        self.touch(row)
        self.apply(self._markets.book(row.contract).enter(row, self._markets.now_ns()))

    def touch(self, row: OrderRow) -> None:
        """Tell that an order changed just now."""
        row.updated_ns = self._markets.now_ns()
        self._sink.on_order(row)

    def entry_of(self, leg: OrderRow) -> OrderRow:
        """The entry that a leg belongs to."""
        assert leg.parent_id is not None
        return self._rows[leg.parent_id]

    def legs(self, entry: OrderRow) -> list[OrderRow]:
        """Legs of an entry, stop first."""
        return [self._rows[leg_id] for leg_id in entry.bracket]

    def _fill(self, row: OrderRow, matches: list[Match]) -> None:
        ledger = self._ledgers[row.account_id]
        now_ns = self._markets.now_ns()
        qty = sum(match.qty for match in matches)
        row.filled += qty
        row.cost += sum(match.qty * match.px for match in matches)
        first_fill = row.filled == qty
        if row.remaining:
            self.touch(row)
        else:
            self.finish(row, OrderStatus.FILLED)
        for match in matches:
            trade, position = ledger.fill(
                row.contract, row.id, row.side, match.qty, match.px, now_ns
            )
            self._sink.on_trade(trade)
        self._sink.on_position(row.account_id, position)
        self._sink.on_account(ledger)
        if row.bracket:
            self._legs.entry_filled(row, qty, first_fill)
        if row.is_leg:
            self._legs.leg_filled(row, qty)
        for told in self.on_fill:
            told(row.account_id, row.contract)
        self._markets.settle(row.contract)

    def _start(self, entry: OrderRow) -> None:
        if entry.status is not OrderStatus.PENDING:
            return
        if not self._markets.is_open(entry.contract):
            if entry.forced:
                self._try_later(entry)
            else:
                self._reject(entry)
            return
        if self._trouble.rejects(entry, self.net(entry)):
            self._reject(entry)
            return
        matches = self._markets.book(entry.contract).enter(entry, self._markets.now_ns())
        if entry.forced and not matches:
            self._try_later(entry)
            return
        matched = sum(match.qty for match in matches)
        if matched < entry.remaining:
            entry.status = OrderStatus.OPEN
            if not matches:
                self.touch(entry)
        self.apply(matches)
        if entry.is_market and entry.live and entry.id not in self._held:
            # Nobody is left to trade with: the rest of a market order does not wait.
            self.cancel(entry)

    def _try_later(self, entry: OrderRow) -> None:
        self._markets.at(self._markets.now_ns() + AGAIN_NS, lambda: self._start(entry))

    def _hold_back(self, row: OrderRow) -> None:
        """Let the rest of an order that may fill in part only come back a little later."""

        def come_back() -> None:
            self._held.discard(row.id)
            if row.status is OrderStatus.OPEN:
                book = self._markets.book(row.contract)
                book.leave(row)
                self.apply(book.enter(row, self._markets.now_ns()))

        if row.status is OrderStatus.PENDING:
            row.status = OrderStatus.OPEN
        self._held.add(row.id)
        self._markets.at(self._markets.now_ns() + HELD_NS, come_back)

    def net(self, row: OrderRow) -> int:
        """Position of an order's account in its contract, negative when short."""
        position = self._ledgers[row.account_id].position(row.contract.contract_id)
        return 0 if position is None else position.net

    def _reject(self, row: OrderRow) -> None:
        """Let an accepted order come to nothing; its legs go with it."""
        self.finish(row, OrderStatus.REJECTED)
        for leg in self.legs(row):
            if leg.live:
                self.finish(leg, OrderStatus.CANCELLED)
        self._markets.settle(row.contract)

    def finish(self, row: OrderRow, status: OrderStatus) -> None:
        """Take an order off its book for good."""
        self._markets.book(row.contract).leave(row)
        row.status = status
        self.touch(row)
