"""Logarithmic and inverted price scales: places, labels, drags, what is refused."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import floor, log
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.ui.chart.samples import MINUTE_NS, MNQ, START_NS, bar, stop, target, walk
from tests.ui.chart.test_painting import same
from tests.ui.chart.test_study_lines import SOFT

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.order import Side
from tradedesk.engine import Bars, BarSeries
from tradedesk.ui.chart.marks import Phantom
from tradedesk.ui.chart.price_form import PriceForm
from tradedesk.ui.chart.price_scale import log_prices, marked_prices
from tradedesk.ui.chart.reading.styles import STYLES
from tradedesk.ui.chart.sessions.levels import GROUPS
from tradedesk.ui.chart.study_look import StudyLook
from tradedesk.ui.chart.viewport import Viewport
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]

UP, DOWN = (color(t).rgb() & 0xFFFFFF for t in ("buy_fill", "sell_fill"))
ALT = Qt.KeyboardModifier.AltModifier
FORMS = [PriceForm(a, b) for a in (False, True) for b in (False, True)]
forms = pytest.mark.parametrize("form", FORMS, ids=str)


def take(chart: ChartBench, form: PriceForm) -> None:
    chart.panel.looks.change(logarithmic=form.logarithmic, inverted=form.inverted)
    chart.frame()
    assert chart.viewport.form == form


def climbing(rows: int = 300) -> Bars:
    """Thirtyfold in a straight line of ratios."""
    rng = np.random.default_rng(5)
    close = (2_000 * np.exp(np.linspace(0, 3.4, rows))).astype(int)
    opened = np.concatenate(([2_000], close[:-1]))
    high = np.maximum(opened, close) + rng.integers(1, 30, rows)
    low = np.minimum(opened, close) - rng.integers(1, 30, rows)
    ts_ns = START_NS + np.arange(rows) * MINUTE_NS
    return Bars(ts_ns, opened, high, low, close, rng.integers(1, 90, rows))


# --- places -------------------------------------------------------------------------------------


@given(
    st.sampled_from(FORMS),
    st.integers(1, 2**30),
    st.integers(0, 2**30 - 1),
    st.lists(st.tuples(st.sampled_from("ps"), st.floats(-400, 400)), max_size=8),
    st.floats(0, 400),
)
def test_a_pixel_has_the_price_that_stands_there(
    form: PriceForm, low: int, more: int, moves: list[tuple[str, float]], y: float
) -> None:
    view = Viewport()
    view.resize(800, 400, 36)
    view.take_form(form)
    view.fit(low, low + more)
    for move, by in moves:
        if move == "p":
            view.pan_y(by)
        else:
            view.scale_y(2 ** (by / 160))
    assert view.y_low < view.y_high
    exact = view.ymap(1).exact(view.ticks_at(y))
    assert exact == pytest.approx(y, abs=0.01)
    rows = view.ymap(2).rows(np.array([low, low + more], np.int32))
    assert rows.tolist() == [view.ymap(2).row(low), view.ymap(2).row(low + more)]
    assert (rows[0] <= rows[1]) if form.inverted else (rows[0] >= rows[1])
    if form.logarithmic:
        assert view.ticks_at(0) > 0.5, "no pixel is rounded to a price of zero"
        assert view.ticks_at(400) > 0.5


@forms
def test_fit_shows_all_with_room_for_the_legend_at_the_top(form: PriceForm) -> None:
    view = Viewport()
    view.resize(800, 400, 36)
    view.take_form(form)
    view.fit(1_000, 9_000)
    upper, lower = sorted(view.ymap(50).row(t) / 50 for t in (1_000, 9_000))
    assert upper == pytest.approx(36, abs=0.1)
    assert lower == pytest.approx(400 * 0.92, abs=0.1)


@forms
def test_pan_follows_the_pointer(form: PriceForm) -> None:
    view = Viewport()
    view.resize(800, 400, 36)
    view.take_form(form)
    view.fit(1_000, 9_000)
    before = view.ymap(1).exact(3_000)
    view.pan_y(25)
    assert view.ymap(1).exact(3_000) == pytest.approx(before + 25)


# --- labels -------------------------------------------------------------------------------------


@given(
    st.floats(1, 2**30),
    st.floats(1.001, 1e7),
    st.integers(60, 1_200),
    st.sampled_from([Decimal(t) for t in ("0.25", "0.01", "0.0078125", "5", "0.00005")]),
)
def test_labels_of_a_logarithmic_axis_are_in_view_and_apart(
    low: float, ratio: float, height: int, tick: Decimal
) -> None:
    high = min(low * ratio, 2.0**31)
    per_fold = height / log(high / low)
    found = log_prices(low, high, tick, per_fold, 40)
    assert found == sorted(set(found))
    assert all(low <= ticks <= high for ticks in found)
    gaps = [log(b / a) * per_fold for a, b in pairwise(found)]
    assert all(gap >= 31 for gap in gaps)


@pytest.mark.parametrize("ratio", [1.2, 3, 30, 4_000])
def test_a_logarithmic_axis_has_labels_all_over(ratio: float) -> None:
    per_fold = 500 / log(ratio)
    found = log_prices(2_000, 2_000 * ratio, Decimal("0.25"), per_fold, 40)
    edges = [2_000.0, *map(float, found), 2_000.0 * ratio]
    assert len(found) >= 4
    assert max(log(b / a) for a, b in pairwise(edges)) * per_fold < 180


def test_labels_of_wide_ranges_are_rounder_and_stay_while_panned() -> None:
    view = Viewport()
    view.resize(800, 500, 36)
    view.take_form(PriceForm(logarithmic=True))
    view.fit(40, 4_000_000)
    texts = [MNQ.tick.price(t) for t in marked_prices(view, MNQ.tick.size, 40)]
    assert texts == [lead * 10**n for n in range(1, 6) for lead in (1, 3)] + [1_000_000]
    view.pan_y(7)
    panned = [MNQ.tick.price(t) for t in marked_prices(view, MNQ.tick.size, 40)]
    assert panned == [*texts, 3_000_000], "one more came into view, the others stay"


# --- on the chart -------------------------------------------------------------------------------


@forms
def test_partial_repaints_give_the_whole(make_chart: MakeChart, form: PriceForm) -> None:
    chart = make_chart(climbing())
    take(chart, form)
    chart.panel.set_lines([target(chart.last + 900), stop(chart.last - 2_000)])
    chart.frame()
    same(chart)
    for x, y in ((300, 200), (310, 330), (960, 100), (500, 590)):
        chart.point_at(x, y)
        same(chart)
    for close in (chart.last + 40, chart.last - 700, chart.last + 90_000):
        b = chart.series.bars[len(chart.series) - 1]
        low, high = min(b.low, close), max(b.high, close)
        chart.series.apply_tail(bar(b.ts_ns, b.open, high, low, close, b.volume))
        chart.panel.set_market(close, close - 1, close + 1, Side.BUY, stale=False)
        chart.frame(300)
        same(chart)
    chart.panel.set_phantom(Phantom(Side.BUY, chart.last, chart.last - 800, chart.last + 800))
    chart.frame()
    same(chart)
    chart.drag((980, 200), (980, 260))
    chart.drag((300, 200), (360, 230))
    same(chart)


@forms
def test_bars_stand_where_their_prices_are(make_chart: MakeChart, form: PriceForm) -> None:
    chart = make_chart(climbing())
    take(chart, form)
    chart.viewport.zoom(3)
    chart.stage.view_changed()
    stage = chart.stage
    for item in (stage.legend, stage.lines, stage.grid, stage.pill):
        item.setVisible(item is stage.grid)
    row = len(chart.series) - 4
    ymap = stage.model.ymap
    picture = chart.painted_anew()
    column = picture[: int(stage.model.panes.price.height()), stage.model.xmap.column(row)]
    on = np.flatnonzero((column == UP) | (column == DOWN))
    rows = sorted(ymap.row(int(x[row])) for x in (chart.series.high, chart.series.low))
    assert on.tolist() == list(range(rows[0], rows[1] + 1))


@forms
def test_a_dragged_line_lands_on_the_tick_under_the_pointer(
    make_chart: MakeChart, form: PriceForm
) -> None:
    chart = make_chart(climbing())
    take(chart, form)
    chart.panel.set_lines([target(chart.last + 900)])
    chart.frame()
    start = chart.y(chart.last + 900)
    wanted = chart.last - 4_321
    end = chart.y(wanted)
    chart.drag((300, start), (330, end))
    ((key, ticks, _press),) = chart.moved
    assert key == "order:1"
    assert abs(chart.y(ticks) - end) <= 1
    model = chart.stage.model
    assert floor(model.ymap.exact(ticks)) == model.y_line(ticks)
    assert chart.stage.overlay.tags[0].shown.y == chart.y(ticks)
    chart.point_at(400, end)
    assert abs(chart.y(model.snapped_ticks(end)) - end) <= 1


@forms
def test_a_click_places_at_the_price_shown(make_chart: MakeChart, form: PriceForm) -> None:
    chart = make_chart(climbing())
    take(chart, form)
    chart.point_at(300, chart.y(chart.last - 1_500))
    chart.key_down(Qt.Key.Key_B)
    chart.click(300, chart.y(chart.last - 1_500))
    chart.key_up(Qt.Key.Key_B)
    ((side, _kind, ticks, _press),) = chart.placed
    assert side is Side.BUY
    assert abs(chart.y(ticks) - chart.y(chart.last - 1_500)) <= 1


def test_keys_and_menu_change_the_scale(chart: ChartBench) -> None:
    note = next(i for i in chart.stage._items if type(i).__name__ == "_Watch")
    QTest.keyClick(chart.stage.view, Qt.Key.Key_L, ALT)
    QTest.keyClick(chart.stage.view, Qt.Key.Key_I, ALT)
    assert chart.viewport.form == PriceForm(logarithmic=True, inverted=True)
    assert note.text == "log inv"  # type: ignore[attr-defined]
    from PySide6.QtWidgets import QMenu

    menu = QMenu()
    chart.panel.menus.fill(menu)
    (scale,) = [cast("QMenu", a.menu()) for a in menu.actions() if a.text() == "Scale"]
    checked = {a.text().split("\t")[0]: a.isChecked() for a in scale.actions()}
    assert checked == {"Logarithmic": True, "Inverted": True, "Automatic": True}
    scale.actions()[2].trigger()
    assert not chart.viewport.auto_y
    assert note.text == "log inv fix"  # type: ignore[attr-defined]
    QTest.keyClick(chart.stage.view, Qt.Key.Key_L, ALT)
    QTest.keyClick(chart.stage.view, Qt.Key.Key_I, ALT)
    assert chart.viewport.form == PriceForm()


# --- refused ------------------------------------------------------------------------------------


def test_prices_of_zero_and_below_are_refused_with_a_sentence(make_chart: MakeChart) -> None:
    chart = make_chart(Bars([START_NS], [10], [12], [-151], [3], [1]))
    said: list[str] = []
    chart.panel.viewing.said.connect(said.append)
    QTest.keyClick(chart.stage.view, Qt.Key.Key_L, ALT)
    assert not chart.panel.looks.now.logarithmic
    assert chart.viewport.form == PriceForm()
    assert said == [
        "MNQZ6 traded at -37.75: a logarithmic scale needs prices above zero, "
        "so the linear one is drawn."
    ]


def test_a_market_that_falls_below_zero_is_drawn_linear_from_then_on(chart: ChartBench) -> None:
    said: list[str] = []
    chart.panel.viewing.said.connect(said.append)
    take(chart, PriceForm(logarithmic=True))
    ts_ns = int(chart.series.ts_ns[-1]) + MINUTE_NS
    chart.series.apply_tail(bar(ts_ns, 5, 9, -2, 3))
    for _ in range(3):
        chart.frame()
    assert chart.viewport.form == PriceForm()
    assert len(said) == 1
    same(chart)
    assert chart.panel.looks.now.logarithmic, "another contract is drawn as it was chosen"
    chart.panel.set_series(BarSeries(walk(50, seed=3)), MNQ, BarSpec.parse("5m"))
    chart.frame()
    assert chart.viewport.form == PriceForm(logarithmic=True)
    same(chart)


def test_an_empty_chart_takes_any_scale(make_chart: MakeChart) -> None:
    chart = make_chart(Bars.empty())
    for form in FORMS:
        take(chart, form)
        same(chart)
    chart.series.apply_tail(walk(1))
    chart.frame()
    assert chart.viewport.y_low < int(chart.series.low[0]) <= int(chart.series.high[0])
    assert chart.viewport.y_high > int(chart.series.high[0])


# --- with everything on -------------------------------------------------------------------------


@pytest.mark.parametrize("style", STYLES)
@forms
def test_indicators_levels_and_profiles_follow_the_scale(
    make_chart: MakeChart, form: PriceForm, style: str
) -> None:
    chart = make_chart(climbing())
    chart.panel.looks.change(
        style=style,
        levels=tuple(GROUPS),
        profiles=("visible", "session"),
        studies=(
            StudyLook(key="1", text="ema(9)"),
            StudyLook(key="2", text="bollinger(20)", filled=True),
        ),
    )
    take(chart, form)
    for _ in range(3):
        chart.frame(120)
    same(chart, SOFT)
    chart.point_at(400, 200)
    b = chart.series.bars[len(chart.series) - 1]
    chart.series.apply_tail(bar(b.ts_ns, b.open, b.high + 90, b.low, b.close + 60, b.volume + 5))
    chart.frame(300)
    same(chart, SOFT)
    chart.drag((500, 200), (420, 240))
    for _ in range(3):
        chart.frame(120)
    same(chart)


@pytest.mark.parametrize("form", FORMS[1:], ids=str)
def test_a_line_of_an_indicator_stands_at_its_values(
    make_chart: MakeChart, form: PriceForm
) -> None:
    chart = make_chart(climbing())
    chart.panel.looks.change(studies=(StudyLook(key="1", text="sma(1)"),), style="candles")
    take(chart, form)
    chart.viewport.zoom(2)
    chart.stage.view_changed()
    model = chart.stage.model
    for item in (chart.stage.bars, chart.stage.legend, chart.stage.crosshair):
        item.setVisible(False)
    picture = chart.painted_anew()
    plain = [color(token).rgb() & 0xFFFFFF for token in ("bg0", "grid")]
    for row in range(len(chart.series) - 30, len(chart.series) - 2):
        y = model.ymap.row(int(chart.series.close[row]))
        x = model.xmap.column(row)
        assert not np.isin(picture[y - 2 : y + 3, x], plain).all(), "a mean of one is the close"
