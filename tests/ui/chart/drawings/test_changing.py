"""Taking, moving and changing drawings; who wins where several things lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from tests.ui.chart.chart_bench import ChartBench
from tests.ui.chart.drawings.drawing_bench import anchor, book, easel, one_of_each, point, put
from tests.ui.chart.samples import MES, MINUTE_NS, MNQ, stop, target, walk

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Bars, BarSeries
from tradedesk.services.drawings.drawing import Kind
from tradedesk.services.drawings.shelf import DrawingShelf

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.services.drawings.drawing import Drawing

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
RIGHT = Qt.MouseButton.RightButton


def key(chart: ChartBench, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(chart.stage.view, key, modifiers)
    chart.frame()


def trend(chart: ChartBench) -> Drawing:
    return put(chart, Kind.TREND, anchor(340, chart.last - 20), anchor(370, chart.last + 20))


def middle(chart: ChartBench, drawing: Drawing) -> tuple[float, float]:
    (x1, y1), (x2, y2) = (point(chart, a) for a in drawing.anchors[:2])
    return (x1 + x2) / 2, (y1 + y2) / 2


def now(chart: ChartBench, drawing: Drawing) -> Drawing:
    found = book(chart).find(drawing.id)
    assert found is not None
    return found


def bar_of(chart: ChartBench, drawing: Drawing) -> int:
    times = easel(chart).mapping.times
    assert times is not None
    return times.bar(drawing.anchors[0].ts_ns)


def menu_of(chart: ChartBench, at: tuple[float, float]) -> QMenu:
    QTest.mouseClick(chart.canvas, RIGHT, NONE, QPoint(int(at[0]), int(at[1])))
    menu = chart.panel.drawings.drawing_menus.menu
    assert menu is not None
    return menu


def choose(menu: QMenu, *path: str) -> None:
    """Trigger an entry of a menu or of a sub-menu, then close it."""
    at = menu
    for name in path[:-1]:
        inner = next(a.menu() for a in at.actions() if a.text() == name)
        assert isinstance(inner, QMenu)
        at = inner
    next(a for a in at.actions() if a.text().split("\t")[0] == path[-1]).trigger()
    menu.close()


# --- moving -------------------------------------------------------------------------------------


def test_a_click_selects_and_one_elsewhere_deselects(chart: ChartBench) -> None:
    drawing = trend(chart)
    chart.click(*middle(chart, drawing))
    assert easel(chart).selected == drawing.id
    assert now(chart, drawing) == drawing
    chart.click(120, 60)
    assert easel(chart).selected is None


def test_all_of_a_drawing_is_dragged_by_whole_bars_and_ticks(chart: ChartBench) -> None:
    drawing = trend(chart)
    x, y = middle(chart, drawing)
    per_tick = chart.y(chart.last) - chart.y(chart.last + 10)
    chart.drag((x, y), (x + 3 * chart.viewport.spacing, y - per_tick))
    assert now(chart, drawing).anchors == (
        anchor(343, chart.last - 10),
        anchor(373, chart.last + 30),
    )
    key(chart, Qt.Key.Key_Z, CTRL)
    assert now(chart, drawing) == drawing
    key(chart, Qt.Key.Key_Z, CTRL | SHIFT)
    assert now(chart, drawing).anchors[0] == anchor(343, chart.last - 10)


def test_a_handle_moves_one_anchor_and_esc_puts_it_back(chart: ChartBench) -> None:
    drawing = trend(chart)
    chart.click(*middle(chart, drawing))
    start = point(chart, drawing.anchors[1])
    end = (start[0] + 40, float(chart.y(chart.last + 30)))
    chart.point_at(*start)
    chart.press(*start)
    chart.drag_on(start, end)
    assert easel(chart).draft is not None
    key(chart, Qt.Key.Key_Escape)
    chart.release(*end)
    assert now(chart, drawing) == drawing
    chart.drag(start, end)
    assert now(chart, drawing).anchors == (drawing.anchors[0], anchor(375, chart.last + 30))


@pytest.mark.parametrize("corner", [2, 3])
def test_every_corner_of_a_rectangle_can_be_taken(chart: ChartBench, corner: int) -> None:
    last = chart.last
    box = put(chart, Kind.RECTANGLE, anchor(340, last - 10), anchor(360, last + 20))
    easel(chart).select(box.id)
    chart.frame()
    held = anchor(340, last + 20) if corner == 2 else anchor(360, last - 10)
    start = point(chart, held)
    end = (start[0] - 16, float(chart.y(last + 5)))
    chart.drag(start, end)
    rows = (338, 360) if corner == 2 else (340, 358)
    prices = (last - 10, last + 5) if corner == 2 else (last + 5, last + 20)
    assert now(chart, box).anchors == (anchor(rows[0], prices[0]), anchor(rows[1], prices[1]))


def test_a_locked_drawing_stays_and_the_chart_is_panned_instead(chart: ChartBench) -> None:
    drawing = trend(chart)
    chart.panel.drawings.actions.lock(drawing, on=True)
    said: list[str] = []
    chart.panel.drawings.trouble.connect(said.append)
    x, y = middle(chart, drawing)
    right = chart.viewport.right
    chart.drag((x, y), (x + 80, y - 40))
    assert chart.viewport.right < right
    key(chart, Qt.Key.Key_Delete)
    key(chart, Qt.Key.Key_Up)
    assert now(chart, drawing).anchors == drawing.anchors
    assert said == ["This drawing is locked: unlock it in its menu first."] * 2


def test_keys_act_on_the_selected_drawing(chart: ChartBench) -> None:
    drawing = trend(chart)
    key(chart, Qt.Key.Key_Delete)
    assert book(chart).drawings == (drawing,)
    easel(chart).select(drawing.id)
    for arrow, modifiers in (
        (Qt.Key.Key_Up, SHIFT),
        (Qt.Key.Key_Down, NONE),
        (Qt.Key.Key_Right, NONE),
    ):
        key(chart, arrow, modifiers)
    assert now(chart, drawing).anchors[0] == anchor(341, chart.last - 17)
    key(chart, Qt.Key.Key_D, CTRL)
    first, copy = book(chart).drawings
    assert copy.id != first.id
    assert easel(chart).selected == copy.id
    assert copy.anchors != first.anchors
    key(chart, Qt.Key.Key_Delete)
    assert [d.id for d in book(chart).drawings] == [drawing.id]
    key(chart, Qt.Key.Key_Z, CTRL)
    key(chart, Qt.Key.Key_Y, CTRL)
    assert [d.id for d in book(chart).drawings] == [drawing.id]


# --- who wins -----------------------------------------------------------------------------------


def test_a_line_of_an_order_wins_over_a_drawing_until_that_is_selected(chart: ChartBench) -> None:
    price = chart.last + 20
    chart.panel.set_lines([target(price)])
    level = put(chart, Kind.HORIZONTAL, anchor(350, price))
    y = chart.y(price)
    chart.drag((300, y), (300, y - 30))
    assert [m[0] for m in chart.moved] == ["order:1"]
    assert now(chart, level) == level
    easel(chart).select(level.id)
    chart.drag((300, y), (300, y - 30))
    assert len(chart.moved) == 1
    assert now(chart, level).anchors[0].ticks > price


def test_the_cross_of_an_order_wins_even_over_the_selected_drawing(chart: ChartBench) -> None:
    price = chart.last + 20
    chart.panel.set_lines([stop(price)])
    level = put(chart, Kind.HORIZONTAL, anchor(350, price))
    easel(chart).select(level.id)
    cross = chart.panel.cross_of("order:2")
    assert cross is not None
    chart.click(cross.x(), cross.y())
    assert [c[0] for c in chart.cancelled] == ["order:2"]


def test_keys_act_on_the_drawing_alone_that_was_placed_after_a_line_was_selected(
    chart: ChartBench,
) -> None:
    price = chart.last - 40
    chart.panel.set_lines([stop(price)])
    chart.frame()
    chart.click(300, chart.y(price))
    assert chart.stage.overlay.selected == "order:2"
    key(chart, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    chart.drag((400, 100), (500, 140))
    assert easel(chart).chosen is not None
    for _ in range(2):
        key(chart, Qt.Key.Key_Delete)
    assert book(chart).drawings == ()
    assert chart.cancelled == []


def test_an_aim_wins_over_a_drawing_that_is_not_selected(chart: ChartBench) -> None:
    level = put(chart, Kind.HORIZONTAL, anchor(350, chart.last - 20))
    y = chart.y(chart.last - 20)
    chart.point_at(500, y)
    chart.key_down(Qt.Key.Key_B)
    chart.click(500, y)
    assert len(chart.placed) == 1
    easel(chart).select(level.id)
    chart.click(500, y)
    chart.key_up(Qt.Key.Key_B)
    assert len(chart.placed) == 1


# --- the menu -----------------------------------------------------------------------------------


def test_the_menu_changes_colour_width_and_line_and_the_next_one_takes_them(
    chart: ChartBench,
) -> None:
    drawing = trend(chart)
    for path in (("Colour", "Red"), ("Width", "3 px"), ("Line", "Dashed"), ("Extend right",)):
        choose(menu_of(chart, middle(chart, drawing)), *path)
    changed = now(chart, drawing)
    assert msgspec.structs.astuple(changed.style) == ("red", 3, "dashed")
    assert changed.extend_right
    assert easel(chart).style_for(Kind.TREND) == changed.style
    choose(menu_of(chart, middle(chart, drawing)), "Locked")
    assert now(chart, drawing).locked
    entries = {a.text(): a.isEnabled() for a in menu_of(chart, middle(chart, drawing)).actions()}
    assert not entries["Remove\tDel"]
    chart.panel.drawings.drawing_menus.close()


def test_what_was_hidden_can_be_shown_again(chart: ChartBench) -> None:
    drawing = trend(chart)
    choose(menu_of(chart, middle(chart, drawing)), "Hide")
    assert chart.panel.drawings.layer.seen() == []
    menu = QMenu()
    chart.panel.menus.fill(menu)
    choose(menu, "Draw", "Show 1 hidden")
    assert [s.drawing.id for s in chart.panel.drawings.layer.seen()] == [drawing.id]


def test_the_front_one_is_taken_first(chart: ChartBench) -> None:
    first, second = trend(chart), trend(chart)
    chart.click(*middle(chart, first))
    assert easel(chart).selected == second.id
    chart.click(120, 60)
    book(chart).bring_to_front(first.id)
    chart.click(*middle(chart, first))
    assert easel(chart).selected == first.id


def test_a_double_click_changes_levels_risk_and_text(chart: ChartBench) -> None:
    last, field = chart.last, chart.panel.drawings.box.field
    fib = put(chart, Kind.FIBONACCI, anchor(310, last - 30), anchor(330, last + 30))
    chart.double_click(*point(chart, anchor(325, last + 30)))
    field.setText("")
    QTest.keyClicks(field, "0, 50% x")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.isVisible()
    assert chart.panel.drawings.box.hint.text() == ("“x” is no percent: type numbers such as 61.8.")
    field.setText("")
    QTest.keyClicks(field, "0, 50% 161.8")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert now(chart, fib).levels == (0, 500, 1_618)
    key(chart, Qt.Key.Key_Escape)
    chart.double_click(*point(chart, anchor(325, last + 30)))
    assert field.text() == "0 50 161.8"
    QTest.keyClick(field, Qt.Key.Key_Escape)


def test_remove_all_leaves_what_is_locked(chart: ChartBench) -> None:
    drawings = one_of_each(chart)
    chart.panel.drawings.actions.lock(drawings[2], on=True)
    chart.panel.drawings.strip.removal_asked.emit()
    assert [d.id for d in book(chart).drawings] == [drawings[2].id]
    key(chart, Qt.Key.Key_Z, CTRL)
    assert len(book(chart).drawings) == len(drawings)


# --- contracts, bars, charts --------------------------------------------------------------------


def test_each_contract_has_its_own_and_a_drag_does_not_go_over(chart: ChartBench) -> None:
    drawing = trend(chart)
    x, y = middle(chart, drawing)
    chart.point_at(x, y)
    chart.press(x, y)
    chart.drag_on((x, y), (x + 40, y))
    chart.panel.set_series(BarSeries(walk(400)), MES, BarSpec.parse("1m"))
    chart.frame()
    assert book(chart).drawings == ()
    chart.release(x + 40, y)
    chart.panel.set_series(chart.series, MNQ, BarSpec.parse("1m"))
    chart.frame()
    assert book(chart).drawings == (drawing,)


def test_drawings_stay_put_when_bars_are_others_or_older_ones_come(chart: ChartBench) -> None:
    drawing = trend(chart)
    older = walk(500, start_ns=int(chart.series.ts_ns[0]) - 100 * 60_000_000_000)
    chart.panel.set_series(BarSeries(older), MNQ, BarSpec.parse("1m"))
    chart.frame()
    assert bar_of(chart, drawing) == 440
    hours = walk(80, step_ns=300_000_000_000, start_ns=int(older.ts_ns[0]))
    chart.panel.set_series(BarSeries(hours), MNQ, BarSpec.parse("5m"))
    chart.frame()
    assert bar_of(chart, drawing) == 88
    assert now(chart, drawing) == drawing


def test_a_drawing_is_placed_at_the_bar_under_a_press_between_two_frames(
    make_chart: Callable[..., ChartBench],
) -> None:
    bars = walk(900)
    chart = make_chart(bars[500:])
    x = chart.stage.model.x_line(350)
    key(chart, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    chart.point_at(x, 200)
    chart.series.prepend(bars[:500])
    chart.press(x, 200)
    chart.release(x, 200)
    (line,) = book(chart).drawings
    assert bar_of(chart, line) == 850


def test_drawings_go_with_bars_that_are_mended_in_place(chart: ChartBench) -> None:
    drawing = trend(chart)
    bars = chart.series.bars
    ts_ns = bars.ts_ns.copy()
    ts_ns[200:] += 30 * MINUTE_NS
    chart.series.replace(Bars(ts_ns, *bars.columns()[1:]))
    chart.frame()
    assert bar_of(chart, drawing) == 310
    assert point(chart, drawing.anchors[0])[0] == chart.stage.model.x_line(310) + 0.5


def test_charts_of_one_contract_show_the_same(make_chart: Callable[..., ChartBench]) -> None:
    shelf = DrawingShelf()
    one, other = make_chart(), ChartBench()
    for chart in (one, other):
        chart.panel.drawings.keep_in(shelf)
    drawing = trend(one)
    assert [s.drawing for s in other.panel.drawings.layer.seen()] == [drawing]
    other.click(*middle(other, drawing))
    key(other, Qt.Key.Key_Up)
    assert one.panel.drawings.layer.seen()[0].drawing == now(other, drawing)
    assert easel(one).selected is None
    other.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    book(one).remove([drawing.id])
    assert one.panel.drawings.layer.seen() == []
    assert len(book(one)._listeners) == 2, "the shelf and the chart that is left"
