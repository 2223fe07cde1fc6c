"""Sees to it that accounts are flat in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradedesk.practice.accounts.account_state import AccountState
    from tradedesk.practice.accounts.desk import Desk
    from tradedesk.practice.hours import Hours
    from tradedesk.practice.products import Contract


class FlatWatch:
    """Closes positions and cancels orders, contract by contract, when their time has come.

    Parameters
    ----------
    desk : Desk
        The books.
    hours : Hours
        When contracts must be flat.
    """

    def __init__(self, desk: Desk, hours: Hours) -> None:
        self._desk = desk
        self._hours = hours
        self._watched: set[tuple[int, str, int]] = set()
        self._day = 0

    def forget(self) -> None:
        """Begin a trading day anew."""
        self._watched.clear()
        self._day += 1

    def flat_ns(self, state: AccountState, contract: Contract) -> int | None:
        """When an account must be flat on a contract today; None if it need not."""
        by = state.rules.flat_by
        if by is None:
            return None
        return self._hours.flat_by_ns(contract.product, self._desk.now_ns(), by)

    def watch(self, state: AccountState, contract: Contract) -> None:
        """Have the contract closed in time; asked again on the same day this does nothing."""
        flat_ns = self.flat_ns(state, contract)
        if flat_ns is None:
            return
        key = (state.account.id, contract.contract_id, flat_ns)
        if key not in self._watched:
            self._watched.add(key)
            day, account_id = self._day, state.account.id
            self._desk.at(flat_ns, lambda: self._flatten(day, account_id, contract))

    def _flatten(self, day: int, account_id: int, contract: Contract) -> None:
        if day != self._day:
            return  # venue time was set since
        contract_id = contract.contract_id
        held = self._desk.ledger(account_id).position(contract_id) is not None
        if held or any(
            row.contract.contract_id == contract_id for row in self._desk.working(account_id)
        ):
            self._desk.flatten(account_id, contract)
