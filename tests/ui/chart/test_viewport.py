"""Place and scale: following, zooming, keeping the place when bars are exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ui.chart.samples import MES, MINUTE_NS, MNQ, START_NS, bar, walk

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import BarSeries
from tradedesk.ui.chart.price_form import PriceForm
from tradedesk.ui.chart.viewport import Viewport

if TYPE_CHECKING:
    from tests.ui.chart.chart_bench import ChartBench


def view(rows: int = 1_000, width: float = 1_000) -> Viewport:
    made = Viewport()
    made.resize(width, 400, 36)
    made.set_rows(rows)
    return made


def test_follows_with_a_margin_of_about_an_eighth() -> None:
    made = view(width=2_000)
    assert made.width - made.x_of(999.5) == pytest.approx(240)
    made.set_rows(1_001)
    assert made.width - made.x_of(1_000.5) == pytest.approx(240)


def test_new_bars_do_not_move_a_view_that_is_scrolled_back() -> None:
    made = view()
    made.pan(300)
    before = (made.right, made.x_of(900))
    made.set_rows(1_050)
    assert (made.right, made.x_of(900)) == before
    assert not made.following


def test_the_smallest_pan_back_stops_following() -> None:
    made = view()
    made.pan(1)
    assert not made.following
    made.pan(-1)
    assert made.following


@given(st.lists(st.tuples(st.sampled_from("zpr"), st.floats(-3_000, 3_000)), max_size=30),
       st.integers(0, 3_000))  # fmt: skip
def test_some_bars_always_stay_in_view(steps: list[tuple[str, float]], rows: int) -> None:
    made = view(rows)
    for step, by in steps:
        if step == "z":
            made.zoom(2 ** (by / 1_000), abs(by) % 1_000)
        elif step == "p":
            made.pan(by)
        else:
            made.resize(max(1, abs(by)), 300, 36)
        first, stop = made.visible_rows()
        assert 0 <= first <= stop <= rows
        assert stop - first >= min(rows, 1)
        assert made.spacing > 0


def test_whole_pixel_zoom_always_moves_on() -> None:
    made = view()
    seen = [made.spacing]
    for _ in range(8):
        made.zoom(1.15, whole_pixels=True)
        seen.append(made.spacing)
    assert seen == sorted(set(seen))
    assert all(s == int(s) for s in seen)
    for _ in range(40):
        made.zoom(1 / 1.15, whole_pixels=True)
    assert made.spacing < 3


def pixel_of(made: Viewport, ticks: float) -> float:
    """Where a price is drawn, read at a very sharp screen because rows are whole."""
    return made.ymap(100).row(ticks) / 100


def test_fit_leaves_room_and_takes_near_lines_in() -> None:
    made = view()
    assert made.fit(100, 200)
    assert pixel_of(made, 200) >= 36 - 0.01
    assert pixel_of(made, 100) <= 400 * 0.93
    assert not made.fit(100, 200), "nothing changed"
    made.fit(100, 200, [290.0])
    assert pixel_of(made, 290) >= 36 - 0.01
    made.fit(100, 200, [310.0])
    assert pixel_of(made, 310) < 0, "further than a screen away: an arrow at the edge instead"
    made.fit(100, 100)
    assert made.y_high - made.y_low >= 8


def test_interval_change_keeps_time_and_zoom(chart: ChartBench) -> None:
    chart.viewport.zoom(1.5)
    chart.viewport.pan(900)
    chart.stage.view_changed()
    model, spacing = chart.stage.model, chart.viewport.spacing
    at_right = START_NS + chart.viewport.right * MINUTE_NS
    fine = BarSeries(walk(400 * 12, step_ns=MINUTE_NS // 12))
    chart.panel.set_series(fine, MNQ, BarSpec.parse("5s"))
    assert model.series is fine
    assert chart.viewport.spacing == spacing
    assert START_NS + chart.viewport.right * MINUTE_NS / 12 == pytest.approx(at_right, abs=1e9)
    chart.panel.set_series(chart.series, MNQ, BarSpec.parse("1m"))
    assert START_NS + chart.viewport.right * MINUTE_NS == pytest.approx(at_right, abs=1e9)


def test_interval_change_never_blanks(chart: ChartBench) -> None:
    coming = BarSeries()
    chart.panel.set_series(coming, MNQ, BarSpec.parse("5m"))
    chart.frame()
    assert chart.stage.model.series is chart.series
    assert chart.stage.status.text == "Loading 5m bars…"
    coming.replace(walk(80, step_ns=5 * MINUTE_NS))
    chart.frame()
    assert chart.stage.model.series is coming
    assert chart.stage.status.text == ""
    assert chart.stage.legend.text.startswith("MNQ · 5m")


def test_another_contract_is_shown_at_once_and_takes_the_old_one_away(chart: ChartBench) -> None:
    from tests.ui.chart.samples import target

    chart.panel.set_lines([target(chart.last)])
    chart.panel.set_series(BarSeries(), MES, BarSpec.parse("1m"))
    chart.frame()
    assert len(chart.stage.model.series) == 0
    assert chart.stage.overlay.tags == []
    assert chart.stage.price_axis.chips == []
    assert chart.stage.model.market.last_ticks is None


def test_history_in_front_keeps_the_place(chart: ChartBench) -> None:
    chart.viewport.pan(700)
    chart.stage.view_changed()
    right = chart.viewport.right
    older = walk(250, start_ns=START_NS - 250 * MINUTE_NS)
    assert chart.series.prepend(older) == 250
    chart.frame()
    assert chart.viewport.right == pytest.approx(right + 250)
    assert not chart.panel.navigator.following


@pytest.mark.parametrize("scrolled", [False, True])
def test_a_new_bar_moves_only_a_following_view(chart: ChartBench, scrolled: bool) -> None:
    if scrolled:
        chart.drag((200, 200), (500, 200))
    x = chart.stage.model.x_line(330)
    newest = int(chart.series.ts_ns[-1]) + MINUTE_NS
    chart.series.apply_tail(bar(newest, chart.last, chart.last, chart.last, chart.last))
    chart.frame()
    assert chart.stage.model.x_line(330) == x - (0 if scrolled else 8)


@pytest.mark.parametrize("logarithmic", [False, True])
@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300))
def test_prices_that_are_set_are_shown_as_far_as_they_can_be(
    logarithmic: bool, low: float, high: float
) -> None:
    made = Viewport()
    made.take_form(PriceForm(logarithmic))
    made.fix(low, high)
    assert not made.auto_y
    assert -(2.0**31) <= made.y_low < made.y_high <= 3 * 2.0**31
    if not logarithmic and abs(low) < 2**31 and 2 <= high - low < 2**32:
        assert (made.y_low, made.y_high) == (low, high)
