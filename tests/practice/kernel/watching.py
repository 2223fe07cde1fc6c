"""What a client makes of the market hub's records."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.practice.clients import Hub

RESET, BID, ASK = 6, 2, 1


def trades_heard(hub: Hub, contract: str, since: int = 0) -> list[dict[str, Any]]:
    """Trades of a contract, oldest first, from a record on."""
    return [row for rows in _of(hub, "GatewayTrade", contract, since) for row in rows]


def seconds_of(trades: list[dict[str, Any]]) -> float:
    """Venue seconds between the first trade and the last."""
    if not trades:
        return 0.0
    first, last = (datetime.fromisoformat(trades[at]["timestamp"]) for at in (0, -1))
    return (last - first).total_seconds()


async def merged_quote(
    hub: Hub, contract: str, since: int, at: datetime | None, until_has: str
) -> dict[str, Any]:
    """Quotes put together, from a record on, once they have some member; of one moment if given."""

    def whole() -> dict[str, Any] | None:
        quote: dict[str, Any] = {}
        for part in _of(hub, "GatewayQuote", contract, since):
            if at is None or datetime.fromisoformat(part["timestamp"]) == at:
                quote |= part
        return quote if until_has in quote else None

    quote: dict[str, Any] = await hub.until(whole)
    return quote


def bars_of(trades: list[dict[str, Any]], unit: int) -> list[dict[str, Any]]:
    """Bars of one second (1) or one minute (2), as the wire has them."""
    bars: dict[datetime, list[dict[str, Any]]] = {}
    for row in trades:
        at = datetime.fromisoformat(row["timestamp"]).astimezone(UTC).replace(microsecond=0)
        bars.setdefault(at if unit == 1 else at.replace(second=0), []).append(row)
    return [
        {
            "t": at.isoformat(),
            "o": rows[0]["price"],
            "h": max(row["price"] for row in rows),
            "l": min(row["price"] for row in rows),
            "c": rows[-1]["price"],
            "v": sum(row["volume"] for row in rows),
        }
        for at, rows in bars.items()
    ]


class DepthBook:
    """A book kept from depth records: a reset empties it, a size replaces, 0 removes."""

    def __init__(self) -> None:
        self.sizes: dict[tuple[int, float], int] = {}
        self.resets = 0

    @staticmethod
    def events(hub: Hub, contract: str, since: int = 0) -> list[list[dict[str, Any]]]:
        """Lists of depth rows, from a record on."""
        return _of(hub, "GatewayDepth", contract, since)

    def apply(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            if row["type"] == RESET:
                self.resets += 1
                self.sizes.clear()
            elif row["volume"]:
                self.sizes[(row["type"], row["price"])] = row["volume"]
            else:
                self.sizes.pop((row["type"], row["price"]), None)

    def side(self, kind: int) -> list[tuple[float, int]]:
        """Prices and sizes of one side, the best first."""
        found = [(px, size) for (one, px), size in self.sizes.items() if one == kind]
        return sorted(found, reverse=kind == BID)


def _of(hub: Hub, target: str, contract: str, since: int) -> list[Any]:
    return [
        record["arguments"][1]
        for record in hub.records[since:]
        if record.get("target") == target and record["arguments"][0] == contract
    ]
