"""Alerts in the whole window, by mouse and by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.services.test_price_alerts import batch
from tests.ui.chart.chart_bench import mouse_move
from tests.ui.fakes.desk import LAST, MNQ_ID, FakeDesk, instrument
from tests.ui.scenes import walk

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.ids import ContractId
from tradedesk.services.chart_line import LineKind
from tradedesk.ui.chart.trade_menu import TradeMenu

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.services.chart_line import ChartLine
    from tradedesk.ui.chart.panel import ChartPanel

NONE = Qt.KeyboardModifier.NoModifier
MES_ID = ContractId("CON.F.US.MES.Z26")


@pytest.fixture
def desk(make_desk: Callable[..., FakeDesk]) -> FakeDesk:
    """A desk with bars that trades at the last price."""
    made = make_desk(bars=walk)
    made.ready()
    QApplication.processEvents()
    made.frame()
    made.context.alerts.absorb(MNQ_ID, batch(LAST))
    return made


def chart_of(desk: FakeDesk) -> ChartPanel:
    return desk.window.widgets.chart


def lines(desk: FakeDesk) -> list[ChartLine]:
    later(desk)
    return [x for x in chart_of(desk)._stage.moves.lines if x.kind is LineKind.ALERT]


def later(desk: FakeDesk) -> None:
    desk.clock.pass_ms(150)
    desk.book.trade(LAST)
    desk.frame()


def point(desk: FakeDesk, ticks: int) -> QPoint:
    return chart_of(desk).point_of(ticks, 0.3)


def press_a(desk: FakeDesk, ticks: int) -> None:
    at = point(desk, ticks)
    mouse_move(chart_of(desk).canvas, at.x(), at.y(), NONE, Qt.MouseButton.NoButton)
    desk.frame()
    QTest.keyClick(chart_of(desk)._stage.view, Qt.Key.Key_A)


def test_a_sets_an_alert_at_the_pointer_that_fires_once(desk: FakeDesk) -> None:
    press_a(desk, LAST + 30)
    (line,) = lines(desk)
    assert line.price_ticks == LAST + 30
    assert line.text == "ALERT  +30t"
    desk.context.alerts.absorb(MNQ_ID, batch(LAST + 29))
    toasts = desk.window.widgets.toasts
    assert toasts.texts == []
    desk.context.alerts.absorb(MNQ_ID, batch(LAST + 31, LAST, LAST + 31))
    text = instrument().tick.text(LAST + 30)
    assert toasts.texts == [f"Alert: MNQ Z26 reached {text}."]
    (told,) = toasts.shown
    assert told.stays, "it may be that nobody looks at the screen now"
    assert lines(desk) == []
    marks = chart_of(desk).trading._alert_marks._marks
    assert [mark.price_ticks for mark in marks] == [LAST + 30]


def test_the_menu_sets_one_and_its_cross_takes_it_away(desk: FakeDesk) -> None:
    canvas, at = chart_of(desk).canvas, point(desk, LAST - 40)
    QTest.mousePress(canvas, Qt.MouseButton.RightButton, pos=at)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, TradeMenu)
    entry = next(a for a in menu.actions() if a.text().startswith("Alert here"))
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
    QTest.mouseRelease(canvas, Qt.MouseButton.RightButton, pos=at)
    (line,) = lines(desk)
    assert line.price_ticks == LAST - 40
    cross = chart_of(desk).cross_of(line.key)
    assert cross is not None
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, NONE, cross)
    assert lines(desk) == []


def test_one_is_dragged_and_waits_at_its_new_price(desk: FakeDesk) -> None:
    press_a(desk, LAST - 40)
    (line,) = lines(desk)
    canvas, start, end = chart_of(desk).canvas, point(desk, LAST - 40), point(desk, LAST - 20)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NONE, start)
    mouse_move(canvas, end.x(), end.y(), NONE)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NONE, end)
    assert chart_of(desk)._stage.moves.is_pending(line.key)
    (line,) = lines(desk)
    assert line.price_ticks == LAST - 20
    assert not chart_of(desk)._stage.moves.is_pending(line.key)
    assert desk.executor.of(cmd.ModifyOrder) == []
    assert desk.window.widgets.toasts.texts == []


def test_keys_move_it_and_delete_removes_it_with_armed_off(desk: FakeDesk) -> None:
    press_a(desk, LAST - 40)
    (line,) = lines(desk)
    desk.apply(desk.session(armed=False))
    desk.frame()
    canvas, view = chart_of(desk).canvas, chart_of(desk)._stage.view
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, NONE, point(desk, LAST - 40))
    QTest.keyClick(view, Qt.Key.Key_Up)
    desk.clock.pass_ms(400)
    (line,) = lines(desk)
    (line,) = lines(desk)
    assert line.price_ticks == LAST - 39
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert lines(desk) == []


def test_a_contract_that_is_not_on_the_chart_is_watched_and_fires(
    make_desk: Callable[..., FakeDesk],
) -> None:
    desk = make_desk(bars=walk)
    desk.context.alerts.add(MES_ID, 20_000)
    desk.ready()
    later(desk)
    asked = [one.symbol for one in desk.executor.of(cmd.TrackContract)]
    assert asked.count(str(MES_ID)) == 1
    desk.apply(ev.InstrumentResolved(instrument=instrument("MES")))
    later(desk)
    assert MES_ID in desk.markets.books
    assert desk.window.windowTitle().startswith("SIM practice — MNQ")
    desk.context.alerts.absorb(MES_ID, batch(19_990))
    desk.context.alerts.absorb(MES_ID, batch(20_003))
    text = instrument("MES").tick.text(20_000)
    assert f"Alert: MES Z26 reached {text}." in desk.window.widgets.toasts.texts


def test_an_alert_far_away_does_not_squeeze_the_bars(desk: FakeDesk) -> None:
    view = chart_of(desk)._stage.model.viewport
    before = (view.y_low, view.y_high)
    desk.context.alerts.add(MNQ_ID, round(view.y_high) + 30)
    later(desk)
    assert (view.y_low, view.y_high) == before


def test_another_contract_takes_lines_and_marks_away(desk: FakeDesk) -> None:
    press_a(desk, LAST + 30)
    press_a(desk, LAST - 30)
    desk.context.alerts.absorb(MNQ_ID, batch(LAST + 31, LAST))
    assert len(lines(desk)) == 1
    desk.apply(ev.InstrumentResolved(instrument=instrument("MES")))
    desk.window.presenter.selection.choose(instrument=instrument("MES"))
    desk.frame()
    assert [x for x in chart_of(desk)._stage.moves.lines if x.kind is LineKind.ALERT] == []
    assert chart_of(desk).trading._alert_marks._marks == ()
    desk.window.presenter.selection.choose(instrument=instrument())
    assert len(lines(desk)) == 1
    assert len(chart_of(desk).trading._alert_marks._marks) == 1
