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
        """Cancel every order of an account."""
        for row in self.working(account_id):
            if row.live:
                self._exchange.execution.cancel(row)

    def liquidate(self, account_id: int) -> None:
        """Cancel every order of an account and close every position at market."""
        self.cancel_all(account_id)
        for position in self.ledger(account_id).positions():
            self._exchange.close_at_market(account_id, position.contract)

    def announce(self, account_id: int) -> None:
        """Tell the user that balance or ``canTrade`` of an account changed."""
        self._sink.on_account(self.ledger(account_id))

    def at(self, ts_ns: int, action: Callable[[], None]) -> None:
        """Have something done at a venue time; at once if it has passed."""
        self._markets.at(ts_ns, action)

    def now_ns(self) -> int:
        """Venue time."""
        return self._markets.now_ns()
