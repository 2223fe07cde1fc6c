"""Lets somebody else hear the news of accounts, whatever becomes of them on the hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradedesk.practice.books.ledger import HalfTurn, Ledger, PositionRow
    from tradedesk.practice.books.ports import UserSink
    from tradedesk.practice.books.rows import OrderRow


class Listener(Protocol):
    """Who hears of orders."""

    def on_order(self, row: OrderRow) -> None:
        """An order is new or changed; the books may be in the middle of it."""


class News:
    """Hands news on to the hub and to one listener.

    Parameters
    ----------
    hub : UserSink
        Where news goes.
    """

    def __init__(self, hub: UserSink) -> None:
        self._hub = hub
        self.listener: Listener | None = None

    def on_order(self, row: OrderRow) -> None:
        """An order is new or changed."""
        self._hub.on_order(row)
        if self.listener is not None:
            self.listener.on_order(row)

    def on_trade(self, trade: HalfTurn) -> None:
        """A fill was booked."""
        self._hub.on_trade(trade)

    def on_position(self, account_id: int, row: PositionRow) -> None:
        """A position changed."""
        self._hub.on_position(account_id, row)

    def on_account(self, ledger: Ledger) -> None:
        """A balance changed."""
        self._hub.on_account(ledger)
