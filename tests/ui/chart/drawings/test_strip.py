"""The strip: names for everybody, what is lit, what has no room, what is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from tests.ui.chart.drawings.drawing_bench import easel, one_of_each

from tradedesk.ui.chart.drawings.modes import MODES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

    from tradedesk.ui.chart.drawings.strip import GlyphButton, ToolStrip

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def strip(chart: ChartBench) -> ToolStrip:
    """The strip of the chart, shown."""
    chart.panel.looks.change(drawing_strip=True)
    QApplication.processEvents()
    return chart.panel.drawings.strip


def press(button: GlyphButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_every_button_says_what_it_does_and_takes_no_keys(strip: ToolStrip) -> None:
    buttons = [strip.pointer, *strip.tools.values(), strip.magnet, strip.eye, strip.bin, strip.fold]
    names = [button.accessibleName() for button in buttons]
    assert all(names)
    assert len(set(names)) == len(names)
    assert all(button.focusPolicy() == Qt.FocusPolicy.NoFocus for button in buttons)
    assert strip.tools[MODES[0]].toolTip() == "Trend line   Alt+T"


def test_keys_are_unique_and_none_is_taken_by_the_view() -> None:
    keys = [mode.key_text for mode in MODES]
    assert len(set(keys)) == len(keys)
    assert not {"Alt+R", "Alt+G", "Alt+S", "Alt+I", "Alt+L", "Alt+D"} & set(keys)


def test_what_is_in_hand_is_lit(chart: ChartBench, strip: ToolStrip) -> None:
    assert strip.pointer.lit
    press(strip.tools[MODES[3]])
    assert [b.lit for b in strip.tools.values()].index(True) == 3
    assert not strip.pointer.lit
    chart.click(300, 300)
    assert strip.pointer.lit


def test_magnet_and_hiding_are_part_of_the_look(chart: ChartBench, strip: ToolStrip) -> None:
    one_of_each(chart)
    press(strip.magnet)
    press(strip.eye)
    assert (chart.panel.looks.now.magnet, chart.panel.looks.now.drawings_hidden) == (True, True)
    assert strip.eye.accessibleName() == "Show all drawings"
    assert chart.panel.drawings.layer.seen() == []
    press(strip.eye)
    assert len(chart.panel.drawings.layer.seen()) == 8


def test_it_folds_away_by_button_and_key_and_gives_its_room_back(
    chart: ChartBench, strip: ToolStrip
) -> None:
    narrow = chart.stage.model.panes.plot.width()
    press(strip.fold)
    QApplication.processEvents()
    assert not strip.isVisible()
    assert not chart.panel.looks.now.drawing_strip
    assert chart.stage.model.panes.plot.width() == narrow + strip.width()
    QTest.keyClick(chart.stage.view, Qt.Key.Key_D, ALT)
    assert strip.isVisible()


@pytest.mark.parametrize(("height", "all_shown"), [(600, True), (300, False), (120, False)])
def test_what_has_no_room_is_offered_in_a_menu(
    chart: ChartBench, strip: ToolStrip, height: int, all_shown: bool
) -> None:
    chart.panel.resize(1_000, height)
    QApplication.processEvents()
    hidden = strip.hidden_modes()
    assert (not hidden) is all_shown
    assert strip.more.isVisible() is not all_shown
    shown = [b for b in strip.tools.values() if b.isVisible()]
    assert all(b.geometry().bottom() < strip.height() for b in (strip.pointer, *shown))
    if hidden:
        press(strip.more)
        (menu,) = strip.findChildren(QMenu)
        assert len(menu.actions()) == len(hidden)
        menu.actions()[-1].trigger()
        assert easel(chart).mode is hidden[-1]
        assert strip.more.lit
        menu.close()


def test_a_narrow_chart_has_no_strip(make_chart: Callable[..., ChartBench]) -> None:
    chart = make_chart(size=(300, 300))
    chart.panel.looks.change(drawing_strip=True)
    QApplication.processEvents()
    assert not chart.panel.drawings.strip.isVisible()
    chart.panel.resize(800, 300)
    QApplication.processEvents()
    assert chart.panel.drawings.strip.isVisible()


def test_the_chart_menu_has_all_of_it_by_name_and_key(chart: ChartBench) -> None:
    menu = QMenu()
    chart.panel.menus.fill(menu)
    (draw,) = [a.menu() for a in menu.actions() if a.text() == "Draw"]
    assert isinstance(draw, QMenu)
    texts = [a.text() for a in draw.actions() if not a.isSeparator()]
    assert texts[: len(MODES)] == [f"{mode.name}\t{mode.key_text}" for mode in MODES]
    draw.actions()[5].trigger()
    assert easel(chart).mode is MODES[5]


def test_the_button_that_folds_the_strip_tells_the_way_back(chart: ChartBench) -> None:
    chart.panel.looks.change(drawing_strip=True)
    strip = chart.panel.drawings.strip
    assert "Chart > Draw brings it back" in strip.fold.toolTip()
    QTest.mouseClick(strip.fold, Qt.MouseButton.LeftButton)
    assert not strip.isVisible()
    (entry,) = [
        action for name, action in chart.menu("Draw").items() if name.startswith("Tool strip")
    ]
    entry.trigger()
    assert strip.isVisible()
