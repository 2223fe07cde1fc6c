"""What goes wrong with orders inside the venue. Pure: asked by the books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.practice.faults.kinds import ORDER
from tradedesk.practice.faults.model import EXIT

if TYPE_CHECKING:
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.faults.register import Armed, Register


class OrderFaults:
    """Asked by the books when an order begins to work and when it trades.

    Parameters
    ----------
    register : Register
        What is armed.
    """

    def __init__(self, register: Register) -> None:
        self._register = register

    def rejects(self, row: OrderRow, net: int) -> bool:
        """Whether an order that was accepted is rejected as it begins to work.

        Ask once: when a new order leaves ``pending`` and when a bracket leg wakes up. The row is
        then to end with status 5 and no reason.

        Parameters
        ----------
        row : OrderRow
            The order.
        net : int
            Position of its account in its contract, negative when short.
        """
        armed = self._struck("reject", row, net)
        if armed is None:
            return False
        self._register.note(armed, f"order {row.id}")
        return True

    def most_fill(self, row: OrderRow, net: int) -> int | None:
        """Most contracts that an order may fill at this moment; None if there is no such limit.

        Ask once for each time that an order is matched; what is over stays open.
        """
        armed = self._struck("partial", row, net)
        if armed is None:
            return None
        self._register.note(armed, f"order {row.id}")
        return armed.fault.size

    def _struck(self, kind: str, row: OrderRow, net: int) -> Armed | None:
        if not self._register.any(ORDER):
            return None
        roles = roles_of(row, net)
        for armed in self._register.of(ORDER):
            fault = armed.fault
            if fault.kind != kind or fault.on not in roles:
                continue
            if not fault.means_account(row.account_id):
                continue
            if not fault.means_contract(row.contract.contract_id):
                continue
            if kind == "partial" and row.remaining <= fault.size:
                continue
            if armed.strikes(self._register.now_s):
                return armed
        return None


def roles_of(row: OrderRow, net: int) -> tuple[str, ...]:
    """What an order is for, in the words of a fault's ``on``; a leg is an exit too."""
    if row.is_leg:
        return ("stop_leg" if row.is_stop else "target_leg", EXIT)
    return (EXIT,) if net * row.side.sign < 0 else ("entry",)
