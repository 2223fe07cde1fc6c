"""Batch bars against the naive ones."""

from __future__ import annotations

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
    Trade,
    batch_of,
    naive_bars,
    tapes,
)

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BarSpecError
from tradedesk.engine import Bars, TimeGrid, TradeBatch, TradeStore, aggregate, resample
from tradedesk.engine import reduce as reduce_module
from tradedesk.engine.hours import time_grid as time_grid_module

OFFSETS = st.sampled_from([0, -2 * HOUR, 22 * HOUR, 90 * MINUTE])
NESTED = [("1s", "5s"), ("1s", "1m"), ("1m", "5m"), ("1m", "15m"), ("5m", "1h"), ("1h", "4h")]
NESTED += [("1h", "1d"), ("1m", "1d"), ("1d", "1w"), ("1d", "1mo"), ("1mo", "3mo"), ("1d", "2d")]


@given(tapes(), st.sampled_from(ALL_SPECS), OFFSETS)
def test_aggregate_and_store_equal_naive_bars(
    trades: list[Trade], spec: BarSpec, offset: int
) -> None:
    expected = naive_bars(trades, spec, offset)
    batch = batch_of(trades)
    assert list(aggregate(batch, spec, offset)) == expected
    store = TradeStore()
    half = len(batch) // 2
    store.append(batch[:half])
    store.append(batch[half:])
    assert list(store.bars(spec, offset)) == expected


@given(tapes(min_size=1, max_size=80), st.integers(1, 9), st.sampled_from(ALL_SPECS))
def test_bars_do_not_depend_on_how_long_columns_are_worked_through(
    trades: list[Trade], piece: int, spec: BarSpec
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reduce_module, "PIECE", piece)
        patch.setattr(time_grid_module, "_LONG_COLUMN", 1)
        cut = aggregate(batch_of(trades), spec)
    assert list(cut) == naive_bars(trades, spec)


@given(tapes(), st.sampled_from(NESTED), OFFSETS)
def test_resample_equals_bars_of_the_trades(
    trades: list[Trade], pair: tuple[str, str], offset: int
) -> None:
    short, longer = (BarSpec.parse(text) for text in pair)
    assume(TimeGrid(short, offset).nests_in(TimeGrid(longer, offset)))
    bars = resample(aggregate(batch_of(trades), short, offset), longer, offset)
    assert list(bars) == naive_bars(trades, longer, offset)


@pytest.mark.parametrize("spec", ALL_SPECS, ids=str)
def test_many_trades_dense_and_sparse(spec: BarSpec) -> None:
    """Enough trades for several pieces, for the edge search and for the division."""
    rng = np.random.default_rng(3)
    rows = 300_000
    for mean_gap_ns in (SECOND // 2000, SECOND // 3, 40 * SECOND):
        ts_ns = 1_700_000_000 * SECOND + rng.integers(0, 2 * mean_gap_ns, rows).cumsum()
        qty = rng.geometric(0.4, rows).astype(np.int32)
        px = (80_000 + rng.integers(-1, 2, rows).cumsum()).astype(np.int32)
        buy = np.where(rng.random(rows) < 0.5, qty, 0).astype(np.int32)
        batch = TradeBatch(ts_ns, px, qty, buy)
        bars = aggregate(batch, spec)
        store = TradeStore()
        store.append(batch)
        assert store.bars(spec) == bars
        assert bars.volume.sum() == qty.sum()
        head = 5_000
        expected = naive_bars(list(batch[:head].rows()), spec)
        assert list(bars)[: len(expected) - 1] == expected[:-1]


def test_sums_beyond_int32_are_exact() -> None:
    spec = BarSpec.parse("1m")
    big = 2**31 - 1
    trades = [
        (0, big, 100_000, 7),
        (1, -big, 100_000, 0),
        (2, big, big, big),
        (61 * SECOND, 5, 2, 1),
    ]
    assert list(aggregate(batch_of(trades), spec)) == naive_bars(trades, spec)


@pytest.mark.parametrize("base", [2**31 - 4, -(2**31), 1_900_000_000, -3])
@pytest.mark.parametrize("text", ["1s", "1m", "1h"])
def test_products_that_wrap_round_leave_the_turnover_exact(base: int, text: str) -> None:
    """Narrow bars of high prices: every product leaves int32, no distance from the first does."""
    rng = np.random.default_rng(11)
    rows = 6_000
    ts_ns = rng.integers(0, SECOND // 5, rows).cumsum()
    qty = rng.integers(0, 3_000, rows).astype(np.int32)
    px = (base + rng.integers(0, 4, rows)).astype(np.int32)
    batch = TradeBatch(ts_ns, px, qty, qty // 2)
    spec = BarSpec.parse(text)
    assert list(aggregate(batch, spec)) == naive_bars(list(batch.rows()), spec)


def test_no_trades_give_no_bars() -> None:
    for spec in ALL_SPECS:
        assert aggregate(TradeBatch.empty(), spec) == Bars.empty()
        assert TradeStore().bars(spec) == Bars.empty()
    for spec in TIME_SPECS:
        assert resample(Bars.empty(), spec) == Bars.empty()


def test_volume_bars_never_split_a_trade() -> None:
    trades = [(0, 10, 60, 0), (1, 11, 60, 0), (2, 12, 250, 0), (3, 13, 10, 0), (4, 14, 30, 0)]
    bars = aggregate(batch_of(trades), BarSpec.parse("100v"))
    assert bars.volume.tolist() == [120, 250, 40]
    assert bars.open.tolist() == [10, 12, 13]
    assert bars.ts_ns.tolist() == [0, 2, 3]


def test_trading_day_of_chicago_belongs_to_the_next_calendar_day() -> None:
    sunday_2200 = 19_730 * DAY - 2 * HOUR  # day 19,730 is Monday 2024-01-08
    trades = [
        (sunday_2200 - 1, 1, 1, 0),
        (sunday_2200, 2, 1, 0),
        (sunday_2200 + 5 * DAY - 1, 3, 1, 0),
    ]
    for text in ("1d", "1w"):
        bars = aggregate(batch_of(trades), BarSpec.parse(text), -2 * HOUR)
        assert sunday_2200 in bars.ts_ns
    week = aggregate(batch_of(trades), BarSpec.parse("1w"), -2 * HOUR)
    assert week.count.tolist() == [1, 2]


@pytest.mark.parametrize("text", ["500t", "10v", "8r", "4n"])
def test_bars_that_follow_no_clock_cannot_be_made_of_bars(text: str) -> None:
    with pytest.raises(BarSpecError, match="aggregate the trades"):
        resample(Bars.empty(), BarSpec.parse(text))


def test_unknown_flow_spreads_to_the_longer_bar() -> None:
    known = aggregate(batch_of([(0, 5, 2, 1), (60 * SECOND, 6, 3, 1)]), BarSpec.parse("1m"))
    bars = Bars.concat(
        (known, Bars([5 * MINUTE, 6 * MINUTE], [7, 8], [9, 9], [7, 8], [8, 9], [4, 5]))
    )
    five = resample(bars, BarSpec.parse("5m"))
    assert five.volume.tolist() == [5, 9]
    assert five.flow_known.tolist() == [True, False]
    ten = resample(bars, BarSpec.parse("10m"))
    assert ten.flow_known.tolist() == [False]
    assert (ten.volume[0], ten.buy_volume[0], ten.turnover[0], ten.count[0]) == (14, 0, 0, 0)
