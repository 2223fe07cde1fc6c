"""However a desk is left, nothing is left behind: no process, no lock, no open position unseen."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.e2e.processes import ROOT, family_of, orders_at, pids_of, rows, running, venue_of
from tests.e2e.windows import nothing_left, told_window
from tests.helpers.waiting import until

import tradedesk
from tradedesk.app.instance_lock import InstanceLock
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from pathlib import Path

    from tests.helpers.venue_process import RunningVenue


def positions_at(venue: RunningVenue) -> list[dict[str, object]]:
    return rows(venue, "/api/Position/searchOpen", "positions")


def lock_is_free(home: Path) -> None:
    """Raises if somebody still holds the home."""
    with InstanceLock(home_paths(home).lock_file):
        pass


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_a_signal_ends_a_flat_desk_with_all_its_processes(
    desk_home: Path, number: signal.Signals
) -> None:
    """Twice quickly, as an impatient hand or a service manager does."""
    async with told_window(desk_home) as window:
        await window.phase("ready")
        window.process.send_signal(number)
        window.process.send_signal(number)
        assert await window.ended() == 0
    await nothing_left(desk_home)
    lock_is_free(desk_home)


@pytest.mark.parametrize("part", ["desk", "practice", "executor"])
async def test_a_signal_while_the_desk_comes_up(desk_home: Path, part: str) -> None:
    """As soon as a part has opened its log; before there is a loop the system ends the process."""
    async with told_window(desk_home) as window:
        await until((desk_home / "logs" / f"{part}.log").exists)
        window.process.send_signal(signal.SIGTERM)
        code = await window.ended()
    assert code in {0, -signal.SIGTERM} if part == "desk" else code == 0
    await nothing_left(desk_home)
    lock_is_free(desk_home)


async def test_the_close_button_pressed_twice(desk_home: Path) -> None:
    async with told_window(desk_home) as window:
        await window.phase("ready")
        window.say("quit")
        window.say("quit")
        assert await window.ended() == 0
    await nothing_left(desk_home)
    lock_is_free(desk_home)


async def test_leaving_while_a_flatten_runs_leaves_it_to_the_executor(desk_home: Path) -> None:
    async with told_window(desk_home) as window:
        await window.phase("ready")
        window.say("buy")
        await window.until(lambda line: line.get("position"))
        venue = venue_of(desk_home)
        venue.control(action="fault", on="any", kind="hold_reply", seconds=1.0, times=4)
        window.say("flatten")
        await asyncio.sleep(0.3)
        window.process.send_signal(signal.SIGTERM)
        assert await window.ended() == 0
    await until(lambda: not positions_at(venue))
    async with tradedesk.connect(home=desk_home) as desk:
        assert desk.state.open_positions() == []
        assert desk.working_orders() == []
        assert sorted(desk.state.orders) == sorted(int(str(o["id"])) for o in orders_at(venue))
    await nothing_left(desk_home)


async def test_a_second_desk_is_refused_in_the_shell(desk_home: Path) -> None:
    async with tradedesk.connect(home=desk_home):
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "tradedesk", "run", "--offscreen"],
            env={**os.environ, "TRADEDESK_HOME": str(desk_home)},
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("tradedesk: Another desk is already running")
    assert f"(process {os.getpid()})" in done.stderr
    assert done.stderr.count("\n") == 1


async def test_panic_flattens_behind_a_frozen_window(desk_home: Path) -> None:
    async with told_window(desk_home) as window:
        await window.phase("ready")
        window.say("buy")
        await window.until(lambda line: line.get("position"))
        venue = venue_of(desk_home)
        window.process.send_signal(signal.SIGSTOP)
        try:
            panic = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tradedesk", "panic", "--account"),
                str(venue.account_id),
                cwd=ROOT,
                env={**os.environ, "TRADEDESK_HOME": str(desk_home)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            async with asyncio.timeout(20):
                out, complaint = await panic.communicate()
            assert positions_at(venue) == []
            assert rows(venue, "/api/Order/searchOpen", "orders") == []
        finally:
            window.process.send_signal(signal.SIGCONT)
        assert panic.returncode == 0, complaint.decode()
        assert b"attached to the executor" in out
        assert b"Flat and empty" in out
        await window.until(lambda line: line.get("position") == 0)
        window.say("quit")
        assert await window.ended() == 0
    await nothing_left(desk_home)


async def test_a_script_that_is_called_off_while_it_opens_leaves_nothing(desk_home: Path) -> None:
    for pause_s in (0.05, 0.3, 0.6, 1.2):
        opening = asyncio.create_task(open_and_wait(desk_home))
        await asyncio.sleep(pause_s)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        await until(lambda: not family_of(desk_home))
        assert not any(running(pid) for pid in pids_of(desk_home).values())
        lock_is_free(desk_home)


async def open_and_wait(home: Path) -> None:
    async with tradedesk.connect(home=home):
        await asyncio.Event().wait()
