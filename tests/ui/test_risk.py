"""The window of the risk limits: what it shows, what it saves, and the lock that asks twice."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from tests.ui.fakes.desk import ACCOUNT, LAST, SECOND, exits, fill, position

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.order import Side
from tradedesk.domain.safety import Lock, LockKind, RiskRules, TradingRules
from tradedesk.domain.settings import Settings
from tradedesk.ui.risk.view_model import DayView, day_view, lock_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.fakes.desk import FakeDesk

    from tradedesk.ui.risk.dialog import RiskDialog

LEFT = Qt.MouseButton.LeftButton
MINUTE = 60 * SECOND
LIMITS = TradingRules(risk=RiskRules(daily_loss=Decimal(1_000), daily_profit=Decimal(600)))


def opened(desk: FakeDesk) -> RiskDialog:
    """Open it by a click on the day's profit."""
    QTest.mouseClick(desk.window.widgets.top.day, LEFT)
    dialog = desk.window.risk.dialog
    assert dialog is not None
    QApplication.processEvents()
    return dialog


def write(dialog: RiskDialog, name: str, text: str) -> None:
    field = dialog.fields.fields[name].input
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)


def lock(desk: FakeDesk, kind: LockKind, text: str, minutes: int) -> Lock:
    now_ns = desk.clock.wall_ns()
    until_ns = now_ns + minutes * MINUTE
    return Lock(kind=kind, text=text, since_ns=now_ns, account_id=ACCOUNT, until_ns=until_ns)


# --- words and shares -----------------------------------------------------------------------


def test_words_of_the_day() -> None:
    view = day_view(Decimal("-320.50"), Decimal(20), LIMITS.risk, stale=False)
    assert view.total == Decimal("-300.50")
    assert view.text == "$699.50 left to the loss limit · $900.50 to the profit limit"
    assert not view.near
    assert day_view(Decimal(-800), Decimal(0), LIMITS.risk, stale=False).near
    assert day_view(Decimal(480), Decimal(0), LIMITS.risk, stale=False).near
    reached = day_view(Decimal(-1_000), Decimal(0), LIMITS.risk, stale=False)
    assert reached.text.startswith("The loss limit is reached · ")
    assert DayView().text == "No limit of the day is set"


def test_locks_in_order_and_rounded_up(desk: FakeDesk) -> None:
    now_ns = desk.clock.wall_ns()
    held = [
        lock(desk, LockKind.TIME, "a", 59),
        lock(desk, LockKind.DAILY_LOSS, "b", 125),
        Lock(kind=LockKind.KILL, text="c", since_ns=now_ns),
        lock(desk, LockKind.TIME, "over", 0),
    ]
    lines = [(line.text, line.left) for line in lock_lines(held, now_ns)]
    assert lines == [("c", "until released"), ("b", "2 h 5 min"), ("a", "59 min")]
    assert lock_lines(held[:1], now_ns + 58 * MINUTE + 1)[0].left == "1 min"


# --- the window -----------------------------------------------------------------------------


def test_it_shows_the_day_against_its_limits(desk: FakeDesk) -> None:
    desk.ready(positions=(position(2),), orders=exits())
    desk.apply(
        ev.FillReceived(fill=fill(1, Side.SELL, LAST, "-120.00")),
        ev.LocksChanged(locks=(), rules=LIMITS),
    )
    dialog = opened(desk)
    # two contracts 3.50 points ahead at $2 a point, and a closed loss with its fee
    assert dialog.total.text == "−$106.37"
    assert "$893.63 left to the loss limit" in dialog.left.text()
    bar = dialog.bar
    assert bar.x_of(-1_000) == 0
    assert bar.x_of(0) == bar.width() / 2
    ground = bar.grab().toImage()
    inside, outside = int(bar.x_of(-50)), int(bar.x_of(-200))
    assert ground.pixelColor(inside, 5) != ground.pixelColor(outside, 5)
    desk.clock.pass_ms(60_000)
    desk.window.risk.show_now()
    assert "old" in bar.toolTip()


