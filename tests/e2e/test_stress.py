"""The stress test on the real desk: beside a real venue's market, and gone with the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from tests.e2e.windows import nothing_left, told_by

if TYPE_CHECKING:
    from pathlib import Path


async def test_the_desk_is_put_under_stress_and_left_in_the_middle_of_it(desk_home: Path) -> None:
    told = await told_by("stress_window", str(desk_home))
    seen, left = (msgspec.json.decode(line) for line in told.splitlines())
    assert seen["on"] == "STRESS"
    assert seen["title"] == "SIM practice — STRESS made-up — tradedesk"
    assert seen["rate"] > 0
    assert seen["threads"] == ["tradedesk-market", "tradedesk-stall-watch", "tradedesk-stress"]
    assert any(line.endswith(" blocks_the_window") for line in seen["stacks"])
    assert seen["intake_ms"] > 0
    assert seen["back"] == "MNQ"
    assert len(seen["books"]) == 1
    assert left == []
    await nothing_left(desk_home)
