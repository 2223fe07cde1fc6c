"""Placing drawings with real events: click and click, drag, snap, angle, Esc."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.chart.drawings.drawing_bench import anchor, book, easel, point, put
from tests.ui.chart.samples import MINUTE_NS

from tradedesk.engine import Bars
from tradedesk.services.drawings.book import MOST_DRAWINGS
from tradedesk.services.drawings.drawing import Drawing, Kind
from tradedesk.ui.chart.drawings.modes import MODES, Mode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
DRAWN = [mode for mode in MODES if mode.kind not in (None, Kind.TEXT)]


def mode_of(name: str) -> Mode:
    return next(mode for mode in MODES if mode.name == name)


def take(chart: ChartBench, name: str) -> None:
    """Take a tool by its key."""
    mode = mode_of(name)
    QTest.keyClick(chart.stage.view, mode.key, ALT | (SHIFT if mode.shift else NONE))
    assert easel(chart).mode is mode


def key(chart: ChartBench, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(chart.stage.view, key, modifiers)
    chart.frame()


def row_at(chart: ChartBench, x: float) -> int:
    row = chart.viewport.row_at(x)
    assert row is not None
    return row


def only(chart: ChartBench) -> Drawing:
    """The one drawing there is."""
    (found,) = book(chart).drawings
    return found


def shown(chart: ChartBench) -> list[str]:
    """Ids of the drawings that are seen."""
    chart.frame()
    return [seen.drawing.id for seen in chart.panel.drawings.layer.seen()]


@pytest.mark.parametrize("mode", DRAWN, ids=lambda mode: mode.name)
@pytest.mark.parametrize("how", ["click and click", "drag"])
def test_every_tool_places_its_drawing(chart: ChartBench, mode: Mode, how: str) -> None:
    take(chart, mode.name)
    if how == "drag":
        chart.drag((400, 300), (520, 220))
    else:
        chart.click(400, 300)
        if len(book(chart).drawings) == 0:
            chart.point_at(470, 250)
            assert easel(chart).draft is not None
            chart.click(520, 220)
    found = only(chart)
    assert found.kind is mode.kind
    assert (found.extend_left, found.extend_right) == (mode.extend_left, mode.extend_right)
    assert easel(chart).mode is None
    assert easel(chart).selected == found.id
    assert easel(chart).draft is None
    model = chart.stage.model
    last_x, last_y = (400, 300) if how != "drag" and len(found.anchors) == 1 else (520, 220)
    if len(found.anchors) == 1:
        assert found.anchors[0].ticks == model.snapped_ticks(last_y)
    else:
        assert found.anchors[0] == anchor(row_at(chart, 400), model.snapped_ticks(300))
        assert found.anchors[1] == anchor(row_at(chart, last_x), model.snapped_ticks(last_y))
    assert chart.placed == []


def test_esc_leaves_the_draft_then_the_tool_then_the_selection(chart: ChartBench) -> None:
    take(chart, "Trend line")
    chart.click(400, 300)
    assert easel(chart).draft is not None
    key(chart, Qt.Key.Key_Escape)
    assert easel(chart).draft is None
    assert easel(chart).mode is not None
    key(chart, Qt.Key.Key_Escape)
    assert easel(chart).mode is None
    take(chart, "Horizontal line")
    chart.click(400, 300)
    assert easel(chart).selected is not None
    key(chart, Qt.Key.Key_Escape)
    assert easel(chart).selected is None
    assert len(book(chart).drawings) == 1


def test_undo_takes_back_what_is_begun_and_not_the_drawing_before(chart: ChartBench) -> None:
    for _ in range(2):
        QTest.keyClick(chart.stage.view, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
        chart.click(300, 200)
        if not book(chart).drawings:
            chart.click(400, 220)
    assert len(book(chart).drawings) == 1
    assert easel(chart).draft is not None
    QTest.keyClick(chart.stage.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert easel(chart).draft is None
    assert len(book(chart).drawings) == 1
    QTest.keyClick(chart.stage.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert book(chart).drawings == ()


def test_esc_while_the_button_is_down_places_nothing(chart: ChartBench) -> None:
    take(chart, "Rectangle")
    chart.press(400, 300)
    chart.drag_on((400, 300), (500, 250))
    key(chart, Qt.Key.Key_Escape)
    chart.release(500, 250)
    assert book(chart).drawings == ()
    assert easel(chart).draft is None


def test_the_magnet_takes_the_prices_of_the_bar_and_ctrl_inverts_it(chart: ChartBench) -> None:
    model, row = chart.stage.model, 350
    high = int(chart.series.high[row])
    x, y = model.x_line(row), chart.y(high) - 6
    assert model.snapped_ticks(y) != high
    take(chart, "Horizontal line")
    chart.point_at(x, y)
    chart.press(x, y, CTRL)
    chart.release(x, y, CTRL)
    assert only(chart).anchors[0].ticks == high
    book(chart).undo()
    chart.panel.looks.change(magnet=True)
    take(chart, "Horizontal line")
    chart.click(x, y)
    assert only(chart).anchors[0].ticks == high
    book(chart).undo()
    take(chart, "Horizontal line")
    chart.press(x, y, CTRL)
    chart.release(x, y, CTRL)
    assert only(chart).anchors[0].ticks == model.snapped_ticks(y)


@pytest.mark.parametrize(
    ("end", "level", "upright"), [((560, 310), True, False), ((404, 200), False, True)]
)
def test_shift_holds_the_angle(
    chart: ChartBench, end: tuple[int, int], level: bool, upright: bool
) -> None:
    take(chart, "Trend line")
    chart.drag((400, 300), end, SHIFT)
    first, second = only(chart).anchors
    assert (first.ticks == second.ticks, first.ts_ns == second.ts_ns) == (level, upright)


def test_shift_holds_45_degrees(chart: ChartBench) -> None:
    take(chart, "Trend line")
    chart.drag((400, 300), (480, 240), SHIFT)
    (x1, y1), (x2, y2) = (point(chart, a) for a in only(chart).anchors)
    per_tick = abs(chart.y(chart.last) - chart.y(chart.last + 1))
    assert abs((x2 - x1) - (y1 - y2)) <= per_tick + chart.viewport.spacing


def test_anchors_right_of_the_newest_bar_follow_the_bar_period(chart: ChartBench) -> None:
    take(chart, "Vertical line")
    x = chart.stage.model.x_line(405)
    chart.click(x, 300)
    assert only(chart).anchors[0].ts_ns == int(chart.series.ts_ns[-1]) + 6 * MINUTE_NS


def test_a_text_is_asked_for_and_one_without_words_is_none(chart: ChartBench) -> None:
    for typed, count in (("", 0), ("Break of the day", 1)):
        take(chart, "Text")
        chart.click(420, 260)
        field = chart.panel.drawings.box.field
        assert field.isVisible()
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        chart.frame()
        assert not field.isVisible()
        assert len(book(chart).drawings) == count
    assert only(chart).text == "Break of the day"
    take(chart, "Text")
    chart.click(420, 260)
    QTest.keyClicks(chart.panel.drawings.box.field, "no")
    QTest.keyClick(chart.panel.drawings.box.field, Qt.Key.Key_Escape)
    assert len(book(chart).drawings) == 1


def test_without_bars_nothing_is_drawn_and_said_why(
    make_chart: Callable[..., ChartBench],
) -> None:
    chart = make_chart(Bars.empty())
    said: list[str] = []
    chart.panel.drawings.trouble.connect(said.append)
    take(chart, "Trend line")
    chart.drag((400, 300), (500, 200))
    assert book(chart).drawings == ()
    assert said == ["There are no bars yet: draw once the first ones are here."]


def test_a_kept_tool_stays_until_it_is_put_down(chart: ChartBench) -> None:
    chart.panel.looks.change(drawing_strip=True)
    QApplication.processEvents()
    button = chart.panel.drawings.strip.tools[mode_of("Horizontal line")]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, SHIFT)
    assert easel(chart).keeps_mode
    chart.click(400, 300)
    chart.click(400, 200)
    assert len(book(chart).drawings) == 2
    assert easel(chart).mode is mode_of("Horizontal line")
    QTest.mouseClick(chart.panel.drawings.strip.pointer, Qt.MouseButton.LeftButton)
    assert easel(chart).mode is None


def test_two_clicks_on_a_tool_keep_it_and_one_puts_it_down_again(chart: ChartBench) -> None:
    chart.panel.looks.change(drawing_strip=True)
    QApplication.processEvents()
    mode = mode_of("Ray")
    button = chart.panel.drawings.strip.tools[mode]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (easel(chart).mode, easel(chart).keeps_mode) == (mode, False)
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert (easel(chart).mode, easel(chart).keeps_mode) == (mode, True)
    key(chart, Qt.Key.Key_Escape)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert easel(chart).mode is None


def test_a_drawing_that_is_placed_shows_all_that_were_hidden(chart: ChartBench) -> None:
    before = put(chart, Kind.HORIZONTAL, anchor(350, chart.last))
    chart.panel.looks.change(drawings_hidden=True)
    take(chart, "Trend line")
    chart.click(400, 300)
    key(chart, Qt.Key.Key_Escape)
    assert shown(chart) == []
    chart.drag((400, 300), (520, 220))
    placed = book(chart).drawings[-1]
    assert shown(chart) == [before.id, placed.id]
    assert easel(chart).selected == placed.id
    assert not chart.panel.looks.now.drawings_hidden
    assert chart.panel.drawings.strip.eye.accessibleName() == "Hide all drawings"


def test_a_drawing_that_is_refused_leaves_them_hidden(chart: ChartBench) -> None:
    at = (anchor(350, chart.last),)
    book(chart).add(
        *(Drawing(id=f"d{n}", kind=Kind.HORIZONTAL, anchors=at) for n in range(MOST_DRAWINGS))
    )
    chart.panel.looks.change(drawings_hidden=True)
    said: list[str] = []
    chart.panel.drawings.trouble.connect(said.append)
    take(chart, "Horizontal line")
    chart.click(400, 300)
    assert len(said) == 1
    assert len(book(chart).drawings) == MOST_DRAWINGS
    assert chart.panel.looks.now.drawings_hidden


def test_a_drawing_is_placed_and_nothing_else_while_an_aim_is_held(chart: ChartBench) -> None:
    chart.point_at(500, 300)
    chart.key_down(Qt.Key.Key_B)
    easel(chart).choose(mode_of("Horizontal line"))
    chart.click(500, 300)
    chart.key_up(Qt.Key.Key_B)
    assert chart.placed == []
    assert len(book(chart).drawings) == 1