def test_limits_are_saved_by_hand_and_the_ticket_follows(
    make_desk: Callable[..., FakeDesk],
) -> None:
    desk = make_desk()
    desk.ready()
    dialog = opened(desk)
    assert not dialog.save_button.isEnabled()
    write(dialog, "max_order_size", "3")
    write(dialog, "practice_daily_loss", "$1,500")
    write(dialog, "practice_flat_at", "")
    QTest.mouseClick(dialog.fields.flatten, LEFT)
    QTest.mouseClick(dialog.save_button, LEFT)
    (settings,) = desk.kept
    assert settings == Settings(
        max_order_size=3,
        practice_daily_loss=1_500,
        practice_flat_at="",
        flatten_at_limit=True,
    )
    assert not dialog.save_button.isEnabled()
    desk.window.widgets.ticket.widgets.quantity.edited.emit("4")
    assert desk.window.widgets.ticket.view.reading.quantity is None


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("max_order_size", "0", "1 to 100 contracts"),
        ("max_position_size", "many", "1 to 1000 contracts"),
        ("practice_daily_loss", "-5", "0 to 1000000 dollars"),
        ("practice_flat_at", "17:30", "such as '15:05'"),
        ("repeat_guard_ms", "9999", "0 to 5000 ms"),
        ("max_click_age_s", "0", "1 to 60 seconds"),
        ("cover_alarm_after_s", "", "1 to 60 seconds"),
        ("cover_act_after_s", "61", "1 to 60 seconds"),
        ("cover_confirm_s", "2.5", "1 to 60 seconds"),
        ("cover_stop_ticks", "0", "1 to 10000 ticks"),
    ],
)
def test_a_wrong_value_is_marked_where_it_stands_and_not_saved(
    desk: FakeDesk, name: str, text: str, words: str
) -> None:
    desk.ready()
    dialog = opened(desk)
    write(dialog, name, text)
    assert words in dialog.note.text()
    assert dialog.note.text().startswith(dialog.fields.fields[name].label.text)
    assert words in dialog.fields.fields[name].input.toolTip()
    assert not dialog.save_button.isEnabled()
    QTest.mouseClick(dialog.save_button, LEFT)
    fits = {"practice_flat_at": "12:00", "cover_alarm_after_s": "3"}
    write(dialog, name, fits.get(name, "12"))
    assert dialog.save_button.isEnabled()
    assert dialog.fields.fields[name].input.toolTip() == ""


def test_times_of_the_cover_are_saved_and_both_may_change_at_once(
    make_desk: Callable[..., FakeDesk],
) -> None:
    desk = make_desk()
    desk.ready()
    dialog = opened(desk)
    write(dialog, "cover_alarm_after_s", "8")
    told = "“Stop or close after” 5 must not be below “Tell after” 8."
    assert dialog.note.text() == told
    for name in ("cover_alarm_after_s", "cover_act_after_s"):
        assert dialog.fields.fields[name].input.toolTip() == told
    assert not dialog.save_button.isEnabled()
    write(dialog, "cover_act_after_s", "9")
    assert dialog.fields.fields["cover_alarm_after_s"].input.toolTip() == ""
    write(dialog, "cover_confirm_s", "4")
    write(dialog, "max_click_age_s", "1")
    QTest.mouseClick(dialog.fields.policies["cover_unbracketed"].button("close"), LEFT)
    QTest.mouseClick(dialog.save_button, LEFT)
    (settings,) = desk.kept
    assert settings == Settings(
        cover_alarm_after_s=8,
        cover_act_after_s=9,
        cover_confirm_s=4,
        max_click_age_s=1,
        cover_unbracketed="close",
        max_order_size=50,
    )
    assert not dialog.save_button.isEnabled()


