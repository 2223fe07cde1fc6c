"""A drill on the real desk: asked on the strip, played with the mouse, scored on the sheet."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
from tests.e2e.processes import ROOT
from tests.e2e.windows import nothing_left

if TYPE_CHECKING:
    from pathlib import Path

DEADLINE_S = 60


async def test_a_rejected_stop_is_lived_through_on_the_desk(desk_home: Path) -> None:
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tests.e2e.drill_window", str(desk_home)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seen = msgspec.json.decode(done.stdout)
    assert seen["asked"] == "Buy 1 MNQ with a stop and a target."
    assert seen["text"].startswith("Done: ")
    assert any(one.startswith("The position was without a stop for ") for one in seen["texts"])
    assert seen["points"][0] == "100"
    assert len(seen["points"]) == 4
    assert seen["again"] == "Buy 1 MNQ with a stop and a target."
    await nothing_left(desk_home)


async def test_an_unknown_drill_is_told_before_a_window_opens(desk_home: Path) -> None:
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tradedesk", "run", "--offscreen", "--drill", "nope"],
        env={**os.environ, "TRADEDESK_HOME": str(desk_home)},
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("tradedesk: There is no drill 'nope': use one of double-click, ")
    assert done.stderr.count("\n") == 1
