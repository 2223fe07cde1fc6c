"""Calls outlive the process that made them, because the venue remembers them too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.gateway.clocks import FakeClock

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import NotSentError
from tradedesk.gateway.rest.limiter import Lane, Limiter
from tradedesk.store.call_ring import CALLS, CallRing

DIE = (
    "import os, signal, sys\n"
    "from pathlib import Path\n"
    "from tradedesk.store.call_ring import CallRing\n"
    "ring = CallRing(Path(sys.argv[1]))\n"
    "for number in range(1, 8): ring.put(number, number * 10)\n"
    "os.kill(os.getpid(), signal.SIGKILL)\n"
)


@pytest.mark.skipif(sys.platform == "win32", reason="ends by a POSIX signal")
def test_a_killed_process_leaves_its_calls(tmp_path: Path) -> None:
    file = tmp_path / "run" / "calls.bin"
    done = subprocess.run([sys.executable, "-c", DIE, str(file)], capture_output=True)
    assert done.returncode < 0, done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    ring = CallRing(file)
    assert sorted(ring.recall()) == [10, 20, 30, 40, 50, 60, 70]
    assert list(ring.recall()) == []
    ring.close()
    ring.close()


def test_the_newest_take_the_place_of_the_oldest(tmp_path: Path) -> None:
    ring = CallRing(tmp_path / "calls.bin")
    for number in range(1, CALLS + 11):
        ring.put(number, number)
    assert sorted(ring.recall()) == list(range(11, CALLS + 11))
    ring.close()


@pytest.mark.skipif(sys.platform == "win32", reason="counts blocks")
def test_the_file_has_no_holes_that_a_full_disk_could_not_fill(tmp_path: Path) -> None:
    file = tmp_path / "calls.bin"
    CallRing(file).close()
    assert file.stat().st_size == CALLS * 8
    assert file.stat().st_blocks * 512 >= CALLS * 8


def test_a_file_that_cannot_be_made_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("in the way")
    ring = CallRing(tmp_path / "run" / "calls.bin")
    ring.put(1, 1)
    assert ring.recall() == ()


@pytest.mark.parametrize("size", [0, 100, CALLS * 8 + 100])
def test_any_content_is_survived(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    file = tmp_path / "calls.bin"
    file.write_bytes(content)
    clock = FakeClock()
    ring = CallRing(file)
    Limiter(clock, memory=ring).take(Lane.EXIT)
    ring.close()


def test_a_new_process_counts_what_the_last_one_sent(tmp_path: Path) -> None:
    clock = FakeClock()
    ring = CallRing(tmp_path / "calls.bin")
    first = Limiter(clock, memory=ring)
    for _ in range(150):
        first.take(Lane.ENTRY).end()
    ring.close()
    ring = CallRing(tmp_path / "calls.bin")
    second = Limiter(clock, memory=ring)
    with pytest.raises(NotSentError):
        second.take(Lane.ENTRY)
    second.take(Lane.EXIT)
    clock.advance(62)
    for _ in range(149):
        second.take(Lane.ENTRY).end()
    ring.close()
    third = Limiter(clock, memory=CallRing(tmp_path / "calls.bin"))
    assert third.entries_left == 1


def test_moments_of_before_a_restart_of_the_machine_do_not_count(tmp_path: Path) -> None:
    clock = FakeClock()
    ring = CallRing(tmp_path / "calls.bin")
    for number in range(200):
        ring.put(number, clock.now_ns + 3_600 * NS_PER_S)
    assert Limiter(clock, memory=ring).entries_left == 150
    ring.close()
