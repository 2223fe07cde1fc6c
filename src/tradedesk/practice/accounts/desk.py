"""What the rules of accounts need of the books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tradedesk.practice.books.ports import Accounts

if TYPE_CHECKING:
    from tradedesk.practice.products import Contract


class Desk(Accounts, Protocol):
    """What the rules need of the books beside what every supervisor needs."""

    def flatten(self, account_id: int, contract: Contract) -> None:
        """Cancel the orders of an account on one contract and close its position at market."""
