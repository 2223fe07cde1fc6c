"""Scales of panes below the bars, set by hand as the price scale is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.ui.chart.samples import MES, walk
from tests.ui.chart.test_painting import same, tick
from tests.ui.chart.test_study_lines import SOFT

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import BarSeries
from tradedesk.ui.chart.panes import VOLUME
from tradedesk.ui.chart.studies.pane_scale import PaneHand, PaneScale

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF
    from tests.ui.chart.chart_bench import ChartBench

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def key(chart: ChartBench) -> str:
    """A chart with the RSI in a pane of its own."""
    found = chart.panel.studies.add("rsi")
    chart.frame()
    return found


def axis(chart: ChartBench, pane: str) -> QPointF:
    """The middle of the axis beside a pane."""
    shown = chart.stage.model.panes.pane(pane)
    assert shown is not None
    return shown.axis.center()


def values(chart: ChartBench, pane: str) -> tuple[float, float]:
    return chart.panel.studies.book.scale(pane).range


def drag_axis(chart: ChartBench, pane: str, by: float) -> None:
    at = axis(chart, pane)
    chart.drag((at.x(), at.y()), (at.x(), at.y() + by))


def says_fix(chart: ChartBench, pane: str) -> bool:
    """Whether the axis tells that the scale is fixed."""
    axes = chart.panel.studies.axes
    shown = chart.stage.model.panes.pane(pane)
    assert shown is not None
    return "fix" in [text for _, text in axes._labels_beside(shown)]


def test_a_drag_on_the_axis_scales_its_pane_alone(chart: ChartBench, key: str) -> None:
    other = chart.panel.studies.add("atr")
    chart.frame()
    (low, high), elsewhere = values(chart, key), values(chart, other)
    prices = (chart.viewport.y_low, chart.viewport.y_high)
    drag_axis(chart, key, 160)
    found = values(chart, key)
    assert found[1] - found[0] == pytest.approx(2 * (high - low))
    assert sum(found) == pytest.approx(low + high), "around the middle"
    assert values(chart, other) == elsewhere
    assert chart.viewport.auto_y
    assert (chart.viewport.y_low, chart.viewport.y_high) == prices
    assert says_fix(chart, key)
    assert not says_fix(chart, other)


def test_it_is_told_where_chips_leave_room(chart: ChartBench) -> None:
    key = chart.panel.studies.add("macd")
    chart.frame()
    drag_axis(chart, key, -90)
    axes = chart.panel.studies.axes
    shown = chart.stage.model.panes.pane(key)
    assert shown is not None
    lowest = max(box.bottom() for _, box in axes.chips_of(key))
    assert lowest > shown.axis.bottom() - 14, "chips take the usual place"
    assert says_fix(chart, key)


def test_the_pointer_over_the_axis_says_so(chart: ChartBench, key: str) -> None:
    at = axis(chart, key)
    chart.point_at(at.x(), at.y())
    assert chart.canvas.cursor().shape() is Qt.CursorShape.SizeVerCursor
    at = axis(chart, VOLUME)
    chart.point_at(at.x(), at.y())
    assert chart.canvas.cursor().shape() is not Qt.CursorShape.SizeVerCursor


def test_it_stays_while_the_view_moves_and_bars_change(chart: ChartBench, key: str) -> None:
    drag_axis(chart, key, -80)
    kept = values(chart, key)
    chart.drag((500, 200), (800, 200))
    tick(chart, chart.last + 400)
    chart.frame()
    assert values(chart, key) == kept


def test_ticks_beyond_a_fixed_scale_repaint_what_they_change(chart: ChartBench, key: str) -> None:
    at = axis(chart, key)
    drag_axis(chart, key, -400)
    chart.drag((400, at.y()), (400, at.y() + 90))
    for step in range(6):
        tick(chart, chart.last + 30 * (-1) ** step * step, volume=step)
        chart.frame(100)
        same(chart, SOFT)


def test_a_fixed_scale_is_panned_in_its_own_pane_alone(chart: ChartBench, key: str) -> None:
    at = axis(chart, key)
    automatic = values(chart, key)
    chart.drag((400, at.y()), (400, at.y() + 20))
    assert values(chart, key) == automatic, "an automatic scale does not move"
    drag_axis(chart, key, 40)
    chart.drag((980, 100), (980, 140))
    prices, before = (chart.viewport.y_low, chart.viewport.y_high), values(chart, key)
    plot = chart.stage.model.panes.plot_of(key)
    ymap = chart.panel.studies.book.scale(key).ymap(plot.top(), plot.height(), 1.0)
    row = ymap.exact(50.0)
    chart.drag((400, at.y()), (400, at.y() + 20))
    moved = chart.panel.studies.book.scale(key).ymap(plot.top(), plot.height(), 1.0)
    assert moved.exact(50.0) == pytest.approx(row + 20)
    assert (chart.viewport.y_low, chart.viewport.y_high) == prices
    after = values(chart, key)
    assert after[1] - after[0] == pytest.approx(before[1] - before[0])
    chart.drag((400, 150), (400, 180))
    assert values(chart, key) == after
    assert chart.viewport.y_low > prices[0]


def by_axis(chart: ChartBench, key: str) -> None:
    at = axis(chart, key)
    chart.double_click(at.x(), at.y())


def by_pane(chart: ChartBench, key: str) -> None:
    chart.double_click(300, axis(chart, key).y())


def by_key(chart: ChartBench, key: str) -> None:
    QTest.keyClick(chart.stage.view, Qt.Key.Key_R, ALT)


def by_menu(chart: ChartBench, key: str) -> None:
    entry = chart.menu("Indicators", "RSI 14")["Automatic scale"]
    assert not entry.isChecked()
    entry.trigger()


@pytest.mark.parametrize("way", [by_axis, by_pane, by_key, by_menu])
def test_ways_back_to_an_automatic_scale(
    chart: ChartBench, key: str, way: Callable[[ChartBench, str], None]
) -> None:
    automatic = values(chart, key)
    drag_axis(chart, key, 60)
    assert values(chart, key) != automatic
    way(chart, key)
    chart.frame()
    assert values(chart, key) == automatic
    assert not says_fix(chart, key)


def test_the_menu_fixes_a_scale_as_it_is(chart: ChartBench, key: str) -> None:
    kept = values(chart, key)
    entry = chart.menu("Indicators", "RSI 14")["Automatic scale"]
    assert entry.isChecked()
    entry.trigger()
    chart.drag((500, 200), (900, 200))
    assert values(chart, key) == kept
    assert says_fix(chart, key)


def test_another_contract_brings_scales_of_its_own(chart: ChartBench) -> None:
    key = chart.panel.studies.add("atr")
    chart.frame()
    drag_axis(chart, key, 200)
    fixed = values(chart, key)
    chart.panel.set_series(BarSeries(walk(400, seed=5)), MES, BarSpec.parse("1m"))
    chart.frame()
    assert values(chart, key) != fixed
    assert not says_fix(chart, key)


def test_a_pane_that_was_closed_leaves_nothing_behind(chart: ChartBench, key: str) -> None:
    drag_axis(chart, key, 60)
    chart.panel.studies.close_pane(key)
    chart.frame()
    chart.panel.studies.add("rsi", key)
    chart.frame()
    low, high = values(chart, key)
    assert low <= 30 < 70 <= high
    assert not says_fix(chart, key)


@pytest.mark.parametrize(("low", "high"), [(0.0, 100.0), (-3e9, 7e9), (1e-4, 2e-4), (5.0, 5.0)])
@pytest.mark.parametrize("factor", [1e-30, 0.25, 3.0, 1e30])
def test_no_drag_makes_a_scale_that_cannot_be_read(low: float, high: float, factor: float) -> None:
    scale, fixed = PaneScale(), set[str]()
    scale.fit(low, high)
    hand = PaneHand(scale, "a", 120.0, fixed)
    hand.pan_y(-37.0)
    for _ in range(40):
        hand.scale_y(factor)
        hand.pan_y(1e6)
    assert fixed == {"a"}
    ymap = scale.ymap(100.0, 120.0, 1.5)
    rows = [ymap.row(mark) for mark in scale.marks(120.0, 0.25)]
    assert rows == sorted(rows, reverse=True)
    assert all(a - b >= 26 * 1.5 * 0.9 for a, b in pairwise(rows))
    assert all(100 * 1.5 <= row <= 220 * 1.5 for row in rows)
