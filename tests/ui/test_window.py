"""The whole window: what it shows, what it asks for, and when it may close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from tests.ui.fakes.desk import (
    ACCOUNT,
    LAST,
    MNQ_ID,
    account,
    exits,
    fill,
    health,
    instrument,
    order,
    position,
)

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.ids import AccountId
from tradedesk.domain.order import OrderStatus, OrderType, Side
from tradedesk.ui.context import QuitChoice
from tradedesk.ui.login.live_confirm import PHRASE
from tradedesk.ui.status_bar.view_model import Health
from tradedesk.ui.ticket.feedback import IDLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.fakes.desk import FakeDesk

LEFT = Qt.MouseButton.LeftButton
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


# --- what is shown ----------------------------------------------------------------------------


def test_the_window_opens_before_anything_is_known(desk: FakeDesk) -> None:
    w = desk.window.widgets
    assert desk.window.windowTitle() == "SIM — tradedesk"
    assert w.ticket.widgets.buttons[Side.BUY].detail == "starting…"
    desk.apply(desk.session(phase=ev.Phase.SIGNING_IN, armed=False))
    assert w.ticket.widgets.buttons[Side.BUY].detail == "signing in…"
    assert w.top.account.text() == "SIM  signing in…"
    assert desk.executor.commands == []


def test_the_window_is_no_larger_than_a_small_screen(desk: FakeDesk) -> None:
    window = desk.window
    window.resize(1_600, 1_000)
    window.open_within(None)
    assert (window.width(), window.height()) == (1_600, 1_000)
    window.open_within(QSize(1_366, 728))
    assert (window.width(), window.height()) == (1_366, 728)


def test_a_refused_sign_in_says_why_in_the_middle_of_the_window(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = spied_status(desk, monkeypatch)
    detail = "User name or key is wrong; check both."
    desk.apply(desk.session(phase=ev.Phase.REFUSED, armed=False, detail=detail))
    text, alarm = said[-1]
    assert text.startswith(f"Not signed in: {detail} ")
    assert "Sign in to a firm" in text
    assert alarm
    assert desk.window.widgets.top.account.text() == "SIM  not signed in"


def test_a_lost_executor_is_told_over_the_bars_until_it_is_back(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ready()
    said = spied_status(desk, monkeypatch)
    ticket = desk.window.widgets.ticket.widgets
    detail = "The executor ended unexpectedly; restarting it."
    desk.apply(desk.session(phase=ev.Phase.STOPPED, armed=False, detail=detail))
    why = f"No connection for orders: {detail}"
    assert said == [(f"{why} What rests at the venue goes on working.", True)]
    assert ticket.feedback.text() == why
    assert ticket.buttons[Side.BUY].detail == "no connection for orders"
    desk.apply(desk.session(phase=ev.Phase.STOPPED, armed=False))
    assert "close tradedesk and open it again." in said[-1][0], "without a detail, what to do"
    desk.apply(desk.session())
    assert said[-1] == ("", False)
    assert ticket.feedback.text() == IDLE


def spied_status(desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What the chart is told to say from now on, and whether as an alarm."""
    said: list[tuple[str, bool]] = []

    def note(text: str, *, alarm: bool = False) -> None:
        said.append((text, alarm))

    monkeypatch.setattr(desk.window.widgets.chart, "set_status", note)
    return said


def test_the_title_and_the_band_say_whose_money_it_is(make_desk: Callable[..., FakeDesk]) -> None:
    practice, real = make_desk(), make_desk()
    practice.ready()
    real.ready(live=True)
    assert practice.window.windowTitle() == "SIM practice — MNQ Z26 — tradedesk"
    assert practice.window.frame.band.property("band") == "sim"
    assert real.window.windowTitle() == "LIVE topstepx — MNQ Z26 — tradedesk"
    assert real.window.frame.band.property("band") == "live"
    assert real.window.widgets.top.account.text() == "LIVE  Practice 150K"


