"""Whether an order may be taken: the clock, the account's standing, its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.practice.accounts import refusal_texts as texts
from tradedesk.practice.accounts.limits import Asked, lots_at_stake
from tradedesk.practice.books.ports import Refusal

if TYPE_CHECKING:
    from tradedesk.practice.accounts.account_state import AccountState
    from tradedesk.practice.accounts.desk import Desk
    from tradedesk.practice.accounts.flat_watch import FlatWatch
    from tradedesk.practice.accounts.rules import RuleBook
    from tradedesk.practice.hours import Hours


class EntryCheck:
    """Refuses what an account may not do.

    Parameters
    ----------
    desk : Desk
        The books.
    hours : Hours
        When products trade.
    book : RuleBook
        Weights of contracts and codes of refusals.
    flat : FlatWatch
        Knows from when on an account has to be flat.
    """

    def __init__(self, desk: Desk, hours: Hours, book: RuleBook, flat: FlatWatch) -> None:
        self._desk = desk
        self._hours = hours
        self._book = book
        self._flat = flat

    def refusal(self, state: AccountState, asked: Asked) -> Refusal | None:
        """Why an order may not be taken, or None."""
        codes, now_ns = self._book.codes, self._desk.now_ns()
        if not self._hours.is_open(asked.contract.product, now_ns):
            return Refusal(codes.closed, texts.CLOSED)
        if not state.can_trade and not self._covers(state, asked):
            return Refusal(codes.no_trading, texts.FAILED if state.failed else texts.LOCKED)
        flat_ns = self._flat.flat_ns(state, asked.contract)
        if flat_ns is not None and now_ns >= flat_ns and not self._covers(state, asked):
            return Refusal(codes.flat, texts.FLAT)
        text = self._too_large(state, asked)
        return None if text is None else Refusal(codes.position_cap, text)

    def _too_large(self, state: AccountState, asked: Asked) -> str | None:
        lots = state.lots
        if lots is None or self._reduces(state, asked):
            return None
        positions = state.ledger.positions()
        counted = state.rules.caps_count_working
        working = self._desk.working(state.account.id) if counted else []
        after = lots_at_stake(self._book, positions, working, asked)
        if after <= lots or after <= lots_at_stake(self._book, positions, working):
            return None
        return texts.too_large(lots, after)

    @staticmethod
    def _reduces(state: AccountState, asked: Asked) -> bool:
        """Whether an order closes what is held, whatever else works."""
        row = state.ledger.position(asked.contract.contract_id)
        return row is not None and row.net * asked.side.sign < 0 and asked.size <= abs(row.net)

    def _covers(self, state: AccountState, asked: Asked) -> bool:
        """Whether an order closes what is held and no other order closes already."""
        row = state.ledger.position(asked.contract.contract_id)
        if row is None or row.net * asked.side.sign > 0:
            return False
        closing = sum(
            order.remaining
            for order in self._desk.working(state.account.id)
            if order.contract.contract_id == asked.contract.contract_id
            and order.side is asked.side
            and not order.is_leg
        )
        return closing + asked.size <= abs(row.net)
