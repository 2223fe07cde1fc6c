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
from tradedesk.app.session import DeskSession
from tradedesk.domain.order import OrderStatus, Role, Side


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


async def test_what_is_open_is_remembered_while_an_executor_signs_in(tmp_path: Path) -> None:
    async with tradedesk.connect(home=tmp_path) as desk:
        session = desk.trade._executor
        assert isinstance(session, DeskSession)
        await desk.place_market_order("MES", Side.BUY, 1, stop_loss_ticks=60)
        await until(lambda: desk.state.open_positions())
        assert session.has_something_open
        executor = pids_of(tmp_path)["executor"]
        blind: list[bool] = []
        leave = desk.state.subscribe(
            lambda _: (
                blind.append(session.has_something_open)
                if not desk.state.open_positions()
                else None
            )
        )
        os.kill(executor, signal.SIGKILL)
        # A new executor tells an empty account before it has signed in.
        await until(lambda: blind)
        await until(lambda: desk.state.open_positions())
        leave()
        assert all(blind)
        await desk.flatten()
        assert not session.has_something_open
