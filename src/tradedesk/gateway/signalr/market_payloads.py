"""Payloads of the market hub as the client reads them: times stay text, to be parsed exactly."""

from __future__ import annotations

import msgspec


class QuoteRow(msgspec.Struct, rename="camel"):
    """A quote; absent members are unchanged."""

    last_price: float | None = None
    best_bid: float | None = None
    best_ask: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None
    timestamp: str | None = None
    last_updated: str | None = None


class TradeRow(msgspec.Struct):
    """A trade; ``type`` 0 was bought, 1 sold by the aggressor."""

    price: float
    timestamp: str
    type: int
    volume: float


class DepthRow(msgspec.Struct):
    """A change of the book; ``type`` is a DomType."""

    timestamp: str
    type: int
    price: float
    volume: float


# Production sends lists of trades and levels, the documentation shows one object.
decode_quote = msgspec.json.Decoder(tuple[str, QuoteRow]).decode
decode_trades = msgspec.json.Decoder(tuple[str, list[TradeRow] | TradeRow]).decode
decode_depth = msgspec.json.Decoder(tuple[str, list[DepthRow] | DepthRow]).decode
