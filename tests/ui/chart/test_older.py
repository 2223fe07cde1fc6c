"""Older bars: they come without moving a pixel, and what is in front of the oldest one is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.ui.chart.chart_bench import NONE, mouse_move
from tests.ui.chart.samples import MINUTE_NS, MNQ, START_NS, bar, stop, walk

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.order import Side
from tradedesk.engine import Bars, BarSeries
from tradedesk.services.older_asking import Older, OlderState
from tradedesk.ui.chart.marks import FillMark, Spot
from tradedesk.ui.chart.viewport import Viewport

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]


def parts(older: int, newer: int) -> tuple[Bars, Bars]:
    bars = walk(older + newer)
    return bars[:older], bars[older:]


def same(chart: ChartBench) -> None:
    """What was painted piece by piece is what painting everything gives."""
    assert np.array_equal(chart.on_screen(), chart.painted_anew())


# --- nothing moves ------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 333, 20_000])
@pytest.mark.parametrize("spacing", [0.21, 0.37, 0.93, 1.2, 2.37, 8.0, 24.6])
@pytest.mark.parametrize("back_px", [0.0, 700.3])
def test_no_pixel_moves_when_bars_come_in_front(
    make_chart: MakeChart, count: int, spacing: float, back_px: float
) -> None:
    older, newer = parts(count, 12_000)
    chart = make_chart(newer)
    chart.viewport.zoom(spacing / chart.viewport.spacing)
    chart.viewport.pan(back_px)
    fills = [FillMark(int(newer.ts_ns[-n]), int(newer.close[-n]), 0, 1) for n in (30, 90, 250)]  # type: ignore[arg-type]
    chart.panel.set_fill_marks(fills)
    chart.stage.view_changed()
    chart.point_at(640, 200)
    before, legend = chart.on_screen(), chart.stage.legend.text
    assert chart.viewport.bar_at(0) > 0
    chart.series.prepend(older)
    chart.frame()
    after = chart.on_screen()
    wrong = np.argwhere(before != after)
    assert len(wrong) == 0, f"{len(wrong)} pixels moved, first at (y, x) {wrong[0]}"
    assert chart.stage.legend.text == legend
    assert chart.viewport.following is (back_px == 0)
    same(chart)


@pytest.mark.parametrize("spacing", [0.37, 8.0])
def test_no_pixel_moves_in_a_drag_or_with_a_tick_at_the_same_time(
    make_chart: MakeChart, spacing: float
) -> None:
    older, newer = parts(3_333, 12_000)
    charts = [make_chart(newer), make_chart(newer)]
    for chart in charts:
        chart.viewport.zoom(spacing / chart.viewport.spacing)
        chart.stage.view_changed()
        chart.press(400, 200)
        chart.drag_on((400, 200), (500, 200))
    charts[0].series.prepend(older)
    for chart in charts:
        chart.series.apply_tail(bar(int(chart.series.ts_ns[-1]) + MINUTE_NS, 9, 12, 5, 7))
        chart.frame()
        chart.drag_on((500, 200), (610, 200))
        chart.release(610, 200)
    assert np.array_equal(charts[0].on_screen(), charts[1].on_screen())


@pytest.mark.parametrize("spacing", [0.37, 8.0])
def test_bars_that_come_between_two_frames_are_no_others_for_a_hand_that_moves(
    make_chart: MakeChart, spacing: float
) -> None:
    older, newer = parts(3_333, 12_000)
    chart = make_chart(newer)
    chart.viewport.zoom(spacing / chart.viewport.spacing)
    chart.stage.view_changed()
    chart.press(400, 200)
    chart.drag_on((400, 200), (500, 200))
    chart.series.prepend(older)
    chart.now_ns += 20_000_000
    mouse_move(chart.canvas, 560, 200, NONE)
    between = chart.painted_anew()
    same(chart)
    chart.frame()
    assert np.array_equal(between, chart.painted_anew())
    chart.release(560, 200)


def test_the_newest_bars_made_anew_move_nothing_either(make_chart: MakeChart) -> None:
    """As when history and live trades are joined after a reconnect."""
    bars = walk(5_000)
    chart = make_chart(bars[:4_990])
    chart.viewport.zoom(2.37 / 8)
    chart.viewport.pan(900)
    chart.stage.view_changed()
    chart.point_at(300, 200)
    before = chart.on_screen()
    chart.series.replace(bars[7:])
    chart.frame()
    assert np.array_equal(chart.on_screen(), before)


def test_fewer_bars_under_the_pointer_are_taken_as_they_are(chart: ChartBench) -> None:
    x = chart.stage.model.x_line(395)
    chart.point_at(x, 200)
    later_ns = int(chart.series.ts_ns[-1]) + 10_000 * MINUTE_NS
    chart.series.replace(walk(50, start_ns=later_ns))
    chart.stage.show_chips()
    assert chart.stage.model.row_at(x) is None, "not taken in yet, and not looked for"
    spots: list[object] = []
    chart.panel.crosshair_moved.connect(spots.append)
    chart.point_at(x + 1, 200)
    for spot in spots:
        assert isinstance(spot, Spot)
        assert spot.row is not None
        assert spot.ts_ns == chart.series.ts_ns[spot.row]
    same(chart)


@pytest.mark.parametrize("what", ["lines", "fills", "pan"])
def test_what_is_told_before_fewer_bars_are_taken_in_stands_among_them(
    chart: ChartBench, what: str
) -> None:
    chart.point_at(chart.stage.model.x_line(395), 200)
    chart.series.replace(walk(50, start_ns=int(chart.series.ts_ns[-1]) + 10_000 * MINUTE_NS))
    if what == "lines":
        chart.panel.set_lines([stop(chart.last - 20)])
    elif what == "fills":
        moment, price = int(chart.series.ts_ns[30]), int(chart.series.close[30])
        chart.panel.set_fill_marks([FillMark(moment, price, Side.BUY, 1)])
    else:
        chart.wheel(3, 300)
    same(chart)
    chart.frame()
    assert chart.viewport.rows == 50
    same(chart)


def test_the_legend_tells_the_bar_under_a_pointer_at_rest(chart: ChartBench) -> None:
    x = chart.stage.model.x_line(390)
    chart.point_at(x, 200)
    assert chart.stage.model.hovered_row == 390
    newest = int(chart.series.ts_ns[-1])
    for number in (1, 2, 3):
        prices = (chart.last, chart.last + 2, chart.last - 2, chart.last)
        chart.series.apply_tail(bar(newest + number * MINUTE_NS, *prices))
        chart.frame()
        assert chart.stage.model.x_line(390 + number) == x
        assert chart.stage.model.hovered_row == 390 + number
    assert f"H {chart.stage.model.price_text(int(chart.series.high[393]))}" in (
        chart.stage.legend.text
    )
    same(chart)


def test_bars_of_another_time_keep_the_moment_at_the_right_edge(make_chart: MakeChart) -> None:
    chart = make_chart(walk(500))
    chart.viewport.pan(400)
    chart.series.replace(walk(500, start_ns=START_NS + MINUTE_NS // 2))
    chart.frame()
    assert not chart.viewport.following
    chart.series.replace(walk(3, start_ns=START_NS + 10**15))
    chart.frame()
    same(chart)


# --- when to ask --------------------------------------------------------------------------------


def test_older_bars_are_wanted_when_the_first_one_is_less_than_a_screen_away() -> None:
    view = Viewport()
    view.resize(800, 400, 36)
    view.set_rows(1_000)
    assert view.wants_older == 0
    view.pan((view.bar_at(0) - 100) * view.spacing - 1)
    assert view.bar_at(0) > 100
    assert view.wants_older == 0
    view.pan(2)
    assert view.bar_at(0) < 100
    assert view.wants_older == 200
    view.set_rows(1_400, 400)
    assert view.wants_older == 0


# --- what is said -------------------------------------------------------------------------------


def said(chart: ChartBench, state: OlderState, reason: str = "") -> str | None:
    chart.panel.set_older(Older(state, reason))
    plate = chart.stage.older.plate()
    same(chart)
    return None if plate is None else plate[1]


def to_the_first_bar(chart: ChartBench) -> None:
    chart.viewport.pan((chart.viewport.bar_at(0) + 40) * chart.viewport.spacing)
    chart.stage.view_changed()


def test_nothing_is_said_while_the_oldest_bar_is_out_of_view(chart: ChartBench) -> None:
    clean = chart.painted_anew()
    for state in OlderState:
        assert said(chart, state) is None
        assert np.array_equal(chart.painted_anew(), clean)


def test_what_is_in_front_of_the_oldest_bar(make_chart: MakeChart) -> None:
    chart = make_chart(walk(3_000))
    to_the_first_bar(chart)
    assert said(chart, OlderState.IDLE) is None
    clean = chart.painted_anew()
    assert said(chart, OlderState.LOADING) == "Loading older bars…"
    assert (
        said(chart, OlderState.RETRYING, "HTTP 500.")
        == "No older bars yet, trying again: HTTP 500."
    )
    assert said(chart, OlderState.BEGINNING) == "History begins here · 14 Nov 2023"
    assert said(chart, OlderState.LIVE_ONLY) == "Bars begin with the live feed · 14 Nov 2023"
    full = said(chart, OlderState.FULL)
    assert full == "3,000 bars are shown: choose longer bars to look further back"
    plate = chart.stage.older.plate()
    assert plate is not None
    assert plate[0].left() >= 6
    said(chart, OlderState.IDLE)
    assert np.array_equal(chart.painted_anew(), clean)


def test_within_a_day_the_time_is_said(make_chart: MakeChart) -> None:
    chart = make_chart(walk(20))
    assert said(chart, OlderState.LIVE_ONLY) == "Bars begin with the live feed · 16:14:00"


@pytest.mark.parametrize("size", [(1_000, 600), (230, 150), (120, 80)])
@pytest.mark.parametrize("rows", [0, 1, 30])
@pytest.mark.parametrize("state", OlderState)
def test_it_is_shorter_where_there_is_little_room(
    make_chart: MakeChart, size: tuple[int, int], rows: int, state: OlderState
) -> None:
    chart = make_chart(walk(rows), size)
    chart.viewport.pan(60)
    chart.stage.view_changed()
    said(chart, state, "No history of MNQZ6 within 20 s.")
    plate = chart.stage.older.plate()
    if plate is not None:
        pane = chart.stage.model.panes.price
        assert plate[0].left() >= 6
        assert plate[0].right() <= pane.right() - 6


def test_it_goes_with_the_bars_while_they_are_dragged(make_chart: MakeChart) -> None:
    chart = make_chart(walk(3_000))
    to_the_first_bar(chart)
    said(chart, OlderState.BEGINNING)
    for x in (420, 300, 180, 500):
        chart.drag((400, 200), (x, 230))
        same(chart)
    chart.series.apply_tail(bar(int(chart.series.ts_ns[-1]) + MINUTE_NS, 9, 12, 5, 7))
    chart.frame()
    same(chart)


def test_another_interval_says_nothing_of_the_old_one(chart: ChartBench) -> None:
    chart.panel.set_series(BarSeries(walk(300, step_ns=5 * MINUTE_NS)), MNQ, BarSpec.parse("5m"))
    chart.frame()
    assert chart.viewport.base == 0
    same(chart)
