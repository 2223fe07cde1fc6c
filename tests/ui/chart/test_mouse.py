"""What the user does on the chart, with real events, and what leaves it as signals."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu
from tests.ui.chart.samples import MES, MNQ, stop, target, waiting, walk

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.order import OrderType, Side
from tradedesk.engine import BarSeries
from tradedesk.ui.chart.trade_menu import TradeMenu

if TYPE_CHECKING:
    from tests.ui.chart.chart_bench import ChartBench

ESC = Qt.Key.Key_Escape
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def entries(menu: TradeMenu) -> dict[str, bool]:
    """What is offered, without what the bracket is worth."""
    return {a.text().split("\t")[0]: a.isEnabled() for a in menu.actions() if not a.isSeparator()}


# --- placing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "side", "shift", "kind"),
    [
        (Qt.Key.Key_B, Side.BUY, -20, OrderType.LIMIT),
        (Qt.Key.Key_B, Side.BUY, +20, OrderType.STOP),
        (Qt.Key.Key_S, Side.SELL, +20, OrderType.LIMIT),
        (Qt.Key.Key_S, Side.SELL, -20, OrderType.STOP),
    ],
)
def test_a_click_while_aiming_places_by_the_side_of_the_market(
    chart: ChartBench, key: Qt.Key, side: Side, shift: int, kind: OrderType
) -> None:
    price = chart.last + shift
    chart.point_at(500, chart.y(price))
    chart.key_down(key)
    mark = chart.stage.aim.mark
    assert mark is not None
    word = {OrderType.LIMIT: "LMT", OrderType.STOP: "STP"}[kind]
    away = f"{'+' if shift > 0 else '−'}20t"
    assert mark.label == f"{side.name} {word} 2 @ {MNQ.tick.text(price)} · {away}"
    pressed_ns = chart.now_ns
    chart.press(500, chart.y(price))
    assert chart.placed == []
    chart.release(500, chart.y(price))
    assert chart.placed == [(side, kind, price, pressed_ns)]
    chart.key_up(key)
    assert chart.stage.aim.mark is None


def test_the_price_is_that_of_the_press_wherever_the_button_goes_up(chart: ChartBench) -> None:
    chart.point_at(500, 300)
    chart.key_down(Qt.Key.Key_B)
    price = chart.stage.model.snapped_ticks(300)
    chart.press(500, 300)
    chart.drag_on((500, 300), (520, 200))
    assert chart.stage.aim.mark is not None
    assert chart.stage.aim.mark.ticks == price
    chart.release(520, 200)
    assert [p[2] for p in chart.placed] == [price]


@pytest.mark.parametrize("how", ["escape", "release outside", "focus lost"])
def test_a_press_while_aiming_can_be_taken_back(chart: ChartBench, how: str) -> None:
    chart.point_at(500, 300)
    chart.key_down(Qt.Key.Key_B)
    chart.press(500, 300)
    if how == "escape":
        QTest.keyClick(chart.stage.view, ESC)
        chart.release(500, 300)
    elif how == "release outside":
        chart.release(980, 300)
    else:
        chart.panel.hide()
        chart.release(500, 300)
    assert chart.placed == []


def test_a_press_that_a_dialog_came_over_places_nothing_later(chart: ChartBench) -> None:
    window = chart.panel.window()
    chart.point_at(500, 300)
    chart.key_down(Qt.Key.Key_B)
    chart.press(500, 300)
    dialog = QDialog(window)
    dialog.open()
    QApplication.processEvents()
    handle = window.windowHandle()
    assert handle is not None
    # As the window system delivers it: Qt keeps it from a window that a dialog blocks.
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=chart.canvas.pos() + QPoint(500, 300))
    dialog.close()
    dialog.deleteLater()
    chart.key_up(Qt.Key.Key_B)
    chart.click(600, 200)
    assert chart.placed == []


@pytest.mark.parametrize("how", ["move", "press", "focus"])
def test_a_press_whose_release_is_lost_places_nothing_later(chart: ChartBench, how: str) -> None:
    chart.point_at(500, 300)
    chart.key_down(Qt.Key.Key_B)
    chart.press(500, 300)
    if how == "move":
        chart.point_at(520, 280)
        assert chart.stage.aim.mark is not None, "the key is still held"
        assert not chart.stage.aim.mark.pressed
    elif how == "focus":
        QApplication.sendEvent(chart.stage.view, QFocusEvent(QEvent.Type.FocusOut))
        assert chart.stage.aim.mark is None
    chart.key_up(Qt.Key.Key_B)
    if how != "focus":
        chart.press(600, 200)
    chart.release(600, 200)
    assert chart.placed == []


def test_letting_go_of_the_key_ends_the_aim(chart: ChartBench) -> None:
    chart.point_at(500, 300)
    chart.key_down(Qt.Key.Key_S)
    chart.key_up(Qt.Key.Key_S)
    chart.click(500, 300)
    assert chart.placed == []
    assert chart.stage.aim.mark is None


@pytest.mark.parametrize("reason", ["disarmed", "stale", "no price"])
def test_an_aim_that_places_nothing_says_why(chart: ChartBench, reason: str) -> None:
    if reason == "disarmed":
        chart.panel.set_armed(False, "Armed is off: switch it on at the top right.")
        sentence = "Armed is off: switch it on at the top right."
    elif reason == "stale":
        chart.panel.set_market(chart.last, None, None, None, stale=True)
        sentence = "Prices are stale: nothing is placed until they move again."
    else:
        chart.panel.set_market(None, None, None, None, stale=False)
        sentence = "No price yet: wait for the first quote, then click again."
    chart.point_at(500, 300)
    chart.key_down(Qt.Key.Key_B)
    assert chart.stage.aim.mark is not None
    assert chart.stage.aim.mark.label == sentence
    chart.click(500, 300)
    assert chart.placed == []


def test_another_contract_ends_a_press_that_was_meant_for_this_one(chart: ChartBench) -> None:
    chart.point_at(500, 300)
    chart.key_down(Qt.Key.Key_B)
    chart.press(500, 300)
    chart.panel.set_series(BarSeries(walk(100)), MES, BarSpec.parse("1m"))
    chart.release(500, 300)
    assert chart.placed == []


def test_menu_enables_what_is_valid_and_places_with_the_press_moment(chart: ChartBench) -> None:
    price = chart.last - 20
    at = QPoint(500, chart.y(price))
    QTest.mousePress(chart.canvas, Qt.MouseButton.RightButton, pos=at)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, TradeMenu)
    text = MNQ.tick.text(price)
    assert dict(islice(entries(menu).items(), 6)) == {
        f"Buy limit 2 @ {text}": True,
        f"Sell limit 2 @ {text}": False,
        f"Buy stop 2 @ {text}": False,
        f"Sell stop 2 @ {text}": True,
        "Alert here": True,
        "Copy price": True,
    }
    chart.now_ns += 5
    pressed_ns = chart.now_ns
    choice = next(a for a in menu.actions() if a.text().startswith("Buy limit"))
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(choice).center())
    assert chart.placed == [(Side.BUY, OrderType.LIMIT, price, pressed_ns)]
    QTest.mouseRelease(chart.canvas, Qt.MouseButton.RightButton, pos=at)


def test_menu_is_so_short_that_its_orders_are_at_the_pointer(chart: ChartBench) -> None:
    at = QPoint(300, 430)
    QTest.mousePress(chart.canvas, Qt.MouseButton.RightButton, pos=at)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, TradeMenu)
    on_screen = chart.canvas.mapToGlobal(at)
    assert menu.geometry().topLeft() == on_screen
    assert menu.height() < 300, "less than half of a small screen"
    first = menu.actionGeometry(menu.actions()[0])
    assert first.top() < 20
    whole = next(a for a in menu.actions() if a.text() == "Chart").menu()
    assert isinstance(whole, QMenu)
    assert {a.text() for a in whole.actions() if a.text()} == set(chart.menu())
    menu.close()
    QTest.mouseRelease(chart.canvas, Qt.MouseButton.RightButton, pos=at)


def test_menu_explains_when_disarmed_and_still_copies(chart: ChartBench) -> None:
    chart.panel.set_armed(False, "Armed is off: switch it on at the top right.")
    at = QPoint(500, chart.y(chart.last))
    QTest.mousePress(chart.canvas, Qt.MouseButton.RightButton, pos=at)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, TradeMenu)
    found = entries(menu)
    assert next(iter(found.items())) == ("Armed is off: switch it on at the top right.", False)
    assert [text for text, on in found.items() if on][:2] == ["Alert here", "Copy price"]
    copy = next(a for a in menu.actions() if a.text() == "Copy price")
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(copy).center())
    assert QApplication.clipboard().text() == str(MNQ.tick.price(chart.last))
    QTest.mouseRelease(chart.canvas, Qt.MouseButton.RightButton, pos=at)


def test_another_contract_closes_the_menu(chart: ChartBench) -> None:
    at = QPoint(500, 300)
    QTest.mousePress(chart.canvas, Qt.MouseButton.RightButton, pos=at)
    assert QApplication.activePopupWidget() is not None
    chart.panel.set_series(BarSeries(walk(100)), MES, BarSpec.parse("1m"))
    assert QApplication.activePopupWidget() is None
    QTest.mouseRelease(chart.canvas, Qt.MouseButton.RightButton, pos=at)


# --- moving -------------------------------------------------------------------------------------


def shown(chart: ChartBench, key: str) -> tuple[int, str, bool]:
    """Price, text and whether unconfirmed, as shown."""
    tag = next(t for t in chart.stage.overlay.tags if t.shown.line.key == key)
    return tag.shown.line.price_ticks, tag.shown.line.text, tag.shown.unconfirmed


def test_a_drag_moves_by_ticks_with_live_figures_and_waits_for_the_venue(
    chart: ChartBench,
) -> None:
    price = chart.last + 26
    average = MNQ.tick.price(chart.last - 14)
    line = target(price, average=average)
    chart.panel.set_lines([line])
    chart.frame()
    start, end = (400.0, float(chart.y(price))), (400.0, float(chart.y(price + 10)))
    chart.point_at(*start)
    pressed_ns = chart.now_ns
    chart.press(*start)
    chart.drag_on(start, end)
    assert shown(chart, line.key) == (price + 10, "TGT 1  +$25.00  +50t  2.5R", False)
    assert chart.moved == []
    chart.release(*end)
    assert chart.moved == [(line.key, price + 10, pressed_ns)]
    assert shown(chart, line.key)[::2] == (price + 10, True)
    chart.panel.set_lines([line])
    assert shown(chart, line.key)[::2] == (price + 10, True), "not confirmed by its old price"
    chart.panel.set_lines([target(price + 10, average=average)])
    assert shown(chart, line.key)[::2] == (price + 10, False)


def test_grabbing_six_pixels_off_moves_nothing_by_itself(chart: ChartBench) -> None:
    chart.panel.set_lines([target(chart.last + 26)])
    chart.frame()
    y = chart.y(chart.last + 26)
    chart.drag((400, y + 6), (400, y + 6 - 2))
    assert chart.moved == []
    chart.drag((400, y + 9), (400, y - 60))
    assert chart.moved == [], "nine pixels off is beside the line"


def test_escape_puts_a_dragged_line_back(chart: ChartBench) -> None:
    line = target(chart.last + 26)
    chart.panel.set_lines([line])
    chart.frame()
    y = float(chart.y(line.price_ticks))
    chart.point_at(400, y)
    chart.press(400, y)
    chart.drag_on((400, y), (400, y - 80))
    assert shown(chart, line.key)[0] != line.price_ticks
    QTest.keyClick(chart.stage.view, ESC)
    assert shown(chart, line.key)[::2] == (line.price_ticks, False)
    chart.release(400, y - 80)
    assert chart.moved == []


def test_a_refused_move_snaps_back_flashes_and_says_why(chart: ChartBench) -> None:
    line = target(chart.last + 26)
    chart.panel.set_lines([line])
    chart.frame()
    y = float(chart.y(line.price_ticks))
    chart.drag((400, y), (400, y - 80))
    chart.panel.reject_move(line.key, "A sell limit sits above the market.")
    chart.frame(0)
    tag = chart.stage.overlay.tags[0]
    assert (tag.shown.line.price_ticks, tag.shown.unconfirmed) == (line.price_ticks, False)
    assert tag.shown.note == "A sell limit sits above the market."
    lit = []
    for _ in range(8):
        lit.append(line.key in chart.stage.lines._lit)
        chart.frame(130)
    assert lit == [True, False, True, False, True, True, True, True]
    chart.frame(6_000)
    assert chart.stage.overlay.tags[0].shown.note == ""


def test_shift_moves_the_whole_bracket(chart: ChartBench) -> None:
    chart.panel.set_lines([target(chart.last + 26), stop(chart.last - 34)])
    chart.frame()
    y = float(chart.y(chart.last + 26))
    shift = float(chart.y(chart.last + 31)) - y
    chart.drag((400, y), (400, y + shift), SHIFT)
    assert sorted(m[:2] for m in chart.moved) == [
        ("order:1", chart.last + 31),
        ("order:2", chart.last - 29),
    ]


def test_a_line_that_goes_away_while_held_is_let_go(chart: ChartBench) -> None:
    chart.panel.set_lines([target(chart.last + 26)])
    chart.frame()
    y = float(chart.y(chart.last + 26))
    chart.point_at(400, y)
    chart.press(400, y)
    chart.drag_on((400, y), (400, y - 40))
    chart.panel.set_lines([])
    chart.drag_on((400, y - 40), (400, y - 60))
    chart.release(400, y - 60)
    assert chart.moved == []


def test_the_cross_cancels_on_release_and_only_there(chart: ChartBench) -> None:
    line = target(chart.last + 26)
    chart.panel.set_lines([line, waiting(chart.last - 20)])
    chart.frame()
    assert chart.panel.cross_of("intent:a") is None
    cross = chart.panel.cross_of(line.key)
    assert cross is not None
    chart.press(cross.x(), cross.y())
    chart.release(cross.x() - 60, cross.y() + 40)
    assert chart.cancelled == []
    pressed_ns = chart.now_ns
    chart.press(cross.x(), cross.y())
    chart.release(cross.x(), cross.y())
    assert chart.cancelled == [(line.key, pressed_ns)]
    assert chart.moved == []


def test_hover_shows_all_parts_and_the_cursor(chart: ChartBench) -> None:
    line = target(chart.last + 26, average=Decimal(1))
    chart.panel.set_lines([line])
    chart.frame()
    tag = chart.stage.overlay.tags[0]
    texts = {text for row in tag.rows for _, text in row}
    chart.point_at(tag.box.center().x() - 20, tag.box.center().y())
    hovered = chart.stage.overlay.tags[0]
    assert texts < {text for row in hovered.rows for _, text in row} == {p.text for p in line.parts}
    assert chart.canvas.cursor().shape() is Qt.CursorShape.SizeVerCursor


# --- navigation ---------------------------------------------------------------------------------


def test_wheel_is_anchored_at_the_newest_bar_while_following(chart: ChartBench) -> None:
    margin = chart.viewport.width - chart.viewport.x_of(399.5)
    chart.wheel(3, 200)
    assert chart.viewport.spacing > 8
    assert chart.viewport.following
    assert chart.viewport.width - chart.viewport.x_of(399.5) == pytest.approx(margin)


@pytest.mark.parametrize("following", [True, False])
def test_wheel_is_anchored_at_the_pointer_when_scrolled_back_or_with_ctrl(
    chart: ChartBench, following: bool
) -> None:
    if not following:
        chart.drag((200, 200), (600, 200))
    under = chart.viewport.bar_at(300)
    chart.wheel(2, 300, modifiers=CTRL if following else Qt.KeyboardModifier.NoModifier)
    assert chart.viewport.spacing > 8
    assert chart.viewport.bar_at(300) == pytest.approx(under)


def test_shift_wheel_pans(chart: ChartBench) -> None:
    right = chart.viewport.right
    chart.wheel(2, 300, modifiers=SHIFT)
    assert chart.viewport.spacing == 8
    assert chart.viewport.right == pytest.approx(right - 2 * 64 / 8)


def test_dragging_left_shows_the_pill_and_all_ways_back_work(chart: ChartBench) -> None:
    told: list[bool] = []
    chart.panel.navigator.following_changed.connect(told.append)
    pill = chart.stage.pill
    for way in ("pill", "end", "space", "drag"):
        assert not pill.isVisible()
        chart.drag((200, 200), (500, 200))
        assert pill.isVisible()
        assert not chart.panel.navigator.following
        if way == "pill":
            chart.click(pill.area.center().x(), pill.area.center().y())
        elif way == "end":
            QTest.keyClick(chart.stage.view, Qt.Key.Key_End)
        elif way == "space":
            QTest.keyClick(chart.stage.view, Qt.Key.Key_Space)
        else:
            chart.drag((500, 200), (100, 200))
        chart.frame()
        assert chart.panel.navigator.following
    assert told == [False, True] * 4


def test_axes_scale_and_a_double_click_makes_them_automatic(chart: ChartBench) -> None:
    view = chart.viewport
    across = view.y_high - view.y_low
    chart.drag((980, 200), (980, 360))
    assert view.y_high - view.y_low == pytest.approx(2 * across)
    assert not view.auto_y
    low = view.y_low
    chart.drag((300, 200), (300, 260))
    assert view.y_low > low, "a fixed scale pans up and down"
    chart.double_click(980, 200)
    assert view.auto_y
    chart.drag((300, 590), (460, 590))
    assert view.spacing == pytest.approx(16)
    chart.double_click(300, 200)
    chart.frame()
    assert (view.spacing, view.following) == (8, True)


def test_crosshair_tells_price_and_bar(chart: ChartBench) -> None:
    spots: list[object] = []
    chart.panel.crosshair_moved.connect(spots.append)
    row = 350
    x = chart.stage.model.x_line(row)
    chart.point_at(x, 200)
    spot = spots[-1]
    assert spot is not None
    assert (spot.row, spot.ts_ns) == (row, int(chart.series.ts_ns[row]))  # type: ignore[attr-defined]
    close = MNQ.tick.text(int(chart.series.close[row]))
    assert f"C {close}" in chart.stage.legend.text
    QApplication.sendEvent(chart.stage.view, QEvent(QEvent.Type.Leave))
    assert spots[-1] is None
    assert f"C {MNQ.tick.text(chart.last)}" in chart.stage.legend.text


def test_a_digit_opens_the_interval_box(chart: ChartBench) -> None:
    box = chart.panel._box
    QTest.keyClick(chart.stage.view, Qt.Key.Key_1)
    assert box.isVisible()
    QTest.keyClicks(box.line, "5x")
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    assert chart.intervals == []
    assert "unknown unit" in box.toolTip()
    QTest.keyClick(box.line, Qt.Key.Key_Backspace)
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    assert chart.intervals == ["15m"]
    assert not box.isVisible()
    QTest.keyClick(chart.stage.view, Qt.Key.Key_3)
    QTest.keyClick(box.line, ESC)
    assert not box.isVisible()
    assert chart.intervals == ["15m"]
