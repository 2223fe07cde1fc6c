"""The keyboard alone: every way through the chart, the frame that shows it, and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.ui.chart.samples import stop, target, walk

from tradedesk.domain.order import Side
from tradedesk.services.chart_line import ChartLine, LineKind, LinePart
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

Key = Qt.Key
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def press(chart: ChartBench, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(chart.stage.view, key, modifiers)
    chart.frame()


@pytest.mark.parametrize(
    ("key", "modifiers", "bars"),
    [
        (Key.Key_Left, NONE, -1.0),
        (Key.Key_Right, NONE, 1.0),
        (Key.Key_Left, CTRL, -0.9),
        (Key.Key_Right, CTRL, 0.9),
        (Key.Key_PageUp, NONE, -0.9),
        (Key.Key_PageDown, NONE, 0.9),
    ],
)
def test_to_and_fro(
    chart: ChartBench, key: Qt.Key, modifiers: Qt.KeyboardModifier, bars: float
) -> None:
    chart.panel.navigator.centre(200)
    before = chart.viewport.right
    press(chart, key, modifiers)
    wanted = bars if abs(bars) == 1.0 else bars * chart.viewport.across
    assert chart.viewport.right == pytest.approx(before + wanted)


def test_the_oldest_and_the_newest_bar(chart: ChartBench) -> None:
    press(chart, Key.Key_Home)
    assert chart.stage.model.viewport.bar_at(0) == pytest.approx(-1)
    assert chart.panel.navigator.wants_older > 0, "more are loaded in front"
    press(chart, Key.Key_End)
    assert chart.viewport.following


@pytest.mark.parametrize(
    ("key", "modifiers", "wider"),
    [
        (Key.Key_Up, NONE, True),
        (Key.Key_Plus, NONE, True),
        (Key.Key_Plus, SHIFT, True),
        (Key.Key_Equal, NONE, True),
        (Key.Key_Down, NONE, False),
        (Key.Key_Minus, NONE, False),
    ],
)
@pytest.mark.parametrize("following", [True, False])
def test_closer_and_further(
    chart: ChartBench, key: Qt.Key, modifiers: Qt.KeyboardModifier, wider: bool, following: bool
) -> None:
    if not following:
        chart.panel.navigator.centre(200)
    view = chart.viewport
    spacing, middle = view.spacing, view.bar_at(view.width / 2)
    press(chart, key, modifiers)
    assert (view.spacing > spacing) is wider
    assert view.following is following
    if not following:
        assert view.bar_at(view.width / 2) == pytest.approx(middle)


def test_a_key_that_is_held_goes_on(chart: ChartBench) -> None:
    chart.panel.navigator.centre(200)
    before = chart.viewport.right
    for _ in range(5):
        press(chart, Key.Key_Left)
    assert chart.viewport.right == pytest.approx(before - 5)


def test_reset_puts_all_back(chart: ChartBench) -> None:
    chart.panel.navigator.centre(200)
    chart.viewport.scale_y(0.2)
    press(chart, Key.Key_Up)
    press(chart, Key.Key_R, ALT)
    assert chart.viewport.following
    assert chart.viewport.auto_y
    assert chart.viewport.spacing == 8.0


def test_other_keys_go_on_to_the_window(chart: ChartBench) -> None:
    place = chart.navigator_place
    for key, modifiers in (
        (Key.Key_Left, ALT), (Key.Key_Left, SHIFT), (Key.Key_X, ALT), (Key.Key_Up, CTRL),
        (Key.Key_S, CTRL | ALT), (Key.Key_G, NONE),
    ):  # fmt: skip
        press(chart, key, modifiers)
    assert chart.navigator_place == place
    assert not chart.panel.viewing.go_to.box.isVisible()


def test_alt_s_copies_a_picture_and_does_not_aim(chart: ChartBench) -> None:
    asked: list[None] = []
    chart.panel.viewing.exports.copy_requested.connect(lambda: asked.append(None))
    chart.point_at(300, 200)
    press(chart, Key.Key_S, ALT)
    assert asked == [None]
    assert chart.stage.aim.mark is None


# --- the frame ----------------------------------------------------------------------------------


def test_a_frame_shows_the_focus_only_when_a_key_brought_it(chart: ChartBench) -> None:
    view = chart.stage.view
    chart.panel.activateWindow()
    accent = color("accent").rgb() & 0xFFFFFF
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    chart.frame()
    framed = chart.painted_anew()
    for edge in (framed[0], framed[-1], framed[:, 0], framed[:, -1]):
        assert (edge == accent).all()
    assert np.array_equal(chart.on_screen(), framed)
    chart.point_at(300, 200)
    assert np.array_equal(chart.on_screen(), chart.painted_anew())
    chart.click(300, 200)
    assert not (chart.painted_anew()[0] == accent).any(), "the mouse took over"
    for reason in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.OtherFocusReason):
        view.clearFocus()
        view.setFocus(reason)
        chart.frame()
        assert not (chart.painted_anew()[0] == accent).any()


# --- words --------------------------------------------------------------------------------------


def test_a_screen_reader_hears_what_is_shown(make_chart: Callable[..., ChartBench]) -> None:
    chart = make_chart(walk(400))
    chart.frame(1_100)
    view = chart.stage.view
    assert view.accessibleName() == "Chart of MNQZ6, bars of 1m"
    last = chart.stage.model.price_text(chart.last)
    assert view.accessibleDescription() == f"Last price {last}. No position. Follows live."
    parts = (LinePart("LONG 2"), LinePart("@ 21,470.25"), LinePart("+$37.50"))
    line = ChartLine("position", LineKind.POSITION, Side.BUY, chart.last, 2, parts)
    chart.panel.set_lines([line, target(chart.last + 20), stop(chart.last - 20)])
    chart.panel.navigator.centre(100)
    chart.panel.set_market(chart.last + 1, None, None, None, stale=True)
    chart.frame(400)
    assert "No position" in view.accessibleDescription(), "at most once a second"
    chart.frame(700)
    last = chart.stage.model.price_text(chart.last + 1)
    assert view.accessibleDescription() == (
        f"Last price {last}, stale. LONG 2 @ 21,470.25 +$37.50. 2 orders on the chart. "
        "Scrolled back, End follows live."
    )
