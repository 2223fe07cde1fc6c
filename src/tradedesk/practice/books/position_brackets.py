"""Position Brackets mode: one stop and one target for the whole net position, kept by the venue.

Production shows neither the mode nor its distances on the wire; the orders that it makes are
ordinary ones without a tag. That the pair is priced from the average of the position, and sized
and priced anew whenever the position changes, is our choice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradedesk.domain.order import OrderStatus, OrderType, Side
from tradedesk.practice.books.rows import OrderRow

if TYPE_CHECKING:
    from tradedesk.practice.books.execution import Execution
    from tradedesk.practice.books.ledger import Ledger, PositionRow
    from tradedesk.practice.books.ports import Markets
    from tradedesk.practice.books.rows import OrderRows
    from tradedesk.practice.products import Contract


class Distances(NamedTuple):
    """Ticks from the average price to the stop and the target; None for no such order."""

    stop: int | None = None
    target: int | None = None


class PositionBrackets:
    """The pairs of all accounts that are in this mode.

    Parameters
    ----------
    rows : OrderRows
        All orders.
    ledgers : dict of int to Ledger
        By account id.
    markets : Markets
        Books and venue time.
    execution : Execution
        Works the orders.
    """

    def __init__(
        self, rows: OrderRows, ledgers: dict[int, Ledger], markets: Markets, execution: Execution
    ) -> None:
        self._rows = rows
        self._ledgers = ledgers
        self._markets = markets
        self._execution = execution
        self._modes: dict[int, Distances] = {}
        self._pairs: dict[tuple[int, str], list[OrderRow]] = {}

    def on(self, account_id: int) -> bool:
        """Whether an account is in this mode, and brackets of its own are refused."""
        return account_id in self._modes

    def switch(
        self, account_id: int, distances: Distances | None, only_ask: bool = False
    ) -> str | None:
        """Turn the mode on with these distances, or off with None.

        Returns
        -------
        str or None
            Why it cannot be done; nothing is changed then, nor if `only_ask`.
        """
        if self._ledgers[account_id].positions() or self._rows.live_of(account_id):
            return (
                "The bracket mode can be switched only while the account is flat "
                "and has no working orders."
            )
        if only_ask:
            return None
        if distances is None:
            self._modes.pop(account_id, None)
        else:
            self._modes[account_id] = distances
        return None

    def fit(self, account_id: int, contract: Contract) -> None:
        """Make the pair of a position fit it after a fill."""
        if account_id not in self._modes:
            return
        key = (account_id, contract.contract_id)
        position = self._ledgers[account_id].position(contract.contract_id)
        pair = [row for row in self._pairs.pop(key, []) if row.live]
        side = None if position is None else Side.SELL if position.net > 0 else Side.BUY
        if position is None or any(row.side is not side for row in pair):
            for row in pair:
                if row.live:
                    self._execution.cancel(row)
            pair = []
        if position is not None:
            self._pairs[key] = pair or self._made(account_id, position)
            self._resize(self._pairs[key], position, self._modes[account_id])

    def _made(self, account_id: int, position: PositionRow) -> list[OrderRow]:
        distances = self._modes[account_id]
        wanted = ((OrderType.STOP, distances.stop), (OrderType.LIMIT, distances.target))
        now_ns = self._markets.now_ns()
        return [
            OrderRow(
                id=self._rows.take_ids(1),
                account_id=account_id,
                contract=position.contract,
                type=kind,
                side=Side.SELL if position.net > 0 else Side.BUY,
                size=0,
                created_ns=now_ns,
                updated_ns=now_ns,
            )
            for kind, ticks in wanted
            if ticks is not None
        ]

    def _resize(self, pair: list[OrderRow], position: PositionRow, distances: Distances) -> None:
        """Give a pair its size and prices, then let it work; as it is, nothing is said of it."""
        sign = 1 if position.net > 0 else -1
        average = round(position.average / position.contract.product.tick.size)
        moved = []
        for row in pair:
            size, before = abs(position.net) + row.filled, (row.limit, row.stop)
            ticks = -(distances.stop or 0) if row.is_stop else distances.target or 0
            px = average + sign * ticks
            after = (None, px) if row.is_stop else (px, None)
            new = row.status is OrderStatus.PENDING
            if not new and (after, size) == (before, row.size):
                continue
            if after != before or size > row.size:
                self._markets.book(row.contract).leave(row)
                moved.append(row)
            (row.limit, row.stop), row.size = after, size
            if new:
                self._rows.add(row)
            elif row not in moved:
                self._execution.touch(row)  # smaller: it keeps its place
        for row in moved:
            if row.status is OrderStatus.PENDING:
                self._execution.open(row)
            elif row.live:
                self._execution.requeue(row)
