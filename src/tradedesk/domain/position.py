"""Positions, fills and accounts as the venue reports them."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from tradedesk.domain.ids import AccountId, ContractId, OrderId, TradeId
from tradedesk.domain.order import Side


class Position(msgspec.Struct, frozen=True):
    """One netted position; ``net_size`` is negative when short and 0 when flat.

    ``average_price`` is in price units and may lie between ticks.
    """

    account_id: AccountId
    contract_id: ContractId
    net_size: int
    average_price: Decimal
    opened_ns: int = 0

    @property
    def side(self) -> Side:
        """Side that opened the position."""
        return Side.BUY if self.net_size >= 0 else Side.SELL


class Fill(msgspec.Struct, frozen=True):
    """One half-turn trade of ours. ``pnl`` is None on an opening half, gross of fees otherwise."""

    trade_id: TradeId
    account_id: AccountId
    contract_id: ContractId
    order_id: OrderId
    ts_ns: int
    side: Side
    size: int
    price_ticks: int
    pnl: Decimal | None
    fees: Decimal
    voided: bool = False


class Account(msgspec.Struct, frozen=True):
    """One trading account. ``balance`` is in dollars, realised only."""

    account_id: AccountId
    name: str
    balance: Decimal
    can_trade: bool
    visible: bool = True
    simulated: bool = True
