"""What happens to orders after they were accepted: work, fill, legs, cancel."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from tradedesk.domain.order import OrderStatus
from tradedesk.practice.books.brackets import grown_legs, shrink_twin, wake_leg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.practice.books.intake import Change
    from tradedesk.practice.books.ledger import Ledger
    from tradedesk.practice.books.matching import Match
    from tradedesk.practice.books.ports import Later, Markets, UserSink
    from tradedesk.practice.books.rows import OrderRow, OrderRows

ACCEPT_S: Final = 0.008
"""How long an order is pending before it works."""
WAKE_S: Final = 0.018
"""How long after the first fill of an entry its legs begin to work."""


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
    later : Later
        Calls something after a delay.
    """

    def __init__(
        self,
        rows: OrderRows,
        ledgers: dict[int, Ledger],
        markets: Markets,
        sink: UserSink,
        later: Later,
    ) -> None:
        self._rows = rows
        self._ledgers = ledgers
        self._markets = markets
        self._sink = sink
        self._later = later

    def submit(self, entry: OrderRow, legs: Sequence[OrderRow] = ()) -> None:
        """Take an order in: it and its suspended legs are announced, soon after it works.

        The order of the news is production's: stop leg, entry, target leg.
        """
        for row in (entry, *legs):
            self._rows.add(row)
        for row in sorted((entry, *legs), key=lambda row: (row.linked_id is not None, -row.id)):
            self._sink.on_order(row)
        self._markets.settle(entry.contract)
        self._later(ACCEPT_S, lambda: self._start(entry))

    def refuse(self, row: OrderRow) -> None:
        """Keep a row for an order that was refused."""
        row.status = OrderStatus.REJECTED
        self._rows.add(row)
        self._sink.on_order(row)

    def cancel(self, row: OrderRow) -> None:
        """Cancel a live order; legs that an unfilled entry will never need go with it."""
        self._finish(row, OrderStatus.CANCELLED)
        if not row.filled:
            for leg in self._legs(row):
                if leg.status is OrderStatus.SUSPENDED:
                    self._finish(leg, OrderStatus.CANCELLED)
        self._markets.settle(row.contract)

    def change(self, row: OrderRow, change: Change) -> None:
        """Change size or price of a live order. A smaller size keeps its place in the queue."""
        size, limit, stop, trail = change
        requeue = (limit not in (None, row.limit)) or (stop not in (None, row.stop))
        requeue |= (size is not None and size > row.size) or trail is not None
        row.size = row.size if size is None else size
        row.limit = row.limit if limit is None else limit
        row.stop = row.stop if stop is None else stop
        if trail is not None:
            row.trail, row.stop = trail, None
            self._markets.book(row.contract).trail(row)
        self._touch(row)
        if row.status is OrderStatus.OPEN and requeue:
            book = self._markets.book(row.contract)
            self.apply(book.reprice(row, self._markets.now_ns()))

    def apply(self, matches: Sequence[Match]) -> None:
        """Book matches in order: order, trades, position, account, then legs."""
        for row, group in groupby(matches, key=lambda match: match.order):
            if row.live:
                self._fill(row, list(group))

    def trailed(self, rows: Sequence[OrderRow]) -> None:
        """Tell that the price of trailing stops followed the market."""
        for row in rows:
            if row.live:
                self._touch(row)

    def _fill(self, row: OrderRow, matches: list[Match]) -> None:
        ledger = self._ledgers[row.account_id]
        now_ns = self._markets.now_ns()
        qty = sum(match.qty for match in matches)
        row.filled += qty
        row.cost += sum(match.qty * match.px for match in matches)
        first_fill = row.filled == qty
        if row.remaining:
            self._touch(row)
        else:
            self._finish(row, OrderStatus.FILLED)
        for match in matches:
            trade, position = ledger.fill(
                row.contract, row.id, row.side, match.qty, match.px, now_ns
            )
            self._sink.on_trade(trade)
        self._sink.on_position(row.account_id, position)
        self._sink.on_account(ledger)
        if row.bracket:
            self._entry_filled(row, qty, first_fill)
        if row.is_leg:
            self._leg_filled(row, qty)
        self._markets.settle(row.contract)

    def _start(self, entry: OrderRow) -> None:
        if entry.status is not OrderStatus.PENDING:
            return
        matches = self._markets.book(entry.contract).enter(entry, self._markets.now_ns())
        if sum(match.qty for match in matches) < entry.remaining:
            entry.status = OrderStatus.OPEN
            if not matches:
                self._touch(entry)
        self.apply(matches)

    def _entry_filled(self, entry: OrderRow, qty: int, first_fill: bool) -> None:
        if first_fill:
            self._later(WAKE_S, lambda: self._wake(entry))
            return
        for leg in grown_legs(entry, self._legs(entry), qty):
            self._touch(leg)

    def _wake(self, entry: OrderRow) -> None:
        """Let the legs of an entry work: target first, as production announces them."""
        legs = [leg for leg in reversed(self._legs(entry)) if leg.live]
        for leg in legs:
            wake_leg(entry, leg)
            self._touch(leg)
        for leg in legs:
            if leg.live:
                book = self._markets.book(leg.contract)
                self.apply(book.enter(leg, self._markets.now_ns()))
        self._markets.settle(entry.contract)

    def _leg_filled(self, leg: OrderRow, qty: int) -> None:
        assert leg.parent_id is not None
        entry = self._rows[leg.parent_id]
        if not leg.remaining and entry.live:
            self._finish(entry, OrderStatus.CANCELLED)
        for twin in self._legs(entry):
            if twin is leg or not twin.live:
                continue
            if leg.remaining and shrink_twin(twin, qty):
                self._touch(twin)
            else:
                self._finish(twin, OrderStatus.CANCELLED)

    def _legs(self, entry: OrderRow) -> list[OrderRow]:
        return [self._rows[leg_id] for leg_id in entry.bracket]

    def _finish(self, row: OrderRow, status: OrderStatus) -> None:
        self._markets.book(row.contract).leave(row)
        row.status = status
        self._touch(row)

    def _touch(self, row: OrderRow) -> None:
        row.updated_ns = self._markets.now_ns()
        self._sink.on_order(row)
