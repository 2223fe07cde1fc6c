"""Kill switch, locks and phases: guarded on the way in, spelled on the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from tests.ui.fakes.desk import ACCOUNT, START_NS, exits, lock, position

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.order import Side
from tradedesk.domain.safety import LockKind, TradingRules
from tradedesk.ui.lock_words import lock_view
from tradedesk.ui.phases.log import SHOWN_NS, PhaseLog

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.fakes.desk import FakeDesk

    from tradedesk.ui.widgets.hold_button import HoldButton

LEFT = Qt.MouseButton.LeftButton
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
RULES = TradingRules()
ON = "The kill switch is on: entries are off until it is released; type RELEASE to do so."
KILLED = ev.LocksChanged(locks=(lock(text=ON),), rules=RULES)


def hold(desk: FakeDesk, ms: int) -> HoldButton:
    """Hold the button for so long; the clock moves a step with each beat of its timer."""
    button = desk.window.widgets.top.kill
    QTest.mousePress(button, LEFT)
    for _ in range(ms // 20):
        before = button.share
        desk.clock.pass_ms(20)
        wait_for_more(desk, button, before)
        if desk.executor.of(cmd.Kill):
            break
    return button


def wait_for_more(desk: FakeDesk, button: HoldButton, before: float) -> None:
    """Until the button's own timer has counted what passed."""
    for _ in range(2_000):
        if button.share != before or desk.executor.of(cmd.Kill):
            return
        QTest.qWait(1)
    raise AssertionError("the button's timer does not run")


# --- tripping ---------------------------------------------------------------------------------


def test_a_click_does_not_trip_it(desk: FakeDesk) -> None:
    desk.ready()
    QTest.mouseClick(desk.window.widgets.top.kill, LEFT)
    assert desk.executor.commands == []
    assert "held" in desk.window.widgets.toasts.texts[-1]


def test_holding_it_trips_it_once(desk: FakeDesk) -> None:
    desk.ready()
    button = hold(desk, 2_000)
    (sent,) = desk.executor.of(cmd.Kill)
    assert (sent.account_id, sent.close_positions, sent.press_ns) == (
        ACCOUNT,
        True,
        desk.clock.now_ns,
    )
    QTest.mouseRelease(button, LEFT)
    assert len(desk.executor.commands) == 1


def test_letting_go_too_soon_does_nothing(desk: FakeDesk) -> None:
    desk.ready()
    button = hold(desk, 400)
    QTest.mouseRelease(button, LEFT)
    assert desk.executor.commands == []
    assert button.share == 0


def test_sliding_off_drops_the_press(desk: FakeDesk) -> None:
    desk.ready()
    button = hold(desk, 200)
    QTest.mouseMove(button, QPoint(-40, -20))
    assert button.share == 0
    QTest.mouseRelease(button, LEFT, pos=QPoint(-40, -20))
    assert desk.executor.commands == []


def test_a_frozen_window_does_not_take_a_click_for_a_hold(desk: FakeDesk) -> None:
    """Press and release wait together while it is frozen, and the timer with them."""
    desk.ready()
    button = desk.window.widgets.top.kill
    QTest.mousePress(button, LEFT)
    desk.clock.pass_ms(5_000)
    wait_for_more(desk, button, 0.0)
    assert 0 < button.share < 0.2
    QTest.mouseRelease(button, LEFT)
    assert desk.executor.commands == []


def test_the_key_wants_to_be_pressed_twice(desk: FakeDesk) -> None:
    desk.ready()
    desk.window.activateWindow()
    QTest.keyClick(desk.window, Qt.Key.Key_K, CTRL_SHIFT)
    assert desk.executor.commands == []
    assert "once more" in desk.window.widgets.toasts.texts[-1]
    desk.clock.pass_ms(2_000)
    QTest.keyClick(desk.window, Qt.Key.Key_K, CTRL_SHIFT)
    assert desk.executor.commands == [], "too late to be the second"
    desk.clock.pass_ms(500)
    QTest.keyClick(desk.window, Qt.Key.Key_K, CTRL_SHIFT)
    assert len(desk.executor.of(cmd.Kill)) == 1
    assert desk.window.widgets.toasts.texts == [], "it was pressed: nothing is asked any more"


