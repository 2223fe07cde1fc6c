"""Bars in trading hours: naive, batch, store, live, in a cascade, stitched; and the grid itself."""

from __future__ import annotations

import itertools
from datetime import date, time

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.engine.naive import (
    ALL_SPECS,
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    TIME_SPECS,
    batch_of,
    cuts_of,
)
from tests.engine.naive_hours import (
    ALL_HOURS,
    CHICAGO,
    ENDLESS,
    HOURS,
    KNOWN,
    RTH,
    naive_hour_bars,
    naive_open_in,
    naive_session,
    sessions_of,
    tapes_in,
)
from tests.engine.test_stitcher import Venue, ohlcv
from tests.engine.test_trading_hours import at

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BarSpecError, BatchError
from tradedesk.engine import (
    Bars,
    BarSeries,
    LiveBars,
    SessionGrid,
    Stitcher,
    TimeGrid,
    TradeBatch,
    TradeStore,
    TradingHours,
    aggregate,
    grid_of,
    resample,
)
from tradedesk.engine.hours import session_grid as session_grid_module
from tradedesk.engine.live import live_bars as live_bars_module

CASCADE = [BarSpec.parse(text) for text in ("1s", "1m", "5m", "15m", "1h", "1d", "1w", "1mo")]
FOUR_HOURS = BarSpec.parse("4h")
USUAL_RTH = TradingHours.cme_equity(date(2026, 1, 5), date(2026, 1, 9), rth=True)


@given(st.data(), HOURS, st.sampled_from(ALL_SPECS), st.sampled_from([0, 8, 10**9]))
def test_aggregate_and_store_equal_naive_bars(
    data: st.DataObject, hours: TradingHours, spec: BarSpec, dense: int
) -> None:
    """By the search for edges, and by the division of each row."""
    trades = data.draw(tapes_in(hours))
    expected = naive_hour_bars(trades, spec, hours)
    batch = batch_of(trades)
    store = TradeStore()
    store.append(batch)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session_grid_module, "_DENSE_ROWS_PER_BAR", dense)
        patch.setattr(session_grid_module, "_BLOCK", data.draw(st.sampled_from([1, 3, 65_536])))
        if dense == 0 and len(batch):
            # a second's bars have millions of edges in half a year
            bars_spanned = (batch.ts_ns[-1] - batch.ts_ns[0]) // (spec.period_ns or DAY)
            assume(bars_spanned < 100_000)
        assert list(aggregate(batch, spec, hours)) == expected
        assert list(store.bars(spec, hours)) == expected


@given(st.data(), HOURS, st.lists(st.sampled_from(ALL_SPECS), min_size=1, max_size=9))
def test_live_equals_batch_equals_naive_at_every_cut(
    data: st.DataObject, hours: TradingHours, specs: list[BarSpec]
) -> None:
    trades = data.draw(tapes_in(hours, max_size=30))
    large = data.draw(st.sampled_from([0, 3, 2_048]))
    live = LiveBars(specs, hours)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live_bars_module, "LARGE_BATCH", large)
        for begin, end in itertools.pairwise(data.draw(cuts_of(len(trades)))):
            before = {spec: live.bars(spec) for spec in specs}
            if data.draw(st.booleans()):
                changed = live.absorb(batch_of(trades[begin:end]))
            else:
                changed = {spec: live.closed_count(spec) for spec in specs}
                for trade in trades[begin:end]:
                    live.tick(*trade)
            for spec in specs:
                now = live.bars(spec)
                assert list(now) == naive_hour_bars(trades[:end], spec, hours)
                assert now == aggregate(batch_of(trades[:end]), spec, hours)
                first = changed[spec]
                assert now[:first] == before[spec][:first]
                assert live.bars(spec, first) == now[first:]
    sessions = sessions_of(hours)
    held = [naive_session(trade[0], sessions) is not None for trade in trades]
    for totals, wanted in ((live.totals, True), (live.left_out, False)):
        taken = [trade for trade, inside in zip(trades, held, strict=True) if inside == wanted]
        assert totals == (
            sum(qty for _, _, qty, _ in taken),
            sum(buy for _, _, _, buy in taken),
            sum(px * qty for _, px, qty, _ in taken),
            len(taken),
        )


@given(st.data(), st.one_of(HOURS, st.sampled_from([0, -2 * HOUR, 90 * MINUTE])))
def test_a_cascade_agrees_with_direct_bars_wherever_it_can(
    data: st.DataObject, calendar: TradingHours | int
) -> None:
    """1s to 1mo, each made of the one before; and every pair of sizes that nests."""
    hours = ENDLESS if isinstance(calendar, int) else calendar
    batch = batch_of(data.draw(tapes_in(hours)))
    bars = aggregate(batch, CASCADE[0], calendar)
    for shorter, longer in itertools.pairwise(CASCADE):
        if not grid_of(shorter, calendar).nests_in(grid_of(longer, calendar)):
            # days that start at half past cannot be made of whole hours; weeks are never months
            assert (str(shorter), str(longer)) in {("1h", "1d"), ("1w", "1mo")}
            bars = aggregate(batch, longer, calendar)
            continue
        bars = resample(bars, longer, calendar)
        assert bars == aggregate(batch, longer, calendar)
    shorter, longer = data.draw(st.tuples(*[st.sampled_from(TIME_SPECS)] * 2))
    if grid_of(shorter, calendar).nests_in(grid_of(longer, calendar)):
        made = resample(aggregate(batch, shorter, calendar), longer, calendar)
        assert made == aggregate(batch, longer, calendar)


