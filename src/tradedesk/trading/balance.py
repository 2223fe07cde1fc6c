"""Whether positions are what the trades make of them: the last witness against an absent order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.ids import ContractId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradedesk.domain.ids import AccountId
    from tradedesk.domain.position import Fill, Position

CONFIRM_NS = 10 * NS_PER_S
"""How far apart two equal balances must be; longer than a list of trades is late."""


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


class Carried(msgspec.Struct, frozen=True):
    """What an account carried into a session, as it is kept in the journal.

    Parameters
    ----------
    since_ns : int
        From when on fills are counted, nanoseconds UTC.
    rest : dict
        Contracts that no trade since then accounts for; none that are 0.
    """

    since_ns: int
    rest: dict[ContractId, int]


class Balance:
    """Finds out what was carried over, and compares later balances with it.

    The list of trades may be late, so one balance proves nothing: what was carried over is only
    known once two of them, some time apart and without a gap in the hub between, are equal. All
    fills must be counted from the same moment every time.
    """

    def __init__(self) -> None:
        self._carried: dict[AccountId, dict[ContractId, int]] = {}
        self._first: dict[AccountId, tuple[dict[ContractId, int], int]] = {}

    def knows(self, account_id: AccountId) -> bool:
        """Whether it is known what the account carried over."""
        return account_id in self._carried

    def restore(self, account_id: AccountId, rest: Mapping[ContractId, int]) -> None:
        """Take over what an earlier run found out in the same session."""
        self._carried[account_id] = dict(rest)

    def weigh(
        self,
        account_id: AccountId,
        rest: Mapping[ContractId, int],
        asked_ns: int,
        hub_since_ns: int | None,
    ) -> dict[ContractId, int] | None:
        """Take one more balance.

        Parameters
        ----------
        asked_ns : int
            When it was asked for, monotonic.
        hub_since_ns : int or None
            Since when the hub has been connected without a gap.

        Returns
        -------
        dict or None
            What was carried over, when this balance has just made it certain.
        """
        if account_id in self._carried:
            return None
        held = {contract: size for contract, size in rest.items() if size}
        first, first_ns = self._first.get(account_id, (None, 0))
        whole = hub_since_ns is not None and hub_since_ns <= first_ns
        if first != held or not whole:
            self._first[account_id] = (held, asked_ns)
        elif asked_ns - first_ns >= CONFIRM_NS:
            self._carried[account_id] = held
            return held
        return None

    def holds(
        self, account_id: AccountId, contract_id: ContractId, rest: Mapping[ContractId, int]
    ) -> bool:
        """Whether every move of the position since then is explained by a trade."""
        carried = self._carried.get(account_id)
        return carried is not None and rest.get(contract_id, 0) == carried.get(contract_id, 0)
