"""The focus ring belongs to the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tradedesk.ui.theme.focus_ring import PROPERTY

if TYPE_CHECKING:
    from tests.ui.fakes.desk import FakeDesk

LEFT = Qt.MouseButton.LeftButton


def test_no_ring_after_the_start_and_after_a_click(desk: FakeDesk) -> None:
    desk.ready()
    ticket = desk.window.widgets.ticket.widgets
    QTest.mouseClick(ticket.quantity.input, LEFT)
    assert QApplication.focusWidget() is ticket.quantity.input
    assert not ticket.quantity.input.property(PROPERTY)
    assert ticket.quantity.property("inside") == "mouse"


def test_tab_brings_the_ring_and_takes_it_along(desk: FakeDesk) -> None:
    desk.ready()
    ticket = desk.window.widgets.ticket.widgets
    QTest.mouseClick(ticket.quantity.input, LEFT)
    QTest.keyClick(ticket.quantity.input, Qt.Key.Key_Tab)
    first = QApplication.focusWidget()
    assert first is not None
    assert first is not ticket.quantity.input
    assert first.property(PROPERTY)
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert not first.property(PROPERTY)


def test_tab_never_reaches_a_button_that_trades(desk: FakeDesk) -> None:
    desk.ready()
    w = desk.window.widgets
    trading = {
        *w.ticket.widgets.buttons.values(),
        *w.position.buttons.values(),
        w.top.flatten,
        w.top.cancel_all,
        w.top.arm,
    }
    QTest.mouseClick(w.ticket.widgets.quantity.input, LEFT)
    for _ in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused not in trading
        QTest.keyClick(focused, Qt.Key.Key_Tab)
