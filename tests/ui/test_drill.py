"""The drill on the desk: strip and sheet show it, and are in nobody's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tradedesk.domain.order import Side
from tradedesk.ui.drill.panel import DrillPanel
from tradedesk.ui.drill.strip import HEIGHT, DrillStrip
from tradedesk.ui.drill.view_model import CriterionView, DrillView, ScoreView

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.fakes.desk import FakeDesk

SCORE = ScoreView(
    22,
    "F",
    (
        CriterionView("Protection", 60, 0, "Without a stop for 45.0 s. " * 6),
        CriterionView("Loss", 40, 55, "The open loss went to $67.50."),
        CriterionView("Way out", 20, None, "It did not matter this time."),
    ),
)
WAITING = DrillView("A title", "Buy 1 MNQ with a stop.", "waiting", 75.9, run=1)
OVER = DrillView("A title", "Buy 1 MNQ with a stop.", "timeout", 135.0, run=1, score=SCORE)


@pytest.fixture
def make_panel(make_desk: Callable[..., FakeDesk]) -> Callable[..., tuple[FakeDesk, DrillPanel]]:
    def make(width: int = 1600, height: int = 1000) -> tuple[FakeDesk, DrillPanel]:
        desk = make_desk(width, height)
        strip = DrillStrip()
        desk.window.put_above_chart(strip)
        panel = DrillPanel(strip, desk.window.widgets.chart)
        desk.frame()
        QApplication.processEvents()
        return desk, panel

    return make


def room(widget: QWidget) -> QRect:
    """Where a widget is in its window."""
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def test_words() -> None:
    assert (WAITING.text, WAITING.clock, WAITING.over) == ("Buy 1 MNQ with a stop.", "1:15", False)
    assert OVER.text == "Time is up: 22 of 100, grade F."
    unscored = DrillView(state="timeout")
    assert unscored.text.startswith("Time is up. Nothing to score")
    assert DrillView(problem="It cannot begin.", state="timeout").text == "It cannot begin."


def test_the_strip_says_what_is_asked_and_keeps_its_height(
    make_panel: Callable[..., tuple[FakeDesk, DrillPanel]],
) -> None:
    desk, panel = make_panel(1180, 640)
    buy = desk.window.widgets.ticket.widgets.buttons[Side.BUY]
    before = room(buy)
    focus = desk.window.focusWidget()
    for view in (WAITING, OVER, DrillView(ask="Long. " * 60, state="running", run=2)):
        panel.show_view(view)
        QApplication.processEvents()
        assert panel.strip.height() == HEIGHT
        assert panel.strip.text.text() == view.text
        assert room(buy) == before
        assert desk.window.focusWidget() is focus
    assert panel.strip.time.text == "0:00"


@pytest.mark.parametrize("size", [(1180, 640), (1280, 800), (1600, 1000)])
def test_the_sheet_lies_over_the_chart_alone_and_cuts_nothing(
    make_panel: Callable[..., tuple[FakeDesk, DrillPanel]], size: tuple[int, int]
) -> None:
    desk, panel = make_panel(*size)
    panel.show_view(OVER)
    QApplication.processEvents()
    sheet, widgets = panel.sheet, desk.window.widgets
    assert sheet.isVisible()
    assert room(widgets.chart).contains(room(sheet))
    for other in (widgets.ticket, widgets.position, widgets.top, panel.strip):
        assert not room(other).intersects(room(sheet))
    for label in sheet.findChildren(QWidget):
        assert room(sheet).contains(room(label))
        assert label.height() >= label.minimumSizeHint().height()


def test_the_sheet_comes_once_and_again_is_asked_for(
    make_panel: Callable[..., tuple[FakeDesk, DrillPanel]],
) -> None:
    _, panel = make_panel()
    asked: list[bool] = []
    panel.again_asked.connect(lambda: asked.append(True))
    panel.show_view(OVER)
    QTest.mouseClick(panel.sheet.close_button, Qt.MouseButton.LeftButton)
    panel.show_view(OVER)
    assert not panel.sheet.isVisible()
    QTest.mouseClick(panel.strip.score, Qt.MouseButton.LeftButton)
    assert panel.sheet.isVisible()
    QTest.mouseClick(panel.sheet.again, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.strip.again, Qt.MouseButton.LeftButton)
    assert asked == [True, True]
    panel.show_view(WAITING)
    assert not panel.sheet.isVisible()
    assert not panel.strip.again.isVisible()
    panel.show_view(DrillView("A title", "", "success", 9.0, run=2, score=SCORE))
    assert panel.sheet.isVisible()
