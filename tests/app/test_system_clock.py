"""The clock that everybody is given."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.clock import NS_PER_S


def test_wall_time_is_utc_in_nanoseconds() -> None:
    before = datetime.now(UTC).timestamp()
    shown = SystemClock().wall_ns() / NS_PER_S
    after = datetime.now(UTC).timestamp()
    assert before - 0.001 <= shown <= after + 0.001


def test_monotonic_time_is_shared_by_all_processes() -> None:
    clock = SystemClock()
    before = clock.mono_ns()
    code = "from tradedesk.app.system_clock import SystemClock; print(SystemClock().mono_ns())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert before < int(done.stdout) < clock.mono_ns()
