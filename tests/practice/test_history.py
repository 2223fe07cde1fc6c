"""retrieveBars over the wire, and the generated past behind it."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.practice.clients import EARLY, LATE

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import aggregate, resample
from tradedesk.practice.market.source import SyntheticMarket
from tradedesk.practice.products import PRODUCTS, Contract, roll_day

if TYPE_CHECKING:
    from tests.practice.clients import Rest

    from tradedesk.practice.market.tape import Tape
    from tradedesk.practice.server import Venue

START_NS = 1_795_350_017_123_456_000
MINUTE_NS, HOUR_NS, DAY_NS = 60 * 10**9, 3_600 * 10**9, 86_400 * 10**9
MNQ, MES, NQ, ES = range(4)


def tapes(seed: int) -> list[Tape]:
    market = SyntheticMarket(seed, START_NS)
    return [market.tape(contract) for contract in market.active()]


@pytest.fixture(scope="module")
def mnq() -> Tape:
    return tapes(7)[MNQ]


async def ask(rest: Rest, venue: Venue, **change: Any) -> dict[str, Any]:
    body = {
        "contractId": venue.world.market.active()[0].contract_id,
        "live": False,
        "startTime": EARLY,
        "endTime": LATE,
        "unit": 2,
        "unitNumber": 1,
        "limit": 100,
        "includePartialBar": True,
    }
    return await rest("History/retrieveBars", **(body | change))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"contractId": "CON.F.US.XXX.Z26"}, 1),
        ({"unit": 0}, 2),
        ({"unit": 7}, 2),
        ({"unitNumber": 0}, 3),
        ({"unitNumber": -1}, 3),
        ({"unitNumber": 10**9}, 3),
        ({"limit": 0}, 4),
        ({"limit": 20_001}, 4),
    ],
)
async def test_codes(rest: Rest, venue: Venue, change: dict[str, Any], code: int) -> None:
    answer = await ask(rest, venue, **change)
    assert (answer["success"], answer["errorCode"], answer["bars"]) == (False, code, None)


async def test_newest_first_and_the_limit_keeps_the_most_recent(rest: Rest, venue: Venue) -> None:
    many = (await ask(rest, venue, limit=200))["bars"]
    few = (await ask(rest, venue, limit=50))["bars"]
    assert len(many) == 200
    assert len(few) == 50
    # A minute may have begun between the two questions; then one newer bar leads.
    known = [bar["t"] for bar in few if bar["t"] <= many[0]["t"]]
    assert len(known) >= 49
    assert known == [bar["t"] for bar in many[: len(known)]]
    stamps = [datetime.fromisoformat(bar["t"]) for bar in many]
    assert all(a - b == timedelta(minutes=1) for a, b in itertools.pairwise(stamps))
    assert datetime.now(UTC) - stamps[0] < timedelta(minutes=1)
    assert set(many[0]) == {"t", "o", "h", "l", "c", "v"}


async def test_the_forming_bar_is_given_only_when_asked_for(rest: Rest, venue: Venue) -> None:
    now = datetime.now(UTC)
    whole = (await ask(rest, venue, includePartialBar=False, unit=3, limit=3))["bars"]
    forming = (await ask(rest, venue, unit=3, limit=3))["bars"]
    assert len(whole) == len(forming) == 3
    hour = now.replace(minute=0, second=0, microsecond=0)
    assert datetime.fromisoformat(forming[0]["t"]) >= hour
    assert datetime.fromisoformat(whole[0]["t"]) < datetime.now(UTC) - timedelta(hours=1)


async def test_both_ends_of_the_window_belong_to_it(rest: Rest, venue: Venue) -> None:
    bars = (await ask(rest, venue, limit=10))["bars"]
    first, last = bars[-1]["t"], bars[3]["t"]
    window = await ask(rest, venue, startTime=first, endTime=last.replace("+00:00", "Z"))
    assert window["bars"] == bars[3:]
    assert (await ask(rest, venue, startTime=last, endTime=first))["bars"] == []


async def test_the_live_tier_has_no_bars(rest: Rest, venue: Venue) -> None:
    assert (await ask(rest, venue, live=True))["bars"] == []


async def test_an_expired_contract_has_the_bars_of_its_time(rest: Rest, venue: Venue) -> None:
    """Hours to the last trading day before its roll, minutes only as far back as all minutes."""
    active = venue.world.market.active()[0]
    year, month = (active.year, active.month - 3) if active.month > 3 else (active.year - 1, 12)
    expired = Contract(active.product, year, month)
    hours = (await ask(rest, venue, contractId=expired.contract_id, unit=3, limit=500))["bars"]
    newest = datetime.fromisoformat(hours[0]["t"]).astimezone(ZoneInfo("America/Chicago"))
    assert newest.date() == roll_day(expired) - timedelta(days=1)
    assert newest.hour == 16
    of_all = (await ask(rest, venue, unit=3, limit=20_000))["bars"]
    assert set(map(str, hours)) <= set(map(str, of_all))
    long_gone = Contract(active.product, active.year - 3, active.month)
    assert (await ask(rest, venue, contractId=long_gone.contract_id, unit=3))["bars"] == []


@pytest.mark.parametrize(
    ("unit", "number", "least"),
    [(1, 5, 20_000), (2, 1, 20_000), (2, 15, 5_000), (3, 1, 8_000), (4, 1, 360), (5, 1, 50),
     (6, 1, 11)],
)  # fmt: skip
async def test_charts_of_every_length_are_full(
    rest: Rest, venue: Venue, unit: int, number: int, least: int
) -> None:
    bars = (await ask(rest, venue, unit=unit, unitNumber=number, limit=20_000))["bars"]
    assert len(bars) >= least
    assert all(bar["l"] <= min(bar["o"], bar["c"]) for bar in bars)
    assert all(bar["h"] >= max(bar["o"], bar["c"]) and bar["v"] > 0 for bar in bars)


@settings(max_examples=25)
@given(st.integers(-71 * 60, 60), st.integers(1, 180), st.sampled_from(["1s", "7s", "1m", "5m"]))
def test_bars_of_any_window_are_the_trades_of_that_window(
    mnq: Tape, first_minute: int, minutes: int, text: str
) -> None:
    spec = BarSpec.parse(text)
    period = spec.period_ns
    assert period is not None
    first = (START_NS + first_minute * MINUTE_NS) // period * period
    last = first + minutes * MINUTE_NS // period * period
    now_ns = START_NS + 5 * HOUR_NS
    bars = mnq.bars(spec, first, last, 10**6, now_ns)
    trades = mnq.prints(first - 1, last + period - 1).batch()
    assert bars == aggregate(trades, spec)


def test_longer_bars_are_made_of_the_shorter_ones(mnq: Tape) -> None:
    now_ns = START_NS + 25 * MINUTE_NS
    minutes = mnq.bars(BarSpec.parse("1m"), 0, now_ns, 10**6, now_ns)
    hours = mnq.bars(BarSpec.parse("1h"), 0, now_ns, 10**6, now_ns)
    expected = resample(minutes, BarSpec.parse("1h"))
    assert hours[-len(expected) + 1 :] == expected[1:]
    assert len(hours) > 8_000


def test_the_past_joins_without_a_seam(mnq: Tape) -> None:
    now_ns = START_NS + 90 * MINUTE_NS
    bars = mnq.bars(BarSpec.parse("1m"), 0, now_ns, 10**6, now_ns)
    assert np.all(np.diff(bars.ts_ns) == MINUTE_NS)
    typical = float(np.mean(bars.high - bars.low))
    assert np.abs(bars.open[1:] - bars.close[:-1]).max() < typical
    older = bars[: -4 * 1440]
    newer = bars[-2 * 1440 :]
    for old, new in (
        (older.high - older.low, newer.high - newer.low),
        (older.volume, newer.volume),
    ):
        assert 0.6 < np.median(old) / np.median(new) < 1.6


def test_one_seed_is_one_tape_whoever_looks_and_whenever() -> None:
    late, early = tapes(11)[MNQ], tapes(11)[MNQ]
    window = (START_NS + HOUR_NS // 2, START_NS + HOUR_NS + 10**9)
    direct = late.prints(*window)
    early.bars(BarSpec.parse("1d"), 0, START_NS, 10, START_NS)
    step = 10**9 * 7
    for ts_ns in range(START_NS, window[0], step):
        early.prints(ts_ns, min(ts_ns + step, window[0]))
    assert early.prints(*window).batch() == direct.batch()
    assert tapes(12)[MNQ].prints(*window).batch() != direct.batch()


def test_it_looks_like_a_market(mnq: Tape) -> None:
    prints = mnq.prints(START_NS, START_NS + 3 * HOUR_NS)
    spread = prints.ask - prints.bid
    assert set(spread.tolist()) == {1, 2}
    assert (spread == 1).mean() > 0.85
    assert 0.4 < prints.buy_qty.sum() / prints.qty.sum() < 0.6
    assert 0.35 < np.median(prints.qty) <= 4 < prints.qty.max()
    gaps = np.diff(prints.ts_ns) / 1e9
    assert gaps.std() > 1.15 * gaps.mean(), "arrivals come in bursts"
    bars = aggregate(prints.batch(), BarSpec.parse("1m"))
    assert 12 < np.median(bars.high - bars.low) < 70
    assert abs(float(bars.open[0]) * 0.25 - 21_480) < 30
    before = np.concatenate(([prints.bid[0]], prints.bid[:-1]))
    moved = np.flatnonzero(prints.bid != before)
    assert np.all((prints.bid[moved] > before[moved]) == (prints.buy_qty[moved] > 0))


def test_wild_and_calm_minutes_cluster(mnq: Tape) -> None:
    bars = mnq.bars(BarSpec.parse("1m"), START_NS - 2 * DAY_NS, START_NS, 10**6, START_NS)
    size = np.log(np.maximum(bars.high - bars.low, 1))
    assert np.corrcoef(size[1:], size[:-1])[0, 1] > 0.2
    assert np.corrcoef(size, np.log(bars.volume))[0, 1] > 0.4


def test_mini_and_micro_move_together_and_indices_are_related() -> None:
    every = tapes(7)
    closes = [
        t.bars(BarSpec.parse("1m"), START_NS - 6 * HOUR_NS, START_NS, 10**6, START_NS).close
        for t in every[:4]
    ]
    assert np.abs(closes[MNQ] - closes[NQ]).max() <= 6
    assert np.abs(closes[MES] - closes[ES]).max() <= 6
    moves = [np.diff(close.astype(float)) for close in closes]
    assert 0.3 < np.corrcoef(moves[NQ], moves[ES])[0, 1] < 0.95


def test_every_product_has_plausible_prices() -> None:
    prices = {
        product.symbol: tape.touch(START_NS).last * float(product.tick.size)
        for product, tape in zip(PRODUCTS, tapes(5), strict=True)
    }
    expected = {"MNQ": 21_480, "MES": 6_045, "NQ": 21_480, "ES": 6_045, "GC": 2_685, "CL": 70.25,
                "MGC": 2_685, "MCL": 70.25}  # fmt: skip
    assert {symbol: prices[symbol] for symbol in expected} == {
        symbol: pytest.approx(px, rel=0.006) for symbol, px in expected.items()
    }
    for product in PRODUCTS:
        numerator, denominator = product.ratio
        ticks = product.underlying.base_ticks * denominator / numerator
        price = ticks * float(product.tick.size)
        assert prices[product.symbol] == pytest.approx(price, rel=0.03), product.symbol
