"""The generated market under the hours of the exchange."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import aggregate
from tradedesk.practice.exchange_hours import AlwaysOpen, ExchangeHours
from tradedesk.practice.market.source import SyntheticMarket

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine import Bars
    from tradedesk.practice.market.tape import Tape

SECOND, MINUTE, HOUR, DAY = 10**9, 60 * 10**9, 3_600 * 10**9, 86_400 * 10**9
START_NS = int(datetime(2026, 11, 27, 15, 17, 3, tzinfo=UTC).timestamp()) * SECOND
"""The Friday after Thanksgiving, which closes early."""
HOURS = ExchangeHours(START_NS)
SYMBOLS = ["ES", "6E", "ZN", "GC", "CL", "ZC", "LE", "MBT"]


@pytest.fixture(scope="module")
def tapes() -> dict[str, Tape]:
    market = SyntheticMarket(5, START_NS, hours=HOURS)
    return {one.product.symbol: market.tape(one) for one in market.active()}


def ns(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp()) * SECOND  # type: ignore[arg-type, misc]


def inside(tape: Tape, ts_ns: NDArray[np.int64], start_ns: int, end_ns: int) -> bool:
    """Whether all moments lie in open stretches as the calendar says."""
    spans = HOURS.spans(tape.contract.product, start_ns, end_ns)
    left = np.ones(len(ts_ns), np.bool_)
    for span in spans:
        left &= ~((ts_ns >= span.start_ns) & (ts_ns < span.end_ns))
    return not left.any()


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_nothing_happens_while_it_is_closed(tapes: dict[str, Tape], symbol: str) -> None:
    tape = tapes[symbol]
    end_ns = START_NS + 4 * DAY
    events = tape.events(START_NS, end_ns)
    assert len(events.ts_ns) > 10_000
    assert inside(tape, events.ts_ns, START_NS, end_ns)
    # each stretch is traded from one end to the other
    product = tape.contract.product
    for span in HOURS.spans(product, START_NS, end_ns):
        trades = tape.prints(span.start_ns, span.end_ns).ts_ns
        assert trades[0] - span.start_ns < 30 * MINUTE
        assert span.end_ns - trades[-1] < 30 * MINUTE


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_no_bar_stands_in_a_break(tapes: dict[str, Tape], symbol: str) -> None:
    tape = tapes[symbol]
    ask = {"1s": 3 * DAY, "1m": 70 * DAY, "1h": 365 * DAY}
    for text, back in ask.items():
        spec = BarSpec.parse(text)
        bars = tape.bars(spec, START_NS - back, START_NS, 10**6, START_NS)
        assert len(bars) > 100
        length = spec.period_ns
        assert length is not None
        first = bars.ts_ns
        spans = HOURS.spans(tape.contract.product, START_NS - 400 * DAY, START_NS)
        starts = np.array([span.start_ns for span in spans])
        ends = np.array([span.end_ns for span in spans])
        row = np.searchsorted(starts, first + length) - 1
        assert np.all(first < ends[row]), text


def test_thanksgiving_weekend_in_minutes(tapes: dict[str, Tape]) -> None:
    now = ns(2026, 11, 30, 3)
    bars = tapes["ES"].bars(BarSpec.parse("1m"), ns(2026, 11, 25, 20), now, 10**6, now)
    gaps = [(a, b) for a, b in itertools.pairwise(bars.ts_ns.tolist()) if b - a > 20 * MINUTE]
    assert gaps == [
        (ns(2026, 11, 25, 21, 59), ns(2026, 11, 25, 23)),  # the daily break
        (ns(2026, 11, 26, 17, 59), ns(2026, 11, 26, 23)),  # Thanksgiving ends at noon
        (ns(2026, 11, 27, 18, 14), ns(2026, 11, 29, 23)),  # the day after closes at 12:15
    ]


@pytest.mark.parametrize("always", [False, True])
@pytest.mark.parametrize("text", ["1d", "1w"])
def test_days_begin_at_17_in_chicago_all_the_year(
    tapes: dict[str, Tape], text: str, always: bool
) -> None:
    """Also on a market that knows no pause."""
    tape = tapes["ES"]
    if always:
        market = SyntheticMarket(5, START_NS)
        tape = market.tape(next(one for one in market.active() if one.product.symbol == "ES"))
    bars = tape.bars(BarSpec.parse(text), 0, START_NS, 10**6, START_NS)
    opens = [datetime.fromtimestamp(ts // SECOND, UTC) for ts in bars.ts_ns.tolist()]
    summer = [one for one in opens if date(2026, 3, 8) <= one.date() < date(2026, 11, 1)]
    assert {one.hour for one in summer} == {22}
    assert {one.hour for one in opens if one not in summer} == {23}
    if text == "1d":
        assert {one.weekday() for one in opens} == (set(range(7)) if always else {6, 0, 1, 2, 3})
        assert (360 if always else 250) < len(bars) < (370 if always else 270)


def test_bars_of_a_day_are_the_trades_of_that_day(tapes: dict[str, Tape]) -> None:
    tape, now = tapes["GC"], START_NS + 10 * MINUTE
    found = tape.bars(BarSpec.parse("1m"), START_NS - 2 * DAY, now, 10**6, now)
    made = aggregate(tape.prints(START_NS - 2 * DAY // MINUTE * MINUTE, now).batch(),
                     BarSpec.parse("1m"))  # fmt: skip
    assert ohlcv(found[5:]) == ohlcv(made[-len(found) + 5 :])


def ohlcv(bars: Bars) -> list[tuple[int, ...]]:
    columns = (bars.ts_ns, bars.open, bars.high, bars.low, bars.close, bars.volume)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_a_closed_market_stands_where_it_closed(tapes: dict[str, Tape]) -> None:
    tape = tapes["ES"]
    close = ns(2026, 11, 27, 18, 15)
    last = tape.prints(close - HOUR, close).each()[-1]
    for at in (close, close + 5 * HOUR, ns(2026, 11, 29, 22, 59)):
        touch = tape.touch(at)
        assert (touch.last, touch.bid, touch.ask) == (last.px, last.bid, last.ask)
        depth = tape.depth(at)
        assert (depth.bids[0].px, depth.asks[0].px) == (last.bid, last.ask)
    assert tape.next_ns(close) == ns(2026, 11, 29, 23)


def test_the_weekend_makes_an_opening_move() -> None:
    jumps, steps = [], []
    for seed in range(12):
        market = SyntheticMarket(seed, START_NS, hours=HOURS)
        tape = next(market.tape(one) for one in market.active() if one.product.symbol == "ES")
        bars = tape.bars(BarSpec.parse("1m"), START_NS - 20 * DAY, START_NS, 10**6, START_NS)
        jump = np.abs(bars.open[1:] - bars.close[:-1])
        gap = np.diff(bars.ts_ns) > DAY
        jumps += jump[gap].tolist()
        steps += jump[np.diff(bars.ts_ns) == MINUTE].tolist()
    assert np.median(jumps) > 8
    assert np.max(steps) <= 4


def test_always_open_is_what_it_is_without_hours() -> None:
    plain, always = SyntheticMarket(3, START_NS), SyntheticMarket(3, START_NS, 1.0, AlwaysOpen())
    for contract in plain.active()[:6]:
        window = (START_NS + HOUR, START_NS + HOUR + MINUTE)
        one, other = plain.tape(contract).events(*window), always.tape(contract).events(*window)
        assert one.each() == other.each()
        saturday = plain.tape(contract).prints(START_NS + 24 * HOUR, START_NS + 25 * HOUR)
        assert len(saturday.ts_ns) > 500
