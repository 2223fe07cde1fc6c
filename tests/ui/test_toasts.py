"""Toasts: three at most, errors until they are read, one for a flatten."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtTest import QTest
from tests.ui.fakes.desk import LAST, fill, intent, position
from tests.ui.scenes import flattening

from tradedesk.domain import events as ev
from tradedesk.domain.order import Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget
    from tests.ui.fakes.desk import FakeDesk

    from tradedesk.ui.toasts.stack import Toast, ToastStack

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def toasts(desk: FakeDesk) -> ToastStack:
    desk.ready()
    return desk.window.widgets.toasts


def test_a_fill_is_told_with_its_latency(desk: FakeDesk, toasts: ToastStack) -> None:
    """The stamps may come after the fill itself."""
    desk.apply(
        ev.FillReceived(fill=fill(1, Side.BUY, LAST, order_id=501)),
        ev.IntentChanged(
            intent=intent(
                1, state=ev.IntentState.ACCEPTED, limit=None, reply_ms=92, fill_ms=96, order_id=501
            )
        ),
    )
    assert toasts.texts == ["BOT 1 MNQZ6 @ 21,485.75 · 96 ms"]
    desk.apply(ev.FillReceived(fill=fill(2, Side.SELL, LAST + 4, "2.00")))
    assert toasts.texts[-1] == "SLD 1 MNQZ6 @ 21,486.75 · +$2.00"
    assert [t.level for t in toasts.shown] == ["buy", "sell"]


def test_fills_of_a_snapshot_are_not_news(desk: FakeDesk) -> None:
    desk.ready(fills=(fill(1, Side.BUY, LAST),))
    assert desk.window.widgets.toasts.texts == []


@pytest.mark.parametrize(
    ("state", "level", "part"),
    [
        (ev.IntentState.REJECTED, "error", "Refused by the venue: too far"),
        (ev.IntentState.DENIED, "error", "Not sent: too far"),
        (ev.IntentState.UNKNOWN, "warning", "No clear answer"),
    ],
)
def test_an_order_that_did_not_work_is_told_once(
    desk: FakeDesk, toasts: ToastStack, state: ev.IntentState, level: str, part: str
) -> None:
    for _ in range(2):
        desk.apply(ev.IntentChanged(intent=intent(1, state=state, reason="too far")))
    assert len(toasts.texts) == 1
    assert toasts.texts[0].startswith("BUY LMT 2 MNQZ6. ")
    assert part in toasts.texts[0]
    assert toasts.shown[0].level == level


def time_left_ms(toast: Toast) -> int:
    """Until it goes by itself; below zero if it stays."""
    timer = toast.findChild(QTimer)
    assert timer is not None
    return int(timer.remainingTime())


def test_three_are_shown_and_errors_outlast_the_others(toasts: ToastStack) -> None:
    toasts.show("error", "first")
    for number in range(4):
        toasts.show("info", f"info {number}")
    assert [t.text.text() for t in toasts.shown] == ["first", "info 2", "info 3"]
    for number in range(3):
        toasts.show("error", f"error {number}")
    assert [t.text.text() for t in toasts.shown] == ["error 0", "error 1", "error 2"]
    assert "first" in toasts.texts
    QTest.mouseClick(toasts.shown[0], LEFT)
    assert [t.text.text() for t in toasts.shown] == ["first", "error 1", "error 2"]
    toasts.clear()


def test_passing_ones_go_by_themselves_and_errors_stay(toasts: ToastStack) -> None:
    toasts.show("info", "passing")
    toasts.show("error", "staying")
    passing, staying = toasts.shown
    assert 3_000 < time_left_ms(passing) <= 4_200, "Qt rounds such times by up to a twentieth"
    assert time_left_ms(staying) < 0, "it does not run"
    passing.dismissed.emit()
    assert toasts.texts == ["staying"]
    QTest.mouseClick(staying, LEFT)
    assert toasts.texts == []


def test_warnings_and_alarms_are_shown_and_news_only_logged(
    desk: FakeDesk, toasts: ToastStack
) -> None:
    for level in ("info", "warning", "alarm"):
        desk.apply(ev.Notice(level=level, text=level, ts_ns=1))
    assert [(t.level, t.text.text()) for t in toasts.shown] == [
        ("warning", "warning"),
        ("error", "alarm"),
    ]


def test_toasts_never_cover_an_exit(make_desk: Callable[..., FakeDesk]) -> None:
    desk = make_desk(1_280, 800)
    desk.ready()
    toasts, card = desk.window.widgets.toasts, desk.window.widgets.position
    for number in range(3):
        toasts.show("error", f"{number} needs many lines, because it explains a lot. " * 6)
    limit = card.mapTo(desk.window, QPoint(0, card.height())).y()
    assert 1 <= len(toasts.shown) < 3
    assert all(toast.y() >= limit for toast in toasts.shown)
    assert toasts.shown[-1].text.text().startswith("2 ")
    assert len(toasts.texts) == 3
    toasts.clear()


def test_toasts_lie_in_the_window_over_the_right_column(desk: FakeDesk, toasts: ToastStack) -> None:
    long_text = "A long sentence that needs several lines to be read in full. " * 3
    toasts.show("error", long_text)
    toasts.show("info", "short")
    column = desk.window.frame.column
    left = column.mapTo(desk.window, column.rect().topLeft()).x()
    for toast in toasts.shown:
        assert toast.x() >= left
        assert toast.geometry().right() <= desk.window.width()
        assert toast.height() >= toast.text.heightForWidth(toast.text.width())
    upper, lower = toasts.shown
    assert upper.geometry().bottom() < lower.geometry().top()
    toasts.clear()


# --- beside the phases of a way out -------------------------------------------------------------

SIZES = [(1_180, 640), (1_280, 720), (1_600, 1_000)]


def place_of(desk: FakeDesk, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(desk.window, QPoint(0, 0)), widget.size())


def fill_three_times(desk: FakeDesk) -> None:
    for number in range(3):
        desk.apply(ev.FillReceived(fill=fill(number, Side.BUY, LAST)))


def must_be_seen(desk: FakeDesk) -> list[QRect]:
    """Everything that no toast may hide while a way out is under way."""
    w = desk.window.widgets
    seen = [w.top, w.ticket, w.position, w.phases, w.unknown, w.kill, w.status]
    return [place_of(desk, widget) for widget in seen if widget.isVisible()]


def lie_free(desk: FakeDesk) -> None:
    toasts = desk.window.widgets.toasts.shown
    assert len(toasts) == 3
    for toast in toasts:
        assert desk.window.rect().contains(toast.geometry())
        assert not any(toast.geometry().intersects(kept) for kept in must_be_seen(desk))
    for upper, lower in pairwise(toasts):
        assert upper.geometry().bottom() < lower.geometry().top()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("phases_first", [True, False])
def test_toasts_never_hide_the_phases(
    make_desk: Callable[..., FakeDesk], size: tuple[int, int], *, phases_first: bool
) -> None:
    desk = make_desk(*size)
    desk.ready(positions=(position(1),))
    for step in (flattening, fill_three_times) if phases_first else (fill_three_times, flattening):
        step(desk)
        desk.frame()
    phases = desk.window.widgets.phases
    assert phases.isVisible()
    lie_free(desk)
    # the column is scrolled, and the window made lower while they stand there
    bar = desk.window.frame.column.verticalScrollBar()
    bar.setValue(bar.maximum())
    desk.frame()
    lie_free(desk)
    desk.window.resize(1_180, 640)
    desk.frame()
    lie_free(desk)
    desk.window.widgets.toasts.clear()


@pytest.mark.parametrize("size", SIZES)
def test_toasts_beside_phases_hide_no_question_about_an_order(
    make_desk: Callable[..., FakeDesk], size: tuple[int, int]
) -> None:
    desk = make_desk(*size)
    desk.ready(positions=(position(1),))
    flattening(desk)
    fill_three_times(desk)
    unknown = ev.IntentChanged(intent=intent(1, state=ev.IntentState.NEEDS_HUMAN))
    desk.apply(unknown)
    assert desk.window.widgets.unknown.isVisible()
    lie_free(desk)
    desk.window.widgets.toasts.clear()


def test_toasts_come_back_below_the_card_when_the_phases_are_over(
    make_desk: Callable[..., FakeDesk],
) -> None:
    desk = make_desk(1_280, 720)
    desk.ready(positions=(position(1),))
    flattening(desk)
    toasts, column = desk.window.widgets.toasts, place_of(desk, desk.window.frame.column)
    toasts.show("error", "It stays")
    assert toasts.shown[0].geometry().right() < column.left(), "there is no room below the phases"
    done = ev.CommandDone(click_id="f", text="Flat and empty, seen twice", elapsed_ms=400.0)
    desk.apply(done)
    desk.frame(7_000)
    assert not desk.window.widgets.phases.isVisible()
    (toast,) = toasts.shown
    assert column.contains(toast.geometry())
    assert not toast.geometry().intersects(place_of(desk, desk.window.widgets.position))
    toasts.clear()
