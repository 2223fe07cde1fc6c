"""What an account must be, worked out again from its trades."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

START = Decimal(150_000)
OPEN, FILLED, CANCELLED, REJECTED, PENDING, SUSPENDED = 1, 2, 3, 5, 6, 8


def audit(books: dict[str, Any]) -> None:
    """Compare balance, positions and orders with the trades that made them."""
    trades, orders = books["trades"], {row["id"]: row for row in books["orders"]}
    _money(books["accounts"], trades)
    _positions(books["positions"], trades)
    filled: dict[int, int] = defaultdict(int)
    for trade in trades:
        filled[trade["orderId"]] += trade["size"]
        assert trade["orderId"] in orders
    assert len({trade["id"] for trade in trades}) == len(trades)
    for row in orders.values():
        assert row["fillVolume"] == filled[row["id"]] <= row["size"]
        assert (row["status"] == FILLED) == (row["fillVolume"] == row["size"])
        assert row["status"] in (OPEN, FILLED, CANCELLED, REJECTED, PENDING, SUSPENDED)
        assert (row["filledPrice"] is None) == (row["fillVolume"] == 0)
        if row["status"] == REJECTED:
            assert row["fillVolume"] == 0
    assert {row["id"] for row in books["open"]} <= set(orders)
    tags = [row["customTag"] for row in orders.values() if row["customTag"] is not None]
    assert len(set(tags)) == len(tags)


def _money(accounts: list[dict[str, Any]], trades: list[dict[str, Any]]) -> None:
    (account,) = accounts
    profit = sum((Decimal(str(row["profitAndLoss"] or 0)) for row in trades), Decimal(0))
    fees = sum((Decimal(str(row["fees"])) for row in trades), Decimal(0))
    assert Decimal(str(account["balance"])) == START + profit - fees


def _positions(positions: list[dict[str, Any]], trades: list[dict[str, Any]]) -> None:
    net: dict[str, int] = defaultdict(int)
    for trade in trades:
        net[trade["contractId"]] += trade["size"] if trade["side"] == 0 else -trade["size"]
    held = {row["contractId"]: row["size"] * (1 if row["type"] == 1 else -1) for row in positions}
    assert held == {contract: size for contract, size in net.items() if size}
    assert all(row["size"] > 0 and row["averagePrice"] > 0 for row in positions)
