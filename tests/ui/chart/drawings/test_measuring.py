"""The measure: what it says, when it goes, and that it leaves nothing else undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.ui.chart.drawings.drawing_bench import anchor, easel
from tests.ui.chart.samples import target

from tradedesk.ui.chart.drawings.measuring import duration, measured
from tradedesk.ui.chart.drawings.modes import MEASURE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_it_says_distance_money_time_and_volume(chart: ChartBench) -> None:
    start, end = anchor(340, 86_000), anchor(364, 86_026)
    volume = int(chart.series.volume[340:365].sum())
    assert measured(easel(chart).mapping, start, end, 2) == [
        "+26 t · +6.50 pt · +0.03%",
        "+$13.00 a contract · +$26.00 for 2",
        f"+24 bars · 24 min · vol {volume:,}",
    ]
    assert measured(easel(chart).mapping, end, start, 1) == [
        "−26 t · −6.50 pt · −0.03%",
        "−$13.00 a contract",
        f"−24 bars · 24 min · vol {volume:,}",
    ]


def test_beyond_the_newest_bar_there_is_time_but_no_volume(chart: ChartBench) -> None:
    lines = measured(easel(chart).mapping, anchor(405, 86_000), anchor(410, 86_000), 1)
    assert lines[0] == "0 t · 0.00 pt · 0.00%"
    assert lines[-1] == "+5 bars · 5 min · vol 0"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (3_660, "1 h 1 min"), (90_000, "1 d 1 h"), (172_801, "2 d 1 s")],
)
def test_durations(seconds: int, text: str) -> None:
    assert duration(seconds * 1_000_000_000) == text


def test_shift_and_drag_measures_until_the_next_press(chart: ChartBench) -> None:
    right = chart.viewport.right
    chart.drag((300, 400), (420, 250), SHIFT)
    item = chart.panel.drawings.measure
    model = chart.stage.model
    assert item.ends is not None
    assert item.ends[0] == anchor(int(model.viewport.bar_at(300) + 0.5), model.snapped_ticks(400))
    assert item.ends[1].ticks == model.snapped_ticks(250)
    assert chart.viewport.right == right
    assert item.isVisible()
    chart.drag((200, 200), (240, 200))
    assert item.ends is None
    assert chart.viewport.right < right


@pytest.mark.parametrize("how", ["escape", "click with shift"])
def test_a_measure_that_is_given_up_leaves_nothing(chart: ChartBench, how: str) -> None:
    if how == "escape":
        chart.press(300, 400, SHIFT)
        chart.drag_on((300, 400), (400, 300), SHIFT)
        QTest.keyClick(chart.stage.view, Qt.Key.Key_Escape)
        chart.release(400, 300, SHIFT)
    else:
        chart.press(300, 400, SHIFT)
        chart.release(300, 400, SHIFT)
    assert chart.panel.drawings.measure.ends is None
    assert easel(chart).book.drawings == ()


def test_the_tool_of_the_strip_measures_by_two_clicks(chart: ChartBench) -> None:
    QTest.keyClick(chart.stage.view, Qt.Key.Key_M, Qt.KeyboardModifier.AltModifier)
    assert easel(chart).mode is MEASURE
    chart.click(300, 400)
    chart.point_at(400, 300)
    ends = chart.panel.drawings.measure.ends
    assert ends is not None
    assert ends[1].ticks == chart.stage.model.snapped_ticks(300)
    chart.click(420, 280)
    assert easel(chart).mode is None
    ends = chart.panel.drawings.measure.ends
    assert ends is not None
    assert ends[1].ticks == chart.stage.model.snapped_ticks(280)
    QTest.keyClick(chart.stage.view, Qt.Key.Key_Escape)
    assert chart.panel.drawings.measure.ends is None


def test_shift_on_a_line_of_an_order_still_moves_that(chart: ChartBench) -> None:
    chart.panel.set_lines([target(chart.last + 20)])
    chart.frame()
    y = chart.y(chart.last + 20)
    chart.drag((300, y), (300, y - 40), SHIFT)
    assert [m[0] for m in chart.moved] == ["order:1"]
    assert chart.panel.drawings.measure.ends is None


def test_in_a_narrow_chart_no_word_is_cut(make_chart: Callable[..., ChartBench]) -> None:
    chart = make_chart(size=(320, 300))
    chart.drag((60, 200), (160, 120), SHIFT)
    figure = chart.panel.drawings.measure.figure()
    pane = easel(chart).mapping.pane
    assert len(figure.words) >= 4
    assert all(w.box.left >= pane.left and w.box.right <= pane.right for w in figure.words)
