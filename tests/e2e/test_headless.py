"""The whole desk without a window against the real practice venue."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from tests.e2e.processes import venue_of

import tradedesk
from tradedesk.domain.errors import InputError, StartError, UnknownSymbolError, VenueRefusedError
from tradedesk.domain.order import OrderStatus, Role, Side

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tradedesk.services.desk import Desk

LONG_S = 30.0


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with tradedesk.connect(home=tmp_path, seed=5) as opened:
        yield opened


async def test_a_bracketed_entry_lives_and_ends_at_its_target(desk: Desk, tmp_path: Path) -> None:
    mnq = await desk.instrument("MNQ")
    await desk.bars("MNQ", "1m")
    order_id = await desk.place_market_order(
        "MNQ", Side.BUY, 2, stop_loss_ticks=40, take_profit_ticks=12
    )
    await desk.until(lambda s: (p := s.position(mnq.contract_id)) is not None and s.is_covered(p))
    legs = {desk.state.role(o): o for o in desk.working_orders()}
    entry = desk.state.orders[order_id]
    assert entry.fill_price is not None
    filled_at = mnq.tick.nearest(entry.fill_price)
    assert (legs[Role.STOP].stop_ticks, legs[Role.TARGET].limit_ticks) == (
        filled_at - 40,
        filled_at + 12,
    )
    venue = venue_of(tmp_path)
    venue.control(action="nudge", contractId=mnq.contract_id, ticks=30, seconds=2)
    await desk.until(lambda s: s.position(mnq.contract_id) is None, LONG_S)
    await desk.until(lambda s: not s.working_orders())
    stop = desk.state.orders[legs[Role.STOP].order_id]
    assert stop.status is OrderStatus.CANCELLED
    rows = venue.call(
        "/api/Trade/search",
        {"accountId": venue.account_id, "startTimestamp": "2000-01-01T00:00:00Z"},
    )["trades"]
    assert isinstance(rows, list)
    told = sum(Decimal(str(row["profitAndLoss"] or 0)) - Decimal(str(row["fees"])) for row in rows)
    await desk.until(lambda s: len(s.fills) == len(rows))
    assert desk.state.day_pnl(desk.markets.market_ns) == told
    account = desk.state.account
    assert account is not None
    assert account.balance == Decimal(150_000) + told


async def test_a_closed_market_gives_its_history(tmp_path: Path) -> None:
    saturday = ("--hours", "exchange", "--start", "2026-11-21T12:00Z")
    async with tradedesk.connect(home=tmp_path, seed=5, practice=saturday) as desk:
        bars = await desk.bars("MNQ", "1m")
        friday = datetime(2026, 11, 20, 21, 59, tzinfo=UTC)
        assert bars.ts_ns[-1] == int(friday.timestamp()) * 10**9
        assert len(bars) > 1_000
        with pytest.raises(VenueRefusedError, match="market is closed"):
            await desk.place_market_order("MNQ", Side.BUY, 1, stop_loss_ticks=40)


async def test_a_resting_order_is_moved_and_cancelled(desk: Desk) -> None:
    es = await desk.instrument("ES")
    last = int((await desk.bars("ES", "1m")).close[-1])
    order_id = await desk.place_limit_order("ES", Side.SELL, 1, es.tick.price(last + 60))
    await desk.modify_order(order_id, price=es.tick.price(last + 64))
    await desk.until(lambda s: s.orders[order_id].limit_ticks == last + 64)
    await desk.cancel_order(order_id)
    await desk.until(lambda s: s.orders[order_id].status is OrderStatus.CANCELLED)
    assert desk.position("ES") is None


async def test_flatten_with_a_resting_order_leaves_nothing(desk: Desk) -> None:
    gold = await desk.instrument("GC")
    last = int((await desk.bars("GC", "1m")).close[-1])
    await desk.place_limit_order("GC", Side.BUY, 1, gold.tick.price(last - 80))
    await desk.place_market_order("GC", Side.SELL, 1, stop_loss_ticks=60, take_profit_ticks=60)
    await desk.until(lambda s: s.position(gold.contract_id) is not None)
    await desk.flatten()
    assert desk.working_orders() == []
    assert desk.position("GC") is None


async def test_what_cannot_be_sent_says_why_and_sends_nothing(desk: Desk) -> None:
    mnq = await desk.instrument("MNQ")
    last = int((await desk.bars("MNQ", "1m")).close[-1])
    with pytest.raises(InputError, match="10 allowed"):
        await desk.place_market_order("MNQ", Side.BUY, 11)
    with pytest.raises(InputError, match="buy stop waits above"):
        await desk.place_stop_order("MNQ", Side.BUY, 1, mnq.tick.price(last - 200))
    with pytest.raises(InputError, match="off the tick grid"):
        await desk.place_limit_order("MNQ", Side.BUY, 1, "20000.13")
    with pytest.raises(InputError, match="4 ticks"):
        await desk.place_market_order("MNQ", Side.BUY, 1, stop_loss_ticks=3, take_profit_ticks=40)
    with pytest.raises(UnknownSymbolError, match="QQQ"):
        await desk.instrument("QQQ")
    assert desk.state.orders == {}


async def test_a_second_desk_on_the_same_home_is_refused(desk: Desk, tmp_path: Path) -> None:
    assert desk.state.account is not None
    with pytest.raises(StartError, match="Another desk is already running"):
        async with tradedesk.connect(home=tmp_path):
            pass


async def test_the_inline_executor_is_the_same_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEDESK_EXECUTOR", "inline")
    async with tradedesk.connect(home=tmp_path) as desk:
        await desk.place_market_order("MES", Side.SELL, 1, stop_loss_ticks=40, take_profit_ticks=40)
        await desk.until(lambda s: len(s.open_positions()) == 1)
        await desk.flatten()
        assert desk.state.open_positions() == []


async def test_an_unknown_executor_mode_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEDESK_EXECUTOR", "thread")
    with pytest.raises(InputError, match="'thread'"):
        async with tradedesk.connect(home=tmp_path):
            pass


async def test_exits_left_behind_by_a_closed_position_are_swept(desk: Desk) -> None:
    mnq = await desk.instrument("MNQ")
    await desk.bars("MNQ", "1m")
    await desk.place_market_order("MNQ", Side.BUY, 1, stop_loss_ticks=200, take_profit_ticks=200)
    await desk.until(lambda s: (p := s.position(mnq.contract_id)) is not None and s.is_covered(p))
    await desk.place_market_order("MNQ", Side.SELL, 1)
    await desk.until(lambda s: s.position(mnq.contract_id) is None)
    await desk.until(lambda s: not s.working_orders(mnq.contract_id), 10.0)
    await desk.until(lambda s: any("left behind" in notice.text for notice in s.notices))


async def test_the_exits_of_a_position_that_shrank_fit_it(desk: Desk) -> None:
    mnq = await desk.instrument("MNQ")
    await desk.bars("MNQ", "1m")
    for _ in range(2):
        await desk.place_market_order(
            "MNQ", Side.SELL, 1, stop_loss_ticks=200, take_profit_ticks=200
        )
    await desk.until(lambda s: len(s.working_orders(mnq.contract_id)) == 4)
    await desk.place_market_order("MNQ", Side.BUY, 1)
    await desk.until(lambda s: len(s.working_orders(mnq.contract_id)) == 2, 10.0)
    position = desk.position("MNQ")
    assert position is not None
    assert (position.net_size, desk.state.is_covered(position)) == (-1, True)
    await desk.flatten()
