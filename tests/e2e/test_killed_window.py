"""``kill -9`` of the window with a position open: its exits rest on, the next desk shows them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.e2e.processes import ROOT, pids_of, running
from tests.helpers.waiting import until

import tradedesk
from tradedesk.domain.order import OrderStatus, Role


async def test_exits_outlive_the_window_and_are_found_again(tmp_path: Path) -> None:
    window = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.doomed_window", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert window.stdout is not None
        line = window.stdout.readline()
    finally:
        window.send_signal(signal.SIGKILL)
        _, complaint = window.communicate(timeout=10)
    assert line == b"open\n", complaint.decode()
    left = pids_of(tmp_path)
    assert set(left) == {"practice", "executor"}
    assert all(running(pid) for pid in left.values())

    async with tradedesk.connect(home=tmp_path) as desk:
        assert pids_of(tmp_path) == left, "the next desk must use what was left running"
        await until(lambda: desk.state.open_positions())
        (position,) = desk.state.open_positions()
        assert position.net_size == 1
        legs = {desk.state.role(o): o.status for o in desk.working_orders()}
        assert legs == {Role.STOP: OrderStatus.OPEN, Role.TARGET: OrderStatus.OPEN}
        assert desk.state.is_covered(position)
        await desk.flatten()
        assert desk.state.open_positions() == []
    await until(lambda: not any(running(pid) for pid in left.values()))
    assert pids_of(tmp_path) == {}
