"""The stress test on the desk's own market path: nothing is lost, little is kept, it ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from tests.fakes.virtual_time import VirtualClock
from tests.helpers.waiting import until

from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import InputError
from tradedesk.domain.order import OrderType, Side
from tradedesk.engine import resample
from tradedesk.services.desk_state import DeskState
from tradedesk.services.market_desk import MarketDesk
from tradedesk.services.stress.contract import STRESS, STRESS_ID
from tradedesk.services.stress.markets import StressMarkets
from tradedesk.services.stress.run import KEPT_TRADES, LASTS_NS, StressTest
from tradedesk.services.trade_desk import TradeDesk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tradedesk.domain.commands import AnyCommand

RATE = 10_000
SECONDS = 2.5


class ShiftedClock(SystemClock):
    """The real clock, moved on by hand."""

    shift_ns = 0

    def mono_ns(self) -> int:
        return super().mono_ns() + self.shift_ns


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def stress(clock: ShiftedClock) -> AsyncIterator[StressTest]:
    made = StressTest(clock, clock.wall_ns, asyncio.get_running_loop().call_soon_threadsafe)
    yield made
    await asyncio.to_thread(made.stop)


async def test_every_lot_that_was_told_is_in_the_bars(
    stress: StressTest, clock: ShiftedClock
) -> None:
    venue = MarketDesk(clock)
    markets = StressMarkets(venue, stress)
    stress.start(RATE)
    feeds = [markets.open_chart(STRESS, BarSpec.parse(text)) for text in ("1s", "1m", "500t")]
    await asyncio.sleep(SECONDS)
    source = stress.source
    assert source is not None
    source.rate = 0
    await until(lambda: all(feed.is_exact for feed in feeds))
    await until(lambda: _taken(stress) == source.trades + source.quotes)
    seconds, minutes, ticks = (feed.series.bars for feed in feeds)
    from_here = seconds.ts_ns >= source.market_ns - source.market_ns % 1_000_000_000
    assert int(seconds.volume[from_here].sum()) == source.lots
    assert int(ticks.volume.sum()) == source.lots
    assert minutes[-30:] == resample(seconds, BarSpec.parse("1m"))[-30:]
    assert source.trades + source.quotes + source.left_out >= RATE * int(SECONDS)
    figures = stress.figures()
    assert figures is not None
    assert figures.queued == 0
    assert figures.p50_us is not None
    assert 0 < figures.p50_us <= (figures.p99_us or 0)
    assert venue.books == {}
    assert set(markets.books) == {STRESS_ID}
    assert markets.pumped_ns == stress.pumped_ns > 0


def _taken(stress: StressTest) -> int:
    figures = stress.figures()
    return -1 if figures is None else figures.taken


async def test_it_ends_by_itself_and_lets_go_of_everything(
    stress: StressTest, clock: ShiftedClock
) -> None:
    stress.start(5_000)
    markets = stress.markets
    assert markets is not None
    await until(lambda: markets.books[STRESS_ID].last_ticks is not None)
    spent = stress.pumped_ns
    clock.shift_ns = LASTS_NS
    stress.pump()
    assert not stress.running
    assert (stress.rate, stress.left_ns, stress.figures(), stress.source) == (0, 0, None, None)
    assert stress.pumped_ns >= spent
    stress.pump()
    stress.stop()
    stress.start(5_000)
    assert stress.left_ns > LASTS_NS - 10**9


async def test_another_rate_goes_on_with_the_same_market(stress: StressTest) -> None:
    stress.start(5_000)
    markets = stress.markets
    left_ns = stress.left_ns
    stress.start(20_000)
    assert stress.markets is markets
    assert stress.rate == 20_000
    assert stress.left_ns <= left_ns


async def test_only_the_newest_trades_stay_in_memory(stress: StressTest) -> None:
    stress.start(50_000)
    markets = stress.markets
    assert markets is not None
    assert markets._keep_trades == KEPT_TRADES
    markets._tapes[STRESS_ID]._keep = 1_000
    await until(lambda: _taken(stress) > 12_000)
    assert markets.trades_kept(STRESS_ID) <= 2_000


def test_an_order_for_made_up_prices_never_leaves_the_desk() -> None:
    trade = TradeDesk(DeskState(), NoExecutor(), VirtualClock())
    with pytest.raises(InputError, match="STRESS has made-up prices and is never traded"):
        trade.place(STRESS_ID, Side.BUY, OrderType.MARKET, 1)


class NoExecutor:
    """Takes nothing."""

    def send(self, command: AnyCommand) -> None:
        raise AssertionError(command)

    async def close(self, *, shutdown: bool) -> None:
        raise AssertionError(shutdown)