def test_money_in_the_top_bar(desk: FakeDesk) -> None:
    desk.ready(positions=(position(1),))
    top = desk.window.widgets.top
    assert top.balance.value.text == "$150,212.40"
    assert top.day.value.text == "$0.00"
    assert top.open.value.text == "+$7.00"
    desk.apply(ev.FillReceived(fill=fill(1, Side.BUY, 85_929)))
    desk.apply(ev.FillReceived(fill=fill(2, Side.SELL, 85_969, pnl="20.00")))
    assert top.day.value.text == "+$19.26"


def test_the_remembered_contract_is_looked_up_once_when_ready(desk: FakeDesk) -> None:
    desk.apply(desk.session(phase=ev.Phase.SYNCING))
    assert desk.executor.of(cmd.TrackContract) == []
    desk.apply(desk.session())
    desk.frame()
    assert [c.symbol for c in desk.executor.of(cmd.TrackContract)] == ["MNQ"]
    desk.apply(ev.InstrumentResolved(instrument=instrument()))
    assert desk.window.presenter.selection.instrument == instrument()
    assert desk.markets.asked == [("MNQ", "1m")]


def shown(desk: FakeDesk, name: str) -> Health:
    return desk.window.widgets.status.dots[name].health


def test_ages_colour_the_dots(desk: FakeDesk) -> None:
    desk.ready()
    dots = desk.window.widgets.status.dots
    texts = desk.window.widgets.status.texts
    assert {name: dot.health for name, dot in dots.items()} == dict.fromkeys(dots, Health.GOOD)
    assert texts["rest"].text == "REST 92 / 104 ms"
    assert texts["clock"].text == "Clock +3 ms"
    desk.frame(3_500)
    assert shown(desk, "quotes") is Health.OLD
    assert texts["quotes"].text == "Quotes 3.6 s"
    assert texts["trades"].text == "Trades 3.6 s"
    desk.markets.status.connected = False
    desk.frame()
    assert shown(desk, "quotes") is Health.BAD
    desk.frame(4_000)
    assert shown(desk, "rest") is Health.OLD, "no sample from the executor for more than 5 s"
    desk.apply(health(user_hub_connected=False))
    assert shown(desk, "user") is Health.BAD
    assert texts["user"].text.endswith("lost")


def test_frames_pump_the_market_and_text_changes_ten_times_a_second(desk: FakeDesk) -> None:
    desk.ready()
    pumped = desk.markets.pumped
    open_pnl = desk.window.widgets.status.clock
    desk.frame(ms=120)
    before = open_pnl.text
    for _ in range(5):
        desk.frame(ms=16)
    assert open_pnl.text == before
    assert desk.markets.pumped == pumped + 6


# --- choosing ---------------------------------------------------------------------------------


def test_a_segment_changes_the_bars(desk: FakeDesk) -> None:
    desk.ready()
    top = desk.window.widgets.top
    QTest.mouseClick(top.intervals.button("5m"), LEFT)
    desk.window.widgets.chart.interval_requested.emit("7m")
    desk.window.widgets.chart.interval_requested.emit("7q")
    assert desk.markets.asked == [("MNQ", "1m"), ("MNQ", "5m"), ("MNQ", "7m")]
    assert desk.markets.looked_at == ["7m"]
    assert top.intervals.button("7m").isChecked()
    assert "7q" in desk.window.widgets.toasts.texts[-1]
    desk.window.release()
    assert desk.saved[-1].interval == "7m"


