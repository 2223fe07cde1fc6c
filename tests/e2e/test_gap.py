"""A market hub that is lost for some seconds: the gap is told, filled, and nothing is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.processes import venue_of
from tests.helpers.waiting import until

import tradedesk
from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import resample
from tradedesk.services.chart_gap import GapRange, GapState

if TYPE_CHECKING:
    from pathlib import Path

    from tradedesk.services.chart_feed import ChartFeed

NS = 1_000_000_000
SOON_S = 45.0


async def seen(feed: ChartFeed, state: GapState) -> GapRange:
    await until(lambda: [gap for gap in feed.gaps if gap.state is state], SOON_S)
    return feed.gaps[-1]


async def test_a_lost_market_hub_leaves_a_gap_until_history_has_filled_it(desk_home: Path) -> None:
    async with tradedesk.connect(home=desk_home, seed=5) as desk:
        mnq = await desk.instrument("MNQ")
        await desk.bars("MNQ", "5s")
        await desk.bars("MNQ", "20t")
        time_bars = desk.markets.chart(mnq, BarSpec.parse("5s"))
        tick_bars = desk.markets.chart(mnq, BarSpec.parse("20t"))
        await until(lambda: time_bars.is_exact and len(tick_bars.series) > 1, SOON_S)
        assert time_bars.gaps == ()
        venue = venue_of(desk_home)
        venue.control(action="fault", on="market_hub", kind="refuse_upgrade", times=4)
        venue.control(action="drop_hubs")
        lost = await seen(time_bars, GapState.OFFLINE)
        before = [list(bar) for bar in tick_bars.series.bars]
        assert lost.end_ns is None
        await until(lambda: time_bars.is_exact, SOON_S)
        assert time_bars.gaps == ()
        lasting = await seen(tick_bars, GapState.LASTING)
        await until(lambda: len(tick_bars.series) > len(before), SOON_S)
        assert lasting.start_ns <= lost.start_ns + NS
        assert [list(bar) for bar in tick_bars.series.bars][: len(before)] == before
        end_ns = tick_bars.gaps[0].end_ns
        assert end_ns is not None
        assert end_ns > lasting.start_ns
        # Bars that the venue makes itself are those of the series whose gap was filled.
        longer = BarSpec.parse("10s")
        await desk.bars("MNQ", str(longer))
        from_venue = desk.markets.chart(mnq, longer).series.bars
        filled = resample(time_bars.series.bars, longer)
        within = [
            [
                list(bar[:6])
                for bar in bars
                if lost.start_ns - 60 * NS < bar.ts_ns < end_ns - 10 * NS
            ]
            for bars in (from_venue, filled)
        ]
        assert len(within[0]) >= 5
        assert within[0] == within[1]
