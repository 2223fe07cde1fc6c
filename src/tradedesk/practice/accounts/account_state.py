"""What a supervisor keeps about one account, with its equity followed tick by tick. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradedesk.practice.accounts.limits import loss_floor, lots_allowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.practice.accounts.opening import Account
    from tradedesk.practice.books.ledger import Ledger
    from tradedesk.practice.products import Contract

_NEVER: Final = -(1 << 100)


def billionths(amount: Decimal) -> int:
    """Dollars as whole billionths, exact for every amount that tick values lead to."""
    return int(amount.scaleb(9))


@dataclass(slots=True, eq=False)
class Mark:
    """An open position, valued at a last price.

    ``px`` is in ticks; ``rate`` is what one tick up is worth to the position, in billionths of a
    dollar.
    """

    state: AccountState
    rate: int
    px: int


class AccountState:
    """One account's balances of days past, its limits, and its equity of the moment.

    Parameters
    ----------
    account : Account
        Id, name, rules.
    ledger : Ledger
        Its money and positions.
    """

    def __init__(self, account: Account, ledger: Ledger) -> None:
        self.account = account
        self.rules = account.rules
        self.ledger = ledger
        self.failed = False
        self.locked = False
        self.paid_out = False
        self.closing = False
        self.oversized = False
        self.highest = max(account.rules.start_balance, ledger.balance)
        self.day_balance = ledger.balance
        self.best_day = Decimal(0)
        self.lots: Decimal | None = None
        self.marks: dict[str, Mark] = {}
        self.equity_b = billionths(ledger.balance)
        self.trip_b = _NEVER
        self._set_lots()
        self.rearm()

    @property
    def can_trade(self) -> bool:
        """Whether positions may be opened."""
        return not (self.failed or self.locked)

    @property
    def floor(self) -> Decimal | None:
        """Equity at which the account fails; None without a maximum loss."""
        rules = self.rules
        if rules.maximum_loss is None:
            return None
        return loss_floor(rules.start_balance, rules.maximum_loss, self.highest, self.paid_out)

    @property
    def daily_floor(self) -> Decimal | None:
        """Equity at which the day is over; None without a daily limit."""
        if not self.rules.daily_loss_on or self.rules.daily_loss is None:
            return None
        return self.day_balance - self.rules.daily_loss

    @property
    def equity(self) -> Decimal:
        """Balance plus open profit at last prices, in dollars."""
        return Decimal(self.equity_b).scaleb(-9)

    def value(self, last: Callable[[Contract], int]) -> None:
        """Value every position anew, after a fill or a change of the balance."""
        self.marks.clear()
        total = billionths(self.ledger.balance)
        for row in self.ledger.positions():
            px = last(row.contract)
            rate = row.net * billionths(row.contract.product.tick_value)
            self.marks[row.contract.contract_id] = Mark(self, rate, px)
            cost = billionths(row.cost)
            total += rate * px - (cost if row.net > 0 else -cost)
        self.equity_b = total
        self.rearm()

    def end_day(self) -> bool:
        """Roll into the next trading day; returns whether a lock ended."""
        balance = self.ledger.balance
        self.best_day = max(self.best_day, balance - self.day_balance)
        self.highest = max(self.highest, balance)
        self.day_balance = balance
        unlocked, self.locked = self.locked, False
        self._set_lots()
        self.rearm()
        return unlocked and not self.failed

    def withdraw(self, amount: Decimal) -> None:
        """Take money out; the floor is at the start balance from now on."""
        self.ledger.adjust(-amount)
        self.day_balance -= amount
        self.paid_out = True

    def rearm(self) -> None:
        """Work out at what equity something happens next."""
        lines = (None if self.failed else self.floor, self.daily_floor if self.can_trade else None)
        self.trip_b = max((billionths(line) for line in lines if line is not None), default=_NEVER)

    def _set_lots(self) -> None:
        profit = self.ledger.balance - self.rules.start_balance
        self.lots = lots_allowed(self.rules, profit)
