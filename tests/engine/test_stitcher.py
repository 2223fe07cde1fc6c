"""Stitched bars against the bars of the whole tape."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import (
    COUNT_SPECS,
    DAY,
    HOUR,
    MINUTE,
    PRICE_SPECS,
    SECOND,
    Trade,
    batch_of,
    cuts_of,
    naive_bars,
    tapes,
)

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BatchError
from tradedesk.engine import (
    Bar,
    Bars,
    BarSeries,
    Calendar,
    HistoryRange,
    LiveBars,
    Stitcher,
    aggregate,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

SPECS = [
    BarSpec.parse(text)
    for text in ("1s", "5s", "7s", "15s", "1m", "5m", "7m", "15m", "1h", "4h", "1d", "1w", "1mo")
]
CLOSE_GAPS = st.one_of(
    st.integers(0, SECOND // 2),
    st.integers(0, 3 * SECOND),
    st.sampled_from([0, 0, SECOND, MINUTE, HOUR]),
    st.integers(0, 2 * HOUR),
    st.integers(0, 2 * DAY),
)


class Venue:
    """Answers history requests as the real one does: OHLCV only, extra bars at both ends."""

    def __init__(self, tape: Sequence[Trade], calendar: Calendar) -> None:
        self._tape = batch_of(tape)
        self._calendar = calendar

    def bars(self, wanted: HistoryRange, now_ns: int) -> Bars:
        traded = self._tape[: int(self._tape.ts_ns.searchsorted(now_ns))]
        bars = aggregate(traded, wanted.spec, self._calendar)
        return Bars(bars.ts_ns, bars.open, bars.high, bars.low, bars.close, bars.volume)


def ohlcv(bars: Bars) -> list[tuple[int, ...]]:
    return [bar[:6] for bar in bars]


def follow(stitcher: Stitcher, series: BarSeries) -> bool:
    """Bring a series up to date; tells whether its newest bar alone was rewritten."""
    newest = stitcher.newest()
    done = newest is not None and series.apply_newest(*newest)
    tail = stitcher.take_tail()
    if newest is not None:
        assert (tail.bars[-1], tail.at, tail.forming) == newest
    if done:
        assert len(tail.bars) == 1
    else:
        series.apply_tail(*tail)
    assert series.forming == (len(series) > 0 and tail.forming) or not len(tail.bars)
    return done


@given(
    st.data(),
    tapes(min_size=1, max_size=50, gaps=CLOSE_GAPS),
    st.sampled_from(SPECS),
    st.sampled_from([0, -2 * HOUR, 22 * HOUR + 30 * MINUTE]),
)
def test_stitched_bars_equal_the_bars_of_the_whole_tape(
    data: st.DataObject, tape: list[Trade], spec: BarSpec, offset: int
) -> None:
    """Any tape, any moment of subscription, any moment of the splice, any cut of the stream."""
    subscribed = data.draw(st.integers(0, len(tape) - 1))
    cuts = [subscribed + row for row in data.draw(cuts_of(len(tape) - subscribed))]
    stitcher = Stitcher(spec, offset)
    venue = Venue(tape, offset)
    series = BarSeries()
    grace = data.draw(st.integers(0, 5 * SECOND))
    patience = data.draw(st.integers(0, 4))
    expected = naive_bars(tape, spec, offset)
    boundary = None
    for begin, end in itertools.pairwise(cuts):
        stitcher.absorb(batch_of(tape[begin:end]))
        boundary = stitcher.boundary_ns
        assert boundary is not None
        assert boundary == tape[subscribed][0] // SECOND * SECOND + SECOND
        now = tape[end - 1][0]
        if stitcher.spliced:
            follow(stitcher, series)
        elif now >= boundary + grace and patience <= 0:
            parts = [venue.bars(wanted, now) for wanted in stitcher.history_request()]
            series.replace(stitcher.splice(parts))
        patience -= 1
        if stitcher.spliced:
            assert ohlcv(series.bars) == ohlcv(aggregate(batch_of(tape[:end]), spec, offset))
    if not stitcher.spliced:
        late = tape[-1][0] + DAY
        parts = [venue.bars(wanted, late) for wanted in stitcher.history_request()]
        series.replace(stitcher.splice(parts))
    assert ohlcv(series.bars) == [bar[:6] for bar in expected]
    behind = [row for row, bar in enumerate(expected) if bar.ts_ns >= (boundary or 0)]
    if behind:
        assert list(series.bars)[behind[0] :] == expected[behind[0] :]


@given(st.data(), tapes(max_size=40), st.sampled_from(COUNT_SPECS + PRICE_SPECS))
def test_bars_that_follow_no_clock_are_live_only(
    data: st.DataObject, tape: list[Trade], spec: BarSpec
) -> None:
    stitcher = Stitcher(spec)
    series = BarSeries()
    assert stitcher.spliced
    for begin, end in itertools.pairwise(data.draw(cuts_of(len(tape)))):
        stitcher.absorb(batch_of(tape[begin:end]))
        follow(stitcher, series)
        assert list(series.bars) == naive_bars(tape[:end], spec)
    assert stitcher.history_request() == ()
    with pytest.raises(BatchError, match="nothing to splice"):
        stitcher.splice([])


def test_the_request_covers_the_time_from_the_open_bar_to_the_boundary() -> None:
    day = 19_730 * DAY
    stitcher = Stitcher(BarSpec.parse("1d"))
    assert stitcher.history_request() == ()
    stitcher.absorb(batch_of([(day + 14 * HOUR + 7 * MINUTE + 3 * SECOND + 5, 100, 1, 0)]))
    assert stitcher.boundary_ns == day + 14 * HOUR + 7 * MINUTE + 4 * SECOND
    hour, minute = day + 14 * HOUR, day + 14 * HOUR + 7 * MINUTE
    assert [tuple(map(str, wanted)) for wanted in stitcher.history_request()] == [
        tuple(map(str, wanted))
        for wanted in (
            ("1d", None, day),
            ("1h", day, hour),
            ("1m", hour, minute),
            ("1s", minute, minute + 4 * SECOND),
        )
    ]


def test_a_day_that_opens_inside_an_hour_is_covered_by_minutes() -> None:
    offset = -90 * MINUTE
    day = 19_730 * DAY + offset
    tape = [
        (day + 5 * MINUTE, 100, 1, 0),
        (day + 45 * MINUTE, 90, 2, 0),
        (day + 3 * HOUR, 95, 4, 0),
    ]
    stitcher = Stitcher(BarSpec.parse("1d"), offset)
    stitcher.absorb(batch_of(tape[2:]))
    request = stitcher.history_request()
    assert [str(wanted.spec) for wanted in request] == ["1d", "1m", "1s"]
    venue = Venue(tape, offset)
    series = stitcher.splice([venue.bars(wanted, day + DAY) for wanted in request])
    assert ohlcv(series) == [(day, 100, 100, 90, 95, 7)]


def test_a_first_trade_on_the_whole_second_leaves_that_second_to_history() -> None:
    stitcher = Stitcher(BarSpec.parse("1m"))
    stitcher.absorb(batch_of([(60 * SECOND, 100, 1, 0)]))
    assert stitcher.boundary_ns == 61 * SECOND


def test_provisional_bars_before_the_splice() -> None:
    spec = BarSpec.parse("1m")
    history = Bars([0, MINUTE], [10, 12], [15, 13], [9, 12], [12, 13], [7, 3])
    stitcher = Stitcher(spec)
    assert stitcher.provisional(history) == history
    stitcher.absorb(batch_of([(MINUTE + 5, 20, 2, 0), (2 * MINUTE, 21, 4, 4)]))
    assert stitcher.take_tail().bars == Bars.empty()
    shown = stitcher.provisional(history)
    assert shown.ts_ns.tolist() == [0, MINUTE, 2 * MINUTE]
    assert shown.high.tolist() == [15, 20, 21]
    assert shown.volume.tolist() == [7, 5, 4]
    assert shown.flow_known.tolist() == [False, False, True]
    stitcher.splice([history, Bars.empty()])
    with pytest.raises(BatchError, match="already exact"):
        stitcher.provisional(history)


def test_misuse_is_refused_and_changes_nothing() -> None:
    spec = BarSpec.parse("1m")
    stitcher = Stitcher(spec)
    with pytest.raises(BatchError, match="nothing to splice for 1m"):
        stitcher.splice([])
    stitcher.absorb(batch_of([(30 * SECOND, 100, 1, 0), (40 * SECOND, 101, 1, 0)]))
    with pytest.raises(BatchError, match="1 parts for 2 ranges"):
        stitcher.splice([Bars.empty()])
    with pytest.raises(BatchError, match="older than the newest one"):
        stitcher.absorb(batch_of([(39 * SECOND, 100, 1, 0)]))
    seconds = Bars([10 * SECOND, 30 * SECOND], [90, 100], [95, 100], [90, 100], [95, 100], [5, 1])
    series = stitcher.splice([Bars.empty(), seconds])
    assert ohlcv(series) == [(0, 90, 101, 90, 101, 7)]
    with pytest.raises(BatchError, match="splice once"):
        stitcher.splice([Bars.empty(), seconds])
    with pytest.raises(BatchError, match="whole seconds"):
        Stitcher(spec, 5)


def test_tail_of_a_quiet_market() -> None:
    """No live trade behind the boundary at the splice; the first one joins the history part."""
    spec = BarSpec.parse("1m")
    stitcher = Stitcher(spec)
    stitcher.absorb(batch_of([(30 * SECOND + 1, 100, 1, 0)]))
    seconds = Bars([30 * SECOND], [100], [100], [100], [100], [1])
    series = BarSeries(stitcher.splice([Bars.empty(), seconds]))
    assert series.apply_tail(*stitcher.take_tail()) == 1
    stitcher.absorb(batch_of([(31 * SECOND, 105, 2, 0), (65 * SECOND, 90, 3, 0)]))
    assert series.apply_tail(*stitcher.take_tail()) == 0
    assert ohlcv(series.bars) == [(0, 100, 105, 100, 105, 3), (MINUTE, 90, 90, 90, 90, 3)]
    live = LiveBars([spec])
    live.absorb(batch_of([(65 * SECOND, 90, 3, 0)]))
    assert series.bars[1] == live.forming(spec)


def test_the_newest_bar_is_rewritten_alone_while_it_forms() -> None:
    """Its part from history in it, as long as it is the boundary's bar."""
    spec = BarSpec.parse("1m")
    stitcher, series = Stitcher(spec), BarSeries()
    assert stitcher.newest() is None
    stitcher.absorb(batch_of([(30 * SECOND + 1, 100, 1, 0)]))
    assert stitcher.newest() is None
    seconds = Bars([30 * SECOND], [100], [120], [90], [100], [5])
    series.replace(stitcher.splice([Bars.empty(), seconds]))
    held = series.bars
    stitcher.absorb(batch_of([(31 * SECOND, 105, 2, 0)]))
    assert follow(stitcher, series)
    assert ohlcv(series.bars) == [(0, 100, 120, 90, 105, 7)]
    assert ohlcv(held) == ohlcv(series.bars)
    stitcher.absorb(batch_of([(65 * SECOND, 90, 3, 0)]))
    assert not follow(stitcher, series)
    stitcher.absorb(batch_of([(66 * SECOND, 95, 1, 0)]))
    assert follow(stitcher, series)
    assert ohlcv(series.bars) == [(0, 100, 120, 90, 105, 7), (MINUTE, 90, 95, 90, 95, 4)]


