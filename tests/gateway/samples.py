"""Payloads in the form that the venue documents or was seen to send, with made-up values."""

from __future__ import annotations

from typing import Any

MNQ: dict[str, Any] = {
    "id": "CON.F.US.MNQ.Z25",
    "name": "MNQZ5",
    "description": "Micro E-mini Nasdaq-100: December 2025",
    "tickSize": 0.25,
    "tickValue": 0.5,
    "activeContract": True,
    "symbolId": "F.US.MNQ",
}
ES: dict[str, Any] = MNQ | {
    "id": "CON.F.US.EP.Z25",
    "name": "ESZ5",
    "description": "E-mini S&P 500: December 2025",
    "tickValue": 12.5,
    "symbolId": "F.US.EP",
}
MES: dict[str, Any] = MNQ | {
    "id": "CON.F.US.MES.Z25",
    "name": "MESZ5",
    "description": "Micro E-mini S&P 500: December 2025",
    "tickValue": 1.25,
    "symbolId": "F.US.MES",
}
ACCOUNT: dict[str, Any] = {
    "id": 50012345,
    "name": "PRAC-V2-70001-10000001",
    "balance": 149999.26,
    "canTrade": True,
    "isVisible": True,
    "simulated": True,
}
ORDER: dict[str, Any] = {
    "id": 9100271,
    "accountId": 50012345,
    "contractId": "CON.F.US.MNQ.Z25",
    "symbolId": "F.US.MNQ",
    "creationTimestamp": "2025-11-20T15:03:11.482913+00:00",
    "updateTimestamp": "2025-11-20T15:08:02.000417+00:00",
    "status": 2,
    "type": 1,
    "side": 0,
    "size": 2,
    "limitPrice": 24950.25,
    "fillVolume": 2,
    "filledPrice": 24950.25,
    "customTag": "dt-7f3a",
}
TRADE: dict[str, Any] = {
    "id": 8800405,
    "accountId": 50012345,
    "contractId": "CON.F.US.MNQ.Z25",
    "creationTimestamp": "2025-11-20T15:08:02.000417+00:00",
    "price": 24950.25,
    "profitAndLoss": None,
    "fees": 0.74,
    "side": 0,
    "size": 2,
    "voided": False,
    "orderId": 9100271,
}
POSITION: dict[str, Any] = {
    "id": 6100044,
    "accountId": 50012345,
    "contractId": "CON.F.US.MNQ.Z25",
    "contractDisplayName": "MNQZ25",
    "creationTimestamp": "2025-11-20T15:08:02.000417+00:00",
    "type": 1,
    "size": 2,
    "averagePrice": 24950.25,
}
QUOTE: dict[str, Any] = {
    "symbol": "F.US.MNQ",
    "symbolName": "/MNQ",
    "lastPrice": 24951.0,
    "bestBid": 24950.75,
    "bestAsk": 24951.25,
    "change": 61.5,
    "changePercent": 0.0025,
    "open": 24889.5,
    "high": 24998.0,
    "low": 24850.0,
    "volume": 812345,
    "lastUpdated": "2025-11-20T15:08:02.1+00:00",
    "timestamp": "2025-11-20T15:08:02.1+00:00",
}
PARTIAL_QUOTE: dict[str, Any] = {
    "symbol": "F.US.MNQ",
    "bestBid": 24951.0,
    "timestamp": "2025-11-20T15:08:02.3+00:00",
    "lastUpdated": "2025-11-20T15:08:02.3+00:00",
}
MARKET_TRADE: dict[str, Any] = {
    "symbolId": "F.US.MNQ",
    "price": 24951.25,
    "timestamp": "2025-11-20T15:08:02.35+00:00",
    "type": 0,
    "volume": 3,
}
DEPTH: list[dict[str, Any]] = [
    {
        "timestamp": "2025-11-20T15:08:02.4+00:00",
        "type": 6,
        "price": 0,
        "volume": 0,
        "currentVolume": 0,
    },
    {
        "timestamp": "2025-11-20T15:08:02.4+00:00",
        "type": 2,
        "price": 24951.0,
        "volume": 14,
        "currentVolume": 14,
    },
    {
        "timestamp": "2025-11-20T15:08:02.4+00:00",
        "type": 1,
        "price": 24951.25,
        "volume": 9,
        "currentVolume": 9,
    },
]