def test_the_picker_looks_a_symbol_up_and_says_when_there_is_none(desk: FakeDesk) -> None:
    desk.ready()
    w = desk.window.widgets
    QTest.mouseClick(w.top.contract, LEFT)
    assert w.picker.isVisible()
    QTest.keyClicks(w.picker.line, "zzz")
    QTest.keyClick(w.picker.line, Qt.Key.Key_Return)
    (asked,) = desk.executor.of(cmd.TrackContract)
    assert asked.symbol == "ZZZ"
    desk.apply(ev.CommandFailed(click_id=asked.click_id, reason="No active contract is “ZZZ”."))
    assert w.picker.note.text() == "No active contract is “ZZZ”."
    assert w.toasts.texts == []
    w.picker.line.clear()
    QTest.keyClicks(w.picker.line, "mes")
    QTest.keyClick(w.picker.line, Qt.Key.Key_Return)
    desk.apply(ev.InstrumentResolved(instrument=instrument("MES")))
    assert not w.picker.isVisible()
    assert desk.window.windowTitle() == "SIM practice — MES Z26 — tradedesk"
    assert desk.markets.asked[-1] == ("MES", "1m")
    QTest.mouseClick(w.top.contract, LEFT)
    QTest.keyClick(w.picker.line, Qt.Key.Key_Escape)
    assert not w.picker.isVisible()


def test_an_account_of_the_login_is_chosen(desk: FakeDesk) -> None:
    second = ev.AccountChanged(
        account=msgspec.structs.replace(
            account(), account_id=AccountId(ACCOUNT + 1), name="Second", can_trade=False
        )
    )
    desk.ready()
    desk.apply(second)
    top = desk.window.widgets.top
    assert top.account.isEnabled()
    top.account_chosen.emit(str(ACCOUNT + 1))
    desk.frame()
    assert top.account.text() == "SIM  Second ▾"
    assert desk.window.widgets.ticket.view.buy.detail == "Second may not trade"


# --- trading from the chart -------------------------------------------------------------------


def test_a_click_on_the_chart_places_with_the_tickets_size_and_bracket(desk: FakeDesk) -> None:
    desk.ready()
    w = desk.window.widgets
    w.ticket.widgets.preset_chosen.emit(3)
    offered = w.chart._aim.offer(Side.BUY, LAST - 40)
    w.chart.place_requested.emit(offered, 77)
    (sent,) = desk.executor.of(cmd.PlaceOrder)
    assert (sent.type, sent.size, sent.limit_ticks, sent.press_ns) == (
        OrderType.LIMIT,
        3,
        LAST - 40,
        77,
    )
    assert sent.stop_loss_ticks == 20
    desk.apply(desk.session(armed=False))
    w.chart.place_requested.emit(offered, 10**12)
    assert len(desk.executor.of(cmd.PlaceOrder)) == 1
    assert w.toasts.texts[-1] == "Armed is off: switch it on at the top right."


