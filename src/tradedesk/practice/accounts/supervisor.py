"""Holds accounts to their rules: refuses, liquidates, locks and fails them, in venue time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.domain.errors import InputError
from tradedesk.practice.accounts import refusal_texts as texts
from tradedesk.practice.accounts.account_state import AccountState, Mark
from tradedesk.practice.accounts.entry_check import EntryCheck
from tradedesk.practice.accounts.flat_watch import FlatWatch
from tradedesk.practice.accounts.limits import Asked, lots_at_stake
from tradedesk.practice.hours_days import day_end_ns, trading_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from tradedesk.domain.order import Side
    from tradedesk.practice.accounts.desk import Desk
    from tradedesk.practice.accounts.opening import Account
    from tradedesk.practice.accounts.rules import RuleBook
    from tradedesk.practice.books.ports import Refusal
    from tradedesk.practice.hours import Hours
    from tradedesk.practice.products import Contract

_SECOND: Final = 1_000_000_000


class Standing(NamedTuple):
    """How an account stands with its rules. Money in dollars; None is no such rule."""

    balance: Decimal
    equity: Decimal
    can_trade: bool
    reason: str | None
    floor: Decimal | None
    highest: Decimal
    day_profit: Decimal
    best_day: Decimal
    lots: Decimal | None
    target_reached: bool | None
    consistent: bool | None


class RuleSupervisor:
    """Rules of every account, on top of the books.

    Nothing happens before `start`. Everything is a function of what the books report and of venue
    time; no clock is read and nothing is left to chance.

    Parameters
    ----------
    desk : Desk
        The books. `liquidate` and `flatten` may be asked for more than once and must leave alone
        what they are closing already.
    hours : Hours
        When products trade, and when they must be flat.
    accounts : sequence of Account
        Every account of the venue.
    book : RuleBook
        Weights of contracts and codes of refusals.
    """

    def __init__(
        self, desk: Desk, hours: Hours, accounts: Sequence[Account], book: RuleBook
    ) -> None:
        self._desk = desk
        self._book = book
        self._states = {
            account.id: AccountState(account, desk.ledger(account.id)) for account in accounts
        }
        self._marks: dict[str, dict[int, Mark]] = {}
        self._flat = FlatWatch(desk, hours)
        self._entries = EntryCheck(desk, hours, book, self._flat)
        self._run = 0
        self._day = trading_day(desk.now_ns())

    def start(self) -> None:
        """Take up the trading day of now; again after venue time was set.

        A later day begins as any day does: with yesterday's balance, and without its lock.
        """
        self._run += 1
        day = trading_day(self._desk.now_ns())
        if day > self._day:
            self._end_day(self._run)
            return
        self._day = day
        self._flat.forget()
        self._await_day_end(self._run)
        for account_id in self._states:
            self.on_fill(account_id)

    def can_trade(self, account_id: int) -> bool:
        """Whether the account may open positions; the wire's ``canTrade``."""
        return self._states[account_id].can_trade

    def refusal(self, account_id: int, contract: Contract, side: Side, size: int) -> Refusal | None:
        """Why a new order may not be taken, by the account's rules and by the clock; or None.

        What reduces a position is refused for nothing but a closed market.
        """
        state = self._states[account_id]
        refusal = self._entries.refusal(state, Asked(contract, side, size))
        if refusal is None:
            self._flat.watch(state, contract)
        return refusal

    def on_fill(self, account_id: int) -> None:
        """A fill was booked for an account."""
        state = self._states[account_id]
        held = set(state.marks)
        state.value(self._desk.last)
        for contract_id in held - set(state.marks):
            self._marks.get(contract_id, {}).pop(account_id, None)
        for contract_id, mark in state.marks.items():
            self._marks.setdefault(contract_id, {})[account_id] = mark
        for row in state.ledger.positions():
            self._flat.watch(state, row.contract)
        self._check_size(state)
        self._check_equity(state)

    def on_mark(self, contract: Contract) -> None:
        """The last price of a contract changed on which some account has a position."""
        marks = self._marks.get(contract.contract_id)
        if not marks:
            return
        px = self._desk.last(contract)
        tripped = []
        for mark in marks.values():
            state = mark.state
            state.equity_b += mark.rate * (px - mark.px)
            mark.px = px
            if state.equity_b <= state.trip_b:
                tripped.append(state)
        for state in tripped:
            self._check_equity(state)

    def standing(self, account_id: int) -> Standing:
        """How an account stands with its rules, running day included."""
        state = self._states[account_id]
        rules, balance = state.rules, state.ledger.balance
        profit, day = balance - rules.start_balance, balance - state.day_balance
        best, target, share = max(state.best_day, day), rules.profit_target, rules.consistency
        reason = texts.FAILED if state.failed else texts.LOCKED if state.locked else None
        return Standing(
            balance=balance,
            equity=state.equity,
            can_trade=state.can_trade,
            reason=reason,
            floor=state.floor,
            highest=state.highest,
            day_profit=day,
            best_day=best,
            lots=state.lots,
            target_reached=None if target is None else profit >= target,
            consistent=None if share is None else best <= share * profit,
        )

    def pay_out(self, account_id: int, amount: Decimal) -> None:
        """Take money out of an account that allows it; its floor is the start from then on.

        Raises
        ------
        InputError
            If the kind of account has no payouts, the account cannot trade, or the amount is not
            positive, not in cents or would leave nothing above the floor. Nothing is changed then.
        """
        state = self._states[account_id]
        problem = texts.payout_problem(state, amount)
        if problem is not None:
            raise InputError(problem)
        state.withdraw(amount)
        self.on_fill(account_id)
        self._desk.announce(account_id)

    def _check_equity(self, state: AccountState) -> None:
        if state.equity_b > state.trip_b:
            return
        floor = state.floor
        if floor is not None and state.equity <= floor:
            state.failed = True
        else:
            state.locked = True
        state.rearm()
        self._liquidate(state)
        self._desk.announce(state.account.id)

    def _check_size(self, state: AccountState) -> None:
        if state.oversized or not self._is_oversized(state):
            return
        state.oversized = True
        grace_ns = round(state.rules.oversize_grace_s * _SECOND)

        def end_grace() -> None:
            state.oversized = False
            if self._is_oversized(state):
                self._liquidate(state)

        self._desk.at(self._desk.now_ns() + grace_ns, end_grace)

    def _is_oversized(self, state: AccountState) -> bool:
        lots = state.lots
        return lots is not None and lots_at_stake(self._book, state.ledger.positions()) > lots

    def _liquidate(self, state: AccountState) -> None:
        """Close everything; a rule that strikes while another is closing has nothing to add."""
        if state.closing:
            return
        contracts = sum(abs(row.net) for row in state.ledger.positions())
        state.closing = True
        if contracts and state.rules.liquidation_fee:
            state.ledger.adjust(-state.rules.liquidation_fee * contracts)
        self._desk.liquidate(state.account.id)
        state.closing = False

    def _await_day_end(self, run: int) -> None:
        end_ns = day_end_ns(trading_day(self._desk.now_ns()))
        self._desk.at(end_ns, lambda: self._end_day(run))

    def _end_day(self, run: int) -> None:
        """Roll every account at 17:00 Chicago."""
        if run != self._run:
            return  # venue time was set since
        self._day = trading_day(self._desk.now_ns())
        self._flat.forget()
        for account_id, state in self._states.items():
            if state.end_day():
                self._desk.announce(account_id)
            self.on_fill(account_id)
        self._await_day_end(run)
