"""A drill on the real desk: asked on the strip, played with the mouse, scored on the sheet."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import msgspec
from tests.e2e.processes import orders_at, venue_of
from tests.e2e.windows import nothing_left, told_by

import tradedesk
from tradedesk.domain.order import Side
from tradedesk.domain.safety import CoverPolicy, CoverRules

if TYPE_CHECKING:
    from pathlib import Path

DEADLINE_S = 60
ASKED = "Buy 1 MNQ with a stop and a target. In this drill the desk only warns; cover is up to you."


async def test_a_rejected_stop_is_lived_through_on_the_desk(desk_home: Path) -> None:
    told = await told_by("drill_window", str(desk_home))
    seen = msgspec.json.decode(told)
    assert seen["asked"] == ASKED
    assert seen["text"].startswith("Done: ")
    assert any(one.startswith("The position was without a stop for ") for one in seen["texts"])
    assert seen["points"][0] == "100"
    assert len(seen["points"]) == 4
    assert seen["again"] == ASKED
    await nothing_left(desk_home)


def drill_of(home: Path) -> dict[str, Any]:
    """How the drill stands at the venue."""
    answer: dict[str, Any] = venue_of(home).call("/practice/control", {"action": "drill"})
    return dict(answer["drill"])


async def ended_drill(home: Path) -> dict[str, Any]:
    """The drill once it is over; asked for rarely, because the venue counts calls."""
    async with asyncio.timeout(DEADLINE_S):
        while (found := drill_of(home))["state"] in {"waiting", "running"}:  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0.5)
    return found


async def test_a_rejected_stop_is_the_traders_work(desk_home: Path) -> None:
    """The desk tells of it and does nothing else, so who does not act has no good score."""
    words = ("--drill", "stop-rejected")
    async with tradedesk.connect(home=desk_home, speed=4, practice=words) as desk:
        await desk.until(lambda s: s.rules is not None)
        assert desk.state.rules is not None
        cover = desk.state.rules.cover
        assert (cover.bracketed, cover.unbracketed) == (CoverPolicy.ALARM, CoverPolicy.ALARM)
        await desk.place_market_order("MNQ", Side.BUY, 1, stop_loss_ticks=40, take_profit_ticks=400)
        done = await ended_drill(desk_home)
        assert done["state"] == "timeout"
        points = {one["name"]: one["points"] for one in done["score"]["criteria"]}
        assert (points["Time naked"], points["First action"]) == (0, 0)
        assert done["score"]["total"] < 40
        assert len(orders_at(venue_of(desk_home))) == 3, "entry, rejected stop, target"
        assert any("no working stop" in notice.text for notice in desk.state.notices)
        await desk.flatten()
    # without the drill the trader's own rules hold again
    async with tradedesk.connect(home=desk_home) as desk:
        await desk.until(lambda s: s.rules is not None and s.rules.cover == CoverRules())


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
