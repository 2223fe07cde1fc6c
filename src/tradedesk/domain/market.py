"""Single market data values, for edges and read-outs; bulk data travels in engine batches."""

from __future__ import annotations

import msgspec

from tradedesk.domain.ids import ContractId


class Quote(msgspec.Struct, frozen=True):
    """Top of book and session figures after merging partial updates; None where never sent."""

    contract_id: ContractId
    ts_ns: int
    last_ticks: int | None = None
    bid_ticks: int | None = None
    ask_ticks: int | None = None
    open_ticks: int | None = None
    high_ticks: int | None = None
    low_ticks: int | None = None
    volume: int | None = None


class DepthRow(msgspec.Struct, frozen=True):
    """One price level: ``size`` 0 removes it. ``is_bid`` None is a reset of the whole book."""

    is_bid: bool | None
    price_ticks: int
    size: int
    ts_ns: int
