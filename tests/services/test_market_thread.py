"""The market thread against the real practice venue."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from tests.helpers.venue_process import RunningVenue, running_venue

from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import aggregate
from tradedesk.gateway.config import GatewayConfig
from tradedesk.gateway.market_side import build_market_side
from tradedesk.gateway.order_side import build_order_side
from tradedesk.services.market_desk import MarketDesk
from tradedesk.services.market_thread import MarketThread, TradesArrived
from tradedesk.services.older_asking import OlderState

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tradedesk.domain.instrument import Instrument
    from tradedesk.services.chart_feed import ChartFeed

DEADLINE_S = 20


@pytest.fixture(scope="module")
def venue() -> Iterator[RunningVenue]:
    with running_venue("--seed", "11") as running:
        yield running


@pytest.fixture
def config(venue: RunningVenue) -> GatewayConfig:
    return GatewayConfig(venue.rest, venue.user_hub, venue.market_hub)


@pytest.fixture
async def token(venue: RunningVenue, config: GatewayConfig) -> str:
    side = build_order_side(config, lambda: (venue.username, venue.api_key), SystemClock())
    try:
        return await side.gateway.login()
    finally:
        await side.gateway.aclose()


@pytest.fixture
async def desk(config: GatewayConfig, token: str) -> AsyncIterator[MarketDesk]:
    clock = SystemClock()
    markets = MarketDesk(clock)
    loop = asyncio.get_running_loop()

    def wake() -> None:
        loop.call_soon_threadsafe(markets.pump)

    thread = MarketThread(lambda: build_market_side(config, lambda: token, clock), wake)
    thread.start()
    markets.attach(thread)
    yield markets
    await asyncio.to_thread(thread.stop)


@pytest.fixture
async def mnq(venue: RunningVenue, config: GatewayConfig) -> Instrument:
    side = build_order_side(config, lambda: (venue.username, venue.api_key), SystemClock())
    try:
        return await side.gateway.resolve("MNQ")
    finally:
        await side.gateway.aclose()


async def until_exact(desk: MarketDesk, *feeds: ChartFeed) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not all(feed.is_exact for feed in feeds):
            await asyncio.sleep(0.02)
            desk.pump()


async def test_history_and_live_trades_meet_without_gap_or_overlap(
    venue: RunningVenue, desk: MarketDesk, mnq: Instrument
) -> None:
    feeds = [desk.chart(mnq, BarSpec.parse(text)) for text in ("1s", "5s", "1m", "1h")]
    heard: list[TradesArrived] = []
    desk.on_trades(heard.append)
    await until_exact(desk, *feeds)
    seconds = feeds[0].series
    joined = int(seconds.ts_ns[-1])
    async with asyncio.timeout(DEADLINE_S):
        while seconds.ts_ns[-1] < joined + 6_000_000_000:
            await asyncio.sleep(0.02)
            desk.pump()
    # What the venue itself now says about those seconds is what the desk made of live trades.
    asked = {
        "contractId": mnq.contract_id,
        "live": False,
        "startTime": "2000-01-01T00:00:00Z",
        "endTime": "2100-01-01T00:00:00Z",
        "unit": 1,
        "unitNumber": 1,
        "limit": 60,
        "includePartialBar": False,
    }
    rows = venue.call("/api/History/retrieveBars", asked)["bars"]
    assert isinstance(rows, list)
    told = {row["t"]: (row["o"], row["h"], row["l"], row["c"], row["v"]) for row in rows}
    mine = {}
    last_closed = len(seconds) - 1
    for i in range(max(0, last_closed - 40), last_closed):
        bar = seconds.bars[i]
        stamp = f"{_iso(bar.ts_ns)}+00:00"
        prices = (bar.open, bar.high, bar.low, bar.close)
        mine[stamp] = (*(mnq.tick.price_lossy(p) for p in prices), bar.volume)
    assert mine == {stamp: told[stamp] for stamp in mine}
    assert sum(len(item.batch) for item in heard) > 0


async def test_older_bars_are_those_of_one_big_request(
    venue: RunningVenue, desk: MarketDesk, mnq: Instrument
) -> None:
    minutes = desk.chart(mnq, BarSpec.parse("1m"))
    hours = desk.chart(mnq, BarSpec.parse("1h"))
    await until_exact(desk, minutes, hours)
    async with asyncio.timeout(DEADLINE_S):
        while len(minutes.series) < 12_000 or hours.older.state is not OlderState.BEGINNING:
            if len(minutes.series) < 12_000:
                minutes.want_older(1)
            hours.want_older(1)
            await asyncio.sleep(0.02)
            desk.pump()
    assert minutes.is_exact
    assert hours.is_exact
    for feed in (minutes, hours):
        series = feed.series
        asked = {
            "contractId": mnq.contract_id,
            "live": False,
            "startTime": f"{_iso(int(series.ts_ns[0]) - 90 * 86_400 * 1_000_000_000)}Z",
            "endTime": f"{_iso(int(series.ts_ns[-3]))}Z",
            "unit": 2 if feed is minutes else 3,
            "unitNumber": 1,
            "limit": len(series) - 2,
            "includePartialBar": False,
        }
        rows = venue.call("/api/History/retrieveBars", asked)["bars"]
        assert isinstance(rows, list)
        rows.reverse()
        assert [row["t"][:19] for row in rows] == [_iso(int(ts)) for ts in series.ts_ns[:-2]]
        assert [row["v"] for row in rows] == series.volume[:-2].tolist()
        for letter, column in zip("ohlc", series.bars.columns()[1:5], strict=True):
            told = [mnq.tick.parse(str(row[letter])) for row in rows]
            assert told == column[:-2].tolist()


async def test_tick_bars_are_those_of_the_live_trades(desk: MarketDesk, mnq: Instrument) -> None:
    feed = desk.chart(mnq, BarSpec.parse("5t"))
    heard: list[TradesArrived] = []
    desk.on_trades(heard.append)
    async with asyncio.timeout(DEADLINE_S):
        while len(feed.series) < 4:
            await asyncio.sleep(0.02)
            desk.pump()
    from tradedesk.engine import TradeBatch

    tape = TradeBatch.concat([item.batch for item in heard])
    assert feed.series.bars == aggregate(tape, feed.spec)


async def test_dropped_hubs_are_seen_and_healed(
    venue: RunningVenue, desk: MarketDesk, mnq: Instrument
) -> None:
    feed = desk.chart(mnq, BarSpec.parse("1s"))
    await until_exact(desk, feed)
    venue.control(action="drop_hubs")
    async with asyncio.timeout(DEADLINE_S):
        while feed.is_exact:
            await asyncio.sleep(0.02)
            desk.pump()
    assert len(feed.series) > 0
    await until_exact(desk, feed)
    steps = feed.series.ts_ns[1:] - feed.series.ts_ns[:-1]
    assert steps.min() >= 1_000_000_000


async def test_a_book_has_a_touch_and_an_age(desk: MarketDesk, mnq: Instrument) -> None:
    book = desk.watch(mnq)
    async with asyncio.timeout(DEADLINE_S):
        while book.quote is None or book.bid_ticks is None:
            await asyncio.sleep(0.02)
            desk.pump()
    assert book.ask_ticks is not None
    assert book.bid_ticks < book.ask_ticks
    assert (book.age_ms(SystemClock().mono_ns()) or 0) < 15_000


def _iso(ts_ns: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(ts_ns // 1_000_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
