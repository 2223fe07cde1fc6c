"""Chart feeds: whatever the moment of subscription, the bars are those of the whole tape."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.ids import ContractId
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.price import TickSize
from tradedesk.engine import (
    Arrivals,
    Bars,
    Calendar,
    TradeBatch,
    aggregate,
    grid_of,
    venue_calendar,
)
from tradedesk.services.chart_feed import ChartFeed
from tradedesk.services.chart_gap import GapRange, GapState
from tradedesk.services.history_request import HistoryRequest, first_look
from tradedesk.services.tape import ContractTape

NS = 1_000_000_000
HOUR_NS = 3_600 * NS
START = 1_700_000_000 * NS
MNQ = Instrument(
    ContractId("CON.F.US.MNQ.Z26"),
    "MNQZ6",
    "",
    TickSize(Decimal("0.25")),
    Decimal("0.5"),
    "F.US.MNQ",
)


def make_tape(seed: int, trades: int, mean_gap_s: float) -> TradeBatch:
    rng = np.random.default_rng(seed)
    ts = START + (np.cumsum(rng.exponential(mean_gap_s, trades)) * NS).astype(np.int64)
    px = 80_000 + np.cumsum(rng.integers(-3, 4, trades)).astype(np.int32)
    qty = rng.integers(0, 6, trades).astype(np.int32)
    buy = np.where(rng.random(trades) < 0.5, qty, 0).astype(np.int32)
    return TradeBatch(ts, px, qty, buy)


def tape_columns(tape: TradeBatch) -> tuple[NDArray[np.int32], ...]:
    return tape.px_ticks, tape.qty, tape.buy_qty


class History:
    """Answers requests from the tape, as a venue does: only what has happened by ``now_ns``."""

    def __init__(self, tape: TradeBatch, calendar: Calendar = 0) -> None:
        self.tape = tape
        self.calendar = calendar

    def answer(self, request: HistoryRequest, now_ns: int) -> Bars:
        known = self.tape[: int(self.tape.ts_ns.searchsorted(now_ns, side="right"))]
        bars = aggregate(known, request.spec, self.calendar)
        grid = grid_of(request.spec, self.calendar)
        if not request.partial and len(bars) and grid.next(int(bars.ts_ns[-1])) > now_ns:
            bars = bars[:-1]
        first = int(bars.ts_ns.searchsorted(request.start_ns))
        bars = bars[first : int(bars.ts_ns.searchsorted(request.end_ns))][-request.limit :]
        return Bars(*bars.columns()[:6])


def play(
    tape: TradeBatch,
    spec: BarSpec,
    subscribe_at: int,
    step_ns: int,
    history: History | None = None,
) -> ChartFeed:
    """Subscribe in the middle of the tape and run to its end."""
    live, history = ContractTape(), history or History(tape)
    feed = ChartFeed(MNQ, spec, live)
    now = int(tape.ts_ns[subscribe_at])
    sent = subscribe_at
    end = int(tape.ts_ns[-1]) + 5 * NS
    while now < end:
        upto = int(tape.ts_ns.searchsorted(now, side="right"))
        live.absorb(tape[sent:upto])
        sent = upto
        request = feed.advance(now)
        if request is not None:
            feed.take_history(history.answer(request, now), "")
        now += step_ns
    live.absorb(tape[sent:])
    feed.advance(now)
    return feed


def ohlcv(bars: Bars) -> list[list[int]]:
    return [column.tolist() for column in bars.columns()[:6]]


@given(
    seed=st.integers(0, 10_000),
    share=st.floats(0.05, 0.9),
    spec=st.sampled_from(["1s", "5s", "15s", "1m", "5m", "1h"]),
    step_ms=st.sampled_from([37, 250, 900]),
    gap=st.sampled_from([0.05, 0.4, 3.0]),
)
def test_bars_equal_those_of_the_whole_tape(
    seed: int, share: float, spec: str, step_ms: int, gap: float
) -> None:
    tape = make_tape(seed, 400, gap)
    parsed = BarSpec.parse(spec)
    feed = play(tape, parsed, int(share * 399), step_ms * 1_000_000)
    if feed.is_exact:
        assert ohlcv(feed.series.bars) == ohlcv(aggregate(tape, parsed))
    else:
        # Only a tape that ends before its boundary's grace leaves the feed provisional.
        assert tape.ts_ns[-1] - tape.ts_ns[int(share * 399)] < 10 * NS


def test_the_usual_case_becomes_exact() -> None:
    tape = make_tape(1, 2_000, 0.1)
    feed = play(tape, BarSpec.parse("1m"), 900, 16_000_000)
    assert feed.is_exact
    assert feed.status == ""
    assert ohlcv(feed.series.bars) == ohlcv(aggregate(tape, BarSpec.parse("1m")))


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    share=st.floats(0.0, 0.95),
    spec=st.sampled_from(["1d", "2d", "1w", "1mo"]),
    opens_at_h=st.sampled_from([None, 0, 8, 20]),
)
def test_bars_of_days_weeks_and_months_follow_the_venues_trading_day(
    seed: int, share: float, spec: str, opens_at_h: int | None
) -> None:
    tape = make_tape(seed, 300, 4 * 3600.0)
    parsed = BarSpec.parse(spec)
    calendar = venue_calendar(parsed, START)  # where 17:00 in Chicago is, over the years
    if opens_at_h is not None:
        calendar = (opens_at_h if opens_at_h <= 12 else opens_at_h - 24) * HOUR_NS
    feed = play(tape, parsed, int(share * 299), HOUR_NS, History(tape, calendar))
    assert feed.is_exact
    assert ohlcv(feed.series.bars) == ohlcv(aggregate(tape, parsed, calendar))


def test_a_day_bar_that_opens_at_23_utc_is_one_bar_across_the_join() -> None:
    day_ns = 24 * HOUR_NS
    opens = START // day_ns * day_ns + 23 * HOUR_NS
    hours = [-30, -20, 1, 5, 20, 22, 23, 30]
    tape = TradeBatch(
        [opens + h * HOUR_NS + NS // 2 for h in hours], range(100, 108), [1] * 8, [1] * 8
    )
    feed = play(tape, BarSpec.parse("1d"), 3, 60 * NS, History(tape, -HOUR_NS))
    assert feed.is_exact
    assert feed.series.ts_ns.tolist() == [opens + n * day_ns for n in (-2, -1, 0, 1)]
    assert feed.series.volume.tolist() == [1, 1, 5, 1]


@pytest.mark.parametrize("spec", ["1d", "2d", "1w", "1mo"])
@pytest.mark.parametrize("share", [0.1, 0.45, 0.55])
@pytest.mark.parametrize("change", [(2026, 3, 8), (2026, 11, 1)])
def test_a_chart_of_days_that_is_open_over_a_clock_change_follows_it(
    spec: str, share: float, change: tuple[int, int, int]
) -> None:
    """Subscribed days before the change, hours before it, and after it."""
    parsed = BarSpec.parse(spec)
    middle = int(datetime(*change, 18, tzinfo=UTC).timestamp()) * NS
    tape = make_tape(6, 1_000, 2_400.0)
    tape = TradeBatch(tape.ts_ns + (middle - tape.ts_ns[500]), *tape_columns(tape))
    calendar = venue_calendar(parsed, middle)

    class Venue(History):
        """Its days follow Chicago, its hours to seconds the clock."""

        def answer(self, request: HistoryRequest, now_ns: int) -> Bars:
            self.calendar = venue_calendar(request.spec, now_ns)
            return super().answer(request, now_ns)

    feed = play(tape, parsed, int(share * 999), HOUR_NS // 2, Venue(tape))
    assert feed.is_exact
    assert ohlcv(feed.series.bars) == ohlcv(aggregate(tape, parsed, calendar))
    if spec == "1d":
        hours = set((feed.series.ts_ns // HOUR_NS % 24).tolist())
        assert hours == {22, 23}


@pytest.mark.parametrize("spec", ["1d", "1w", "1mo"])
def test_without_a_bar_of_history_chicagos_trading_day_counts(spec: str) -> None:
    class Young(History):
        """Knows seconds to hours of a contract that has no session bar yet."""

        def answer(self, request: HistoryRequest, now_ns: int) -> Bars:
            bars = super().answer(request, now_ns)
            return bars[:0] if request.spec == parsed else bars

    tape = make_tape(5, 200, 3_000.0)
    parsed = BarSpec.parse(spec)
    calendar = venue_calendar(parsed, START)
    within = aggregate(tape, parsed, calendar).ts_ns[0]
    tape = tape[int(tape.ts_ns.searchsorted(within)) :]
    feed = play(tape, parsed, 2, 60 * NS, Young(tape, calendar))
    assert feed.is_exact
    assert ohlcv(feed.series.bars) == ohlcv(aggregate(tape, parsed, calendar))


def test_a_reconnect_fills_the_gap_from_history() -> None:
    tape = make_tape(2, 3_000, 0.1)
    spec = BarSpec.parse("5s")
    history, live = History(tape), ContractTape()
    feed = ChartFeed(MNQ, spec, live)
    for first, last in ((500, 1_200), (1_700, 2_999)):
        live.restart()
        sent = first
        for now in range(int(tape.ts_ns[first]), int(tape.ts_ns[last]), NS // 5):
            upto = int(tape.ts_ns.searchsorted(now, side="right"))
            live.absorb(tape[sent:upto])
            sent = upto
            shown = len(feed.series)
            request = feed.advance(now)
            if request is not None:
                feed.take_history(history.answer(request, now), "")
            assert len(feed.series) >= shown, "the chart must never go blank"
    assert feed.is_exact
    heard = tape[:sent]
    assert ohlcv(feed.series.bars) == ohlcv(aggregate(heard, spec))


@pytest.mark.parametrize("spec", ["50t", "200v", "10r", "8n"])
def test_bars_that_follow_no_clock_begin_with_the_live_feed(spec: str) -> None:
    tape = make_tape(3, 1_000, 0.1)
    parsed = BarSpec.parse(spec)
    feed = play(tape, parsed, 300, 100_000_000)
    assert feed.series.bars == aggregate(tape[300:], parsed)
    assert feed.status == ""


def test_the_newest_bar_forms_until_a_trade_or_the_clock_ends_it() -> None:
    tape = make_tape(6, 200, 0.1)
    spec = BarSpec.parse("1m")
    feed = play(tape, spec, 0, NS)
    assert feed.is_exact
    assert feed.series.forming
    end = int(feed.series.ts_ns[-1]) + 60 * NS
    feed.advance(end)
    feed.advance(end + NS - 1)
    assert feed.series.forming
    version = feed.series.version
    feed.advance(end + NS)
    assert not feed.series.forming
    feed.advance(end + 2 * NS)
    assert feed.series.version == version + 1


def test_a_late_trade_makes_the_newest_bar_form_again() -> None:
    live = ContractTape()
    spec = BarSpec.parse("1m")
    history = History(make_tape(7, 10, 0.1))
    feed = ChartFeed(MNQ, spec, live)
    open_ns = START // (60 * NS) * 60 * NS
    live.absorb(TradeBatch([open_ns + 50 * NS], [80_000], [1], [1]))
    for now in (open_ns + 53 * NS, open_ns + 54 * NS, open_ns + 55 * NS, open_ns + 56 * NS):
        request = feed.advance(now)
        if request is not None:
            feed.take_history(history.answer(request, 0), "")
    live.absorb(TradeBatch([open_ns + 52 * NS], [80_001], [1], [1]))
    feed.advance(open_ns + 57 * NS)
    assert feed.is_exact
    feed.advance(open_ns + 61 * NS)
    assert not feed.series.forming
    live.absorb(TradeBatch([open_ns + 59 * NS], [80_005], [1], [1]))
    feed.advance(open_ns + 62 * NS)
    assert (feed.series.close[-1], feed.series.forming) == (80_005, True)


def test_a_price_that_cannot_be_meant_ends_renko_bars_with_a_word() -> None:
    live = ContractTape()
    feed = ChartFeed(MNQ, BarSpec.parse("1n"), live)
    live.absorb(TradeBatch([START, START], [80_000, 80_003], [1, 1], [1, 1]))
    feed.advance(START)
    shown = list(feed.series.bars)
    assert len(shown) == 3
    live.absorb(TradeBatch([START + 1], [900_000], [1], [1]))
    feed.advance(START + 1)
    live.absorb(TradeBatch([START + 2], [80_003], [1], [1]))
    feed.advance(START + 2)
    assert "px_ticks row 0 is 900000" in feed.status
    assert list(feed.series.bars) == shown
    live.restart()
    live.absorb(TradeBatch([START + 3], [80_000], [1], [1]))
    feed.advance(START + 3)
    assert list(feed.series.bars)[:3] == shown
    assert feed.series.count.tolist() == [1, 0, 1, 1]
    assert len(feed.gaps) == 1
    assert feed.status == ""


def test_a_failed_request_keeps_the_chart_and_is_asked_again() -> None:
    tape = make_tape(4, 500, 0.1)
    live = ContractTape()
    feed = ChartFeed(MNQ, BarSpec.parse("1m"), live)
    now = int(tape.ts_ns[100])
    assert feed.advance(now) is not None
    feed.take_history(None, "HTTP 500.")
    assert "HTTP 500." in feed.status
    assert feed.advance(now + NS) is None
    assert feed.advance(now + 6 * NS) is not None


def test_it_is_quiet_between_history_and_the_first_live_trade() -> None:
    tape = make_tape(4, 500, 0.1)
    live = ContractTape()
    feed = ChartFeed(MNQ, BarSpec.parse("1m"), live)
    now = int(tape.ts_ns[-1])
    request = feed.advance(now)
    assert request is not None
    assert not feed.is_quiet
    feed.take_history(History(tape).answer(request, now), "")
    assert feed.is_quiet
    assert not feed.is_exact
    live.absorb(TradeBatch([now + 1], [80_000], [1], [1]))
    assert not feed.is_quiet


def test_stamps_that_step_back_keep_the_order_of_arrival() -> None:
    tape = ContractTape()
    tape.absorb(TradeBatch([START, START + 5], [1, 2], [1, 1], [1, 0]))
    tape.absorb(TradeBatch([START + 3, START + 9], [3, 4], [1, 1], [1, 0]))
    assert tape.trades.ts_ns.tolist() == [START, START + 5, START + 5, START + 9]
    assert tape.trades.px_ticks.tolist() == [1, 2, 3, 4]


# --- gaps ---------------------------------------------------------------------------------------


class Desk:
    """One chart, its tape and its venue, led through losses by hand."""

    def __init__(self, tape: TradeBatch, spec: str) -> None:
        self.tape, self.history, self.live = tape, History(tape), ContractTape()
        self.feed = ChartFeed(MNQ, BarSpec.parse(spec), self.live)
        self.sent = 0

    def run(self, first: int, last: int, step_ns: int = NS // 5, *, answers: bool = True) -> None:
        """Live trades from row `first` to `last`; history answers, or says that it cannot."""
        self.sent = first
        now, end = (int(self.tape.ts_ns[row]) for row in (first, last))
        while now < end:
            upto = int(self.tape.ts_ns.searchsorted(now, side="right"))
            self.live.absorb(self.tape[self.sent : upto])
            self.sent = upto
            self.ask(now, answers=answers)
            now += step_ns

    def ask(self, now: int, *, answers: bool = True) -> bool:
        """One turn of the market desk; tells whether history was asked for."""
        request = self.feed.advance(now)
        if request is not None:
            bars = self.history.answer(request, now) if answers else None
            self.feed.take_history(bars, "" if answers else "HTTP 500.")
        return request is not None

    @property
    def gap(self) -> GapRange:
        assert len(self.feed.gaps) == 1
        return self.feed.gaps[0]


def test_a_gap_is_known_from_the_loss_to_the_join() -> None:
    tape = make_tape(2, 3_000, 0.1)
    desk = Desk(tape, "5s")
    desk.run(500, 1_200)
    assert desk.feed.is_exact
    assert desk.feed.gaps == ()
    newest = int(tape.ts_ns[desk.sent - 1])
    desk.live.lose()
    lost_ns = int(tape.ts_ns[1_200])
    before = ohlcv(desk.feed.series.bars)
    assert desk.feed.advance(lost_ns) is not None
    assert desk.gap == GapRange(newest, None, GapState.OFFLINE)
    assert ohlcv(desk.feed.series.bars) == before
    assert "Connection lost" in desk.feed.status
    desk.feed.take_history(desk.history.answer(first_look(desk.feed.spec, lost_ns), lost_ns), "")
    assert desk.gap == GapRange(max(newest, lost_ns - NS), None, GapState.OFFLINE)
    assert "Connection lost" in desk.feed.status
    desk.live.restart()
    again_ns = int(tape.ts_ns[1_700])
    desk.live.absorb(tape[1_700:1_702])
    request = desk.feed.advance(again_ns)
    boundary_ns = again_ns - again_ns % NS + NS
    assert desk.gap == GapRange(max(newest, lost_ns - NS), boundary_ns, GapState.FILLING)
    assert request is not None
    desk.feed.take_history(desk.history.answer(request, again_ns), "")
    desk.run(1_702, 2_999)
    assert desk.feed.is_exact
    assert desk.feed.gaps == ()
    assert ohlcv(desk.feed.series.bars) == ohlcv(aggregate(tape[: desk.sent], desk.feed.spec))


@pytest.mark.parametrize("spec", ["5s", "1m", "1d"])
def test_live_trades_stand_behind_the_gap_at_once(spec: str) -> None:
    """While history does not answer, old bars stay and new ones grow behind them."""
    tape = make_tape(2, 3_000, 0.1)
    desk = Desk(tape, spec)
    desk.run(500, 1_200)
    old = ohlcv(desk.feed.series.bars)
    desk.live.restart()
    desk.run(1_700, 2_600, answers=False)
    desk.ask(int(tape.ts_ns[2_600]) + NS, answers=False)
    assert desk.gap.state is GapState.RETRYING
    assert desk.gap.end_ns == int(tape.ts_ns[1_700]) // NS * NS + NS
    assert "HTTP 500. Trying again." in desk.feed.status
    shown = desk.feed.series.bars
    assert [column[: len(old[0]) - 1] for column in ohlcv(shown)] == [c[:-1] for c in old]
    assert shown.close[-1] in tape.px_ticks[desk.sent - 6 : desk.sent]
    assert int(shown.volume.sum()) == sum(old[5]) + int(tape.qty[1_700 : desk.sent].sum())
    desk.run(desk.sent, 2_999)
    assert desk.feed.gaps == ()
    assert ohlcv(desk.feed.series.bars) == ohlcv(aggregate(tape[: desk.sent], desk.feed.spec))


def test_a_second_loss_before_the_gap_is_filled_makes_it_longer() -> None:
    tape = make_tape(2, 3_000, 0.1)
    desk = Desk(tape, "1m")
    desk.run(500, 1_200)
    start = int(tape.ts_ns[desk.sent - 1])
    for first, last in ((1_300, 1_400), (1_600, 1_700)):
        desk.live.lose()
        desk.ask(int(tape.ts_ns[first]), answers=False)
        assert desk.gap == GapRange(start, None, GapState.OFFLINE)
        desk.live.restart()
        desk.run(first, last, answers=False)
        end = int(tape.ts_ns[first]) // NS * NS + NS
        assert desk.gap == GapRange(start, end, GapState.RETRYING)
    desk.run(1_700, 2_999)
    assert desk.feed.gaps == ()


def test_a_quiet_market_has_no_gap_once_history_is_there() -> None:
    tape = make_tape(2, 3_000, 0.1)
    desk = Desk(tape, "1m")
    desk.run(500, 1_200)
    desk.live.restart()
    now = int(tape.ts_ns[1_200])
    assert desk.ask(now, answers=False)
    assert desk.gap == GapRange(int(tape.ts_ns[desk.sent - 1]), None, GapState.RETRYING)
    assert desk.ask(now + 6 * NS)
    assert desk.feed.gaps == ()
    assert desk.feed.is_quiet


def test_no_gap_before_there_are_bars() -> None:
    desk = Desk(make_tape(2, 300, 0.1), "1m")
    desk.live.lose()
    desk.ask(START, answers=False)
    desk.live.restart()
    desk.ask(START + NS, answers=False)
    assert desk.feed.gaps == ()


@given(
    st.sampled_from(["50t", "200v", "1t"]),
    st.lists(st.integers(0, 399), min_size=2, max_size=8).map(sorted),
)
def test_count_bars_keep_what_they_had_and_count_anew(spec: str, rows: list[int]) -> None:
    """Each loss leaves a gap for good; on either side are the bars of an unbroken stream."""
    tape = make_tape(7, 400, 0.1)
    desk = Desk(tape, spec)
    streams = [(a, b) for a, b in zip(rows[::2], rows[1::2], strict=False) if a < b]
    expected: list[list[int]] = []
    for number, (first, last) in enumerate(streams):
        if number:
            desk.live.lose()
            desk.ask(int(tape.ts_ns[first]))
            assert desk.feed.gaps[-1].end_ns is None
            desk.live.restart()
        desk.live.absorb(tape[first:last])
        desk.ask(int(tape.ts_ns[last]))
        expected += [list(bar) for bar in aggregate(tape[first:last], desk.feed.spec)]
    assert [list(bar) for bar in desk.feed.series.bars] == expected
    known = [(b - 1, c) for (_, b), (c, _) in itertools.pairwise(streams)]
    assert desk.feed.gaps == tuple(
        GapRange(int(tape.ts_ns[last]), int(tape.ts_ns[first]), GapState.LASTING)
        for last, first in known
        if tape.ts_ns[last] < tape.ts_ns[first]
    )


def test_count_bars_of_a_replay_that_was_put_back_begin_anew() -> None:
    tape = make_tape(7, 400, 0.1)
    desk = Desk(tape, "50t")
    desk.live.absorb(tape[200:])
    desk.ask(START)
    desk.live.restart()
    desk.live.absorb(tape[:100])
    desk.ask(START)
    assert desk.feed.series.bars == aggregate(tape[:100], desk.feed.spec)
    assert desk.feed.gaps == ()


@pytest.mark.parametrize("spec", ["5s", "1m", "50t"])
def test_a_busted_trade_leaves_the_bars(spec: str) -> None:
    tape = make_tape(2, 2_000, 0.1)
    desk = Desk(tape, spec)
    desk.run(500, 1_500, answers=True)
    desk.live.restart()
    desk.ask(int(tape.ts_ns[1_500]))
    before = len(desk.feed.series)
    ids = np.arange(1_500, 2_000)
    for at in range(1_500, 1_960, 20):
        desk.live.absorb(Arrivals.of(tape[at : at + 20], ids[at - 1_500 : at - 1_480]))
        desk.ask(int(tape.ts_ns[at + 19]))
        if at == 1_500 + 20 * 20:
            desk.live.bust([1_810, 1_811, 1_900])
            desk.live.correct(1_812, int(tape.px_ticks[1_812]) + 90, 7, 7)
    assert desk.feed.is_exact
    assert desk.live.counts.busted.trades == 3
    keep = np.r_[0:1_810, 1_812:1_900, 1_901:1_960]
    px, qty, buy = (column.copy() for column in (tape.px_ticks, tape.qty, tape.buy_qty))
    px[1_812] += 90
    qty[1_812] = buy[1_812] = 7
    left = TradeBatch(*(column[keep] for column in (tape.ts_ns, px, qty, buy)))
    if desk.feed.spec.is_time:
        assert ohlcv(desk.feed.series.bars)[0] == ohlcv(aggregate(left, desk.feed.spec))[0]
        assert ohlcv(desk.feed.series.bars) == ohlcv(aggregate(left, desk.feed.spec))
    else:
        assert desk.feed.series.bars[before:] == aggregate(left[1_500:], desk.feed.spec)
