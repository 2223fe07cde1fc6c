"""Older bars: however they come, the series is the one that a single big request had given."""

from __future__ import annotations

import itertools
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.services.test_chart_feed import HOUR_NS, MNQ, NS, START, History, make_tape, ohlcv

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Bars, TradeBatch, aggregate, resample, venue_calendar
from tradedesk.services.chart_feed import ChartFeed
from tradedesk.services.older_asking import (
    LONGEST_QUIET_NS,
    MOST_A_REQUEST,
    MOST_ROWS,
    Older,
    OlderAsking,
    OlderState,
)
from tradedesk.services.tape import ContractTape

if TYPE_CHECKING:
    from tradedesk.services.history_request import HistoryRequest

DAY_NS = 24 * HOUR_NS


def with_holes(tape: TradeBatch, holes: list[tuple[int, int]]) -> TradeBatch:
    """Move everything before a row back by so many days: nothing traded in between."""
    ts = tape.ts_ns.copy()
    for row, days in holes:
        ts[:row] -= days * DAY_NS
    return TradeBatch(ts, tape.px_ticks, tape.qty, tape.buy_qty)


class OnTheWay(NamedTuple):
    request: HistoryRequest
    turns: int


class Chart:
    """A chart that looks at its oldest bar all the time, with a venue that answers as it likes."""

    def __init__(self, tape: TradeBatch, spec: str, chance: Random, trouble: float) -> None:
        self.tape, self.history, self.live = tape, History(tape), ContractTape()
        self.feed = ChartFeed(MNQ, BarSpec.parse(spec), self.live)
        self.chance, self.trouble = chance, trouble
        self.older: OnTheWay | None = None
        self.sent = 0

    def answer(self, request: HistoryRequest, now_ns: int) -> tuple[Bars | None, str]:
        if self.chance.random() < self.trouble:
            return None, "HTTP 500."
        bars = self.history.answer(request, now_ns)
        # of a part of a join a short answer would be a wrong one
        return (bars[-self.chance.randint(1, 40) :] if request.partial else bars), ""

    def reconnect(self) -> None:
        self.live.lose()
        self.feed.advance(None)
        self.live.restart()
        self.older = None

    def turn(self, now_ns: int) -> None:
        request = self.feed.advance(now_ns)
        if request is not None:
            self.feed.take_history(*self.answer(request, now_ns))
        self.feed.want_older(1)
        if self.older is None:
            wanted = self.feed.next_older(now_ns)
            if wanted is not None:
                self.older = OnTheWay(wanted, self.chance.randint(0, 4))
        elif self.older.turns:
            self.older = self.older._replace(turns=self.older.turns - 1)
        else:
            self.feed.take_older(*self.answer(self.older.request, now_ns))
            self.older = None

    def run(self, first: int, breaks: list[int]) -> None:
        """Play the tape live from row `first`, losing the connection at some rows."""
        now, self.sent, step = int(self.tape.ts_ns[first]), first, NS
        left = sorted(row for row in breaks if row > first)
        while now < self.tape.ts_ns[-1] + 5 * NS:
            upto = int(self.tape.ts_ns.searchsorted(now, side="right"))
            if left and upto >= left[0]:
                # what trades while nobody listens is in history alone
                upto = max(upto, left.pop(0) + 5)
                self.reconnect()
                now = max(now, int(self.tape.ts_ns[min(upto, len(self.tape) - 1)]))
            else:
                self.live.absorb(self.tape[self.sent : upto])
            self.sent = upto
            self.turn(now)
            now += step
        for _ in range(2_000):
            self.turn(now)
            now += NS
            if self.feed.older.state is OlderState.BEGINNING and not self.feed.gaps:
                break


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    share=st.floats(0.3, 0.9),
    spec=st.sampled_from(["1s", "5s", "1m", "1h", "1d", "1w"]),
    gap=st.sampled_from([0.3, 1.0]),
    holes=st.lists(st.tuples(st.integers(1, 130), st.integers(1, 95)), max_size=4),
    breaks=st.lists(st.integers(100, 370), max_size=2),
    trouble=st.sampled_from([0.0, 0.2]),
    chance=st.randoms(use_true_random=False),
)
def test_any_split_of_older_requests_gives_one_whole(
    seed: int,
    share: float,
    spec: str,
    gap: float,
    holes: list[tuple[int, int]],
    breaks: list[int],
    trouble: float,
    chance: Random,
) -> None:
    """Short answers, failures, holes of months, losses in mid-request, while trades come."""
    tape = with_holes(make_tape(seed, 400, gap), holes)
    chart = Chart(tape, spec, chance, trouble)
    parsed = chart.feed.spec
    calendar = venue_calendar(parsed, START)
    chart.history = History(tape, calendar)
    chart.run(max(131, int(share * 399)), breaks)
    assert chart.feed.older == Older(OlderState.BEGINNING)
    if chart.feed.is_exact or chart.feed.is_quiet:
        assert ohlcv(chart.feed.series.bars) == ohlcv(aggregate(tape, parsed, calendar))
    assert chart.feed.is_exact or tape.ts_ns[-1] - tape.ts_ns[int(share * 399)] < 12 * NS or breaks


