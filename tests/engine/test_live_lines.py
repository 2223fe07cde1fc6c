"""Lines beside a series: whatever happens to the series, they are those of its bars."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.indicator_bars import assert_close, bars_to_try, made_bars
from tests.engine.naive import MINUTE
from tests.engine.naive_indicators import NAIVE

from tradedesk.engine import Bars, BarSeries, indicators
from tradedesk.engine.indicators import Ema, Follower, Indicator, LiveLines, Macd, Sma

NAMES = sorted(NAIVE)


def assert_current(lines: LiveLines, bars: Bars) -> None:
    wanted = lines.indicator.compute(bars)
    assert len(lines) == len(bars)
    assert len(lines.lines) == len(wanted)
    for line, expected in zip(lines.lines, wanted, strict=True):
        assert_close(line, expected, bars)


@given(st.sampled_from(NAMES), bars_to_try(min_size=2), st.data())
def test_lines_follow_whatever_happens_to_the_series(
    name: str, bars: Bars, data: st.DataObject
) -> None:
    begin = data.draw(st.integers(0, len(bars) - 1))
    series = BarSeries(bars[begin:begin])
    lines = LiveLines(indicators.make(name), series)
    row = begin
    while row < len(bars):
        what = data.draw(st.sampled_from(["forming", "next", "some", "replace", "older"]))
        version, generation, rows = lines.version, lines.generation, len(lines)
        changed = series.version
        if what == "forming":
            other = bars[row]._replace(close=bars[row].low)
            series.apply_tail(Bars.from_rows([other]), at=max(row - begin, 0))
        elif what == "next" or not len(series):
            series.apply_tail(bars[row : row + 1], at=row - begin)
            row += 1
        elif what == "some":
            step = data.draw(st.integers(1, 40))
            series.apply_tail(bars[row : row + step], at=row - begin)
            row = min(row + step, len(bars))
        elif what == "replace":
            series.replace(bars[begin:row])
        elif begin:
            older = data.draw(st.integers(0, begin))
            if bars.ts_ns[begin - 1] < series.ts_ns[0]:
                series.prepend(bars[older:begin])
                begin = older
        first = lines.update()
        assert_current(lines, series.bars)
        assert lines.version == version + (series.version > changed)
        assert first == rows or first <= max(rows - 1, 0) or lines.generation > generation
        assert lines.update() == len(series)
        if what == "forming":
            # the forming bar was shown otherwise than it closes: what follows rewrites it
            series.apply_tail(bars[row : row + 1], at=row - begin)
            row += 1
            lines.update()
            assert_current(lines, series.bars)


class Counted(Indicator):
    """Counts how often all is computed, and which bars a follower was told are closed."""

    name = "counted"
    outputs = ("line",)
    warm_up = 0

    def __init__(self) -> None:
        self.computed = 0
        self.closed = 0

    def compute(self, bars: Bars) -> tuple[np.ndarray, ...]:
        self.computed += 1
        return (bars.close.astype(np.float64),)

    def fresh(self) -> Follower:
        owner = self

        class Counting(Follower):
            def step(self, bar: object, keep: bool) -> tuple[float, ...]:
                owner.closed += keep
                return (float(bar.close),)  # type: ignore[attr-defined]

        return Counting()


def test_only_what_changed_is_computed() -> None:
    bars = made_bars(500, 1)
    series = BarSeries(bars[:300])
    counted = Counted()
    lines = LiveLines(counted, series)
    assert (counted.computed, lines.version, lines.generation) == (1, 0, 0)
    counted.closed = 0
    for row in range(299, 500):
        series.apply_tail(bars[row : row + 1], at=row)
        assert lines.update() == max(row - 1, 299)
    assert counted.computed == 1
    assert counted.closed == 200
    assert lines.line("line").tolist() == bars.close.tolist()
    series.replace(bars)
    assert lines.update() == 0
    assert (counted.computed, lines.generation) == (2, 1)


def test_masses_of_new_bars_are_computed_at_once() -> None:
    bars = made_bars(2_000, 4)
    series = BarSeries(bars[:10])
    counted = Counted()
    lines = LiveLines(counted, series)
    series.apply_tail(bars[9:])
    assert lines.update() == 9
    assert (counted.computed, lines.generation) == (2, 0)
    assert_current(lines, bars)


def test_columns_are_read_only_views_that_stay_valid() -> None:
    bars = made_bars(400, 2)
    series = BarSeries(bars[:50])
    lines = LiveLines(Sma(5), series)
    held = lines.lines[0]
    shown = held.copy()
    with pytest.raises(ValueError, match="read-only"):
        held[0] = 1.0
    for row in range(49, 400):
        series.apply_tail(bars[row : row + 1], at=row)
        lines.update()
    np.testing.assert_equal(held, shown)
    series.replace(Bars.empty())
    lines.update()
    assert len(lines) == 0
    np.testing.assert_equal(held, shown)


def test_the_newest_row_changes_in_place() -> None:
    bars = made_bars(50, 2)
    series = BarSeries(bars[:30])
    lines = LiveLines(Ema(5), series)
    series.apply_tail(bars[30:31])
    lines.update()
    view = lines.line("ema")
    before = view[-1]
    newest = bars[30]._replace(high=30_000, close=30_000)
    series.apply_tail(Bars.from_rows([newest]))
    assert lines.update() == 30
    assert view is lines.line("ema")
    assert view[-1] > before + 1_000


def test_an_indicator_that_fails_is_asked_again() -> None:
    class Failing(Counted):
        broken = True

        def compute(self, bars: Bars) -> tuple[np.ndarray, ...]:
            if self.broken and len(bars):
                raise ValueError("broken")
            return super().compute(bars)

    failing = Failing()
    series = BarSeries()
    lines = LiveLines(failing, series)
    series.replace(made_bars(5, 1))
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            lines.update()
        assert len(lines) == 0
    failing.broken = False
    assert lines.update() == 0
    assert len(lines) == 5


def test_lines_by_name() -> None:
    lines = LiveLines(Macd(), BarSeries(made_bars(60, 1)))
    assert lines.line("signal") is lines.lines[1]
    with pytest.raises(KeyError):
        lines.line("nothing")


def test_count_bars_that_open_together() -> None:
    series = BarSeries()
    lines = LiveLines(Sma(2), series)
    for row, px in enumerate((5, 6, 8)):
        series.apply_tail(Bars([MINUTE], [px], [px], [px], [px], [1]), at=row)
        lines.update()
    assert lines.lines[0].tolist()[1:] == [5.5, 7.0]