def test_a_drag_on_the_chart_moves_the_right_price_and_a_refusal_snaps_back(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ready(orders=exits(), positions=(position(1),))
    chart = desk.window.widgets.chart
    refused: list[tuple[str, str]] = []
    monkeypatch.setattr(chart, "reject_move", lambda key, reason: refused.append((key, reason)))
    chart.move_requested.emit("order:101", LAST + 50, 5)
    chart.move_requested.emit("order:102", LAST - 50, 6)
    target, stop = desk.executor.of(cmd.ModifyOrder)
    assert (target.order_id, target.limit_ticks, target.stop_ticks) == (101, LAST + 50, None)
    assert (stop.order_id, stop.limit_ticks, stop.stop_ticks) == (102, None, LAST - 50)
    desk.apply(ev.CommandFailed(click_id=stop.click_id, reason="Outside the allowed range."))
    assert refused == [("order:102", "Outside the allowed range.")]
    chart.move_requested.emit("order:999", LAST, 7)
    assert refused[-1] == ("order:999", "This order is not working any more.")
    chart.cancel_requested.emit("order:101", 8)
    assert [c.order_id for c in desk.executor.of(cmd.CancelOrder)] == [101]


# --- arming, keys, panic ----------------------------------------------------------------------


def test_the_switch_asks_and_shows_what_the_executor_says(desk: FakeDesk) -> None:
    desk.ready(armed=False)
    top = desk.window.widgets.top
    assert top.armed_word.text == "DISARMED"
    QTest.mouseClick(top.arm, LEFT)
    assert [c.armed for c in desk.executor.of(cmd.SetArmed)] == [True]
    desk.frame()
    assert not top.arm.isChecked(), "only the executor's word moves the switch"
    desk.apply(desk.session(armed=True))
    assert top.arm.isChecked()
    assert top.armed_word.text == "ARMED"


def test_disarming_is_always_possible(desk: FakeDesk) -> None:
    desk.ready()
    desk.apply(desk.session(armed=True, phase=ev.Phase.DEGRADED, detail="the user hub is silent"))
    top = desk.window.widgets.top
    assert top.arm.isEnabled()
    QTest.mouseClick(top.arm, LEFT)
    assert [c.armed for c in desk.executor.of(cmd.SetArmed)] == [False]
    desk.apply(desk.session(armed=False, phase=ev.Phase.DEGRADED, detail="the user hub is silent"))
    assert not top.arm.isEnabled()
    assert desk.window.widgets.ticket.widgets.feedback.text() == "The user hub is silent."


def test_real_money_is_armed_only_after_the_typed_phrase_and_only_once(desk: FakeDesk) -> None:
    desk.ready(live=True, armed=False)
    QTest.mouseClick(desk.window.widgets.top.arm, LEFT)
    dialog = desk.window.arming.dialog
    assert dialog is not None
    assert desk.executor.of(cmd.SetArmed) == []
    assert not dialog.accept_button.isEnabled()
    QTest.keyClicks(dialog.phrase, PHRASE)
    QTest.mouseClick(dialog.accept_button, LEFT)
    assert [c.armed for c in desk.executor.of(cmd.SetArmed)] == [True]
    desk.window.arming.ask(True)
    assert len(desk.executor.of(cmd.SetArmed)) == 2
    desk.window.release()
    assert desk.saved[-1].live_confirmed == ("topstepx",)


def test_escape_disarms_and_never_trades(desk: FakeDesk) -> None:
    desk.ready()
    QTest.keyClick(desk.window, Qt.Key.Key_Question)
    assert desk.window.key_sheet.isVisible()
    QTest.keyClick(desk.window, Qt.Key.Key_Escape)
    assert not desk.window.key_sheet.isVisible()
    assert desk.executor.of(cmd.SetArmed) == []
    QTest.keyClick(desk.window, Qt.Key.Key_Escape)
    assert [c.armed for c in desk.executor.of(cmd.SetArmed)] == [False]
    desk.apply(desk.session(armed=False))
    QTest.keyClick(desk.window, Qt.Key.Key_Escape)
    assert len(desk.executor.commands) == 1


def test_the_panic_keys(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),))
    desk.window.activateWindow()
    QTest.keyClick(desk.window, Qt.Key.Key_F, CTRL_SHIFT)
    assert [c.contract_id for c in desk.executor.of(cmd.Flatten)] == [MNQ_ID]
    QTest.keyClick(desk.window, Qt.Key.Key_X, CTRL_SHIFT)
    desk.clock.pass_ms(600)
    QTest.keyClick(desk.window, Qt.Key.Key_X, CTRL_SHIFT)
    desk.clock.pass_ms(600)
    QTest.keyClick(desk.window, Qt.Key.Key_X, CTRL_SHIFT)
    assert [c.include_exits for c in desk.executor.of(cmd.CancelAll)] == [False, True, False]


def test_the_button_never_takes_the_stops_however_often_it_is_pressed(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),))
    for _ in range(3):
        QTest.mouseClick(desk.window.widgets.top.cancel_all, LEFT)
        desk.clock.pass_ms(200)
    assert [c.include_exits for c in desk.executor.of(cmd.CancelAll)] == [False] * 3


