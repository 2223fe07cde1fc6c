"""Levels of the day on bars of an hour in a real window, while regular hours open at the venue."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
from tests.e2e.windows import nothing_left, told_by

if TYPE_CHECKING:
    from pathlib import Path

START = "2026-11-20T08:28:30-06:00"
SPEED = 30
DEADLINE_S = 240.0


def between(minutes: list[Any], begin: str, end: str) -> list[Any]:
    """Minutes that open from one Chicago time on and before another."""
    zone = ZoneInfo("America/Chicago")
    first, last = (datetime.fromisoformat(each).replace(tzinfo=zone) for each in (begin, end))
    return [row for row in minutes if first <= datetime.fromisoformat(row[0]) < last]


def ends(name: str, rows: list[Any]) -> dict[str, int]:
    """Highest and lowest price of some minutes."""
    return {f"{name}H": max(row[2] for row in rows), f"{name}L": min(row[3] for row in rows)}


async def test_bars_of_an_hour_have_the_levels_of_the_trades_behind_them(desk_home: Path) -> None:
    told = await told_by("levels_window", str(desk_home), START, str(SPEED), deadline_s=DEADLINE_S)
    before, opened, after, asked, without = (msgspec.json.decode(x) for x in told.splitlines())
    minutes = asked["minutes"]
    prior = between(minutes, "2026-11-19T08:30", "2026-11-19T15:00")
    night = between(minutes, "2026-11-19T17:00", "2026-11-20T08:30")
    first = between(minutes, "2026-11-20T08:30", "2026-11-20T08:35")
    assert (len(prior), len(night), len(first)) == (390, 930, 5)
    known = {**ends("PD", prior), "PDC": prior[-1][4]}
    assert before["levels"].items() >= known.items()
    # The minutes are those that the window began with: they stay current for a while.
    assert sorted(before["bars"]) == ["1h", "1m", "5m"]
    known |= {**ends("ON", night), "Open": first[0][1]}
    assert opened["levels"].items() >= known.items()
    assert after["levels"] == known | ends("OR5 ", first)
    assert after["older"] > 0
    assert without["levels"] == {}
    assert sorted(without["bars"]) == ["1h", "1m"]
    await nothing_left(desk_home)