@given(st.data(), HOURS, st.sampled_from(TIME_SPECS), st.sampled_from(TIME_SPECS))
def test_plain_bars_make_session_bars_where_they_nest(
    data: st.DataObject, hours: TradingHours, shorter: BarSpec, longer: BarSpec
) -> None:
    """Bars of a venue count from 1970; the other way round as well."""
    batch = batch_of(data.draw(tapes_in(hours)))
    if TimeGrid(shorter).nests_in(SessionGrid(longer, hours)):
        made = resample(aggregate(batch, shorter), longer, hours)
        assert made == aggregate(batch, longer, hours)
    if SessionGrid(shorter, hours).nests_in(TimeGrid(longer)):
        held = batch_of([row for row in batch.rows() if hours.is_open([row[0]])[0]])
        made = resample(aggregate(batch, shorter, hours), longer)
        assert made == aggregate(held, longer)


def test_minutes_of_a_venue_nest_in_regular_hours() -> None:
    plain = {text: TimeGrid(BarSpec.parse(text)) for text in ("1m", "15m", "30m", "1h")}
    half, day = (SessionGrid(BarSpec.parse(text), RTH) for text in ("30m", "1d"))
    assert plain["1m"].nests_in(half)
    assert plain["15m"].nests_in(half)
    assert not plain["30m"].nests_in(half)  # an early close at 12:15
    assert plain["30m"].nests_in(SessionGrid(half.spec, USUAL_RTH))
    assert not plain["1h"].nests_in(half)
    assert not plain["1h"].nests_in(day)
    assert plain["1h"].nests_in(SessionGrid(FOUR_HOURS, ENDLESS))
    assert not plain["1h"].nests_in(SessionGrid(FOUR_HOURS, ALL_HOURS))
    assert half.nests_in(day)
    assert not day.nests_in(half)
    assert SessionGrid(BarSpec.parse("4h"), RTH).nests_in(SessionGrid(BarSpec.parse("7h"), RTH))
    assert not SessionGrid(BarSpec.parse("4h"), RTH).nests_in(SessionGrid(BarSpec.parse("6h"), RTH))
    assert not SessionGrid(BarSpec.parse("1w"), RTH).nests_in(
        SessionGrid(BarSpec.parse("1mo"), RTH)
    )


@given(st.data(), HOURS, st.sampled_from(TIME_SPECS))
def test_single_times_on_the_grid(data: st.DataObject, hours: TradingHours, spec: BarSpec) -> None:
    sessions = sessions_of(hours)
    grid = SessionGrid(spec, hours)
    trades = data.draw(tapes_in(hours, max_size=10))
    for ts_ns in {trade[0] for trade in trades}:
        if ts_ns < sessions[0][0]:
            with pytest.raises(BatchError, match=f"{ts_ns} lies before the first known session"):
                grid.floor(ts_ns)
            continue
        opens, closes = grid.span(ts_ns)
        assert grid.floor(ts_ns) == opens
        if naive_session(ts_ns, sessions) is None:
            assert closes <= ts_ns or spec.unit in ("d", "w", "mo")
        else:
            assert opens == naive_open_in(ts_ns, spec, sessions)
            assert opens <= ts_ns < closes
        assert naive_open_in(closes - 1, spec, sessions) == opens
        assert naive_open_in(closes, spec, sessions) != opens
        later = [one[0] for one in sessions if one[0] >= closes]
        inside = naive_open_in(closes, spec, sessions)
        following = inside if inside is not None else (later[0] if later else closes)
        assert grid.next(ts_ns) == following


def test_four_hour_bars_of_chicago_around_a_clock_change_and_an_early_close() -> None:
    rows = np.arange(at("2026-10-29T00:00"), at("2026-12-01T00:00"), 10 * MINUTE)
    ones = np.ones(len(rows), np.int32)
    bars = aggregate(TradeBatch(rows, ones, ones, ones), FOUR_HOURS, ALL_HOURS)

    def opening_times(day: date) -> list[tuple[str, int]]:
        number = (day - date(1970, 1, 1)).days
        found = []
        for bar in bars:
            if ALL_HOURS.day_of([bar.ts_ns])[0] == number:
                hour = (bar.ts_ns - at(f"{day}T00:00")) // HOUR % 24
                found.append((f"{hour:02}", bar.count))
        return found

    usual = [("17", 24), ("21", 24), ("01", 24), ("05", 24), ("09", 24), ("13", 18)]
    for day in (date(2026, 10, 30), date(2026, 11, 2), date(2026, 11, 3)):
        assert opening_times(day) == usual
    short = [("17", 24), ("21", 24), ("01", 24), ("05", 24), ("09", 20)]
    assert opening_times(date(2026, 11, 27)) == short  # until 12:15
    assert opening_times(date(2026, 11, 26)) == []


