"""What the rules of an account may see and have done: the supervisor's hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.practice.books.exchange import Exchange
    from tradedesk.practice.books.ledger import Ledger
    from tradedesk.practice.books.ports import Markets, UserSink
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.products import Contract


class AccountDesk:
    """Cancels, closes and announces on behalf of an account's rules.

    Parameters
    ----------
    exchange : Exchange
        Orders and ledgers.
    markets : Markets
        Books and venue time.
    sink : UserSink
        Where news goes.
    """

    def __init__(self, exchange: Exchange, markets: Markets, sink: UserSink) -> None:
        self._exchange = exchange
        self._markets = markets
        self._sink = sink

    def ledger(self, account_id: int) -> Ledger:
        """Money and positions of an account."""
        return self._exchange.ledgers[account_id]

    def working(self, account_id: int) -> list[OrderRow]:
        """Orders of an account that can still trade, suspended bracket legs included."""
        return self._exchange.rows.live_of(account_id)

    def last(self, contract: Contract) -> int:
        """Last traded price of a contract, in ticks."""
        return self._markets.book(contract).touch.last

    def cancel_all(self, account_id: int) -> None:
        """Cancel every order of an account, except those that are on their way to close it."""
        for row in self.working(account_id):
            self._cancel(row)

    def liquidate(self, account_id: int) -> None:
        """Cancel every order of an account and close every position at market."""
        self.cancel_all(account_id)
        for position in self.ledger(account_id).positions():
            self._close(account_id, position.contract)

    def flatten(self, account_id: int, contract: Contract) -> None:
        """Cancel the orders of an account on one contract and close its position at market."""
        for row in self.working(account_id):
            if row.contract == contract:
                self._cancel(row)
        self._close(account_id, contract)

    def announce(self, account_id: int) -> None:
        """Tell the user that balance or ``canTrade`` of an account changed."""
        self._sink.on_account(self.ledger(account_id))

    def at(self, ts_ns: int, action: Callable[[], None]) -> None:
        """Have something done at a venue time; at once if it has passed."""
        self._markets.at(ts_ns, action)

    def now_ns(self) -> int:
        """Venue time."""
        return self._markets.now_ns()

    def _cancel(self, row: OrderRow) -> None:
        if row.live and not row.forced:
            self._exchange.execution.cancel(row)

    def _close(self, account_id: int, contract: Contract) -> None:
        """Close what no order of ours is closing already."""
        position = self.ledger(account_id).position(contract.contract_id)
        under_way = sum(
            row.remaining
            for row in self.working(account_id)
            if row.forced and row.contract == contract
        )
        size = 0 if position is None else abs(position.net) - under_way
        if size > 0:
            self._exchange.close_at_market(account_id, contract, size, forced=True)
