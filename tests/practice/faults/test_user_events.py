"""Faults on user events: lost, doubled, late, overtaken, held back."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from tests.practice.faults.arming import MARKET_BUY, arm, armed, strikes

if TYPE_CHECKING:
    from tests.practice.clients import Trader


def told(trader: Trader) -> list[str]:
    """Kinds of events in the order in which they came, with the status of orders."""
    found = []
    for record in trader.user.records:
        target = str(record.get("target", ""))
        if target.startswith("GatewayUser"):
            data = record["arguments"][0]["data"]
            status = data["status"] if target.endswith("Order") else ""
            found.append(f"{target.removeprefix('GatewayUser')}{status}")
    return found


async def buy(trader: Trader, until: str = "Account", count: int = 1) -> list[str]:
    """Buy at market and wait for the last event of the fill; returns what was told."""
    trader.user.records.clear()
    contract = await trader.contract()
    await trader.place(contract, **MARKET_BUY)
    await trader.user.until(lambda: told(trader).count(until) >= count)
    return told(trader)


HEALTHY = ["Order6", "Order2", "Trade", "Position", "Account"]


async def test_without_faults_all_is_told_in_order(trader: Trader) -> None:
    assert await buy(trader) == HEALTHY


@pytest.mark.parametrize(
    ("event", "lost"),
    [("trade", "Trade"), ("position", "Position"), ("order", "Order6")],
)
async def test_one_event_is_lost(trader: Trader, event: str, lost: str) -> None:
    await arm(trader.rest, "user_hub", "lose", event=event)
    assert await buy(trader) == [kind for kind in HEALTHY if kind != lost]
    assert await buy(trader) == HEALTHY
    assert (await trader.positions())[0]["size"] == 2


async def test_so_many_events_are_lost_after_some(trader: Trader) -> None:
    await arm(trader.rest, "user_hub", "lose", after=1, times=3)
    assert await buy(trader) == ["Order6", "Account"]


async def test_an_event_comes_twice(trader: Trader) -> None:
    await arm(trader.rest, "user_hub", "double", event="trade")
    assert await buy(trader) == [*HEALTHY[:3], "Trade", *HEALTHY[3:]]
    first, second = trader.user.user("Trade")
    assert first == second


async def test_an_event_comes_late(trader: Trader) -> None:
    await arm(trader.rest, "user_hub", "late", event="trade", seconds=0.5)
    began = time.monotonic()
    assert await buy(trader, until="Trade") == [*HEALTHY[:2], *HEALTHY[3:], "Trade"]
    assert time.monotonic() - began >= 0.5


async def test_an_event_is_overtaken(trader: Trader) -> None:
    await arm(trader.rest, "user_hub", "reorder", event="order", after=1, count=2)
    assert await buy(trader) == ["Order6", "Trade", "Position", "Order2", "Account"]


async def test_an_event_that_nothing_overtakes_comes_all_the_same(trader: Trader) -> None:
    await arm(trader.rest, "user_hub", "reorder", event="account", seconds=0.2)
    assert await buy(trader) == HEALTHY


async def test_events_are_held_until_they_are_released(trader: Trader) -> None:
    await arm(trader.rest, "user_hub", "hold", event="trade", times=0)
    await arm(trader.rest, "user_hub", "hold", event="position", times=0)
    assert await buy(trader) == ["Order6", "Order2", "Account"]
    assert (await trader.positions())[0]["size"] == 1
    await asyncio.sleep(0.2)
    assert "Trade" not in told(trader)
    await trader.rest.control("release")
    await trader.user.until(lambda: told(trader)[-2:] == ["Trade", "Position"])
    assert len(await armed(trader.rest)) == 2


async def test_held_events_come_when_faults_are_cleared(trader: Trader) -> None:
    await arm(trader.rest, "user_hub", "hold", event="trade", seconds=30)
    await buy(trader)
    await trader.rest.control("clear_faults")
    await trader.user.until(lambda: told(trader)[-1] == "Trade")


async def test_events_of_another_contract_are_left_alone(trader: Trader) -> None:
    await arm(trader.rest, "user_hub", "lose", contract="MES", times=0)
    assert await buy(trader) == HEALTHY
    assert await strikes(trader.rest) == []
