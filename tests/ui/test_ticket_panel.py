"""The ticket under a real mouse and real keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.fakes.desk import ACCOUNT, LAST, MNQ_ID, position

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.order import OrderType, Side
from tradedesk.ui.ticket.feedback import IDLE

if TYPE_CHECKING:
    from tests.ui.fakes.desk import FakeDesk

    from tradedesk.ui.chart.marks import Phantom
    from tradedesk.ui.ticket.layout import TicketWidgets
    from tradedesk.ui.widgets.order_button import OrderButton

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def ticket(desk: FakeDesk) -> TicketWidgets:
    desk.ready()
    return desk.window.widgets.ticket.widgets


def buy(ticket: TicketWidgets) -> OrderButton:
    return ticket.buttons[Side.BUY]


def test_an_order_goes_out_on_release_with_the_moment_of_the_press(
    desk: FakeDesk, ticket: TicketWidgets
) -> None:
    QTest.mousePress(buy(ticket), LEFT)
    pressed = desk.clock.mono_ns()
    desk.clock.pass_ms(80)
    assert desk.executor.of(cmd.PlaceOrder) == []
    QTest.mouseRelease(buy(ticket), LEFT)
    (sent,) = desk.executor.of(cmd.PlaceOrder)
    assert sent.press_ns == pressed
    assert (sent.account_id, sent.contract_id) == (ACCOUNT, MNQ_ID)
    assert (sent.side, sent.type, sent.size) == (Side.BUY, OrderType.MARKET, 1)
    assert (sent.stop_loss_ticks, sent.take_profit_ticks) == (20, 40)
    assert sent.reference_ticks == LAST


def test_sliding_off_the_button_drops_the_press(desk: FakeDesk, ticket: TicketWidgets) -> None:
    button = buy(ticket)
    QTest.mousePress(button, LEFT)
    QTest.mouseRelease(button, LEFT, pos=QPoint(-40, -40))
    assert desk.executor.of(cmd.PlaceOrder) == []


def test_a_second_press_at_once_is_a_slip_and_is_told(
    desk: FakeDesk, ticket: TicketWidgets
) -> None:
    QTest.mouseClick(buy(ticket), LEFT)
    desk.clock.pass_ms(120)
    QTest.mouseClick(buy(ticket), LEFT)
    assert len(desk.executor.of(cmd.PlaceOrder)) == 1
    assert ticket.feedback.text().startswith("Second press after 120 ms ignored")
    desk.clock.pass_ms(400)
    QTest.mouseClick(buy(ticket), LEFT)
    assert len(desk.executor.of(cmd.PlaceOrder)) == 2
    assert ticket.feedback.text() == IDLE


def test_two_sides_in_quick_succession_are_two_orders(
    desk: FakeDesk, ticket: TicketWidgets
) -> None:
    QTest.mouseClick(buy(ticket), LEFT)
    desk.clock.pass_ms(50)
    QTest.mouseClick(ticket.buttons[Side.SELL], LEFT)
    assert [c.side for c in desk.executor.of(cmd.PlaceOrder)] == [Side.BUY, Side.SELL]


def test_disarmed_buttons_explain_instead_of_trading(desk: FakeDesk, ticket: TicketWidgets) -> None:
    desk.apply(desk.session(armed=False))
    assert buy(ticket).detail == "Armed is off"
    QTest.mouseClick(buy(ticket), LEFT)
    assert desk.executor.of(cmd.PlaceOrder) == []
    assert ticket.feedback.text() == "Armed is off: switch it on at the top right."
    desk.apply(desk.session(armed=True))
    assert ticket.feedback.text() == IDLE, "an old reason does not stay"


def test_stale_prices_block_entries(desk: FakeDesk, ticket: TicketWidgets) -> None:
    desk.frame(3_200)
    assert buy(ticket).detail == "market data is stale 3.3 s"
    QTest.mouseClick(buy(ticket), LEFT)
    assert desk.executor.of(cmd.PlaceOrder) == []
    desk.book.trade(LAST)
    desk.frame()
    assert buy(ticket).blocked == ""


def test_order_buttons_cannot_be_pressed_by_a_key(desk: FakeDesk, ticket: TicketWidgets) -> None:
    assert buy(ticket).focusPolicy() is Qt.FocusPolicy.NoFocus
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        QTest.keyClick(desk.window, key)
    assert desk.executor.of(cmd.PlaceOrder) == []


def test_a_typed_limit_off_the_grid_is_refused_where_the_user_looks(
    desk: FakeDesk, ticket: TicketWidgets
) -> None:
    QTest.mouseClick(ticket.types.button("limit"), LEFT)
    assert ticket.price.text == "21,485.75"
    ticket.price.input.selectAll()
    QTest.keyClicks(ticket.price.input, "21470.10")
    assert "off the tick grid" in ticket.hint.text()
    assert ticket.price.property("error") is True
    QTest.mouseClick(buy(ticket), LEFT)
    assert desk.executor.of(cmd.PlaceOrder) == []
    assert "off the tick grid" in ticket.feedback.text()
    QTest.keyClick(ticket.price.input, Qt.Key.Key_Backspace)
    QTest.keyClick(ticket.price.input, Qt.Key.Key_Backspace)
    QTest.keyClicks(ticket.price.input, "25")
    QTest.mouseClick(buy(ticket), LEFT)
    (sent,) = desk.executor.of(cmd.PlaceOrder)
    assert (sent.type, sent.limit_ticks, sent.stop_ticks) == (OrderType.LIMIT, 85_881, None)


def test_arrow_keys_step_price_and_quantity(ticket: TicketWidgets) -> None:
    QTest.mouseClick(ticket.types.button("limit"), LEFT)
    QTest.keyClick(ticket.price.input, Qt.Key.Key_Up)
    assert ticket.price.text == "21,486.00"
    QTest.keyClick(ticket.price.input, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert ticket.price.text == "21,485.00"
    QTest.keyClick(ticket.quantity.input, Qt.Key.Key_Up)
    assert ticket.quantity.text == "2"
    for _ in range(3):
        QTest.keyClick(ticket.quantity.input, Qt.Key.Key_Down)
    assert ticket.quantity.text == "1"


def test_a_preset_sets_the_quantity_and_the_chart_follows(
    desk: FakeDesk, ticket: TicketWidgets
) -> None:
    preset = next(b for b in ticket.presets if b.text() == "5")
    QTest.mouseClick(preset, LEFT)
    assert ticket.quantity.text == "5"
    assert preset.isChecked()
    assert buy(ticket).text() == "BUY 5"
    QTest.keyClick(ticket.quantity.input, Qt.Key.Key_Up)
    assert not any(b.isChecked() for b in ticket.presets)


def test_the_bracket_can_be_taken_off_and_taken_from_a_template(
    desk: FakeDesk, ticket: TicketWidgets
) -> None:
    QTest.mouseClick(ticket.bracket, LEFT, pos=QPoint(8, 12))
    assert not ticket.bracket.isChecked()
    assert not ticket.stop.input.isEnabled()
    QTest.mouseClick(buy(ticket), LEFT)
    assert desk.executor.of(cmd.PlaceOrder)[-1].stop_loss_ticks is None
    ticket.templates.chosen.emit("8/16")
    assert ticket.bracket.isChecked()
    assert (ticket.stop.text, ticket.target.text) == ("8", "16")
    assert ticket.templates.text() == "8 / 16 t ▾"


def test_the_pointer_over_a_button_shows_what_it_would_make(
    desk: FakeDesk, ticket: TicketWidgets
) -> None:
    shown: list[object] = []
    desk.window.widgets.ticket.phantom_changed.connect(shown.append)
    QTest.mouseMove(buy(ticket))
    assert len(shown) == 1
    assert shown[0] is not None
    QTest.mouseMove(ticket.hint)
    assert shown[-1] is None


def test_consequences_follow_the_position(desk: FakeDesk, ticket: TicketWidgets) -> None:
    assert buy(ticket).detail == "opens long 1"
    desk.apply(ev.PositionChanged(position=position(1)))
    assert buy(ticket).detail == "adds to long 1 → 2"
    assert ticket.buttons[Side.SELL].detail == "closes long 1"
    QTest.mouseClick(ticket.buttons[Side.SELL], LEFT)
    (sent,) = desk.executor.of(cmd.PlaceOrder)
    assert (sent.stop_loss_ticks, sent.take_profit_ticks) == (None, None)


def test_what_was_chosen_is_remembered(desk: FakeDesk, ticket: TicketWidgets) -> None:
    QTest.mouseClick(next(b for b in ticket.presets if b.text() == "3"), LEFT)
    ticket.templates.chosen.emit("8/16")
    desk.window.release()
    saved = desk.saved[-1]
    assert saved.size == 3
    assert (saved.bracket.stop_ticks, saved.bracket.target_ticks) == (8, 16)


def test_a_refusal_goes_once_its_reason_is_gone(desk: FakeDesk, ticket: TicketWidgets) -> None:
    QTest.mouseClick(ticket.types.button("stop"), LEFT)
    ticket.price.edited.emit("21,490.00")
    QTest.mouseClick(ticket.buttons[Side.SELL], LEFT)
    assert ticket.feedback.text().startswith("A sell stop sits below the market (21,485.75)")
    desk.book.trade(LAST + 4)
    desk.frame()
    assert "(21,486.75)" in ticket.feedback.text(), "it is the reason of now, not of then"
    desk.book.trade(LAST + 40)
    desk.frame()
    assert ticket.feedback.text() == IDLE
    desk.book.trade(LAST)
    desk.frame()
    assert ticket.feedback.text() == IDLE, "nobody pressed again"


def test_a_reason_ends_with_one_mark_only(desk: FakeDesk, ticket: TicketWidgets) -> None:
    desk.apply(desk.session(phase=ev.Phase.SIGNING_IN))
    QTest.mouseClick(buy(ticket), LEFT)
    assert ticket.feedback.text() == "Signing in…"
    desk.apply(desk.session(armed=False))
    assert ticket.feedback.text().endswith("switch it on at the top right.")
    desk.apply(desk.session())
    assert ticket.feedback.text() == IDLE


def test_digits_take_a_preset_over_the_ticket_only(desk: FakeDesk, ticket: TicketWidgets) -> None:
    panel, chart = desk.window.widgets.ticket, desk.window.widgets.chart
    canvas = chart.canvas
    QApplication.sendEvent(panel, QEvent(QEvent.Type.Enter))
    QTest.keyClick(canvas, Qt.Key.Key_4)
    assert ticket.quantity.text == "5", "the fourth preset"
    ticket.quantity.input.setFocus()
    ticket.quantity.input.selectAll()
    QTest.keyClick(ticket.quantity.input, Qt.Key.Key_2)
    assert ticket.quantity.text == "2", "typed, not chosen"
    chart.setFocus()
    QApplication.sendEvent(panel, QEvent(QEvent.Type.Leave))
    QTest.keyClick(canvas, Qt.Key.Key_5)
    assert ticket.quantity.text == "2", "the chart took it for a bar size"


def test_the_phantom_follows_the_market_and_goes_when_entries_are_locked(
    desk: FakeDesk, ticket: TicketWidgets, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Phantom | None] = []
    monkeypatch.setattr(desk.window.widgets.chart, "set_phantom", shown.append)
    buy(ticket).hovered.emit(True)
    first = shown[-1]
    assert first is not None
    desk.book.trade(LAST + 8)
    desk.frame()
    moved = shown[-1]
    assert moved is not None
    assert moved.entry_ticks == first.entry_ticks + 8
    assert moved.stop_ticks == moved.entry_ticks - 20
    desk.apply(desk.session(armed=False))
    assert shown[-1] is None
    buy(ticket).hovered.emit(False)
