"""Pixels of indicators: exact at every zoom, the same in parts as in whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter
from tests.ui.chart.samples import walk
from tests.ui.chart.test_painting import ODD, same, spiked, tick

from tradedesk.engine import Bars
from tradedesk.ui.chart.columns import XMap, YMap
from tradedesk.ui.chart.studies.bands import Bands, band_boxes, band_mask
from tradedesk.ui.chart.studies.catalogue import Kind
from tradedesk.ui.chart.studies.curve import Curve
from tradedesk.ui.chart.studies.easel import sheet_of
from tradedesk.ui.chart.studies.joined_values import FIRST, HIGH, LAST, LOW, JoinedValues
from tradedesk.ui.chart.studies.live_study import DrawnLine
from tradedesk.ui.chart.studies.pencil import Pencil
from tradedesk.ui.chart.studies.trace import Trace, trace_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PySide6.QtCore import QRectF
    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]

ALL = (
    *("ema(21)", "bollinger(20, 2)", "ichimoku", "sar", "pivots", "vwap(1, without_flow=hlc3)"),
    *("supertrend", "opening_range", "macd", "rsi", "delta", "cumulative_delta"),
)
SOFT = 4
"""Shades by which the edge of a soft line may differ where it is painted in parts."""

BESIDE = 6
"""Rows of a column that the soft edge of a steep line in the next one may touch."""


def show(chart: ChartBench, *texts: str) -> list[str]:
    """Put indicators on the chart."""
    keys = [chart.panel.studies.add(text) for text in texts]
    chart.frame()
    return keys


def changed_by(chart: ChartBench, key: str) -> NDArray[np.bool_]:
    """Pixels of the price pane in which an indicator is seen."""
    chart.stage.legend.hide()
    chart.panel.studies.legend.hide()
    chart.panel.studies.axes.hide()
    chart.stage.price_axis.hide()
    chart.viewport.auto_y = False  # else the prices in view change with the lines
    with_it = chart.painted_anew()
    chart.panel.studies.change(key, hidden=True)
    chart.frame()
    without = chart.painted_anew()
    price = chart.stage.model.panes.price
    found: NDArray[np.bool_] = with_it != without
    return found[: int(price.height()), : int(price.width())]


# --- columns against brute force ----------------------------------------------------------------


@pytest.mark.parametrize("rows", [1_500, 20_000, 300_000])
@pytest.mark.parametrize("back_px", [0, 333])
def test_joined_columns_cover_their_bars(make_chart: MakeChart, rows: int, back_px: int) -> None:
    spike = rows - rows // 3
    bars = walk(rows)
    close, high = bars.close.copy(), bars.high.copy()
    close[spike] = high[spike] = int(bars.high.max()) + 400
    chart = make_chart(Bars(bars.ts_ns, bars.open, high, bars.low, close, bars.volume), (700, 500))
    (key,) = show(chart, "sma(1)")
    chart.viewport.zoom(1e-9)
    chart.viewport.pan(back_px)
    chart.stage.view_changed()
    on = changed_by(chart, key)
    xmap, ymap = chart.stage.model.xmap, chart.stage.model.ymap
    assert xmap.scale < 1
    column = np.floor(np.arange(rows) * xmap.scale).astype(int) + xmap.origin
    y = ymap.origin - close * ymap.scale
    seen = 0
    for x in range(on.shape[1]):
        inside = np.flatnonzero(column == x)
        drawn = np.flatnonzero(on[:, x])
        if not len(inside):
            beside = (np.abs(column - x) == 1).any()
            assert len(drawn) == 0 or (beside and len(drawn) <= BESIDE)
            continue
        reached = [*y[inside]]
        if inside[0] > 0:
            reached.append((y[inside[0] - 1] + y[inside[0]]) / 2)
        if inside[-1] < rows - 1:
            reached.append((y[inside[-1] + 1] + y[inside[-1]]) / 2)
        top, bottom = min(reached), max(reached)
        between_them = range(int(np.floor(top)) + 1, int(np.floor(bottom)))
        assert all(on[row, x] for row in between_them), "every row between is covered"
        assert drawn[0] >= np.floor(top) - BESIDE
        assert drawn[-1] <= np.floor(bottom) + BESIDE
        assert len(drawn) == drawn[-1] - drawn[0] + 1
        seen += 1
    assert seen > 100
    if column[spike] < on.shape[1]:
        assert abs(int(on[:, column[spike]].argmax()) - y[spike]) < 2, "the spike is seen"


@pytest.mark.parametrize("spacing", [1.0, 1.7, 4.0, 11.0, 40.0])
@pytest.mark.parametrize("text", ["sma(1)", "ema(9)"])
def test_lines_run_straight_from_bar_to_bar(
    make_chart: MakeChart, spacing: float, text: str
) -> None:
    chart = make_chart(walk(900), (700, 500))
    (key,) = show(chart, text)
    chart.viewport.zoom(spacing / 8)
    chart.viewport.pan(40)
    chart.stage.view_changed()
    study = chart.panel.studies.book.study(key)
    assert study is not None
    curve = study.curve(0)
    assert curve is not None
    values = curve.values
    on = changed_by(chart, key)
    xmap, ymap = chart.stage.model.xmap, chart.stage.model.ymap
    known = np.flatnonzero(np.isfinite(values))
    middle = xmap.columns(known) + 0.5
    fine = np.arange(0, on.shape[1] * 64 + 1) / 64
    y = ymap.origin - np.interp(fine, middle, values[known]) * ymap.scale
    corners = ymap.origin - values[known] * ymap.scale
    seen = 0
    for x in range(1, on.shape[1] - 1):
        here = np.concatenate((y[x * 64 : x * 64 + 65], corners[xmap.columns(known) == x]))
        near = np.concatenate((y[max(0, x - 1) * 64 : (x + 2) * 64 + 1], here))
        drawn = np.flatnonzero(on[:, x])
        if not middle[0] <= x or x + 1 > middle[-1]:
            continue
        for row in range(int(np.floor(here.min())) + 1, int(np.floor(here.max()))):
            assert on[row, x], "every row between is covered"
        assert drawn[0] >= near.min() - 2.5
        assert drawn[-1] <= near.max() + 1.5
        assert len(drawn) == drawn[-1] - drawn[0] + 1
        seen += 1
    assert seen > 100


def line_of(curve: Curve, kind: Kind = Kind.LINE) -> DrawnLine:
    return DrawnLine(0, kind, "study1", 1, False, curve, JoinedValues())


def test_a_gap_in_the_values_is_a_gap_in_the_line() -> None:
    values = np.arange(40.0)
    values[10:20] = np.nan
    for scale in (4.0, 0.5):
        span = (0, int(40 * scale))
        trace = trace_of(line_of(Curve(values)), XMap(scale, 0), YMap(1.0, 50.0), span, 1)
        cover = painted(trace, span[1], 60).max(axis=0)
        column = {bar: int(bar * scale) for bar in (9, 10, 19, 20, 21, 39)}
        assert not cover[column[10] + 1 : column[19] - 1].any()
        assert (cover[: column[9]] > 60).all()
        assert (cover[column[21] : column[39]] > 60).all()


def test_a_value_without_neighbours_is_seen() -> None:
    values = np.full(40, np.nan)
    values[[5, 20]] = 7.0, 9.0
    for scale in (12.0, 1.0, 0.5):
        span = (0, int(40 * scale))
        trace = trace_of(line_of(Curve(values)), XMap(scale, 0), YMap(1.0, 20.0), span, 1)
        cover = painted(trace, span[1], 30).max(axis=0)
        assert cover[int(5 * scale)] > 0
        assert cover[int(20 * scale)] > 0


def test_values_stand_at_the_bars_they_are_drawn_at() -> None:
    values = np.arange(30.0)
    for shift in (0, 5, -5):
        line = line_of(Curve(values, shift), Kind.LEVELS)
        trace = trace_of(line, XMap(8.0, 0), YMap(-1.0, 0.0), (0, 320), 1)
        wanted = [(x + 4) // 8 - shift for x in range(320)]
        for x, row in enumerate(wanted):
            if 0 <= row < 30:
                assert trace.top[x + 1] == row
            else:
                assert np.isnan(trace.top[x + 1])


def painted(
    trace: Trace, width: int, height: int, wide: float = 1.0, dash: float = 0.0
) -> NDArray[np.uint8]:
    """How much of each pixel a trace covers, 0 to 255."""
    image, words = sheet_of(width, height)
    words[:] = 0
    painter = QPainter(image)
    Pencil().draw(painter, trace, QColor("#ffffff"), wide, (dash, 0))
    painter.end()
    found: NDArray[np.uint8] = (words >> 24).astype(np.uint8)
    return found


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_joined_values_are_those_of_brute_force(data: st.DataObject) -> None:
    rows = data.draw(st.integers(1, 400))
    scale = data.draw(st.floats(0.004, 0.999))
    shift = data.draw(st.integers(-30, 30))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    values = rng.normal(size=rows)
    values[rng.random(rows) < data.draw(st.sampled_from([0.0, 0.3, 1.0]))] = np.nan
    curve, kept = Curve(values, shift), JoinedValues()
    column = np.floor((np.arange(rows) + shift) * scale).astype(int)
    for _ in range(3):
        start = data.draw(st.integers(-20, 420))
        stop = start + data.draw(st.integers(1, 60))
        found = kept.get(curve, scale, start, stop)
        for at in range(start, stop):
            inside = values[column == at]
            got = found[:, at - start]
            if not len(inside):
                assert np.isnan(got).all()
                continue
            np.testing.assert_array_equal(got[[FIRST, LAST]], inside[[0, -1]])
            np.testing.assert_array_equal(got[LOW], np.fmin.reduce(inside))
            np.testing.assert_array_equal(got[HIGH], np.fmax.reduce(inside))
        if data.draw(st.booleans()):
            first = data.draw(st.integers(0, rows - 1))
            values[first:] += 1.0
            kept.forget(max(first + shift, 0))


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_the_room_between_lines_is_filled_once(data: st.DataObject) -> None:
    """As a picture, as boxes, and as a picture again where there would be too many boxes."""
    count, height = data.draw(st.sampled_from([(2, 31), (40, 31), (700, 120), (700, 130)]))
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    wild = rng.uniform(-5, height + 5, (2, count))
    calm = height / 2 + np.cumsum(rng.normal(0, 0.3, (2, count)), axis=1) + [[-50], [50]]
    first, second = data.draw(st.sampled_from([wild, calm]))
    for rows in (first, second):
        rows[rng.random(count) < data.draw(st.sampled_from([0.0, 0.02, 0.3]))] = np.nan
    image, words = sheet_of(count, height)
    words[:] = 0
    painter = QPainter(image)
    painter.setPen(Qt.PenStyle.NoPen)
    Bands().fill(painter, 0, first, second, QColor(255, 255, 255, 100))
    painter.end()
    one, other = ((rows[:-1] + rows[1:]) / 2 for rows in (first, second))
    middle = np.arange(height)[:, None] + 0.5
    wanted = np.where((one <= middle) & (middle < other), 100, 0)
    np.testing.assert_array_equal((words >> 24)[:, :-1], wanted)
    assert not words[:, -1].any()


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_boxes_of_a_band_cover_it_once(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 40))
    edges = st.lists(st.integers(0, 30), min_size=count, max_size=count)
    top, stop = (np.array(data.draw(edges), np.int64) for _ in range(2))
    hits = np.zeros((31, count), int)
    for left, first, right, last in band_boxes(100, top, stop):
        hits[first : last + 1, left - 100 : right - 99] += 1
    rows = np.arange(31)[:, None]
    wanted = (rows >= top) & (rows < stop)
    np.testing.assert_array_equal(hits, wanted)
    np.testing.assert_array_equal(band_mask(top, stop, 0, 31), wanted)


@pytest.mark.parametrize("wide", [1.0, 2.0, 3.0, 4.0])
@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0, 3.0])
def test_a_line_is_as_wide_as_it_is_called(wide: float, slope: float) -> None:
    x = np.arange(0, 81, 8.0)
    y = 30.25 + x * slope
    cover = painted(Trace(x, y, y, stepped=False), 80, 320, wide)
    across = cover.sum(axis=0)[20:60].mean() / 255 / np.hypot(1, slope)
    assert wide - 0.5 < across < wide + 0.5


def test_dashes_stay_at_their_columns() -> None:
    x = np.arange(0, 121, 8.0)
    trace = Trace(x, x / 4, x / 4, stepped=False)
    cover = painted(trace, 120, 40, 1.0, dash=1.0).max(axis=0)
    assert (cover[1::6] > 100).all()
    assert (cover[4::6] == 0).all()
    part = Trace(x[5:], x[5:] / 4, x[5:] / 4, stepped=False)
    again = painted(part, 120, 40, 1.0, dash=1.0).max(axis=0)
    np.testing.assert_array_equal(again[46:], cover[46:])


# --- parts and whole ----------------------------------------------------------------------------


@pytest.mark.parametrize("spacing", [0.4, 2.0, 8.0, 24.0])
def test_ticks_repaint_all_that_indicators_change(make_chart: MakeChart, spacing: float) -> None:
    chart = make_chart(walk(3_000), (1_000, 1_400))
    show(chart, *ALL)
    chart.viewport.zoom(spacing / 8)
    chart.stage.view_changed()
    chart.frame(130)
    same(chart, SOFT)
    rng = np.random.default_rng(3)
    for step in range(8):
        tick(chart, chart.last + int(rng.integers(-4 - step, 5 + step)), 50)
        chart.frame(130)
        same(chart, SOFT)
    chart.series.apply_tail(walk(1, start_ns=int(chart.series.ts_ns[-1]) + 60_000_000_000))
    chart.frame(130)
    same(chart, SOFT)


def test_the_pointer_in_legends_repaints_all_it_changes(chart: ChartBench) -> None:
    show(chart, "ema(21)", "rsi(14)")
    for row in chart.panel.studies.legend.rows:
        chart.point_at(row.box.left() + 12, row.box.center().y())
        same(chart, SOFT)
        buttons = next(r for r in chart.panel.studies.legend.rows if r.key == row.key).buttons
        for _, box in buttons:
            chart.point_at(box.center().x(), box.center().y())
            same(chart, SOFT)
    chart.point_at(700, 250)
    same(chart, SOFT)


def test_a_tick_with_indicators_repaints_little(
    chart: ChartBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(chart, "ema(21)", "vwap", "rsi(14)")
    painted: list[float] = []
    chart.frame(130)
    tick(chart, chart.last + 1)
    chart.frame(130)
    ask = chart.stage.model.exposure.ask

    def watch(rect: QRectF) -> None:
        painted.append(rect.width() * rect.height())
        ask(rect)

    monkeypatch.setattr(chart.stage.model.exposure, "ask", watch)
    tick(chart, chart.last)
    chart.frame()
    assert painted
    assert sum(painted) < 0.15 * chart.panel.width() * chart.panel.height()


# --- odd bars -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1_000, 900), (200, 150), (120, 80), (2_000, 90)])
@pytest.mark.parametrize("name", ODD)
def test_odd_series_with_indicators(
    make_chart: MakeChart, name: str, size: tuple[int, int]
) -> None:
    chart = make_chart(ODD[name](), size)
    show(chart, *ALL, "atr", "adx", "obv", "donchian", "keltner")
    for factor in (1e-9, 30.0, 1e9):
        chart.viewport.zoom(factor)
        chart.stage.view_changed()
        chart.point_at(size[0] / 3, size[1] / 3)
    chart.panel.navigator.reset()
    chart.frame(130)
    same(chart, SOFT)
    assert len(chart.panel.studies.list()) == len(ALL) + 5


def test_a_spike_far_out_does_not_take_the_bars_along(make_chart: MakeChart) -> None:
    chart = make_chart(spiked(400, 100))
    chart.frame()
    alone = chart.viewport.y_high - chart.viewport.y_low
    show(chart, "bollinger(20, 900)")
    assert chart.viewport.y_high - chart.viewport.y_low < 1.7 * alone