# --- while it is on ---------------------------------------------------------------------------


def test_the_band_says_so_and_entries_say_why(desk: FakeDesk) -> None:
    desk.ready(orders=exits(), positions=(position(1),))
    assert not desk.window.widgets.kill.isVisible()
    desk.apply(KILLED)
    w = desk.window.widgets
    assert w.kill.isVisible()
    assert w.kill.width() == desk.window.width()
    assert w.kill.text.text() == "■ KILL SWITCH ON since 13:49:59: entries off, exits still go"
    assert "tradedesk panic" in w.kill.hint.text()
    buy = w.ticket.widgets.buttons[Side.BUY]
    assert (buy.detail, buy.blocked) == ("The kill switch is on", ON)
    QTest.mouseClick(buy, LEFT)
    assert desk.executor.of(cmd.PlaceOrder) == []
    QTest.mouseClick(w.position.buttons["close"], LEFT)
    QTest.mouseClick(w.top.flatten, LEFT)
    assert len(desk.executor.of(cmd.ClosePosition)) == 1
    assert len(desk.executor.of(cmd.Flatten)) == 1


def test_only_the_typed_word_releases_it(desk: FakeDesk) -> None:
    desk.ready()
    desk.apply(KILLED)
    band = desk.window.widgets.kill
    QTest.mouseClick(band.release, LEFT)
    assert not band.confirm.isEnabled()
    QTest.keyClicks(band.word, "release")
    QTest.keyClick(band.word, Qt.Key.Key_Return)
    assert not band.confirm.isEnabled()
    assert desk.executor.commands == []
    band.word.clear()
    QTest.keyClicks(band.word, "RELEASE")
    QTest.mouseClick(band.confirm, LEFT)
    assert [c.word for c in desk.executor.of(cmd.ReleaseKill)] == ["RELEASE"]
    assert band.isVisible(), "only the executor's word takes it away"
    desk.apply(ev.LocksChanged(locks=(), rules=RULES))
    assert not band.isVisible()


def test_escape_in_the_word_keeps_it_on(desk: FakeDesk) -> None:
    desk.ready()
    desk.apply(KILLED)
    band = desk.window.widgets.kill
    QTest.mouseClick(band.release, LEFT)
    QTest.keyClick(band.word, Qt.Key.Key_Escape)
    assert not band.word.isVisible()
    assert band.release.isVisible()
    assert desk.executor.commands == []


def test_the_band_alone_tells_of_the_switch(desk: FakeDesk) -> None:
    desk.ready()
    notice = ev.Notice(level="alarm", text=ON, ts_ns=1)
    desk.apply(notice, KILLED)
    assert desk.window.widgets.toasts.texts == []
    desk.apply(notice)
    assert desk.window.widgets.toasts.texts == []


# --- locks ------------------------------------------------------------------------------------


def test_a_lock_stands_where_the_switch_is(desk: FakeDesk) -> None:
    desk.ready()
    loss = lock(LockKind.DAILY_LOSS, for_s=3_700, text="The day's loss reached $500.00.")
    desk.apply(ev.LocksChanged(locks=(loss,), rules=RULES))
    switch = desk.window.widgets.top.arm_switch
    assert switch.locked.text.startswith("LOCKED 1:01:3")
    assert switch.reason.text == "daily loss"
    assert switch.toolTip() == "The day's loss reached $500.00."
    assert not switch.toggle.isVisible()
    assert not desk.window.widgets.kill.isVisible()
    desk.frame(3_700_000)
    assert switch.toggle.isVisible(), "its time is over"


