"""What indicators are built of, at its limits: long columns, extreme prices, longest windows."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.indicator_bars import made_bars
from tests.engine.naive import DAY, HOUR, MINUTE

from tradedesk.engine import Bars, indicators
from tradedesk.engine.indicators import FixedDays, Vwap
from tradedesk.engine.indicators.deviation import SpreadWindow, squared_spreads
from tradedesk.engine.indicators.parameter import LONGEST
from tradedesk.engine.indicators.sessions import SessionWatch, session_rows, start_before_end
from tradedesk.engine.indicators.smoothing import decayed, ema_column, ema_memory, wilder_memory
from tradedesk.engine.indicators.window_extreme import WindowMax, WindowMin, window_max, window_min
from tradedesk.engine.indicators.window_sum import (
    FloatWindow,
    WeightedWindow,
    WindowSum,
    float_window_sums,
    weighted_sums,
    window_sums,
)

LARGEST = 2**31 - 1
NUMBERS = st.lists(st.integers(-LARGEST - 1, LARGEST), max_size=60)


def flat_bars(prices: list[int] | np.ndarray, volume: int = 1) -> Bars:
    prices = np.asarray(prices, np.int32)
    times = np.arange(len(prices)) * MINUTE
    return Bars(times, prices, prices, prices, prices, np.full(len(prices), volume))


@given(NUMBERS, st.integers(1, 20))
def test_sums_and_extremes_of_windows_are_exact(values: list[int], length: int) -> None:
    column = np.array(values, np.int64)
    windows = [values[end - length : end] for end in range(length, len(values) + 1)]
    plain, weighted = weighted_sums(column, length)
    wanted = [sum(w) for w in windows]
    tilted = [sum((place + 1) * v for place, v in enumerate(w)) for w in windows]
    assert window_sums(column, length).tolist() == plain.tolist() == wanted
    assert weighted.tolist() == tilted
    assert window_max(column, length).tolist() == [max(w) for w in windows]
    assert window_min(column, length).tolist() == [min(w) for w in windows]
    np.testing.assert_allclose(
        float_window_sums(column.astype(float), length), wanted, rtol=0, atol=LARGEST * 1e-13
    )
    states = WindowSum(length), WeightedWindow(length), WindowMax(length), WindowMin(length)
    floats = FloatWindow(length)
    for row, value in enumerate(values):
        for state in (*states, floats):
            peeked = state.step(value + 1, False)
            assert (peeked is None) == (row < length - 1)
        found = [state.step(value, True) for state in states]
        total = floats.step(float(value), True)
        if row < length - 1:
            assert [*found, total] == [None] * 5
        else:
            at = row - length + 1
            both = (wanted[at], tilted[at])
            assert found == [wanted[at], both, max(windows[at]), min(windows[at])]
            assert total == pytest.approx(wanted[at], abs=LARGEST * 1e-13)


@pytest.mark.parametrize("source", ["close", "ohlc4"])
def test_the_longest_windows_of_the_largest_prices(source: str) -> None:
    """Prefix sums pass 2**63 on the way; what comes out is right."""
    prices = np.full(2 * LONGEST + 5, LARGEST)
    prices[1::2] = -LARGEST - 1
    prices[: LONGEST + 1] = LARGEST
    bars = flat_bars(prices)
    for name in ("sma", "wma", "linreg", "stddev", "ema"):
        indicator = indicators.make(name, length=LONGEST, source=source)
        lines = np.array(indicator.compute(bars))
        follower = indicator.follow(bars[:-1])
        np.testing.assert_allclose(follower.close(bars[-1]), lines[:, -1], rtol=1e-12)
    assert indicators.make("sma", LONGEST, source).compute(bars)[0][LONGEST - 1] == LARGEST
    wide = indicators.make("stddev", LONGEST, source).compute(bars)[0]
    assert wide[LONGEST - 1 : LONGEST + 1].tolist() == [0.0, 0.0]
    assert wide[-1] == pytest.approx((2 * LARGEST + 1) / 2, rel=1e-12)


@given(NUMBERS, st.integers(1, 12), st.integers(0, 40))
def test_spreads_exact_and_wide(values: list[int], length: int, shift: int) -> None:
    values = [value >> shift for value in values]
    found = squared_spreads(np.array(values, np.int64), length)
    state = SpreadWindow(length)
    sums = [state.step(value, True) for value in values]
    for row, value in enumerate(found.tolist(), start=length - 1):
        window = values[row - length + 1 : row + 1]
        mean = Fraction(sum(window), length)
        wanted = length * sum((v - mean) ** 2 for v in window)
        both = sums[row]
        assert both is not None
        assert both == (sum(window), wanted)
        assert value == pytest.approx(float(wanted), rel=1e-12)
        assert sqrt(value) >= 0.0


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.9, 0.9999])
@pytest.mark.parametrize("rows", [0, 1, 31, 32, 33, 5_000, 100_000])
def test_blocks_of_a_recursion_are_the_recursion(keep: float, rows: int) -> None:
    rng = np.random.default_rng(rows)
    inputs = 20_000.0 + rng.normal(0, 50, rows)
    value, wanted = 7.0, []
    for each in inputs.tolist():
        value = keep * value + each
        wanted.append(value)
    np.testing.assert_allclose(decayed(inputs, keep, 7.0), wanted, rtol=2e-14, atol=0)


@pytest.mark.parametrize("length", [1, 2, 14, 21, 200])
def test_an_average_forgets_within_its_memory(length: int) -> None:
    rng = np.random.default_rng(length)
    values = 20_000.0 + rng.normal(0, 50, 40_000)
    other = values.copy()
    other[0] = 2.0**31
    apart = np.abs(ema_column(values, length) - ema_column(other, length))
    assert apart[ema_memory(length) :].max() < 1e-10
    assert wilder_memory(length) >= length


def test_a_long_column_loses_nothing() -> None:
    """A million bars later the figures are as right as at the start."""
    part = made_bars(2_000, 8)
    bars = flat_bars(np.tile(part.close, 500))
    for text in ("stddev(20)", "wma(20)", "cci(20)", "stochastic(14, 3, 3)", "linreg(14)"):
        lines = np.array(indicators.parse(text).compute(bars))
        np.testing.assert_array_equal(lines[:, 2_100:4_000], lines[:, -1_900:])


def test_money_flow_beyond_64_bits() -> None:
    bars = flat_bars([LARGEST, LARGEST - 1, LARGEST, LARGEST - 5] * 20, 2**62)
    small = flat_bars([LARGEST, LARGEST - 1, LARGEST, LARGEST - 5] * 20, 3)
    wanted = indicators.make("mfi", 5).compute(small)[0]
    np.testing.assert_allclose(indicators.make("mfi", 5).compute(bars)[0], wanted, rtol=1e-12)
    follower = indicators.make("mfi", 5).follow(bars[:-1])
    np.testing.assert_allclose(follower.close(bars[-1]), wanted[-1:], rtol=1e-12)


def test_deviation_of_vwap_does_not_cancel() -> None:
    """One price far from where the session began: no deviation, at any distance."""
    prices = np.array([0, 2_000_000, 2_000_000, 2_000_000])
    volume = [0, 1_000, 7, 999]
    times = np.arange(4) * MINUTE
    bars = Bars(times, prices, prices, prices, prices, volume, volume, prices * volume, volume)
    vwap, upper, lower = Vwap().compute(bars)
    assert np.isnan(vwap[0])
    assert vwap[1:].tolist() == upper[1:].tolist() == lower[1:].tolist() == [2_000_000.0] * 3


class Hours:
    """Open so many hours a day from 1 o'clock UTC; counts how often it is asked."""

    def __init__(self, hours: int = 22) -> None:
        self.hours = hours
        self.asked = 0

    def session_starts(self, ts_ns: np.ndarray) -> np.ndarray:
        self.asked += 1
        inside = (ts_ns % DAY >= HOUR) & (ts_ns % DAY < HOUR + self.hours * HOUR)
        day = np.where(inside, ts_ns // DAY, -1)
        rows, seen = [], -1
        for row, number in enumerate(day.tolist()):
            if number not in (-1, seen):
                rows.append(row)
                seen = number
        return np.array(rows, np.intp)


@given(st.lists(st.integers(0, 6 * HOUR), max_size=40), st.integers(0, DAY))
def test_sessions_bar_by_bar_are_those_of_the_column(gaps: list[int], first: int) -> None:
    """Bars outside all hours, which count to the session before, included."""
    ts_ns = first + np.cumsum(np.array(gaps, np.int64))
    for sessions in (Hours(), Hours(2), FixedDays(-3 * HOUR)):
        wanted = set(session_rows(sessions, ts_ns).tolist())
        watch = SessionWatch(sessions)
        for row, ts in enumerate(ts_ns.tolist()):
            if row and ts > ts_ns[row - 1]:
                assert watch.step(ts, False) == (row in wanted)
            assert watch.step(ts, True) == (row in wanted)


def test_a_forming_bar_asks_for_its_session_once() -> None:
    hours = Hours()
    bars = made_bars(50, 3)
    follower = Vwap(sessions=hours).follow(bars[:40])
    before = hours.asked
    for _ in range(20):
        follower.peek(bars[40])
    assert hours.asked == before + 1


@given(st.lists(st.integers(0, 6 * HOUR), min_size=1, max_size=40), st.integers(1, 3))
def test_the_end_of_a_column_tells_where_its_sessions_begin(gaps: list[int], count: int) -> None:
    ts_ns = np.concatenate([np.arange(5_000) * MINUTE, 5_000 * MINUTE + np.cumsum(gaps)])
    for sessions in (Hours(), Hours(2), FixedDays(-3 * HOUR)):
        starts = session_rows(sessions, ts_ns)
        assert start_before_end(sessions, ts_ns, count) == starts[-count]
        assert start_before_end(sessions, ts_ns, len(starts) + 1) == 0


def test_unknown_flow_is_never_made_up() -> None:
    known, hidden = made_bars(60, 3), made_bars(60, 3, flow="unknown")
    columns = [
        np.where(np.arange(60) < 20, theirs, ours)
        for theirs, ours in zip(hidden.columns(), known.columns(), strict=True)
    ]
    ts_ns = np.arange(60) * MINUTE
    bars = Bars(ts_ns, *columns[1:])
    whole = FixedDays()
    hidden_from = int(np.logical_not(bars.flow_known).argmax())
    for name in ("vwap", "anchored_vwap", "cumulative_delta"):
        lines = np.array(indicators.make(name).compute(bars))
        assert np.isnan(lines[:, hidden_from:]).all(), name
    later = indicators.make("cumulative_delta", per="all").compute(bars)[0]
    delta = 2 * bars.buy_volume - bars.volume
    first = int(np.flatnonzero(~bars.flow_known)[-1]) + 1
    assert later[first:].tolist() == np.cumsum(delta[first:]).tolist()
    asked = indicators.make("vwap", without_flow="hlc3", sessions=whole).compute(bars)[0]
    start = int((bars.volume > 0).argmax())
    assert not np.isnan(asked[start:]).any()
