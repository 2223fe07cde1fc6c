"""Whether positions are what the trades make of them: the last witness against an absent order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.domain.ids import AccountId, ContractId
    from tradedesk.domain.position import Fill, Position
    from tradedesk.trading.blotter import PositionKey


def unexplained(positions: Iterable[Position], fills: Iterable[Fill]) -> dict[ContractId, int]:
    """Contracts held, by contract, that the trades of the session do not account for.

    What was carried over from an earlier session shows up here, and stays the same.
    """
    rest: dict[ContractId, int] = {}
    for position in positions:
        rest[position.contract_id] = rest.get(position.contract_id, 0) + position.net_size
    for fill in fills:
        if not fill.voided:
            moved = fill.side.sign * fill.size
            rest[fill.contract_id] = rest.get(fill.contract_id, 0) - moved
    return rest


class Balance:
    """Remembers what was carried over, and compares later balances with it.

    All fills must be counted from the same moment every time.
    """

    def __init__(self) -> None:
        self._carried: dict[PositionKey, int] = {}
        self._known: set[AccountId] = set()

    def open(self, account_id: AccountId, rest: dict[ContractId, int]) -> None:
        """Take a first balance as what was carried over; a later one changes nothing."""
        if account_id not in self._known:
            self._known.add(account_id)
            self._carried.update({(account_id, contract): size for contract, size in rest.items()})

    def holds(
        self, account_id: AccountId, contract_id: ContractId, rest: dict[ContractId, int]
    ) -> bool:
        """Whether every move of the position since then is explained by a trade."""
        carried = self._carried.get((account_id, contract_id), 0)
        return account_id in self._known and rest.get(contract_id, 0) == carried
