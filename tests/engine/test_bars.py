"""Bars as columns: checks, slices, joins; and the series that a chart reads."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import MINUTE, TIME_SPECS, Trade, batch_of, tapes

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BatchError
from tradedesk.engine import Bar, Bars, BarSeries, LiveBars, aggregate, join_bars, merge
from tradedesk.engine.bars import COLUMNS, DTYPES

GOOD: dict[str, Any] = {
    "ts_ns": [0, MINUTE],
    "open": [10, 12],
    "high": [15, 13],
    "low": [9, 12],
    "close": [12, 13],
    "volume": [7, 3],
    "buy_volume": [7, 0],
    "turnover": [80, 37],
    "count": [2, 1],
}
ONE_MINUTE = BarSpec.parse("1m")


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("high", [15, 11], "high row 1 is 11: below open or close"),
        ("low", [11, 12], "low row 0 is 11: above open or close"),
        ("volume", [7, -1], "volume row 1 is -1: below 0"),
        ("buy_volume", [8, 0], "buy_volume row 0 is 8: not between 0 and volume"),
        ("count", [2, -1], "count row 1 is -1"),
        ("close", [12.5, 13.0], "close is float64"),
        ("open", [10], "open 1"),
        ("open", [10, 2**40], "open row 1 is 1099511627776"),
        ("ts_ns", [MINUTE, 0], "ts_ns row 1 is 0, older"),
    ],
)
def test_impossible_bars_are_refused(column: str, values: Any, said: str) -> None:
    with pytest.raises(BatchError, match=said):
        Bars(**(GOOD | {column: values}))


def test_columns_and_rows() -> None:
    bars = Bars(**GOOD)
    assert [column.dtype.itemsize for column in bars.columns()] == [8, 4, 4, 4, 4, 8, 8, 8, 8]
    assert bars[1] == Bar(MINUTE, 12, 13, 12, 13, 3, 0, 37, 1)
    assert list(bars) == [bars[0], bars[1]]
    assert all(type(value) is int for value in bars[0])
    assert bars == Bars.from_rows(list(bars))
    assert bars != bars[:1]
    assert bars != "bars"
    assert repr(bars) == f"Bars(2 bars, 0 to {MINUTE})"
    assert repr(Bars.empty()) == "Bars(0 bars)"


def test_history_without_order_flow() -> None:
    history = Bars(*(GOOD[name] for name in COLUMNS[:6]))
    assert history.flow_known.tolist() == [False, False]
    assert Bars(**GOOD).flow_known.tolist() == [True, True]
    joined = merge(Bars(**GOOD), history[1:])
    assert joined[1] == Bar(MINUTE, 12, 13, 12, 13, 6, 0, 0, 0)
    assert joined.flow_known.tolist() == [True, False]


def test_delta_sold_contracts_and_average_price() -> None:
    """Known, nothing traded, a print of size 0, unknown order flow."""
    bars = Bars(
        [0, 1, 2, 3], [5] * 4, [9] * 4, [5] * 4, [6] * 4, [7, 0, 0, 4], [2, 0, 0, 0], [45, 0, 0, 0],
        [3, 0, 1, 0],
    )  # fmt: skip
    series = BarSeries(bars)
    for shown in (bars, series):
        assert shown.flow_known.tolist() == [True, True, True, False]
        assert shown.delta.tolist() == [-3, 0, 0, 0]
        assert shown.sell_volume.tolist() == [5, 0, 0, 0]
        assert np.array_equal(shown.vwap, [45 / 7, np.nan, np.nan, np.nan], equal_nan=True)
        assert shown.delta.dtype == shown.sell_volume.dtype == np.dtype(np.int64)
    assert [bar.flow_known for bar in bars] == [True, True, True, False]
    assert [bar.delta for bar in bars] == [-3, 0, 0, None]
    assert [bar.sell_volume for bar in bars] == [5, 0, 0, None]
    assert [bar.vwap == 45 / 7 or math.isnan(bar.vwap) for bar in bars] == [True] * 4
    assert [math.isnan(bar.vwap) for bar in bars] == [False, True, True, True]


@given(tapes(min_size=1), st.sampled_from(TIME_SPECS))
def test_figures_of_bars_are_those_of_their_trades(trades: list[Trade], spec: BarSpec) -> None:
    bars = aggregate(batch_of(trades), spec)
    assert bars.delta.sum() == sum(2 * buy - qty for _, _, qty, buy in trades)
    assert (bars.buy_volume + bars.sell_volume == bars.volume).all()
    assert bars.flow_known.all()
    traded = bars.volume > 0
    assert (np.isnan(bars.vwap) == ~traded).all()
    assert (bars.vwap[traded] >= bars.low[traded]).all()
    assert (bars.vwap[traded] <= bars.high[traded]).all()
    assert [bar.delta for bar in bars] == bars.delta.tolist()


@given(tapes(min_size=1), st.sampled_from(TIME_SPECS), st.data())
def test_merge_joins_two_halves_of_a_tape(
    trades: list[Trade], spec: BarSpec, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(trades)))
    head, tail = aggregate(batch_of(trades[:cut]), spec), aggregate(batch_of(trades[cut:]), spec)
    whole = aggregate(batch_of(trades), spec)
    assert merge(head, tail) == whole
    assert Bars.concat([whole[:cut], whole[cut:]]) == whole


def test_parts_in_the_wrong_order_are_refused() -> None:
    bars = Bars(**GOOD)
    with pytest.raises(BatchError, match="Bars starting at 0 follow bars ending at 60000000000"):
        Bars.concat([bars, bars])
    with pytest.raises(BatchError, match="order of time"):
        merge(bars, bars)
    assert Bars.concat([]) == Bars.empty()
    assert join_bars(bars[0], bars[0]).volume == 14


@given(tapes(min_size=1, max_size=80), st.data())
def test_series_follows_live_bars(trades: list[Trade], data: st.DataObject) -> None:
    """Tails, history in front, replacement: columns, version and generation."""
    live = LiveBars([ONE_MINUTE])
    series = BarSeries()
    cut = data.draw(st.integers(0, len(trades)))
    for trade in trades[cut:]:
        version, generation = series.version, series.generation
        first = live.absorb(batch_of([trade]))[ONE_MINUTE]
        assert series.apply_tail(live.bars(ONE_MINUTE, first)) == first
        assert series.bars == live.bars(ONE_MINUTE)
        assert (series.version, series.generation) == (version + 1, generation)
    rows = len(series)
    older = aggregate(batch_of(trades[:cut]), ONE_MINUTE)
    if rows:
        older = older[: int(older.ts_ns.searchsorted(series.ts_ns[0]))]
    generation = series.generation
    assert series.prepend(older) == len(older)
    assert series.bars == Bars.concat([older, live.bars(ONE_MINUTE)])
    assert (series.generation > generation) == (len(older) > 0)
    series.replace(older)
    assert series.bars == older
    assert series.generation > generation


@given(st.lists(st.tuples(st.sampled_from("ftrs"), st.integers(0, 90)), max_size=30))
def test_series_grows_at_both_ends(steps: list[tuple[str, int]]) -> None:
    """Whatever room there is in front or behind; what was handed out before stays as it was."""
    expected: list[int] = [0]
    series = BarSeries(rising(0, 1))
    held: list[tuple[Bars, list[int]]] = []
    for what, count in steps:
        first, last = expected[0], expected[-1]
        held.append((series.bars[:-1], expected[:-1]))
        if what == "f":
            assert series.prepend(rising(first - count, first)) == count
            expected = [*range(first - count, first), *expected]
        elif what == "t":
            series.apply_tail(rising(last + 1, last + 1 + count))
            expected += range(last + 1, last + 1 + count)
        elif what == "r":
            series.replace(rising(last + 5, last + 6 + count))
            expected = [*range(last + 5, last + 6 + count)]
        else:
            stays = min(count, len(expected))
            begin = expected[stays - 1] + 1 if stays else first
            series.replace(rising(begin, begin + 2), stays=stays)
            expected = [*expected[:stays], begin, begin + 1]
        for column in series.bars.columns():
            assert (column // (MINUTE if column is series.ts_ns else 1)).tolist() == expected
    for bars, opens in held:
        assert (bars.ts_ns // MINUTE).tolist() == opens
        assert bars.count.tolist() == opens


def rising(first: int, stop: int) -> Bars:
    """Bars of a minute whose columns are all the number of their minute."""
    number = np.arange(first, stop)
    return Bars.unchecked(
        tuple((number * (MINUTE if n == "ts_ns" else 1)).astype(DTYPES[n]) for n in COLUMNS)
    )


def test_series_columns_are_read_only_views_that_stay_valid() -> None:
    series = BarSeries(Bars(**GOOD))
    held = series.bars
    before = Bars.from_rows(list(held))
    for name in COLUMNS:
        column = getattr(series, name)
        assert len(column) == len(series) == 2
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1
    later = np.arange(2, 500) * MINUTE
    for ts_ns in later.tolist():
        series.apply_tail(Bars([ts_ns], [1], [1], [1], [1], [1]))
    assert len(series) == 500
    assert held == before
    series.prepend(Bars([-MINUTE], [1], [1], [1], [1], [1]))
    series.replace(Bars.empty())
    assert held == before
    assert len(series) == 0


def test_the_newest_bar_is_forming_until_somebody_says_otherwise() -> None:
    series = BarSeries()
    assert not series.forming
    series.close_newest()
    assert series.version == 0
    series.prepend(Bars(**GOOD))
    assert series.forming
    series.close_newest()
    assert (series.forming, series.version) == (False, 2)
    series.prepend(Bars([-MINUTE], [1], [1], [1], [1], [1]))
    assert not series.forming
    series.apply_tail(Bars([2 * MINUTE], [1], [1], [1], [1], [1]))
    assert series.forming
    series.apply_tail(Bars([2 * MINUTE], [1], [1], [1], [1], [2]), None, False)
    assert not series.forming
    series.replace(Bars(**GOOD))
    assert series.forming
    series.replace(Bars(**GOOD), forming=False)
    assert not series.forming
    series.replace(Bars.empty())
    assert not series.forming
    assert BarSeries(Bars(**GOOD)).forming


def test_the_newest_bar_changes_in_place() -> None:
    series = BarSeries(Bars(**GOOD))
    close = series.close
    assert series.apply_tail(Bars([MINUTE], [12], [20], [12], [20], [9])) == 1
    assert close.tolist() == [12, 20]
    assert series.close is close


def test_series_refuses_what_is_not_its_tail_or_head() -> None:
    bars = Bars(**GOOD)
    series = BarSeries(bars)
    with pytest.raises(BatchError, match="older than the newest bar"):
        series.apply_tail(bars)
    with pytest.raises(BatchError, match="Row 0 is not at the tail of a series of 2 bars"):
        series.apply_tail(bars[1:], at=0)
    with pytest.raises(BatchError, match="cannot go in front"):
        series.prepend(bars[:1])
    with pytest.raises(BatchError, match="let fewer bars stay"):
        series.replace(bars, stays=2)
    assert series.apply_tail(Bars.empty()) == 2
    assert series.prepend(Bars.empty()) == 0
    assert (series.version, series.generation) == (0, 0)
    assert series.bars == bars


def test_count_bars_that_open_together_need_their_row() -> None:
    spec = BarSpec.parse("1t")
    live = LiveBars([spec])
    series = BarSeries()
    for px in (5, 6, 7):
        first = live.absorb(batch_of([(100, px, 1, 0)]))[spec]
        series.apply_tail(live.bars(spec, first), at=first)
    assert series.close.tolist() == [5, 6, 7]
