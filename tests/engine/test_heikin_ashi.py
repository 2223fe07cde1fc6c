"""Heikin-Ashi candles: as their definition says, and the same however they are made."""

from __future__ import annotations

import importlib
import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import ALL_SPECS, Trade, batch_of, cuts_of, tapes

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BatchError
from tradedesk.engine import Bars, HeikinAshi, HeikinAshiFollower, LiveBars, aggregate, heikin_ashi

# the package shows the function by this name
heikin_ashi_module = importlib.import_module("tradedesk.engine.heikin_ashi")
BOUND = 2**31 - 1
ONE_TRADE = BarSpec.parse("1t")


def in_turn(bars: Bars) -> list[tuple[float, ...]]:
    """Candle by candle in Python floats."""
    candles: list[tuple[float, ...]] = []
    for bar in bars:
        close = (bar.open + bar.high + bar.low + bar.close) / 4
        opened = (candles[-1][1] + candles[-1][4]) / 2 if candles else (bar.open + bar.close) / 2
        high, low = max(bar.high, opened, close), min(bar.low, opened, close)
        candles.append((bar.ts_ns, opened, high, low, close))
    return candles


def random_bars(rows: int, widest: int, seed: int = 1) -> Bars:
    rng = np.random.default_rng(seed)
    close = 80_000 + rng.integers(-widest, widest + 1, rows).cumsum()
    opened = np.concatenate((close[:1], close[:-1]))
    high = np.maximum(opened, close) + rng.integers(0, 3, rows)
    low = np.minimum(opened, close) - rng.integers(0, 3, rows)
    return Bars(np.arange(rows), opened, high, low, close, np.ones(rows, int))


@given(
    tapes(max_size=60),
    st.sampled_from(ALL_SPECS),
    st.integers(1, 60),
    st.integers(1, 9),
    st.integers(1, 9),
)
def test_candles_equal_those_made_in_turn(
    trades: list[Trade], spec: BarSpec, long: int, lanes: int, run_up: int
) -> None:
    """However columns are cut, also where lanes have far too short a run-up."""
    bars = aggregate(batch_of(trades), spec)
    assert list(heikin_ashi(bars)) == in_turn(bars)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heikin_ashi_module, "_LONG_COLUMN", long)
        patch.setattr(heikin_ashi_module, "_LANES", lanes)
        patch.setattr(heikin_ashi_module, "_SHORTEST_LANE", 1)
        patch.setattr(heikin_ashi_module, "_RUN_UP", run_up)
        assert list(heikin_ashi(bars)) == in_turn(bars)


@pytest.mark.parametrize("widest", [0, 1, 5_000])
def test_long_columns(widest: int) -> None:
    bars = random_bars(40_000, widest)
    assert list(heikin_ashi(bars)) == in_turn(bars)


def test_values_are_those_of_the_exact_means() -> None:
    bars = random_bars(300, 5)
    exact = (Fraction(int(bars.open[0])) + int(bars.close[0])) / 2
    for bar, candle in zip(bars, heikin_ashi(bars), strict=True):
        assert abs(Fraction(candle.ha_open) - exact) < Fraction(1, 2**34)
        close = Fraction(bar.open + bar.high + bar.low + bar.close, 4)
        assert Fraction(candle.ha_close) == close
        exact = (exact + close) / 2


@given(st.data(), tapes(max_size=40), st.sampled_from(ALL_SPECS))
def test_the_follower_equals_the_candles_of_the_whole(
    data: st.DataObject, trades: list[Trade], spec: BarSpec
) -> None:
    live = LiveBars([spec])
    follower = HeikinAshiFollower()
    shown: list[tuple[float, ...]] = []
    for begin, end in itertools.pairwise(data.draw(cuts_of(len(trades)))):
        first = live.absorb(batch_of(trades[begin:end]))[spec]
        shown[first:] = follower.follow(live.bars(spec, first), first)
        assert shown == list(heikin_ashi(live.bars(spec)))


def test_the_follower_takes_a_tail_behind_the_newest_bar() -> None:
    bars = random_bars(50, 5)
    whole = heikin_ashi(bars)
    follower = HeikinAshiFollower()
    assert follower.follow(bars[:20], 0) == whole[:20]
    assert follower.follow(bars[20:30], 20) == whole[20:30]
    assert follower.follow(bars[29:], 29) == whole[29:]
    assert len(follower.follow(bars[:0], 50)) == 0
    for row in (48, 51):
        with pytest.raises(BatchError, match=f"Row {row} is not at the tail of 50 candles"):
            follower.follow(bars[:1], row)
    assert follower.follow(bars[49:], 49) == whole[49:]
    assert follower.follow(bars[:7], 0) == whole[:7]


def test_a_first_row_that_is_none_is_refused() -> None:
    with pytest.raises(BatchError, match="Row 1 is not at the tail of 0 candles"):
        HeikinAshiFollower().follow(random_bars(3, 1), 1)


def test_a_candle_by_hand_and_no_candle() -> None:
    bars = Bars([5, 6], [10, 12], [15, 13], [9, 8], [12, 9], [7, 3])
    candles = heikin_ashi(bars)
    assert list(candles) == [(5, 11.0, 15.0, 9.0, 11.5), (6, 11.25, 13.0, 8.0, 10.5)]
    assert candles[1].ha_open == 11.25
    assert candles.ha_open.dtype == np.float64
    assert len(heikin_ashi(Bars.empty())) == 0
    assert repr(candles) == "HeikinAshi(2 candles)"
    assert candles != bars


def test_prices_at_the_ends_of_int32() -> None:
    trades = [(row, (BOUND if row % 3 else -BOUND - 1), 1, 0) for row in range(200)]
    bars = aggregate(batch_of(trades), ONE_TRADE)
    assert list(heikin_ashi(bars)) == in_turn(bars)


def test_candles_are_no_bars() -> None:
    candles = heikin_ashi(random_bars(3, 1))
    assert isinstance(candles, HeikinAshi)
    assert not isinstance(candles, Bars)
    assert not any(hasattr(candles, name) for name in ("open", "high", "low", "close"))
