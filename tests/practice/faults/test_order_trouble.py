"""Faults inside the venue's books, seen from the client's side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.practice.faults.arming import MARKET_BUY, MARKET_SELL, arm, strikes

if TYPE_CHECKING:
    from tests.practice.clients import Trader

REJECTED = 5


async def test_an_exit_is_accepted_and_then_rejected_without_a_reason(trader: Trader) -> None:
    contract = await trader.contract()
    entry = (await trader.place(contract, **MARKET_BUY))["orderId"]
    await trader.until_status(entry, 2)
    await arm(trader.rest, "exit", "reject", times=2)
    answer = await trader.place(contract, **MARKET_SELL)
    assert (answer["success"], answer["errorCode"]) == (True, 0)
    row = await trader.until_status(answer["orderId"], REJECTED)
    assert row["fillVolume"] == 0
    assert not any("reason" in name.lower() or "message" in name.lower() for name in row)
    mine = {"accountId": trader.account, "contractId": contract}
    assert (await trader.rest("Position/closeContract", **mine))["success"]
    await trader.user.until(
        lambda: sum(o["status"] == REJECTED for o in trader.user.user("Order")) == 2
    )
    assert (await trader.positions())[0]["size"] == 1
    await trader.rest("Position/closeContract", **mine)
    await trader.user.until(lambda: trader.user.events("GatewayUserPosition")[-1][0]["action"] == 2)
    assert len(await strikes(trader.rest)) == 2


async def test_the_stop_leg_is_rejected_as_it_wakes_up(trader: Trader) -> None:
    contract = await trader.contract()
    await arm(trader.rest, "stop_leg", "reject")
    entry = await trader.place(
        contract,
        **MARKET_BUY,
        stopLossBracket={"ticks": -400, "type": 4},
        takeProfitBracket={"ticks": 400, "type": 1},
    )
    await trader.until_status(entry["orderId"], 2)
    stop = await trader.user.until(
        lambda: next((o for o in trader.user.user("Order") if o["status"] == REJECTED), None)
    )
    assert stop["type"] == 4
    assert (await trader.positions())[0]["size"] == 1
    struck = [s["struck"] for s in await strikes(trader.rest)]
    assert struck == [f"order {stop['id']}"]


async def test_a_partial_fill_is_forced(trader: Trader) -> None:
    contract = await trader.contract()
    await arm(trader.rest, "entry", "partial", size=2)
    order = (await trader.place(contract, **{**MARKET_BUY, "size": 5}))["orderId"]
    part = await trader.user.until(
        lambda: next(
            (o for o in trader.user.user("Order") if o["id"] == order and o["fillVolume"]), None
        )
    )
    assert (part["status"], part["fillVolume"]) == (1, 2)
    row = await trader.until_status(order, 2)
    assert row["fillVolume"] == 5
    (trade, *rest) = trader.user.user("Trade")
    assert trade["size"] + sum(one["size"] for one in rest) == 5
