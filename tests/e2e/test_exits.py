"""Stop and target dragged off a position, moved, refused, filled: the venue has what is shown."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
from tests.e2e.exits_window import FAR, MOVED, REFUSAL
from tests.e2e.processes import ROOT
from tests.e2e.windows import nothing_left

if TYPE_CHECKING:
    from pathlib import Path

DEADLINE_S = 60


def bracket(shift: int = 0) -> list[list[str | int]]:
    """A target and a stop for both contracts, in ticks from the entry."""
    return [["LIMIT", "SELL", 2, FAR + shift], ["STOP", "SELL", 2, -FAR + shift]]


async def test_the_venue_has_every_exit_as_the_chart_shows_it(desk_home: Path) -> None:
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tests.e2e.exits_window", str(desk_home)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = msgspec.json.decode(done.stdout)
    await nothing_left(desk_home)
    for name, expected in {
        "pulled": bracket(),
        "not moved": bracket(),
        "whole bracket": bracket(MOVED),
        "after refusal": bracket(MOVED),
    }.items():
        assert found[name] == {"shown": expected, "venue": expected}, name
    assert found["taught"] == "A sell stop sits below the market; above it use a limit."
    assert REFUSAL in found["refused"]
    assert found["left"] == [[], []], "the stop went with the position"
    assert sum(size for size, _ in found["trips"]) == 2
    assert all(gained >= FAR + MOVED for _, gained in found["trips"])
