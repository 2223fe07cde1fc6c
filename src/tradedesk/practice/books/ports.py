"""What the order side needs from the rest of the venue."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from tradedesk.domain.order import Side
    from tradedesk.practice.books.ledger import HalfTurn, Ledger, PositionRow
    from tradedesk.practice.books.matching import Book
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.products import Contract

OnFill = Callable[[int, "Contract"], None]
"""Told the account and the contract of a fill once all of it is booked."""


class Refusal(NamedTuple):
    """Code of Order/place and the text that goes with it."""

    code: int
    message: str | None = None


class Markets(Protocol):
    """Venue time, and the books of all contracts as they stand at it."""

    def catch_up(self) -> None:
        """Play everything that is due; to be called before a client's wish is looked at."""

    def now_ns(self) -> int:
        """Venue time: of what is being played, else of the last `catch_up`."""

    def at(self, ts_ns: int, action: Callable[[], None]) -> None:
        """Have something done at a venue time."""

    def find(self, contract_id: str) -> Contract | None:
        """A contract that can be traded or once could, or None."""

    def is_active(self, contract: Contract) -> bool:
        """Whether it trades today."""

    def is_open(self, contract: Contract) -> bool:
        """Whether its market is open at this moment."""

    def is_quoted(self, contract: Contract) -> bool:
        """Whether there is a bid, an offer and a last price."""

    def book(self, contract: Contract) -> Book:
        """Practice orders and touch of an active contract."""

    def settle(self, contract: Contract) -> None:
        """Orders on a contract changed: watch its tape, or stop watching it."""


class Accounts(Protocol):
    """What a supervisor may ask of the books and have done there."""

    def ledger(self, account_id: int) -> Ledger:
        """Money and positions of an account."""

    def working(self, account_id: int) -> list[OrderRow]:
        """Orders of an account that can still trade, suspended bracket legs included."""

    def last(self, contract: Contract) -> int:
        """Last traded price of a contract, in ticks."""

    def cancel_all(self, account_id: int) -> None:
        """Cancel every order of an account."""

    def liquidate(self, account_id: int) -> None:
        """Cancel every order of an account and close every position at market."""

    def flatten(self, account_id: int, contract: Contract) -> None:
        """Cancel the orders of an account on one contract and close its position at market."""

    def announce(self, account_id: int) -> None:
        """Tell the user that balance or ``canTrade`` of an account changed."""

    def at(self, ts_ns: int, action: Callable[[], None]) -> None:
        """Have something done at a venue time; at once if it has passed."""

    def now_ns(self) -> int:
        """Venue time."""


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


class Trouble(Protocol):
    """What goes wrong with orders because somebody asked for it; `net` is the position."""

    def rejects(self, row: OrderRow, net: int) -> bool:
        """Whether an accepted order, or a waking leg, comes to nothing on the stream."""

    def most_fill(self, row: OrderRow, net: int) -> int | None:
        """Most contracts that an order may fill at this moment; None if there is no such limit."""


class Untroubled:
    """Nothing goes wrong."""

    def rejects(self, row: OrderRow, net: int) -> bool:
        """Never."""
        return False

    def most_fill(self, row: OrderRow, net: int) -> int | None:
        """No limit."""
        return None


class Supervisor(Protocol):
    """Who watches over accounts: what an order may not do, and what a loss leads to."""

    def can_trade(self, account_id: int) -> bool:
        """Whether the account may open positions; the wire's ``canTrade``."""

    def refusal(self, account_id: int, contract: Contract, side: Side, size: int) -> Refusal | None:
        """Why a new order may not be taken, by the account's rules and by the clock; or None.

        `size` is what the order asks for; what else works and what is held the supervisor asks
        the books.
        """

    def on_fill(self, account_id: int) -> None:
        """A fill was booked for an account."""

    def on_mark(self, contract: Contract) -> None:
        """The last price of a contract changed on which some account has a position."""


class Unsupervised:
    """Accounts without rules."""

    def can_trade(self, account_id: int) -> bool:
        """Always."""
        return True

    def refusal(self, account_id: int, contract: Contract, side: Side, size: int) -> Refusal | None:
        """Never."""
        return None

    def on_fill(self, account_id: int) -> None:
        """Nothing to do."""

    def on_mark(self, contract: Contract) -> None:
        """Nothing to do."""