def exact_feed(tape: TradeBatch, spec: str, rows: int) -> tuple[ChartFeed, History, int]:
    """A feed that is joined, of whose first look the venue gave the newest `rows` bars."""
    history, live = History(tape), ContractTape()
    feed = ChartFeed(MNQ, BarSpec.parse(spec), live)
    first = len(tape) // 2
    now, sent = int(tape.ts_ns[first]), first
    while not feed.is_exact:
        upto = int(tape.ts_ns.searchsorted(now, side="right"))
        live.absorb(tape[sent:upto])
        sent = upto
        request = feed.advance(now)
        if request is not None:
            feed.take_history(history.answer(request, now)[-rows:], "")
        now += NS // 2
    return feed, history, now


def test_nothing_is_asked_until_the_chart_wants_it_and_only_once() -> None:
    feed, history, now = exact_feed(make_tape(1, 2_000, 0.5), "1s", 30)
    assert feed.older == Older(OlderState.IDLE)
    assert feed.next_older(now) is None
    feed.want_older(200)
    assert feed.older.state is OlderState.LOADING
    request = feed.next_older(now)
    assert request is not None
    assert request.end_ns == feed.series.ts_ns[0]
    assert (request.limit, request.patient) == (5_000, True)
    feed.want_older(200)
    assert feed.next_older(now) is None
    generation, newest = feed.series.generation, ohlcv(feed.series.bars[-20:])
    feed.take_older(history.answer(request, now), "")
    assert feed.older == Older(OlderState.IDLE)
    assert feed.series.generation == generation + 1
    assert ohlcv(feed.series.bars[-20:]) == newest
    assert feed.next_older(now) is None


def test_an_answer_that_overlaps_is_cut() -> None:
    feed, history, now = exact_feed(make_tape(1, 2_000, 0.5), "1s", 30)
    feed.want_older(1)
    request = feed.next_older(now)
    assert request is not None
    before = ohlcv(feed.series.bars)
    over = history.answer(request._replace(end_ns=request.end_ns + 20 * NS), now)
    assert over.ts_ns[-1] > feed.series.ts_ns[0]
    feed.take_older(over, "")
    assert np.all(np.diff(feed.series.ts_ns) > 0)
    assert ohlcv(feed.series.bars[-len(before[0]) :]) == before


