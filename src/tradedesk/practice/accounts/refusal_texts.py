"""What a client reads when a rule refuses. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradedesk.practice.books import refusals

if TYPE_CHECKING:
    from tradedesk.practice.accounts.account_state import AccountState

CLOSED: Final = refusals.CLOSED
FLAT: Final = (
    "Order rejected: the account is outside of trading hours. Trading resumes at 17:00 CT."
)
FAILED: Final = "Account violation: the maximum loss limit was reached."
LOCKED: Final = "Account violation: the daily loss limit was reached. Trading resumes at 17:00 CT."
_CENT: Final = Decimal("0.01")


def too_large(lots: Decimal, after: Decimal) -> str:
    """Say that an order could lead to more lots than the account may hold."""
    return (
        f"Order rejected: maximum position size exceeded. The account may hold {lots.normalize():f}"
        f" lots; with this order it could hold {after.normalize():f}."
    )


def payout_problem(state: AccountState, amount: Decimal) -> str | None:
    """Say why money cannot be taken out; None if it can."""
    name, start = state.account.name, state.rules.start_balance
    if not state.rules.payouts:
        return f"{name} pays nothing out: only kinds with payouts do, such as express-50k."
    if not state.can_trade:
        return f"{name} cannot trade, so nothing can be paid out."
    if not amount.is_finite() or amount <= 0 or amount % _CENT:
        return f"{amount} is no amount: give dollars and cents above 0."
    left = min(state.ledger.balance, state.equity) - amount
    if left <= start:
        return f"{amount} is too much: more than {start} has to be left, open loss included."
    return None