@pytest.mark.parametrize("size", [(1_280, 720), (1_600, 1_000)])
def test_every_field_of_the_limits_is_in_view(
    make_desk: Callable[..., FakeDesk], size: tuple[int, int]
) -> None:
    desk = make_desk(*size)
    desk.ready()
    dialog = opened(desk)
    assert dialog.height() <= size[1] - 40, "the frame of a window has a title"
    assert dialog.width() <= size[0]
    shown = [*dialog.fields.fields.values(), *dialog.fields.policies.values()]
    for widget in shown:
        place = QRect(widget.mapTo(dialog, QPoint(0, 0)), widget.size())
        assert dialog.rect().contains(place)
        assert widget.height() >= widget.sizeHint().height()
        assert widget.width() >= widget.minimumSizeHint().width()
        assert widget.toolTip()


def test_arrow_keys_step_and_stop_at_the_bounds(desk: FakeDesk) -> None:
    desk.ready()
    dialog = opened(desk)
    field = dialog.fields.fields["practice_daily_loss"]
    QTest.keyClick(field.input, Qt.Key.Key_Up)
    assert field.text == "1,050"
    write(dialog, "practice_daily_loss", "50")
    QTest.keyClick(field.input, Qt.Key.Key_Down)
    QTest.keyClick(field.input, Qt.Key.Key_Down)
    assert field.text == ""  # off, as its placeholder says


def test_locking_takes_two_presses_and_says_until_when(desk: FakeDesk) -> None:
    desk.ready()
    dialog = opened(desk)
    box = dialog.locks
    QTest.mouseClick(box.choices.button("60"), LEFT)
    QTest.mouseClick(box.ask_button, LEFT)
    assert desk.executor.of(cmd.LockTrading) == []
    assert "Nothing ends that sooner" in box.question.text()
    assert box.lock_button.text() == "Lock for 1 h 0 min"
    QTest.mouseClick(box.back_button, LEFT)
    QTest.mouseClick(box.ask_button, LEFT)
    QTest.mouseClick(box.lock_button, LEFT)
    (command,) = desk.executor.of(cmd.LockTrading)
    assert command.until_ns == desk.clock.wall_ns() + 60 * MINUTE
    assert box.ask_button.isVisible()
    text = "You locked trading until 16:00; nothing ends that sooner."
    desk.apply(ev.LocksChanged(locks=(lock(desk, LockKind.TIME, text, 60),), rules=LIMITS))
    desk.window.risk.show_now()
    assert "only become stricter" in dialog.note.text()
    QTest.mouseClick(box.ask_button, LEFT)
    for _ in range(3):
        QApplication.processEvents()
    for widget in dialog.findChildren(QWidget):
        if widget.isVisible() and widget.parentWidget() is not None:
            assert widget.height() >= widget.minimumSizeHint().height(), widget


@pytest.mark.parametrize("text", ["", "0", "1441", "soon", "²"])
def test_minutes_that_make_no_lock(desk: FakeDesk, text: str) -> None:
    desk.ready()
    box = opened(desk).locks
    box.minutes.input.setFocus()
    box.minutes.input.selectAll()
    QTest.keyClick(box.minutes.input, Qt.Key.Key_Delete)
    QTest.keyClicks(box.minutes.input, text)
    box.minutes.edited.emit(text)
    assert not box.ask_button.isEnabled()
    assert "1 to 1,440 minutes" in box.minutes.input.toolTip()


def test_the_keys_open_it_and_the_desk_goes_on_beside_it(desk: FakeDesk) -> None:
    desk.ready(positions=(position(1),))
    desk.window.activateWindow()
    QTest.keyClick(
        desk.window, Qt.Key.Key_L,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )  # fmt: skip
    dialog = desk.window.risk.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert not dialog.isModal()
    QTest.mouseClick(desk.window.widgets.top.flatten, LEFT)
    assert len(desk.executor.of(cmd.Flatten)) == 1
    QTest.mouseClick(dialog.close_button, LEFT)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert desk.window.risk.dialog is None
    assert opened(desk).isVisible()
