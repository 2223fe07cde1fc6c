"""Pixels of drawings: partial repaints, whole labels, what is out of view costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from tests.ui.chart.drawings.drawing_bench import anchor, book, easel, one_of_each, point, put
from tests.ui.chart.samples import walk
from tests.ui.chart.test_painting import ODD, same, tick

from tradedesk.domain.price import MAX_TICKS
from tradedesk.services.drawings.drawing import Anchor, Dash, Drawing, Kind, Style
from tradedesk.ui.chart.drawings import layer
from tradedesk.ui.chart.drawings.builder import figure_of
from tradedesk.ui.chart.drawings.figure import Figure
from tradedesk.ui.chart.drawings.view import View
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]

SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_ticks_and_the_pointer_repaint_all_they_change(chart: ChartBench) -> None:
    one_of_each(chart)
    same(chart)
    rng = np.random.default_rng(5)
    for x, y in ((300, 200), (610, 330), (700, 240), (860, 300)):
        chart.point_at(x, y)
        tick(chart, chart.last + int(rng.integers(-6, 7)))
        chart.frame(130)
        same(chart)


def test_selecting_moving_and_removing_repaint_all_they_change(chart: ChartBench) -> None:
    drawings = one_of_each(chart)
    same(chart)
    for drawing in drawings:
        easel(chart).select(drawing.id)
        chart.frame()
        same(chart)
        chart.panel.drawings.actions.nudge(drawing, 3, 5)
        chart.frame()
        same(chart)
    for drawing in drawings:
        book(chart).bring_to_front(drawing.id)
        same(chart)
        book(chart).remove([drawing.id])
        same(chart)
    while book(chart).undo():
        same(chart)


def test_placing_and_measuring_repaint_all_they_change(chart: ChartBench) -> None:
    one_of_each(chart)
    for start, end in (((300, 400), (420, 250)), ((600, 200), (500, 330))):
        chart.point_at(*start)
        chart.press(*start, SHIFT)
        for share in (0.4, 1.0):
            x = start[0] + (end[0] - start[0]) * share
            y = start[1] + (end[1] - start[1]) * share
            chart.drag_on(start, (x, y), SHIFT)
            same(chart)
        chart.release(*end, SHIFT)
        same(chart)
    chart.click(200, 100)
    same(chart)


@pytest.mark.parametrize("dash", ["solid", "dashed", "dotted"])
@pytest.mark.parametrize("width", [1, 2, 4])
def test_slanted_lines_fit_together_from_parts(chart: ChartBench, dash: Dash, width: int) -> None:
    last = chart.last
    style = Style(ink="red", width=width, dash=dash)
    put(chart, Kind.TREND, anchor(330, last - 33), anchor(391, last + 27), style=style)
    put(chart, Kind.TREND, anchor(360, last - 33), anchor(365, last + 57), style=style)
    ends = anchor(300, last + 9), anchor(320, last + 8)
    put(chart, Kind.TREND, *ends, style=style, extend_right=True)
    for x in range(500, 900, 37):
        chart.point_at(x, 150 + x % 200)
        same(chart)
    tick(chart, last + 3)
    chart.frame(130)
    same(chart)


@pytest.mark.parametrize("size", [(1_000, 600), (200, 150), (120, 80)])
@pytest.mark.parametrize("name", ODD)
def test_all_kinds_on_odd_series_in_odd_sizes(
    make_chart: MakeChart, name: str, size: tuple[int, int]
) -> None:
    chart = make_chart(ODD[name](), size)
    chart.last = 85_900
    drawings = one_of_each(chart)
    for drawing in drawings:
        easel(chart).select(drawing.id)
        for factor in (1e-9, 30.0):
            chart.viewport.zoom(factor)
            chart.stage.view_changed()
            chart.frame()
        chart.drag((40, 20), (90, 35))
        chart.drag((60, 20), (20, 45), SHIFT)
    same(chart)


def test_anchors_as_far_as_can_be_draw_the_true_line(chart: ChartBench) -> None:
    last, latest = chart.last, 2**62
    put(chart, Kind.TREND, Anchor(0, -MAX_TICKS), Anchor(latest, MAX_TICKS), extend_left=True)
    put(chart, Kind.RECTANGLE, Anchor(0, -MAX_TICKS), Anchor(latest, MAX_TICKS))
    put(chart, Kind.FIBONACCI, Anchor(0, -MAX_TICKS), Anchor(latest, MAX_TICKS))
    put(chart, Kind.RISK, anchor(380, last), Anchor(latest, -MAX_TICKS), Anchor(latest, MAX_TICKS))
    up = put(
        chart, Kind.TREND, anchor(380, last), anchor(381, last + 2_000_000), style=Style(ink="red")
    )
    for drawing in book(chart).drawings:
        easel(chart).select(drawing.id)
        chart.frame()
    same(chart)
    easel(chart).select(None)
    x, y = (int(v) for v in point(chart, up.anchors[0]))
    red = color("sell_text").rgb() & 0xFFFFFF
    shown = chart.painted_anew()[:y, x - 1 : x + 2]
    assert (shown == red).any(axis=1).mean() > 0.9, "nearly upright, all the way up"


def test_labels_are_whole_wherever_the_drawing_is(chart: ChartBench) -> None:
    drawings = one_of_each(chart)
    pane = easel(chart).mapping.pane
    rng = np.random.default_rng(8)
    seen = 0
    for _ in range(60):
        chart.viewport.right = float(rng.integers(300, 460))
        chart.viewport.following = False
        chart.viewport.auto_y = False
        middle = chart.last + int(rng.integers(-60, 60))
        half = int(rng.integers(10, 120))
        chart.viewport._set_heights(middle - half, middle + half)
        easel(chart).select(drawings[int(rng.integers(len(drawings)))].id)
        chart.stage.view_changed()
        for shown in chart.panel.drawings.layer.seen():
            for words in shown.figure.words:
                seen += 1
                assert pane.left <= words.box.left
                assert words.box.right <= pane.right
                assert pane.top <= words.box.top
                assert words.box.bottom <= pane.bottom
    assert seen > 100


def test_plates_of_a_flat_risk_box_do_not_cover_each_other(chart: ChartBench) -> None:
    last = chart.last
    for distance in (1, 3, 8):
        box = put(
            chart,
            Kind.RISK,
            anchor(380, last),
            anchor(395, last - distance),
            anchor(395, last + 2 * distance),
        )
        easel(chart).select(box.id)
        chart.frame()
        shown = chart.panel.drawings.layer.selected()
        assert shown is not None
        boxes = [words.box for words in shown.figure.words]
        assert len(boxes) == 5
        for number, one in enumerate(boxes):
            for other in boxes[number + 1 :]:
                assert one.within(other) is None


def test_no_figure_is_made_of_what_is_out_of_view(
    make_chart: MakeChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = make_chart(walk(5_000))
    for number in range(100):
        kind = (Kind.TREND, Kind.RECTANGLE, Kind.FIBONACCI, Kind.TEXT)[number % 4]
        anchors = [anchor(100 + number, 80_000), anchor(140 + number, 80_100)]
        put(chart, kind, *(anchors[:1] if kind is Kind.TEXT else anchors), text="far away")
    made: list[Drawing] = []

    def watched(drawing: Drawing, view: View, *, selected: bool) -> Figure:
        made.append(drawing)
        return figure_of(drawing, view, selected=selected)

    monkeypatch.setattr(layer, "figure_of", watched)
    for dx in (-40.0, 25.0, 10.0):
        chart.panel.navigator.pan(dx)
        chart.frame()
    assert made == []
    assert not chart.panel.drawings.layer.isVisible()
    put(chart, Kind.HORIZONTAL, anchor(0, chart.last))
    chart.panel.navigator.pan(5)
    chart.frame()
    assert len(made) >= 1


def test_many_columns_are_those_of_each_bar(make_chart: MakeChart) -> None:
    chart = make_chart(walk(50_000))
    chart.panel.navigator.pan(3_333)
    mapping = easel(chart).mapping
    bars = np.array([0, 17, 49_000, 49_999, 50_040], np.float64)
    columns = mapping.columns(bars)
    for bar, column in zip(bars, columns, strict=True):
        assert abs(mapping.x(anchor(int(bar), 0).ts_ns) - column) <= 1


def test_a_level_line_falls_on_the_row_in_which_candles_of_its_price_end(
    chart: ChartBench,
) -> None:
    price = chart.last + 10
    put(chart, Kind.HORIZONTAL, anchor(350, price), style=Style(ink="violet"))
    violet = color("position").rgb() & 0xFFFFFF
    rows = np.flatnonzero(chart.painted_anew()[:, 20] == violet)
    assert rows.tolist() == [chart.y(price)]


def test_a_hit_needs_the_line_within_six_pixels(chart: ChartBench) -> None:
    last = chart.last
    drawing = put(chart, Kind.TREND, anchor(340, last - 20), anchor(370, last + 20))
    (x1, y1), (x2, y2) = (point(chart, a) for a in drawing.anchors)
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    shown = chart.panel.drawings.layer
    long = float(np.hypot(x2 - x1, y2 - y1))
    across = (-(y2 - y1) / long, (x2 - x1) / long)
    for far, hit in ((0, True), (5.9, True), (6.2, False), (-5.9, True), (-6.2, False)):
        at = QPointF(x + far * across[0], y + far * across[1])
        assert (shown.at(at, selected=False) is not None) is hit
    assert shown.at(QPointF(5, 5), selected=False) is None