@pytest.mark.parametrize(("ts_ns", "at"), [(MINUTE, 0), (MINUTE, 2), (0, None), (2 * MINUTE, None)])
def test_another_bar_than_the_newest_one_is_not_rewritten(ts_ns: int, at: int | None) -> None:
    own = Bars([0, MINUTE], [5, 6], [7, 8], [4, 5], [6, 7], [10, 20])
    series = BarSeries(own)
    version = series.version
    bar = Bar(ts_ns, 1, 1, 1, 1, 1, 0, 1, 1)
    assert not series.apply_newest(bar, at)
    assert not BarSeries().apply_newest(bar, None)
    assert series.bars == own
    assert series.version == version
    assert series.apply_newest(bar._replace(ts_ns=MINUTE), 1, forming=False)
    assert series.bars[1] == bar._replace(ts_ns=MINUTE)
    assert (series.forming, series.version) == (False, version + 1)


@given(
    st.data(),
    tapes(min_size=1, max_size=40, gaps=CLOSE_GAPS),
    st.sampled_from([*SPECS, *COUNT_SPECS]),
    st.booleans(),
)
def test_bars_made_anew_are_those_of_a_stream_without_the_busted_trades(
    data: st.DataObject, tape: list[Trade], spec: BarSpec, before_splice: bool
) -> None:
    """Busts among the live trades behind the boundary, before or after the splice."""
    stitcher, series, venue = Stitcher(spec), BarSeries(), Venue([], 0)
    stitcher.absorb(batch_of(tape))
    first = stitcher.boundary_ns if spec.is_time else tape[0][0]
    assert first is not None
    gone = data.draw(st.sets(st.integers(0, len(tape) - 1)))
    left = [t for row, t in enumerate(tape) if row not in gone]

    def splice() -> None:
        if spec.is_time:
            asked = stitcher.history_request()
            series.replace(stitcher.splice([venue.bars(one, first) for one in asked]))

    if before_splice and spec.is_time:
        assert len(stitcher.remake(batch_of(left))[0]) == 0
        splice()
    else:
        splice()
        series.apply_tail(*stitcher.take_tail())
        bars, opens = stitcher.remake(batch_of(left))
        stays = 0 if opens is None else int(series.ts_ns.searchsorted(opens))
        series.replace(Bars.concat((series.bars[:stays], bars)))
    later = (max(tape[-1][0], first) + SECOND, 7, 3, 1)
    stitcher.absorb(batch_of([later]))
    follow(stitcher, series)
    live = [trade for trade in [*left, later] if trade[0] >= first]
    assert list(series.bars) == naive_bars(live, spec)
