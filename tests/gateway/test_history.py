"""History comes in pages, newest first, and leaves as ascending columns without gaps or doubles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.gateway.conftest import config_for
from tests.gateway.rest_server import Answer, ok, refused
from tests.gateway.samples import MNQ

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import AuthError, InputError, UnknownSymbolError
from tradedesk.gateway.market_side import MarketSide, build_market_side
from tradedesk.gateway.rest import history

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.gateway.clocks import FakeClock
    from tests.gateway.rest_server import Asked, RestServer

    from tradedesk.domain.instrument import Instrument

BARS = "/api/History/retrieveBars"
MINUTE_NS = 60 * NS_PER_S
FIRST_NS = 1_763_600_000 * NS_PER_S // MINUTE_NS * MINUTE_NS


@pytest.fixture
async def side(server: RestServer, clock: FakeClock) -> AsyncIterator[MarketSide]:
    side = build_market_side(config_for(server.url), lambda: "given", clock, sleep=clock.sleep)
    yield side
    await side.aclose()


@pytest.fixture
async def mnq(side: MarketSide) -> Instrument:
    return await side.client.resolve("MNQ")


def bar(i: int) -> dict[str, Any]:
    moment = datetime.fromtimestamp((FIRST_NS + i * MINUTE_NS) // NS_PER_S, UTC)
    low = 24000 + i % 100
    return {
        "t": moment.isoformat(), "o": low + 0.25, "h": low + 1.0, "l": low, "c": low + 0.5, "v": i,
    }  # fmt: skip


def venue(total: int, cap: int = 20_000) -> Any:
    """So many minute bars; the newest of a range first, as many as the cap allows."""

    def answer(asked: Asked) -> Answer:
        assert asked.token == "given"
        wanted = asked.json
        start, end = (
            datetime.fromisoformat(wanted[name].replace("Z", "+00:00")).timestamp()
            for name in ("startTime", "endTime")
        )
        first = max(0, -int(-(start * NS_PER_S - FIRST_NS) // MINUTE_NS))
        last = min(total - 1, int((end * NS_PER_S - FIRST_NS) // MINUTE_NS))
        rows = [bar(i) for i in range(last, first - 1, -1)]
        return ok(bars=rows[: min(cap, wanted["limit"])])

    return answer


async def retrieve(side: MarketSide, mnq: Instrument, limit: int, **changes: Any) -> Any:
    arguments: dict[str, Any] = {"start_ns": FIRST_NS, "end_ns": FIRST_NS + 10_000 * MINUTE_NS}
    arguments |= {"include_partial": True} | changes
    return await side.client.retrieve_bars(
        mnq, history.MINUTE, 1, arguments["start_ns"], arguments["end_ns"], limit,
        include_partial=arguments["include_partial"],
    )  # fmt: skip


@pytest.mark.parametrize("cap", [20_000, 1_000, 37, 3])
@pytest.mark.parametrize(("total", "limit"), [(0, 5), (1, 5), (60, 60), (60, 59), (60, 500)])
async def test_pages_join_without_gap_or_double(
    server: RestServer, side: MarketSide, mnq: Instrument, cap: int, total: int, limit: int
) -> None:
    server.on(BARS, venue(total, cap))
    columns = await retrieve(side, mnq, limit)
    kept = range(max(0, total - limit), total)
    assert columns.ts_ns == [FIRST_NS + i * MINUTE_NS for i in kept]
    assert columns.volume == list(kept)
    assert columns.close_px == [24000.5 + i % 100 for i in kept]


async def test_a_full_load_takes_the_fewest_requests(
    server: RestServer, side: MarketSide, mnq: Instrument
) -> None:
    server.on(BARS, venue(9_000, 1_000))
    columns = await retrieve(side, mnq, 5_000)
    assert len(columns) == 5_000
    # The pages overlap by one bar, so five full pages fall four bars short.
    assert len(server.asked_at(BARS)) == 6
    asked = server.asked_at(BARS)[0].json
    assert asked["limit"] == 5_001
    assert asked["live"] is False
    assert (asked["unit"], asked["unitNumber"], asked["includePartialBar"]) == (2, 1, True)


async def test_start_and_end_are_kept(
    server: RestServer, side: MarketSide, mnq: Instrument
) -> None:
    server.on(BARS, venue(100, 7))
    columns = await retrieve(
        side, mnq, 500, start_ns=FIRST_NS + 10 * MINUTE_NS, end_ns=FIRST_NS + 20 * MINUTE_NS
    )
    assert columns.volume == list(range(10, 21))


async def test_a_forming_bar_that_comes_unasked_is_dropped(
    server: RestServer, side: MarketSide, mnq: Instrument, clock: FakeClock
) -> None:
    server.on(BARS, venue(10))
    clock.wall_offset_ns = FIRST_NS + 9 * MINUTE_NS + 30 * NS_PER_S - clock.now_ns
    columns = await retrieve(side, mnq, 3, include_partial=False)
    assert columns.volume == [6, 7, 8]
    clock.advance(30)
    columns = await retrieve(side, mnq, 3, include_partial=False)
    assert columns.volume == [7, 8, 9]


async def test_bars_of_the_engine(server: RestServer, side: MarketSide, mnq: Instrument) -> None:
    server.on(BARS, venue(3))
    bars = await side.bars(
        mnq, BarSpec.parse("1m"), FIRST_NS, FIRST_NS + 3 * MINUTE_NS, 10, partial=True
    )
    assert bars.open.tolist() == [96001, 96005, 96009]
    assert bars.high.tolist() == [96004, 96008, 96012]
    assert bars.low.tolist() == [96000, 96004, 96008]
    assert bars.close.tolist() == [96002, 96006, 96010]
    assert bars.volume.dtype == np.int64
    assert bars.count.tolist() == [0, 0, 0]


@pytest.mark.parametrize("spec", ["500t", "1000v", "8r", "4n"])
async def test_the_venue_has_time_bars_only(side: MarketSide, mnq: Instrument, spec: str) -> None:
    with pytest.raises(InputError, match="time bars"):
        await side.bars(mnq, BarSpec.parse(spec), 0, 1, 10, partial=True)


async def test_a_contract_without_bars(
    server: RestServer, side: MarketSide, mnq: Instrument
) -> None:
    server.on(BARS, refused(1, None, bars=None))
    with pytest.raises(UnknownSymbolError, match=MNQ["id"]):
        await retrieve(side, mnq, 5)


@pytest.mark.parametrize("limit", [0, -1])
async def test_a_limit_is_one_or_more(side: MarketSide, mnq: Instrument, limit: int) -> None:
    with pytest.raises(InputError, match="1 or more"):
        await retrieve(side, mnq, limit)


async def test_the_market_side_never_signs_in(server: RestServer, clock: FakeClock) -> None:
    side = build_market_side(config_for(server.url), lambda: None, clock, sleep=clock.sleep)
    with pytest.raises(AuthError, match="Not signed in"):
        await side.client.resolve("MNQ")
    await side.aclose()
    assert not server.asked


async def test_a_refused_token_is_reported_and_the_next_one_taken(
    server: RestServer, clock: FakeClock
) -> None:
    tokens = iter(["old", "new"])
    side = build_market_side(config_for(server.url), lambda: next(tokens), clock)
    server.on("/api/Contract/search", Answer(b"", 401), ok(contracts=[MNQ]))
    assert (await side.client.resolve("MNQ")).name == "MNQZ5"
    assert [asked.token for asked in server.asked] == ["old", "new"]
    await side.aclose()
