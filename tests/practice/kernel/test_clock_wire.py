"""Venue time over the wire: held, sped up, set, stepped; what is stamped goes with it."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from tests.helpers.waiting import until
from tests.practice.kernel.stand import (
    BUY,
    CANCELLED,
    FILLED,
    JOIN_BID,
    LIMIT,
    MARKET,
    PENDING,
    SELL,
    START,
    STOP,
    TRAILING,
    Stand,
    chicago,
    moment,
    stand,
    transcript,
)
from tests.practice.kernel.watching import (
    DepthBook,
    bars_of,
    merged_quote,
    seconds_of,
    trades_heard,
)

SYMBOL = "MNQ"
TICK = 0.25


async def real_seconds(seconds: float) -> None:
    """Let the machine's time go on."""
    end_s = time.monotonic() + seconds
    await until(lambda: time.monotonic() >= end_s)


async def test_paused_nothing_moves_and_orders_wait() -> None:
    async with stand(stepped=False) as s:
        (account,) = s.accounts
        contract = await s.id(SYMBOL)
        for kind in ("Quotes", "Trades", "MarketDepth"):
            await s.market.subscribe(f"Contract{kind}", contract)
        await s.market.until(lambda: trades_heard(s.market, contract))
        held = await s.control("pause")
        assert (held["running"], held["success"]) == (False, True)
        await s.heard()
        records = len(s.market.records)
        order = await s.placed(account, SYMBOL, type=MARKET, side=BUY)
        idle = await s.placed(account, SYMBOL, type=LIMIT, side=BUY, limitPrice=100.0)
        await real_seconds(0.3)
        await s.heard()
        assert [r for r in s.market.records[records:] if "target" in r] == []
        assert await s.now() == moment(held["time"])
        for id_ in (order, idle):
            row = await s.order(account, id_)
            assert (row["status"], row["creationTimestamp"]) == (PENDING, held["time"])
        assert (await s.rest("Order/cancel", accountId=account, orderId=idle))["success"]
        assert s.user.user("Order")[-1]["updateTimestamp"] == held["time"]

        assert (await s.control("resume"))["running"]
        await s.user.until(lambda: s.user.user("Position"))
        row = await s.order(account, order)
        assert row["status"] == FILLED
        late = moment(row["updateTimestamp"]) - moment(held["time"])
        assert late == timedelta(milliseconds=8)
        assert (await s.order(account, idle))["status"] == CANCELLED


async def test_stamps_go_on_through_changes_of_speed() -> None:
    heard: list[dict[str, Any]] = []
    async with stand(stepped=False, speed=40) as s:
        contract = await s.id(SYMBOL)
        await s.market.subscribe("ContractTrades", contract)
        for speed in (200, 3, 1_000, 50):
            before = await s.now()
            answer = await s.control("speed", speed=speed)
            assert answer["speed"] == speed
            assert before <= moment(answer["time"]) < before + timedelta(minutes=5)
            wanted = len(trades_heard(s.market, contract)) + 3
            await s.market.until(partial(_heard, s, contract, wanted))
        await s.control("pause")
        await s.heard()
        heard = trades_heard(s.market, contract)
        ended = await s.now()
    async with stand() as s:
        await s.market.subscribe("ContractTrades", await s.id(SYMBOL))
        await s.step_to(ended)
        same = trades_heard(s.market, await s.id(SYMBOL))
    assert same[same.index(heard[0]) :] == heard
    stamps = [moment(row["timestamp"]) for row in heard]
    assert stamps == sorted(stamps)
    assert stamps[-1] <= ended