def test_weeks_and_months_are_groups_of_trading_days() -> None:
    rows = (RTH.opens_ns + MINUTE).repeat(2)
    rows[1::2] += 10 * HOUR  # in the evening, outside
    ones = np.ones(len(rows), np.int32)
    batch = TradeBatch(rows, ones, ones, ones)
    days, weeks, months = (
        aggregate(batch, BarSpec.parse(text), RTH) for text in ("1d", "1w", "1mo")
    )
    assert days.ts_ns.tolist() == RTH.opens_ns.tolist()
    assert set(days.count.tolist()) == {1}
    assert len(months) == 12
    assert weeks.count.sum() == months.count.sum() == len(RTH)
    assert set(weeks.count.tolist()) == {5, 4, 3}
    first_of_april = at("2026-04-01T08:30")
    assert first_of_april in months.ts_ns
    assert RTH.session_starts(days.ts_ns).tolist() == list(range(len(RTH)))


@given(st.data(), st.sampled_from(sorted(KNOWN)), st.sampled_from(TIME_SPECS))
def test_stitched_bars_equal_the_bars_of_the_whole_tape(
    data: st.DataObject, name: str, spec: BarSpec
) -> None:
    """Bars of the venue are plain and know no hours; those of the series come as the hours have."""
    hours = KNOWN[name]
    tape = data.draw(tapes_in(hours, max_size=30).filter(len))
    subscribed = data.draw(st.integers(0, len(tape) - 1))
    stitcher = Stitcher(spec, hours)
    stitcher.absorb(batch_of(tape[subscribed:]))
    late = tape[-1][0] + DAY
    venue, own = Venue(tape, 0), Venue(tape, hours)
    first, *rest = stitcher.history_request()
    shorter = BarSpec.parse("1s")
    if data.draw(st.booleans()) and TimeGrid(shorter).nests_in(grid_of(spec, hours)):
        older = venue.bars(first._replace(spec=shorter), late)
    else:
        older = own.bars(first, late)
    series = BarSeries(stitcher.splice([older, *(venue.bars(one, late) for one in rest)]))
    assert ohlcv(series.bars) == [bar[:6] for bar in naive_hour_bars(tape, spec, hours)]
    more = [(late + HOUR, 5, 3, 1), (late + 2 * HOUR, 7, 1, 1)]
    stitcher.absorb(batch_of(more))
    series.apply_tail(*stitcher.take_tail())
    assert ohlcv(series.bars) == [bar[:6] for bar in naive_hour_bars(tape + more, spec, hours)]


def test_provisional_bars_keep_to_the_hours() -> None:
    stitcher = Stitcher(BarSpec.parse("1m"), RTH)
    opening = at("2026-05-11T08:30")
    history = Bars([opening - MINUTE, opening], [1, 2], [1, 2], [1, 2], [1, 2], [5, 6])
    stitcher.absorb(batch_of([(opening + 90 * SECOND, 4, 1, 0)]))
    assert ohlcv(stitcher.provisional(history)) == [
        (opening, 2, 2, 2, 2, 6),
        (opening + MINUTE, 4, 4, 4, 4, 1),
    ]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(BarSpecError, match="'500t' bars do not close by the clock"):
        grid_of(BarSpec.parse("500t"), RTH)
    with pytest.raises(BatchError, match="whole seconds"):
        Stitcher(BarSpec.parse("1m"), TradingHours([5], [HOUR], [0]))


def test_only_outside_and_none_at_all() -> None:
    night = batch_of([(at("2026-05-11T20:00"), 5, 3, 1)])
    early = batch_of([(at("2020-05-11T10:00"), 5, 3, 1)])
    late = batch_of([(at("2030-05-11T10:00"), 5, 3, 1)])
    for spec in ALL_SPECS:
        for batch in (night, early, late, TradeBatch.empty()):
            assert aggregate(batch, spec, RTH) == Bars.empty()
            live = LiveBars([spec], RTH)
            live.absorb(batch)
            assert live.bars(spec) == Bars.empty()
            assert live.left_out.count == len(batch)


def test_windows_of_a_night_market() -> None:
    hours = TradingHours.weekly(
        CHICAGO,
        [(time(19), time(7, 45)), (time(8, 30), time(13, 20))],
        date(2026, 1, 5),
        date(2026, 1, 9),
    )
    assert len(hours) == 10
    assert (hours.closes_ns - hours.opens_ns).tolist()[:2] == [
        12 * HOUR + 45 * MINUTE,
        4 * HOUR + 50 * MINUTE,
    ]