def test_what_was_told_of_a_lock_goes_with_it(desk: FakeDesk) -> None:
    desk.ready()
    loss = lock(LockKind.DAILY_LOSS, for_s=3_700, text="The day's loss reached $500.00.")
    notice = ev.Notice(level="alarm", text=loss.text, ts_ns=1)
    desk.apply(ev.LocksChanged(locks=(loss,), rules=RULES), notice)
    assert desk.window.widgets.toasts.texts == [loss.text]
    desk.apply(ev.LocksChanged(locks=(), rules=RULES))
    assert desk.window.widgets.toasts.texts == []


@pytest.mark.parametrize("lock_first", [True, False])
def test_what_is_added_to_the_sentence_of_a_lock_goes_with_it_too(
    desk: FakeDesk, *, lock_first: bool
) -> None:
    desk.ready(positions=(position(1),))
    loss = lock(LockKind.DAILY_LOSS, for_s=3_700, text="The day's loss reached $500.00.")
    told = f"{loss.text} What is held stays open: flatten is one click."
    locked = ev.LocksChanged(locks=(loss,), rules=RULES)
    notice = ev.Notice(level="alarm", text=told, ts_ns=1)
    other = ev.Notice(level="alarm", text="The day is not over.", ts_ns=2)
    desk.apply(*((locked, notice) if lock_first else (notice, locked)), other)
    assert desk.window.widgets.toasts.texts == [told, other.text]
    desk.apply(ev.LocksChanged(locks=(loss,), rules=RULES))
    assert desk.window.widgets.toasts.texts == [told, other.text], "it still holds"
    desk.apply(ev.LocksChanged(locks=(), rules=RULES))
    assert desk.window.widgets.toasts.texts == [other.text]


def test_the_longest_lock_is_shown_and_the_kill_switch_before_all() -> None:
    now = START_NS + 1_000 * 10**9
    short, long = lock(LockKind.TIME, for_s=60), lock(LockKind.SESSION_FLAT, for_s=600)
    assert lock_view((short, long), now).reason == "flat time"
    assert lock_view((short, long, lock()), now).reason == "kill switch"
    assert lock_view((short,), now + 61 * 10**9).reason == ""


# --- phases -----------------------------------------------------------------------------------


def progress(click_id: str, text: str, ms: float, *, finished: bool = False) -> ev.FlattenProgress:
    return ev.FlattenProgress(click_id=click_id, text=text, elapsed_ms=ms, finished=finished)


def test_a_flatten_shows_each_phase_with_its_time(desk: FakeDesk) -> None:
    desk.ready(positions=(position(1),))
    panel = desk.window.widgets.phases
    assert not panel.isVisible()
    QTest.mouseClick(desk.window.widgets.top.flatten, LEFT)
    desk.frame()
    (asked,) = desk.executor.of(cmd.Flatten)
    assert panel.isVisible()
    assert panel.title.text() == "FLATTEN ALL"
    desk.apply(
        progress(asked.click_id, "Cancelling 2 orders", 1.0),
        progress(asked.click_id, "Orders gone, closing long 1", 96.0),
    )
    shown = [(r.text.text(), r.time.text) for r in panel.rows if r.isVisible()]
    assert shown == [("Cancelling 2 orders", "1.0 ms"), ("Orders gone, closing long 1", "96.0 ms")]
    assert panel.view.running
    desk.apply(
        progress(asked.click_id, "Flat", 212.0, finished=True),
        ev.CommandDone(click_id=asked.click_id, text="Flat", elapsed_ms=212.0),
    )
    assert not panel.view.running
    assert [x.text for x in panel.view.lines].count("Flat") == 1
    assert panel.total.text == "212.0 ms"
    desk.frame(5_000)
    assert panel.isVisible()
    desk.frame(2_000)
    assert not panel.isVisible()
    assert desk.window.widgets.toasts.texts == []