@pytest.mark.parametrize(("back_s", "by_way_of"), [(47.0, None), (95.5, timedelta(hours=3))])
async def test_a_generated_market_is_sought_back_in(
    back_s: float, by_way_of: timedelta | None
) -> None:
    """What was heard live is what is told, drawn and played again from the moment sought."""
    async with stand(stepped=False, speed=60) as s:
        contract = await s.id(SYMBOL)
        for kind in ("Trades", "MarketDepth", "Quotes"):
            await s.market.subscribe(f"Contract{kind}", contract)
        await s.market.until(lambda: seconds_of(trades_heard(s.market, contract)) > 130)
        await s.control("pause")
        await s.heard()
        live = trades_heard(s.market, contract)
        told = DepthBook.events(s.market, contract)
        latest = await s.now() - timedelta(seconds=back_s)
        stamps = [moment(rows[0]["timestamp"]) for rows in told]
        target = max(stamp for stamp in stamps if stamp <= latest)  # all was told up to there
        if by_way_of is not None:  # whole hours are drawn, which are cut again by going back
            far = START + by_way_of
            await s.control("seek", time=far.isoformat())
            assert len(await _bars(s, contract, 2, START, far)) == by_way_of.total_seconds() / 60
        mark = len(s.market.records)
        answer = await s.control("seek", time=target.isoformat())
        assert (answer["success"], moment(answer["time"]), answer["running"]) == (
            True,
            target,
            False,
        )
        quote = await merged_quote(s.market, contract, mark, target, "volume")

        # Depth begins anew, and is what a client knew then.
        events, first = DepthBook.events(s.market, contract, mark), DepthBook()
        fresh = next(rows for rows in events if moment(rows[0]["timestamp"]) == target)
        assert fresh[0]["type"] == 6
        first.apply(fresh)
        before = DepthBook()
        for rows in told:
            if moment(rows[0]["timestamp"]) <= target:
                before.apply(rows)
        assert first.sizes == before.sizes

        # Bars and session figures know nothing of what comes later.
        past = [row for row in live if moment(row["timestamp"]) <= target]
        for unit in (1, 2):
            begun = moment(live[0]["timestamp"]).replace(second=0, microsecond=0)
            bars, heard = await _bars(s, contract, unit, begun, target), bars_of(past, unit)
            # The first one began before we listened.
            assert bars[len(bars) - len(heard) + 1 :] == heard[1:]
        (day,) = await _bars(s, contract, 4, START - timedelta(hours=16), target)
        assert [quote[name] for name in ("open", "high", "low", "volume", "lastPrice")] == [
            day[name] for name in ("o", "h", "l", "v", "c")
        ]

        # From there on everything happens again.
        mark = len(s.market.records)
        await s.control("resume")
        later = [row for row in live if moment(row["timestamp"]) > target]
        again = await s.market.until(
            lambda: (
                rows if len(rows := trades_heard(s.market, contract, mark)) >= len(later) else None
            )
        )
        assert again[: len(later)] == later
        # A position may be opened in what was the past.
        order = await s.placed(s.accounts[0], SYMBOL, type=MARKET, side=BUY)
        await s.user.until(lambda: s.user.user("Position"))
        assert (await s.order(s.accounts[0], order))["status"] == FILLED


async def test_a_generated_market_is_sought_forward_in() -> None:
    async with stand(stepped=False, settings=("depth_levels=3",)) as s:
        contract = await s.id(SYMBOL)
        for kind in ("Quotes", "MarketDepth"):
            await s.market.subscribe(f"Contract{kind}", contract)
        await s.control("pause")
        await s.heard()
        target = START + timedelta(days=1, hours=9)
        mark = len(s.market.records)
        await s.control("seek", time=target.isoformat())
        quote = await merged_quote(s.market, contract, mark, target, "volume")
        (day,) = await _bars(s, contract, 4, target - timedelta(hours=2), target)
        assert [quote[name] for name in ("open", "high", "low", "volume", "lastPrice")] == [
            day[name] for name in ("o", "h", "l", "v", "c")
        ]
        (rows, *_) = DepthBook.events(s.market, contract, mark)
        assert [row["type"] for row in rows] == [6, 2, 2, 2, 1, 1, 1]
        assert rows[1]["price"] == quote["bestBid"]


async def test_time_is_set_only_where_it_can_be() -> None:
    async with stand(stepped=False) as s:
        (account,) = s.accounts
        later = (START + timedelta(hours=1)).isoformat()

        async def refused(reason: str, when: str = later) -> None:
            before = await s.now()
            answer = await s.control("seek", time=when)
            assert (answer["success"], answer["errorCode"]) == (False, 1)
            assert reason in answer["errorMessage"]
            assert before <= await s.now() < before + timedelta(seconds=30)

        resting = await s.placed(account, SYMBOL, type=LIMIT, side=BUY, limitPrice=100.0)
        await refused(f"Account {account} has a position or a working order")
        await s.rest("Order/cancel", accountId=account, orderId=resting)
        await s.placed(account, SYMBOL, type=MARKET, side=BUY)
        await s.user.until(lambda: s.user.user("Position"))
        await refused("flatten it before")
        await s.close(account, SYMBOL)
        await s.user.until(lambda: s.user.user("Position")[-1]["size"] == 0)
        for when in (START - timedelta(hours=71), START + timedelta(days=31)):
            await refused("The tape reaches from 2026-11-15T17:00:00Z to", when.isoformat())
        assert not (await s.control("seek", time="soon"))["success"]
        assert not (await s.control("step", seconds=1))["success"]
        for speed in (0, -1, 100_001, "fast"):
            assert not (await s.control("speed", speed=speed))["success"]
        assert (await s.control("seek", time=later))["success"]
    async with stand() as s:
        for action, members in (("seek", {"time": later}), ("resume", {})):
            answer = await s.control(action, **members)
            assert "the action step alone" in answer["errorMessage"]
        for seconds in (0, -1, 3_601):
            assert not (await s.control("step", seconds=seconds))["success"]
        assert await s.now() == START