def test_the_newest_bars_come_first() -> None:
    live = ContractTape()
    tape = make_tape(4, 500, 0.1)
    feed = ChartFeed(MNQ, BarSpec.parse("1m"), live)
    now = int(tape.ts_ns[250])
    feed.want_older(10)
    assert feed.older.state is OlderState.IDLE
    request = feed.advance(now)
    assert request is not None
    assert feed.next_older(now) is None
    feed.take_history(History(tape).answer(request, now), "")
    feed.want_older(10)
    live.absorb(tape[250:260])
    feed.advance(now + NS // 10)
    assert not feed.is_exact
    assert feed.next_older(now + NS // 10) is None


def test_a_closed_market_is_looked_back_at_too() -> None:
    live = ContractTape()
    tape = make_tape(4, 500, 0.1)
    feed = ChartFeed(MNQ, BarSpec.parse("1s"), live)
    now = int(tape.ts_ns[-1]) + 9 * HOUR_NS
    request = feed.advance(now)
    assert request is not None
    feed.take_history(History(tape).answer(request, now)[-5:], "")
    feed.want_older(1)
    assert feed.is_quiet
    request = feed.next_older(now)
    assert request is not None
    feed.take_older(History(tape).answer(request, now), "")
    assert ohlcv(feed.series.bars) == ohlcv(aggregate(tape, feed.spec))


def test_an_empty_weekend_is_not_the_beginning_but_an_empty_year_is() -> None:
    tape = with_holes(make_tape(1, 2_000, 0.5), [(20, 200), (500, 30)])
    feed, history, now = exact_feed(tape, "1s", 30)
    windows: list[int] = []
    for _ in range(40):
        feed.want_older(1)
        request = feed.next_older(now)
        if request is None:
            break
        windows.append(request.end_ns - request.start_ns)
        feed.take_older(history.answer(request, now), "")
    assert feed.older.state is OlderState.BEGINNING
    heard = aggregate(tape[: int(tape.ts_ns.searchsorted(now - NS // 2, "right"))], feed.spec)
    assert ohlcv(feed.series.bars) == ohlcv(heard)
    assert max(windows) == LONGEST_QUIET_NS
    assert len(windows) == 12
    feed.want_older(1)
    assert feed.next_older(now + DAY_NS) is None


def test_a_failure_is_told_in_one_sentence_and_asked_again_less_and_less_often() -> None:
    feed, history, now = exact_feed(make_tape(1, 2_000, 0.5), "1s", 30)
    shown = len(feed.series)
    feed.want_older(1)
    asked: list[int] = []
    end = now + 300 * NS
    while now < end:
        request = feed.next_older(now)
        if request is not None:
            asked.append(now)
            feed.take_older(None, "HTTP 500.")
            assert feed.older == Older(OlderState.RETRYING, "HTTP 500.")
        now += NS
    waits = [(b - a) // NS for a, b in itertools.pairwise(asked)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (6, 61)
    assert feed.status == ""
    assert len(feed.series) == shown
    request = feed.next_older(now + 61 * NS)
    assert request is not None
    feed.take_older(history.answer(request, now), "")
    assert feed.older == Older(OlderState.IDLE)
    assert len(feed.series) > shown


def test_older_bars_stay_over_a_reconnect() -> None:
    tape = make_tape(1, 4_000, 0.5)
    chart = Chart(tape, "1s", Random(3), 0.0)
    chart.run(2_000, [2_600, 3_000])
    assert chart.feed.is_exact
    rows = int(chart.feed.series.ts_ns.searchsorted(tape.ts_ns[1_900]))
    before = ohlcv(chart.feed.series.bars[:rows])
    chart.live.restart()
    now = int(tape.ts_ns[-1]) + 9 * NS
    request = chart.feed.advance(now)
    assert request is not None
    chart.feed.take_history(chart.history.answer(request, now)[-50:], "")
    assert ohlcv(chart.feed.series.bars[:rows]) == before
    assert chart.feed.older.state is OlderState.BEGINNING


def test_what_was_asked_before_a_reconnect_is_asked_again_after_it() -> None:
    tape = make_tape(1, 4_000, 0.5)
    feed, history, now = exact_feed(tape, "1s", 60)
    feed.want_older(1)
    before = feed.next_older(now)
    assert before is not None
    feed.tape.restart()
    now += 5 * NS
    request = feed.advance(now)
    assert request is not None
    feed.take_older(history.answer(before, now), "")
    assert feed.next_older(now) is None
    feed.take_history(history.answer(request, now)[-60:], "")
    assert len(feed.series) > 60
    again = feed.next_older(now)
    assert again == before
    feed.take_older(history.answer(again, now), "")
    heard = tape[: int(tape.ts_ns.searchsorted(now, "right"))]
    assert ohlcv(feed.series.bars) == ohlcv(aggregate(heard, feed.spec))


def test_older_bars_go_when_bars_behind_them_may_be_missing() -> None:
    tape = make_tape(1, 4_000, 0.5)
    feed, history, now = exact_feed(tape, "1s", 30)
    feed.want_older(1)
    older = feed.next_older(now)
    assert older is not None
    feed.take_older(history.answer(older, now), "")
    assert feed.series.ts_ns[0] == tape.ts_ns[0] // NS * NS
    feed.tape.restart()
    later = int(tape.ts_ns[-1])
    request = feed.advance(later)
    assert request is not None
    feed.take_history(history.answer(request, later)[-30:], "")
    assert len(feed.series) == 30
    feed.want_older(1)
    assert feed.next_older(later) is not None


def test_days_made_of_shorter_bars_are_whole_wherever_a_request_ends() -> None:
    """A venue that answers a request for two days with bars of one."""
    tape = make_tape(9, 9_000, 5 * 3_600.0)
    spec, day = BarSpec.parse("2d"), BarSpec.parse("1d")
    calendar = venue_calendar(spec, int(tape.ts_ns[-1]))
    days = Bars(*aggregate(tape, day, calendar).columns()[:6])
    ends = days.ts_ns[-400:][np.isin(days.ts_ns[-400:], resample(days, spec, calendar).ts_ns)]
    for end_ns in ends[::37].tolist():
        known = days[: int(days.ts_ns.searchsorted(end_ns, "right"))]
        feed = ChartFeed(MNQ, spec, ContractTape())
        request = feed.advance(end_ns)
        for take in (feed.take_history, *[feed.take_older] * 9):
            assert request is not None
            first = int(known.ts_ns.searchsorted(request.start_ns))
            behind = int(known.ts_ns.searchsorted(request.end_ns))
            # the limit counts bars of a day, as the venue gives them
            take(known[first:behind][-request.limit :], "")
            feed.want_older(1)
            request = feed.next_older(end_ns)
            if request is None:
                break
        assert feed.older.state is OlderState.BEGINNING
        assert ohlcv(feed.series.bars) == ohlcv(resample(known, spec, calendar))


@pytest.mark.parametrize("spec", ["50t", "200v", "10r", "8n"])
def test_bars_that_follow_no_clock_begin_with_the_live_feed(spec: str) -> None:
    live = ContractTape()
    feed = ChartFeed(MNQ, BarSpec.parse(spec), live)
    live.absorb(make_tape(3, 1_000, 0.1))
    feed.advance(START)
    feed.want_older(100)
    assert feed.older == Older(OlderState.LIVE_ONLY)
    assert feed.next_older(START) is None


def test_a_chart_holds_a_million_bars_and_no_more() -> None:
    asking = OlderAsking(BarSpec.parse("1m"))
    asking.want(10, MOST_ROWS - 7)
    request = asking.next_request(START, START)
    assert request is not None
    assert request.limit == 7
    asking.take(Bars([START - 1], [1], [1], [1], [1], [1]), "", START, 0)
    asking.want(10, MOST_ROWS)
    assert asking.standing == Older(OlderState.FULL)
    assert asking.next_request(START, START) is None


def test_many_bars_are_followed_by_many() -> None:
    asking = OlderAsking(BarSpec.parse("1m"))
    asking.want(10, 40_000)
    request = asking.next_request(START, START)
    assert request is not None
    assert request.limit == 10_000
    greedy = OlderAsking(BarSpec.parse("1m"))
    greedy.want(10**9, 400_000)
    request = greedy.next_request(START, START)
    assert request is not None
    assert request.limit == MOST_A_REQUEST