def test_entries_are_seen_to_be_off_while_a_flatten_is_under_way(desk: FakeDesk) -> None:
    desk.ready(positions=(position(1),))
    ticket = desk.window.widgets.ticket
    assert not ticket.view.buy.refusal
    QTest.mouseClick(desk.window.widgets.top.flatten, LEFT)
    (asked,) = desk.executor.of(cmd.Flatten)
    desk.apply(progress(asked.click_id, "Entries off", 0.3))
    assert "entries are off until it is done" in ticket.view.buy.refusal
    QTest.mouseClick(ticket.widgets.buttons[Side.BUY], LEFT)
    assert desk.executor.of(cmd.PlaceOrder) == []
    QTest.mouseClick(desk.window.widgets.position.buttons["close"], LEFT)
    assert len(desk.executor.of(cmd.ClosePosition)) == 1, "exits are not"
    desk.apply(
        progress(asked.click_id, "Flat", 212.0, finished=True),
        ev.CommandDone(click_id=asked.click_id, text="Flat", elapsed_ms=212.0),
    )
    assert not ticket.view.buy.refusal


def test_a_flatten_of_an_executor_that_is_gone_blocks_nothing_for_ever(desk: FakeDesk) -> None:
    desk.ready()
    desk.apply(progress("risk-1", "Entries off", 0.3))
    assert desk.window.widgets.ticket.view.buy.refusal
    desk.apply(desk.session(phase=ev.Phase.STOPPED))
    desk.apply(desk.session())
    assert not desk.window.widgets.ticket.view.buy.refusal
    assert not desk.window.widgets.phases.isVisible()


def test_a_failure_stays_until_it_is_taken_away(desk: FakeDesk) -> None:
    desk.ready(positions=(position(1),))
    QTest.mouseClick(desk.window.widgets.top.cancel_all, LEFT)
    (asked,) = desk.executor.of(cmd.CancelAll)
    desk.apply(ev.CommandFailed(click_id=asked.click_id, reason="Order 7 is still working."))
    desk.frame(60_000)
    panel = desk.window.widgets.phases
    assert panel.failure.text() == "Order 7 is still working."
    assert desk.window.widgets.toasts.texts == [], "it is told in one place"
    QTest.mouseClick(panel.close_button, LEFT)
    desk.frame()
    assert not panel.isVisible()


def test_what_nobody_here_asked_for_is_shown_too(desk: FakeDesk) -> None:
    desk.ready()
    desk.apply(progress("session-flat", "Entries off", 0.3))
    assert desk.window.widgets.phases.title.text() == "FLATTEN"


def test_the_flatten_of_a_reverse_belongs_to_it() -> None:
    log = PhaseLog()
    log.begin("r", "Reverse MNQ Z26", 0)
    log.take(progress("r-flat", "Orders gone", 90.0), 1)
    log.take(progress("r-flat", "Flat", 180.0, finished=True), 2)
    assert log.view(3).running, "the entry is still to come"
    log.take(ev.CommandDone(click_id="r", text="Short 1", elapsed_ms=260.0), 4)
    view = log.view(5)
    assert [x.text for x in view.lines] == ["Orders gone", "Flat", "Short 1"]
    assert [x.elapsed_ms for x in view.lines] == sorted(x.elapsed_ms for x in view.lines)
    assert (view.running, view.elapsed_ms) == (False, 260.0)
    assert log.view(4 + SHOWN_NS + 1).click_id == ""


@pytest.mark.parametrize("width", [1_180, 1_280, 1_600])
def test_no_safety_button_takes_the_focus(make_desk: Callable[..., FakeDesk], width: int) -> None:
    desk = make_desk(width, 720)
    desk.ready()
    w = desk.window.widgets
    for button in (w.top.kill, w.top.flatten, w.top.cancel_all, w.position.cover.protect):
        assert button.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert w.top.kill.geometry().right() <= w.top.width() - 12