def _heard(s: Stand, contract: str, trades: int) -> bool:
    return len(trades_heard(s.market, contract)) >= trades


async def test_flat_times_and_locks_go_with_the_time_that_is_set() -> None:
    start = chicago("2026-11-18T15:05:00")
    kinds = ("combine-50k", "combine-50k:daily-loss=30")
    async with stand(*kinds, stepped=False, hours="exchange", start=start) as s:
        account, locked = s.accounts
        first = await s.placed(account, "ES", type=LIMIT, side=BUY, limitPrice=1_000.0)
        await s.rest("Order/cancel", accountId=account, orderId=first)
        await s.placed(locked, "ES", type=MARKET, side=BUY, size=5)
        await s.user.until(lambda: s.user.user("Position"))
        await s.control("nudge", contractId=await s.id("ES"), ticks=-80, seconds=30)
        await s.control("speed", speed=20)
        await s.user.until(lambda: any(not one["canTrade"] for one in s.user.user("Account")))
        await s.user.until(lambda: s.user.user("Position")[-1]["size"] == 0)

        # Ten minutes back: flat is due at 15:10 as before, not ten minutes sooner.
        await s.control("seek", time=(start - timedelta(minutes=10)).isoformat())
        assert not (await s.account(locked))["canTrade"]
        order = await s.placed(account, "ES", type=LIMIT, side=BUY, limitPrice=1_000.0)
        await s.control("speed", speed=1_000)
        ended = await s.user.until(
            lambda: next((o for o in s.orders_heard(order) if o["status"] == CANCELLED), None)
        )
        assert moment(ended["updateTimestamp"]) == chicago("2026-11-18T15:10:00")

        # The morning after: a new day, for the one that was locked as well.
        await s.control("speed", speed=1)
        await s.control("seek", time=chicago("2026-11-19T09:00:00").isoformat())
        assert (await s.account(locked))["canTrade"]
        assert s.accounts_heard(locked)[-1]["canTrade"]
        for who in s.accounts:
            await s.placed(who, "ES", type=LIMIT, side=BUY, limitPrice=1_000.0)


async def _busy_session(cuts: random.Random | None) -> bytes:
    """The same wishes at the same venue times; time is stepped whole or in random pieces."""
    async with stand("practice", "combine-50k") as s:
        one, two = s.accounts
        chance = random.Random(5)

        async def go(seconds: float) -> None:
            left = round(seconds * 1_000)
            while left:
                part = left if cuts is None else min(left, cuts.choice((1, 3, 8, 50, 170, 2_900)))
                await s.rest.control("step", seconds=part / 1_000)
                left -= part

        await go(1.0)
        for turn in range(16):
            account, symbol = (one, two)[turn % 2], ("MNQ", "ES")[turn % 3 % 2]
            side = chance.choice((BUY, SELL))
            sign = 1 if side == BUY else -1
            legs = {
                "stopLossBracket": {"ticks": -8 * sign, "type": chance.choice((STOP, TRAILING))},
                "takeProfitBracket": {"ticks": 7 * sign, "type": LIMIT},
            }
            size = chance.choice((1, 2))
            await s.place(account, symbol, type=MARKET, side=side, size=size, **legs)
            await go(chance.choice((0.005, 0.02, 1.5)))
            joined = await s.place(account, symbol, type=JOIN_BID, side=BUY, size=size)
            await go(chance.choice((0.1, 4.0, 60.0)))
            if joined["success"]:
                await s.rest("Order/modify", accountId=account, orderId=joined["orderId"], size=3)
            if turn % 5 == 4:
                await s.close(account, symbol)
                await go(0.004)
                await s.rest("Order/cancel", accountId=account, orderId=joined["orderId"] or 1)
            await go(chance.choice((0.3, 20.0)))
        await s.heard()
        return transcript(s.user)


async def test_many_small_steps_are_one_large_step() -> None:
    whole = await _busy_session(None)
    assert await _busy_session(random.Random(11)) == whole
    assert whole.count(b"GatewayUserTrade") > 25


async def _bars(
    s: Stand, contract: str, unit: int, start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """Bars, oldest first, the forming one included."""
    answer = await s.rest(
        "History/retrieveBars",
        contractId=contract,
        live=False,
        startTime=start.isoformat(),
        endTime=end.isoformat(),
        unit=unit,
        unitNumber=1,
        limit=20_000,
        includePartialBar=True,
    )
    rows: list[dict[str, Any]] = answer["bars"][::-1]
    return rows
