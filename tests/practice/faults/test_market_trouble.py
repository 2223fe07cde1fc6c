"""Faults of market data, seen from the client's side."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from tests.practice.faults.arming import arm, strikes

if TYPE_CHECKING:
    from tests.practice.clients import Trader

KINDS = {
    "quotes": ("ContractQuotes", "GatewayQuote"),
    "trades": ("ContractTrades", "GatewayTrade"),
    "depth": ("ContractMarketDepth", "GatewayDepth"),
}


async def watch(trader: Trader, *symbols: str) -> list[str]:
    """Subscribe to everything of some contracts and wait until all of it flows."""
    contracts = [await trader.contract(symbol) for symbol in symbols]
    for contract in contracts:
        for kind, _ in KINDS.values():
            await trader.market.subscribe(kind, contract)
    for contract in contracts:
        for _, target in KINDS.values():
            await flows(trader, target, contract)
    return contracts


async def flows(trader: Trader, target: str, contract: str) -> None:
    await trader.market.until(lambda: count(trader, target, contract) > 1)


def of(trader: Trader, target: str, contract: str) -> list[Any]:
    return [event[1] for event in trader.market.events(target) if event[0] == contract]


def count(trader: Trader, target: str, contract: str) -> int:
    return len(of(trader, target, contract))


@pytest.mark.parametrize("data", ["any", "quotes", "trades", "depth"])
async def test_data_freeze_on_one_contract_and_thaw(trader: Trader, data: str) -> None:
    frozen, other = await watch(trader, "MNQ", "MES")
    fault = {"contract": "MNQ", "data": data, "seconds": 1.5}
    await arm(trader.rest, "market_hub", "freeze", **fault)
    struck = 0
    while not struck:
        struck = len(await strikes(trader.rest))
    trader.market.records.clear()
    began = time.monotonic()
    await trader.market.until(lambda: count(trader, "GatewayTrade", other) >= 2)
    stopped = [target for kind, (_, target) in KINDS.items() if data in ("any", kind)]
    if time.monotonic() - began < 1.2:
        assert [count(trader, target, frozen) for target in stopped] == [0] * len(stopped)
    await trader.market.until(lambda: all(count(trader, t, frozen) for t in stopped))
    assert [s["struck"] for s in await strikes(trader.rest)] == ["MNQ"]


async def test_a_gap_loses_records_and_says_nothing(trader: Trader) -> None:
    (contract,) = await watch(trader, "MNQ")
    await arm(trader.rest, "market_hub", "gap", data="depth", count=3, id="gap")
    while not await strikes(trader.rest):
        continue
    heard = count(trader, "GatewayDepth", contract)
    await trader.market.until(lambda: count(trader, "GatewayDepth", contract) > heard + 2)
    assert not trader.market.closed
    assert [s["struck"] for s in await strikes(trader.rest)] == [f"depth of {contract}"]


def age_s(stamp: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(stamp)).total_seconds()


async def test_time_stamps_are_stale(trader: Trader) -> None:
    (contract,) = await watch(trader, "MNQ")
    assert age_s(of(trader, "GatewayQuote", contract)[-1]["timestamp"]) < 10
    await arm(trader.rest, "market_hub", "stale", seconds=90, times=1)
    await trader.market.until(
        lambda: age_s(of(trader, "GatewayQuote", contract)[-1]["timestamp"]) >= 89
    )
    await trader.market.until(
        lambda: age_s(of(trader, "GatewayTrade", contract)[-1][-1]["timestamp"]) >= 89
    )
    await trader.rest.control("clear_faults")
    await trader.market.until(
        lambda: age_s(of(trader, "GatewayQuote", contract)[-1]["timestamp"]) < 30
    )


async def test_the_book_is_crossed(trader: Trader) -> None:
    (contract,) = await watch(trader, "MNQ")
    await arm(trader.rest, "market_hub", "crossed", ticks=4)

    def merged() -> dict[str, Any]:
        quote: dict[str, Any] = {}
        for change in of(trader, "GatewayQuote", contract):
            quote |= change
        return quote

    await trader.market.until(lambda: merged()["bestBid"] - merged()["bestAsk"] == 4 * 0.25)
    await trader.rest.control("clear_faults")
    await trader.market.until(lambda: merged()["bestBid"] < merged()["bestAsk"])
