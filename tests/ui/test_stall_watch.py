"""A late frame is looked into from beside: what is seen are names, and not many of them."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from tradedesk.ui.stall_watch import DEEPEST, LATE_NS, MOST_SAMPLES, StallWatch

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "tradedesk-stall-watch"


@pytest.fixture
def watch() -> Iterator[StallWatch]:
    made = StallWatch(time.perf_counter_ns)
    made.start()
    yield made
    made.stop()


def sleeps_in_a_slot(seconds: float, password: str) -> str:
    time.sleep(seconds)
    return password


def runs() -> bool:
    return any(thread.name == NAME for thread in threading.enumerate())


def test_a_late_frame_is_looked_into_and_its_function_named(watch: StallWatch) -> None:
    beat = time.perf_counter_ns()
    watch.beat(beat)
    sleeps_in_a_slot(0.35, "hunter2")
    seen = watch.take(beat)
    assert 1 <= len(seen) <= 2, "at a hundred milliseconds, and at twice that"
    assert all(sample.late_ms * 1e6 >= LATE_NS for sample in seen)
    for sample in seen:
        at, function = sample.stack[0].split(" ")
        assert function == "sleeps_in_a_slot"
        assert at.startswith("ui/test_stall_watch.py:")
        assert len(sample.stack) <= DEEPEST
        assert not any("hunter2" in line for line in sample.stack)
    assert watch.take(beat) == ()


def test_one_stall_takes_no_more_looks_than_it_may(watch: StallWatch) -> None:
    beat = time.perf_counter_ns() - LATE_NS * 2**MOST_SAMPLES
    watch.beat(beat)
    sleeps_in_a_slot(0.5, "")
    assert len(watch.take(beat)) == MOST_SAMPLES


def test_frames_in_time_and_pauses_are_left_alone(watch: StallWatch) -> None:
    beats = []
    for _ in range(20):
        beats.append(time.perf_counter_ns())
        watch.beat(beats[-1])
        time.sleep(0.001)
    watch.beat(0)
    time.sleep(0.25)
    assert [watch.take(beat) for beat in beats] == [()] * len(beats)


def test_the_thread_ends_when_it_is_told_and_may_begin_again() -> None:
    made = StallWatch(time.perf_counter_ns)
    made.stop()
    for _ in range(2):
        made.start()
        made.start()
        assert runs()
        made.stop()
        assert not runs()
