"""Accounts driven into their limits over the wire, compared with sums done from what was heard."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.practice.clients import Hub
from tests.practice.kernel.stand import (
    BUY,
    CANCELLED,
    FILLED,
    LIMIT,
    MARKET,
    OPEN,
    SELL,
    Stand,
    chicago,
    moment,
    money,
    stand,
)

TICK, TICK_VALUE, FEE = Decimal("0.25"), Decimal("12.50"), Decimal("1.40")
"""One ES, as the exchange and the fee table have it."""


def worth(points: Decimal, contracts: int = 1) -> Decimal:
    """Dollars of a move in ES."""
    return points / TICK * TICK_VALUE * contracts


async def trades_told(s: Stand, symbol: str) -> list[dict[str, Any]]:
    """Trades of the market as the hub told them."""
    contract = await s.id(symbol)
    return [row for id_, rows in s.market.events("GatewayTrade") if id_ == contract for row in rows]


async def by_hand(s: Stand, account: int, start: Decimal) -> Decimal:
    """Balance from prices, sizes and sides of the half-turns alone; the account must be flat."""
    cash, fees, net = Decimal(0), Decimal(0), 0
    for row in await s.trades(account):
        sign = 1 if row["side"] == BUY else -1
        cash -= worth(money(row["price"]), row["size"]) * sign
        net += row["size"] * sign
        fees += FEE * row["size"]
        assert money(row["fees"]) == FEE * row["size"]
    assert net == 0
    return start + cash - fees


async def sink(s: Stand, symbol: str, ticks: int) -> None:
    """Bend the price and let it get there."""
    answer = await s.control("nudge", contractId=await s.id(symbol), ticks=ticks, seconds=60)
    assert answer["success"], answer


async def first_breach(s: Stand, entry: dict[str, Any], balance: Decimal, floor: Decimal) -> Any:
    """The first trade of the market at which balance and open profit are at the floor or below."""
    sign = 1 if entry["side"] == BUY else -1
    since = moment(entry["creationTimestamp"])
    for row in await trades_told(s, "ES"):
        if moment(row["timestamp"]) <= since:
            continue
        points = (money(row["price"]) - money(entry["price"])) * sign
        if balance + worth(points, entry["size"]) <= floor:
            return row
    raise AssertionError("the floor was never reached")


@pytest.mark.parametrize(
    ("kind", "start", "width", "text"),
    [
        ("combine-50k", "50000", "2000", "maximum loss limit"),
        ("express-50k", "0", "2000", "maximum loss limit"),
        ("combine-50k:daily-loss", "50000", "1000", "daily loss limit"),
        ("combine-50k:daily-loss=333.33", "50000", "333.33", "daily loss limit"),
        # 20 ticks and the fee: reached to the cent, which is enough.
        ("combine-50k:daily-loss=251.40", "50000", "251.40", "daily loss limit"),
    ],
)
@pytest.mark.parametrize("side", [BUY, SELL])
async def test_open_loss_alone_reaches_the_floor(
    kind: str, start: str, width: str, text: str, side: int
) -> None:
    began, floor = Decimal(start), Decimal(start) - Decimal(width)
    sign = 1 if side == BUY else -1
    async with stand(kind, "practice") as s:
        account, other = s.accounts
        await s.market.subscribe("ContractTrades", await s.id("ES"))
        await s.step(1)
        entry = await s.placed(
            account,
            "ES",
            type=MARKET,
            side=side,
            stopLossBracket={"ticks": -4_000 * sign, "type": 4},
            takeProfitBracket={"ticks": 4_000 * sign, "type": 1},
        )
        calm = await s.placed(other, "ES", type=MARKET, side=side)
        await s.step(1)
        (opening,) = await s.trades(account)
        balance = began - FEE
        assert money((await s.account(account))["balance"]) == balance
        far = money(opening["price"]) - 500 * sign
        resting = await s.placed(account, "ES", type=LIMIT, side=side, limitPrice=float(far))
        await s.step(1)
        legs = {entry + 1, entry + 2}
        assert {row["id"] for row in await s.working(account)} == {resting, *legs}

        await sink(s, "ES", -400 * sign)
        for _ in range(30):
            if not (await s.account(account))["canTrade"]:
                break
            await s.step(5)
        breach = await first_breach(s, opening, balance, floor)

        # It struck at that trade and at no other, and the market order went out at once.
        closing = (await s.trades(account))[-1]
        order = await s.order(account, closing["orderId"])
        assert order["creationTimestamp"] == breach["timestamp"]
        assert (order["status"], order["type"], order["side"]) == (FILLED, MARKET, 1 - side)
        # The hub: account first shut, orders cancelled, the position gone.
        shut = next(one for one in s.accounts_heard(account) if not one["canTrade"])
        assert money(shut["balance"]) == balance
        for id_ in (resting, *legs):
            last = s.orders_heard(id_)[-1]
            assert (last["status"], last["updateTimestamp"]) == (CANCELLED, breach["timestamp"])
            assert await s.order(account, id_) == last
        gone = [one for one in s.user.user("Position") if one["accountId"] == account][-1]
        assert (gone["type"], gone["size"]) == (0, 0)
        # REST says the same, and the balance is that of prices and fees.
        row = await s.account(account)
        assert (await s.positions(account), await s.working(account)) == ([], [])
        assert money(row["balance"]) == await by_hand(s, account, began)
        assert row == s.accounts_heard(account)[-1]
        assert not row["canTrade"]
        refused = await s.place(account, "ES", type=MARKET, side=side)
        assert (refused["success"], refused["errorCode"], refused["orderId"]) == (False, 4, None)
        assert text in refused["errorMessage"]
        # The account beside it holds what it held.
        assert [one["size"] for one in await s.positions(other)] == [1]
        assert (await s.account(other))["canTrade"]
        assert (await s.order(other, calm))["status"] == FILLED


async def test_a_daily_lock_ends_at_five_in_chicago_and_a_failure_does_not() -> None:
    async with stand("combine-50k:daily-loss=300", "combine-50k") as s:
        locked, failed = s.accounts
        await s.step(1)
        await s.placed(locked, "ES", type=MARKET, side=BUY)
        await s.placed(failed, "ES", type=MARKET, side=BUY, size=3)
        await s.step(1)
        await sink(s, "ES", -150)
        await s.step(90)
        assert [(await s.account(one))["canTrade"] for one in s.accounts] == [False, False]
        balance = money((await s.account(locked))["balance"])
        assert balance == await by_hand(s, locked, Decimal(50_000))

        await s.step_to(chicago("2026-11-18T16:59:59"))
        assert (await s.place(locked, "ES", type=MARKET, side=BUY))["errorCode"] == 4
        heard = len(s.accounts_heard(locked)), len(s.accounts_heard(failed))
        await s.step(1)
        assert [(await s.account(one))["canTrade"] for one in s.accounts] == [True, False]
        assert [one["canTrade"] for one in s.accounts_heard(locked)[heard[0] :]] == [True]
        assert s.accounts_heard(failed)[heard[1] :] == []
        refused = await s.place(failed, "ES", type=MARKET, side=BUY)
        assert (refused["errorCode"], "maximum loss" in refused["errorMessage"]) == (4, True)

        # A new day: 300 below the balance of 17:00, to the cent.
        await s.market.subscribe("ContractTrades", await s.id("ES"))
        await s.placed(locked, "ES", type=MARKET, side=BUY)
        await s.step(1)
        opening = (await s.trades(locked))[-1]
        await sink(s, "ES", -60)
        await s.step(120)
        breach = await first_breach(s, opening, balance - FEE, balance - 300)
        closing = (await s.trades(locked))[-1]
        order = await s.order(locked, closing["orderId"])
        assert order["creationTimestamp"] == breach["timestamp"]
        await s.market.invoke("UnsubscribeContractTrades", await s.id("ES"))
        await s.step_to(chicago("2026-11-19T17:00:00"))
        assert [(await s.account(one))["canTrade"] for one in s.accounts] == [True, False]


async def test_the_cap_counts_minis_micros_both_ways_and_what_works() -> None:
    async with stand("combine-50k", "express-50k") as s:
        account, express = s.accounts
        await s.step(1)

        async def refused(symbol: str, who: int = account, **order: Any) -> None:
            answer = await s.place(who, symbol, **{"type": MARKET, **order})
            assert (answer["success"], answer["errorCode"]) == (False, 2)
            assert "maximum position size exceeded" in answer["errorMessage"]
            assert answer["orderId"] is None

        await refused("ES", side=BUY, size=6)
        await refused("MES", side=BUY, size=51)
        await s.placed(account, "ES", type=MARKET, side=BUY, size=3)
        await s.placed(account, "MES", type=MARKET, side=BUY, size=10)
        await s.step(1)
        await refused("NQ", side=SELL, size=2)
        await refused("MNQ", side=SELL, size=11)
        await s.placed(account, "MNQ", type=MARKET, side=SELL, size=9)
        await s.step(1)
        # 3 + 1 + 0.9 lots: one micro is left, and an order that rests takes it.
        await refused("MES", side=BUY, size=2)
        low = float(money((await s.positions(account))[0]["averagePrice"]) // 1 - 200)
        resting = await s.placed(account, "MES", type=LIMIT, side=BUY, limitPrice=low)
        await s.step(1)
        await refused("MES", side=BUY, type=LIMIT, limitPrice=low)
        grown = await s.rest("Order/modify", accountId=account, orderId=resting, size=2)
        assert (grown["success"], grown["errorCode"]) == (False, 3)
        assert "maximum position size exceeded" in grown["errorMessage"]
        assert (await s.order(account, resting))["size"] == 1
        # What closes is taken, whole and in part; then there is room again.
        await s.placed(account, "ES", type=MARKET, side=SELL, size=1)
        await s.step(1)
        grown = await s.rest("Order/modify", accountId=account, orderId=resting, size=11)
        assert grown["success"], grown
        await refused("MES", side=BUY)
        await refused("ES", express, side=BUY, size=3)
        await refused("MES", express, side=SELL, size=21)
        await s.placed(express, "ES", type=MARKET, side=BUY, size=2)
        await s.step(1)
        await refused("MNQ", express, side=BUY, size=1)
        sizes = {row["contractId"]: row["size"] for row in await s.positions(account)}
        assert sizes == {await s.id("ES"): 2, await s.id("MES"): 10, await s.id("MNQ"): 9}
        assert all(row["status"] == OPEN for row in await s.working(account))


async def test_one_account_never_shows_in_another() -> None:
    async with stand("practice", "practice", "express-50k") as s:
        one, two, three = s.accounts
        async with Hub(s.venue.description()["user_hub"], s.rest.token) as alone:
            await alone.subscribe("Orders", two)
            await alone.subscribe("Trades", two)
            await alone.subscribe("Positions", two)
            await s.step(1)
            theirs = await s.placed(
                one, "ES", type=LIMIT, side=BUY, limitPrice=1_000, customTag="x"
            )
            await s.placed(one, "ES", type=MARKET, side=BUY, size=2)
            await s.placed(three, "ES", type=MARKET, side=SELL)
            mine = await s.placed(two, "ES", type=LIMIT, side=BUY, limitPrice=1_000, customTag="x")
            await s.step(1)
            assert (await s.positions(two), await s.trades(two)) == ([], [])
            for call in ("cancel", "modify", "searchById"):
                answer = await s.rest(f"Order/{call}", accountId=two, orderId=theirs)
                assert answer["errorCode"] == (1 if call == "searchById" else 2)
            assert (await s.close(two, "ES"))["errorCode"] == 2
            assert [row["id"] for row in await s.working(two)] == [mine]
            assert {order["id"] for order in alone.user("Order")} == {mine}
            assert alone.user("Trade") == alone.user("Position") == []
            await s.close(one, "ES")
            await s.step(1)
            assert [row["size"] for row in await s.positions(three)] == [1]
            assert money((await s.account(two))["balance"]) == 150_000
        every = [row for account in s.accounts for row in await s.trades(account)]
        assert len({row["id"] for row in every}) == len(every) == 3
        positions = [row["id"] for row in s.user.user("Position")]
        assert len(set(positions)) == 2