def test_the_panic_buttons(desk: FakeDesk) -> None:
    desk.ready()
    top = desk.window.widgets.top
    QTest.mouseClick(top.flatten, LEFT)
    QTest.mouseClick(top.cancel_all, LEFT)
    (flatten,), (cancel,) = desk.executor.of(cmd.Flatten), desk.executor.of(cmd.CancelAll)
    assert flatten.contract_id is None
    assert flatten.press_ns == cancel.press_ns == desk.clock.mono_ns()
    assert top.flatten.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_without_an_account_nothing_is_sent_and_it_is_said(desk: FakeDesk) -> None:
    QTest.mouseClick(desk.window.widgets.top.flatten, LEFT)
    assert desk.executor.commands == []
    assert "No account is selected yet" in desk.window.widgets.toasts.texts[-1]


# --- leaving ----------------------------------------------------------------------------------


def test_closing_when_nothing_is_open_asks_nothing(desk: FakeDesk) -> None:
    desk.ready()
    assert not desk.window.close(), "the composition root closes it when all is shut down"
    assert desk.quits == [QuitChoice.LEAVE]
    desk.window.release()
    assert not desk.window.isVisible()
    assert desk.frames.callbacks == []


def test_closing_with_a_position_asks(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),))
    desk.window.close()
    dialog = desk.window.leaving.dialog
    assert dialog is not None
    QTest.mouseClick(dialog.stay, LEFT)
    assert desk.quits == []
    assert desk.window.leaving.dialog is None
    desk.window.close()
    dialog = desk.window.leaving.dialog
    assert dialog is not None
    QTest.mouseClick(dialog.leave, LEFT)
    assert desk.quits == [QuitChoice.LEAVE]


def test_flatten_and_quit_leaves_only_when_flat(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),))
    desk.window.close()
    dialog = desk.window.leaving.dialog
    assert dialog is not None
    QTest.mouseClick(dialog.flatten, LEFT)
    (flatten,) = desk.executor.of(cmd.Flatten)
    assert desk.quits == []
    cancelled = [order(o.order_id, o.side, limit=1, status=OrderStatus.CANCELLED) for o in exits()]
    desk.apply(
        *(ev.OrderChanged(order=o) for o in cancelled),
        ev.PositionChanged(position=position(0)),
        ev.CommandDone(click_id=flatten.click_id, text="Flat", elapsed_ms=200),
    )
    assert desk.quits == [QuitChoice.FLAT]


def test_a_failed_flatten_keeps_the_window_open(desk: FakeDesk) -> None:
    desk.ready(positions=(position(1),))
    desk.window.close()
    dialog = desk.window.leaving.dialog
    assert dialog is not None
    QTest.mouseClick(dialog.flatten, LEFT)
    (flatten,) = desk.executor.of(cmd.Flatten)
    desk.apply(ev.CommandFailed(click_id=flatten.click_id, reason="Not flat: 1 left."))
    assert desk.quits == []
    assert desk.window.isVisible()


# --- sizes ------------------------------------------------------------------------------------


def test_a_low_window_starts_with_the_dock_folded(make_desk: Callable[..., FakeDesk]) -> None:
    low, tall = make_desk(1_280, 800), make_desk(1_600, 1_000)
    assert not low.window.widgets.dock.is_open
    assert tall.window.widgets.dock.is_open
    assert low.window.size().width() == 1_280
    QTest.mouseClick(low.window.widgets.dock.fold, LEFT)
    assert low.window.widgets.dock.is_open
    low.window.resize(1_281, 800)
    assert low.window.widgets.dock.is_open, "the user's word counts"
    low.window.release()
    assert low.saved[-1].dock_open is True


def test_the_right_column_starts_as_wide_as_it_was_left(
    make_desk: Callable[..., FakeDesk],
) -> None:
    desk = make_desk(memory={"right_column": 420})
    assert desk.window.frame.column.width() == 420
