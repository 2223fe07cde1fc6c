"""Hub records: the SignalR envelope and the payloads of both hubs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from tradedesk.gateway.wire.base import Wire

RECORD_SEPARATOR = b"\x1e"


class Handshake(Wire, kw_only=True):
    """First record from the client."""

    protocol: str
    version: int


class HubRecord(Wire, omit_defaults=True, kw_only=True):
    """Any record: type 1 invocation, 3 completion, 6 ping, 7 close.

    ``arguments`` stays raw so that each target is decoded by its own typed decoder, and unknown
    targets cost nothing.
    """

    type: int | None = None
    target: str | None = None
    arguments: msgspec.Raw = msgspec.Raw()
    invocation_id: str | None = None
    result: Any = None
    error: str | None = None
    allow_reconnect: bool | None = None


class NegotiateResponse(Wire, omit_defaults=True, kw_only=True):
    """Answer of POST /hubs/<hub>/negotiate."""

    negotiate_version: int
    connection_id: str
    available_transports: list[dict[str, Any]]
    connection_token: str | None = None


class QuotePayload(Wire, omit_defaults=True, kw_only=True):
    """GatewayQuote, second argument. After the first one only changed members are present."""

    symbol: str
    symbol_name: str | None = None
    last_price: float | None = None
    best_bid: float | None = None
    best_ask: float | None = None
    change: float | None = None
    change_percent: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None
    last_updated: datetime | None = None
    timestamp: datetime | None = None


class TradePayload(Wire, kw_only=True):
    """One row of GatewayTrade: ``type`` 0 buy or 1 sell is the aggressor's side."""

    symbol_id: str
    price: float
    timestamp: datetime
    type: int
    volume: int


class DepthPayload(Wire, kw_only=True):
    """One row of GatewayDepth; ``type`` is a DomType: 1 ask, 2 bid, 6 reset, 9/10 new best."""

    timestamp: datetime
    type: int
    price: float
    volume: int
    current_volume: int
