"""What the order side needs from the rest of the venue."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradedesk.practice.books.ledger import HalfTurn, Ledger, PositionRow
    from tradedesk.practice.books.matching import Book
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.products import Contract

Later = Callable[[float, Callable[[], None]], None]
"""Call a function after so many real seconds."""


class Markets(Protocol):
    """The books of all contracts, each moved on to now before it is handed out."""

    def now_ns(self) -> int:
        """Venue time."""

    def find(self, contract_id: str) -> Contract | None:
        """A contract that can be traded or once could, or None."""

    def is_active(self, contract: Contract) -> bool:
        """Whether it trades today."""

    def book(self, contract: Contract) -> Book:
        """Practice orders and touch of an active contract."""

    def settle(self, contract: Contract) -> None:
        """Orders on a contract changed: watch its tape, or stop watching it."""


class UserSink(Protocol):
    """Where news about an account goes, in the order in which it happens."""

    def on_order(self, row: OrderRow) -> None:
        """An order is new or changed."""

    def on_trade(self, trade: HalfTurn) -> None:
        """A fill was booked."""

    def on_position(self, account_id: int, row: PositionRow) -> None:
        """A position changed; ``net`` 0 is gone."""

    def on_account(self, ledger: Ledger) -> None:
        """A balance changed."""
