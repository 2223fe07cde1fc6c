"""Alt and a letter reach a chart from wherever the keys are in its window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from tests.ui.scenes import walk

from tradedesk.domain import commands as cmd
from tradedesk.ui.chart.drawings.modes import MODES, STRIP
from tradedesk.ui.charts import letters
from tradedesk.ui.charts.arrangements import Arrangement

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLineEdit
    from tests.ui.fakes.desk import FakeDesk

    from tradedesk.ui.chart.drawings.modes import Mode
    from tradedesk.ui.chart.panel import ChartPanel

LEFT = Qt.MouseButton.LeftButton
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
TREND = MODES[0]


@pytest.fixture
def desk(make_desk: Callable[..., FakeDesk]) -> FakeDesk:
    """Two charts, the first one active, the pointer over neither."""
    desk = make_desk(bars=walk)
    desk.ready()
    desk.window.chart_windows.arrange(desk.window.widgets.charts, Arrangement.ACROSS)
    desk.frame()
    point_at(desk.window.widgets.ticket)
    return desk


def point_at(widget: QWidget) -> None:
    """Move the pointer over a widget, and let Qt tell all others that it left."""
    QTest.mouseMove(widget, QPoint(80, 80))
    QApplication.processEvents()


def charts(desk: FakeDesk) -> list[ChartPanel]:
    return [cell.panel for cell in desk.window.widgets.charts.cells]


def modes(desk: FakeDesk) -> list[Mode | None]:
    """The tool in hand on each chart."""
    return [panel.drawings.easel.mode for panel in charts(desk)]


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = ALT) -> None:
    """Press a key wherever the keys are."""
    holder = QApplication.focusWidget()
    assert holder is not None
    QTest.keyClick(holder, key, modifiers)


def has_keys(panel: ChartPanel) -> bool:
    return QApplication.focusWidget() is panel.focusProxy()


def quantity(desk: FakeDesk) -> QLineEdit:
    """The field of the ticket, being typed into."""
    field = desk.window.widgets.ticket.widgets.quantity.input
    QTest.mouseClick(field, LEFT)
    field.selectAll()
    QTest.keyClicks(field, "3")
    return field


def test_from_a_button_they_act_on_the_active_chart(desk: FakeDesk) -> None:
    button: QWidget = desk.window.widgets.top.indicators
    button.setFocus(Qt.FocusReason.TabFocusReason)
    press(TREND.key)
    assert modes(desk) == [TREND, None]
    assert has_keys(charts(desk)[0])
    press(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert modes(desk) == [None, None]
    assert desk.executor.of(cmd.SetArmed) == [], "Esc drops the tool before it disarms"


def test_a_field_keeps_what_was_typed_and_gets_no_letter(desk: FakeDesk) -> None:
    field = quantity(desk)
    press(TREND.key)
    assert field.text() == "3"
    assert modes(desk) == [TREND, None]
    assert has_keys(charts(desk)[0])


def test_letters_without_alt_stay_with_the_field(desk: FakeDesk) -> None:
    desk.window.widgets.top.contract.click()
    line = desk.window.widgets.picker.line
    assert line.hasFocus()
    QTest.keyClicks(line, "mesT")
    assert line.text() == "mesT"
    assert modes(desk) == [None, None]


def test_the_chart_under_the_pointer_comes_before_the_active_one(desk: FakeDesk) -> None:
    quantity(desk)
    second = charts(desk)[1]
    point_at(second.canvas)
    assert not has_keys(second), "the pointer alone takes no keys from a field"
    press(TREND.key)
    assert modes(desk) == [None, TREND]
    assert has_keys(second)
    assert desk.window.widgets.charts.panel is second


def test_the_chart_that_has_the_keys_comes_first(desk: FakeDesk) -> None:
    first, second = charts(desk)
    point_at(second.canvas)
    first.setFocus()
    press(TREND.key)
    assert modes(desk) == [TREND, None]


def test_every_letter_of_the_sheet_is_known(desk: FakeDesk) -> None:
    first = charts(desk)[0]
    for mode in MODES:
        desk.window.widgets.top.indicators.setFocus()
        press(mode.key, ALT | SHIFT if mode.shift else ALT)
        assert modes(desk)[0] is mode
    desk.window.widgets.top.indicators.setFocus()
    shown = first.looks.now.drawing_strip
    press(STRIP)
    assert first.looks.now.drawing_strip is not shown
    for key, member in ((Qt.Key.Key_L, "logarithmic"), (Qt.Key.Key_I, "inverted")):
        desk.window.widgets.top.indicators.setFocus()
        press(key)
        assert getattr(first.looks.now, member)
    desk.window.widgets.top.indicators.setFocus()
    press(Qt.Key.Key_G)
    assert first.viewing.go_to.box.isVisible()


def test_none_of_them_aims(desk: FakeDesk) -> None:
    first = charts(desk)[0]
    copied: list[bool] = []
    first.viewing.exports.copy_requested.connect(lambda: copied.append(True))
    desk.window.widgets.top.indicators.setFocus()
    press(Qt.Key.Key_S)
    assert copied == [True]
    assert first._aim.side is None
    desk.window.widgets.top.indicators.setFocus()
    press(Qt.Key.Key_B)
    assert first._aim.side is None
    assert not has_keys(first), "a letter that means nothing moves nothing"


def test_a_window_of_charts_has_its_own(desk: FakeDesk) -> None:
    window = desk.window.chart_windows.open()
    desk.frame()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    window.picker.open_at(QPoint(0, 0))
    assert window.picker.line.hasFocus()
    press(TREND.key)
    assert window.grid.panel.drawings.easel.mode is TREND
    assert modes(desk) == [None, None]
    assert not window.picker.isVisible()


def test_where_alt_writes_letters_a_field_keeps_them(
    make_desk: Callable[..., FakeDesk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "ALT_TYPES", True)
    desk = make_desk(bars=walk)
    desk.ready()
    desk.window.widgets.top.contract.click()
    line = desk.window.widgets.picker.line
    press(TREND.key)
    assert line.text().lower() == "t"
    assert modes(desk) == [None]
    desk.window.widgets.top.indicators.setFocus()
    press(TREND.key)
    assert modes(desk) == [TREND]
