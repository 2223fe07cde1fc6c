"""Which processors the window and the executor keep to."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tradedesk.app import cores

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a thread choose")

TOLD = """
import os, sys
kept = [set(range(int(sys.argv[1])))]
os.sched_getaffinity = lambda who: set(kept[0])
os.sched_setaffinity = lambda who, wanted: kept.__setitem__(0, set(wanted))
from tradedesk.app import cores
chosen = cores.executor_cores()
cores.take_window_cores()
window = sorted(kept[0])
again = cores.executor_cores()
cores.take_executor_cores(chosen)
print(chosen, again == chosen, window, sorted(kept[0]))
"""


def told(count: int) -> str:
    """What a process with so many processors decides."""
    answer = subprocess.run(
        [sys.executable, "-c", TOLD, str(count)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return answer.stdout.strip()


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "() True [0] [0]"),
        (2, "(1,) True [0] [1]"),
        (3, "(2,) True [0, 1] [2]"),
        (8, "() True [0, 1, 2, 3, 4, 5, 6, 7] [0, 1, 2, 3, 4, 5, 6, 7]"),
    ],
)
def test_a_small_machine_is_shared_and_a_large_one_left_alone(count: int, expected: str) -> None:
    assert told(count) == expected


def test_a_processor_that_is_not_there_is_no_error() -> None:
    before = os.sched_getaffinity(0)
    cores.take_executor_cores((4_000,))
    assert os.sched_getaffinity(0) == before
