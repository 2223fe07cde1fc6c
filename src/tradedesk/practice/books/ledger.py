"""Money and positions of one account. Pure, exact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tradedesk.domain.order import Side
    from tradedesk.practice.products import Contract, Product

_CENT: Final = Decimal("0.01")


@dataclass(slots=True)
class HalfTurn:
    """One fill. ``pnl`` is gross of fees, None when nothing was closed; ``px`` is in ticks."""

    id: int
    account_id: int
    contract: Contract
    order_id: int
    ts_ns: int
    side: Side
    size: int
    px: int
    pnl: Decimal | None
    fees: Decimal


@dataclass(slots=True)
class PositionRow:
    """A netted position: ``net`` is negative when short; ``cost`` is what it was opened for.

    ``cost`` is in dollars, positive: contracts times price at tick value per tick.
    """

    id: int
    contract: Contract
    opened_ns: int
    net: int = 0
    cost: Decimal = Decimal(0)

    @property
    def average(self) -> Decimal:
        """Average opening price in price units; 0 when flat."""
        if not self.net:
            return Decimal(0)
        product = self.contract.product
        return self.cost / abs(self.net) / product.tick_value * product.tick.size


class Ledger:
    """One account: balance, positions and half-turn trades.

    Positions are netted at average cost. The cost that leaves with a part of a position is
    rounded to the cent; the last part takes the remainder, so that profit over a round trip is
    exact to the cent whatever it was closed in.

    Parameters
    ----------
    account_id : int
        Whose ledger it is.
    balance : Decimal
        Dollars to begin with.
    first_trade_id, first_position_id : int
        Where ids begin.
    """

    def __init__(
        self, account_id: int, balance: Decimal, first_trade_id: int, first_position_id: int
    ) -> None:
        self.account_id = account_id
        self.balance = balance
        self.trades: list[HalfTurn] = []
        self._positions: dict[str, PositionRow] = {}
        self._next_trade = first_trade_id
        self._next_position = first_position_id

    def position(self, contract_id: str) -> PositionRow | None:
        """The open position on a contract, or None when flat."""
        return self._positions.get(contract_id)

    def positions(self) -> list[PositionRow]:
        """Open positions, oldest first."""
        return list(self._positions.values())

    def adjust(self, amount: Decimal) -> None:
        """Move the balance by something that is no trade: a payout or a fee, negative if paid."""
        self.balance += amount

    def fill(
        self, contract: Contract, order_id: int, side: Side, size: int, px: int, ts_ns: int
    ) -> tuple[HalfTurn, PositionRow]:
        """Book one fill.

        Returns
        -------
        HalfTurn
            The trade as it was booked.
        PositionRow
            The position afterwards; ``net`` 0 when it is gone.
        """
        product = contract.product
        row = self._positions.get(contract.contract_id)
        if row is None:
            row = PositionRow(self._next_position, contract, ts_ns)
            self._next_position += 1
            self._positions[contract.contract_id] = row
        closed = min(size, abs(row.net)) if row.net * side.sign < 0 else 0
        pnl = _close(row, closed, px) if closed else None
        opened = size - closed
        if opened:
            if closed:
                row.opened_ns = ts_ns
            row.net += opened * side.sign
            row.cost += product.tick_value * px * opened
        fees = product.fee * size
        self.balance += (pnl or Decimal(0)) - fees
        if not row.net:
            del self._positions[contract.contract_id]
        trade = HalfTurn(
            self._next_trade, self.account_id, contract, order_id, ts_ns, side, size, px, pnl, fees
        )
        self._next_trade += 1
        self.trades.append(trade)
        return trade, row


def _close(row: PositionRow, size: int, px: int) -> Decimal:
    """Take contracts out of a position; returns the profit."""
    product: Product = row.contract.product
    sign = 1 if row.net > 0 else -1
    if size == abs(row.net):
        gone = row.cost
    else:
        gone = (row.cost * size / abs(row.net)).quantize(_CENT, ROUND_HALF_EVEN)
    row.cost -= gone
    row.net -= sign * size
    return (product.tick_value * px * size - gone) * sign
