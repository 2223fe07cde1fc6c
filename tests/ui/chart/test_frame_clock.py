"""One timer for all repaints."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tradedesk.ui.frame_clock import FrameClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture
def clock(qapp: QApplication) -> Iterator[FrameClock]:
    made = FrameClock(time.perf_counter_ns, hz=200)
    yield made
    made.stop()
    made.deleteLater()


def until(true: Callable[[], bool]) -> bool:
    """Let events come until something is true, five seconds at most."""
    end = time.monotonic() + 5
    while not true() and time.monotonic() < end:
        QTest.qWait(1)
    return true()


def wait_for(frames: list[int], count: int) -> bool:
    return until(lambda: len(frames) >= count)


def test_calls_everybody_each_frame_until_they_leave(clock: FrameClock) -> None:
    first: list[int] = []
    second: list[int] = []
    leave = clock.register(first.append)
    clock.register(second.append)
    clock.start()
    assert wait_for(second, 5)
    assert first == second
    leave()
    leave()
    seen = len(first)
    assert wait_for(second, seen + 5)
    assert len(first) == seen


def test_stops_at_once_and_can_start_again(clock: FrameClock) -> None:
    frames: list[int] = []
    clock.register(frames.append)
    clock.start()
    assert wait_for(frames, 2)
    clock.stop()
    assert not clock.running
    seen = len(frames)
    QTest.qWait(30)
    assert len(frames) == seen
    clock.start()
    assert wait_for(frames, seen + 2)


def test_runs_only_while_the_window_is_visible(clock: FrameClock) -> None:
    window = QWidget()
    clock.watch(window)
    assert not clock.running
    window.show()
    assert until(lambda: clock.running)
    window.showMinimized()
    assert until(lambda: not clock.running)
    window.showNormal()
    assert until(lambda: clock.running)
    window.close()
    assert until(lambda: not clock.running)
    window.deleteLater()


def test_a_callback_may_leave_or_stop_the_clock(clock: FrameClock) -> None:
    frames: list[int] = []

    def once(now_ns: int) -> None:
        frames.append(now_ns)
        leave()
        clock.stop()

    leave = clock.register(once)
    clock.start()
    assert wait_for(frames, 1)
    QTest.qWait(30)
    assert len(frames) == 1


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_ns = 0

    def __call__(self) -> int:
        return self.now_ns


def test_figures_count_frames_work_and_the_worst_gap(qapp: QApplication) -> None:
    hands = Hands()
    clock = FrameClock(hands, hz=50)
    assert clock.stats().fps == 0

    def work(_now_ns: int) -> None:
        hands.now_ns += 3_000_000

    clock.register(work)
    clock.start()
    for start_ms in (20, 40, 60, 110, 120):
        hands.now_ns = start_ms * 1_000_000
        clock._tick()
        clock.note_paint(1_000_000)
    clock.stop()
    found = clock.stats()
    assert found.fps == pytest.approx(40)
    assert found.worst_ms == 50
    assert found.work_ms == pytest.approx(4)
    clock.deleteLater()


def test_a_late_frame_does_not_delay_those_after_it(qapp: QApplication) -> None:
    hands = Hands()
    clock = FrameClock(hands, hz=100)
    clock.start()
    waits = []
    for now_ms in (10, 21, 33, 59, 60):
        hands.now_ns = now_ms * 1_000_000
        clock._tick()
        waits.append(clock._timer.interval())
    clock.stop()
    assert waits == [10, 9, 7, 1, 10]
    clock.deleteLater()
