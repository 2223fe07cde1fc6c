"""The exchange's hours over the wire: flat by 15:10, closed markets, holidays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.practice.kernel.stand import (
    BUY,
    CANCELLED,
    FILLED,
    LIMIT,
    MARKET,
    REJECTED,
    SELL,
    STOP,
    Stand,
    chicago,
    moment,
    stand,
)

CLOSED = "outside of trading hours"


async def refused(s: Stand, account: int, symbol: str, **order: Any) -> None:
    answer = await s.place(account, symbol, **{"type": MARKET, "side": BUY, **order})
    assert (answer["success"], answer["errorCode"], answer["orderId"]) == (False, 5, None)
    assert CLOSED in answer["errorMessage"]


async def test_flat_at_ten_past_three_and_trading_again_at_five() -> None:
    start = chicago("2026-11-18T15:09:50")
    async with stand("combine-50k", "practice", hours="exchange", start=start) as s:
        account, free = s.accounts
        await s.step(1)
        entry = await s.placed(
            account,
            "ES",
            type=MARKET,
            side=BUY,
            stopLossBracket={"ticks": -400, "type": 4},
            takeProfitBracket={"ticks": 400, "type": 1},
        )
        resting = await s.placed(account, "NQ", type=LIMIT, side=SELL, limitPrice=90_000)
        await s.placed(free, "ES", type=MARKET, side=BUY)
        await s.step_to(chicago("2026-11-18T15:09:59.995"))
        late = await s.placed(account, "NQ", type=MARKET, side=BUY)
        await s.step(0.004)
        assert len(await s.working(account)) == 4
        assert (await s.order(account, entry))["status"] == FILLED

        await s.step(0.001)
        at = "2026-11-18T21:10:00"
        for id_ in (late, resting, entry + 1, entry + 2):
            row = await s.order(account, id_)
            assert (row["status"], row["updateTimestamp"]) == (CANCELLED, f"{at}+00:00")
        (closing,) = await s.working(account)
        assert (closing["creationTimestamp"], closing["type"]) == (f"{at}+00:00", MARKET)
        await refused(s, account, "ES")
        await refused(s, account, "GC", side=SELL)
        await s.step(0.008)
        assert (await s.positions(account), await s.working(account)) == ([], [])
        closed = (await s.trades(account))[-1]
        assert closed["creationTimestamp"] == f"{at}.008000+00:00"
        assert [row["size"] for row in await s.positions(free)] == [1]
        await s.placed(free, "ES", type=MARKET, side=BUY)

        # Closed from 16:00: neither in nor out, for any account.
        await s.step_to(chicago("2026-11-18T16:00:00"))
        assert [row["size"] for row in await s.positions(free)] == [2]
        await refused(s, free, "ES", side=SELL)
        assert (await s.close(free, "ES"))["errorCode"] == 5
        part = await s.rest(
            "Position/partialCloseContract",
            accountId=free,
            contractId=await s.id("ES"),
            size=1,
        )
        assert (part["errorCode"], part["errorMessage"]) == (6, None)
        await s.step_to(chicago("2026-11-18T16:59:59.999"))
        await refused(s, account, "ES")
        await s.step(0.001)
        for who in s.accounts:
            await s.placed(who, "ES", type=MARKET, side=BUY)
        await s.step(1)
        assert [row["size"] for row in await s.positions(account)] == [1]
        assert (await s.close(free, "ES"))["success"]
        await s.step(1)
        assert await s.positions(free) == []


async def test_nothing_trades_once_the_market_has_closed() -> None:
    """An order that works only after the close is rejected; one that rests cannot be moved."""
    async with stand("practice", hours="exchange", start=chicago("2026-11-20T15:59:50")) as s:
        (account,) = s.accounts
        resting = await s.placed(account, "ES", type=LIMIT, side=BUY, limitPrice=1_000.0)
        await s.step_to(chicago("2026-11-20T15:59:59.991"))
        timely = await s.placed(account, "ES", type=MARKET, side=BUY)
        await s.step(0.001)
        late = await s.placed(
            account,
            "ES",
            type=MARKET,
            side=BUY,
            stopLossBracket={"ticks": -40, "type": STOP},
            takeProfitBracket={"ticks": 40, "type": LIMIT},
        )
        await s.step(1)
        assert (await s.order(account, timely))["status"] == FILLED
        row = await s.order(account, late)
        closed = "2026-11-20T22:00:00+00:00"
        assert (row["status"], row["updateTimestamp"]) == (REJECTED, closed)
        for leg in (late + 1, late + 2):
            assert (await s.order(account, leg))["status"] == CANCELLED
        moved = await s.rest("Order/modify", accountId=account, orderId=resting, limitPrice=9_000)
        assert (moved["success"], moved["errorCode"]) == (False, 3)
        assert CLOSED in moved["errorMessage"]
        assert (await s.rest("Order/cancel", accountId=account, orderId=resting))["success"]
        assert [row["size"] for row in await s.positions(account)] == [1]


async def test_a_sunday_is_closed_until_five() -> None:
    async with stand(
        "practice", "combine-50k", hours="exchange", start=chicago("2026-11-22T16:55:00")
    ) as s:
        account, _ = s.accounts
        contract = await s.id("ES")
        await s.market.subscribe("ContractQuotes", contract)
        await s.market.subscribe("ContractTrades", contract)
        await s.step(1)
        for who in s.accounts:
            for kind in (MARKET, LIMIT, STOP):
                prices = {"limitPrice": 1_000.0} if kind == LIMIT else {"stopPrice": 90_000.0}
                await refused(s, who, "ES", type=kind, **(prices if kind != MARKET else {}))
        assert (await s.close(account, "ES"))["errorCode"] == 2
        await s.step_to(chicago("2026-11-22T16:59:59.999"))
        assert s.market.events("GatewayTrade") == []
        await refused(s, account, "ES")
        await s.step(0.001)
        await s.placed(account, "ES", type=MARKET, side=BUY)
        await s.step(10)
        assert len(await s.positions(account)) == 1
        _, rows = s.market.events("GatewayTrade")[0]
        assert moment(rows[0]["timestamp"]) >= chicago("2026-11-22T17:00:00")
        bars = await s.rest(
            "History/retrieveBars",
            contractId=contract,
            live=False,
            startTime="2026-11-22T12:00:00Z",
            endTime="2026-11-22T23:00:20Z",
            unit=1,
            unitNumber=1,
            limit=20_000,
            includePartialBar=True,
        )
        assert bars["bars"]
        assert min(moment(bar["t"]) for bar in bars["bars"]) >= chicago("2026-11-22T17:00:00")


@pytest.mark.parametrize(
    ("opened", "closes", "flat"),
    [
        ("2026-11-26T11:30:00", "2026-11-26T12:00:00", "2026-11-26T11:45:00"),
        ("2026-11-27T11:30:00", "2026-11-27T12:15:00", "2026-11-27T12:00:00"),
        ("2026-12-24T11:30:00", "2026-12-24T12:15:00", "2026-12-24T12:00:00"),
    ],
)
async def test_an_early_close_is_a_quarter_of_an_hour_late_for_a_combine(
    opened: str, closes: str, flat: str
) -> None:
    async with stand("combine-50k", hours="exchange", start=chicago(opened)) as s:
        (account,) = s.accounts
        await s.placed(account, "ES", type=MARKET, side=SELL)
        await s.step_to(chicago(flat) - timedelta(milliseconds=1))
        assert len(await s.positions(account)) == 1
        await s.step(0.009)
        assert await s.positions(account) == []
        (order,) = [o for o in s.user.user("Order") if o["side"] == BUY and o["status"] == 6]
        assert moment(order["creationTimestamp"]) == chicago(flat)
        await refused(s, account, "ES")
        world = s.venue.world
        product = world.find(await s.id("ES")).product  # type: ignore[union-attr]
        end_ns = round(chicago(closes).timestamp() * 1e9)
        assert world.hours.is_open(product, end_ns - 1)
        assert not world.hours.is_open(product, end_ns)


@pytest.mark.parametrize("day", ["2026-12-25", "2026-01-01", "2026-04-03", "2026-11-21"])
async def test_nothing_trades_on_a_holiday_or_a_saturday(day: str) -> None:
    async with stand("practice", hours="exchange", start=chicago(f"{day}T09:00:00")) as s:
        await s.step(1)
        await refused(s, s.accounts[0], "ES")
        await refused(s, s.accounts[0], "GC")
