"""Resting orders are dragged on a slow venue that refuses: lines end where the orders are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.e2e.windows import nothing_left, told_by

if TYPE_CHECKING:
    from pathlib import Path

DRAGS = int(os.environ.get("DRAGS", "9"))
DEADLINE_S = 60 + 8 * DRAGS

FAULTS = """
seed = {seed}

[[fault]]
on = "place"
kind = "latency"
times = 0
seconds = {round_trip}

[[fault]]
on = "modify"
kind = "latency"
times = 0
seconds = {round_trip}

[[fault]]
on = "user_hub"
kind = "slow"
times = 0
seconds = {half}

[[fault]]
on = "modify"
kind = "refuse"
id = "refused"
times = 0
chance = {refused}
message = "The price is outside of the day's range."

[[fault]]
on = "modify"
kind = "lose_reply"
id = "lost"
times = {lost}
after = 3
"""


async def dragged(
    home: Path, *, round_trip: float, drags: int, refused: float = 0.0, lost: int = 0
) -> dict[str, Any]:
    """Let a window be dragged about; what it printed."""
    faults = home / "faults.toml"
    text = FAULTS.format(
        seed=5, round_trip=round_trip, half=round_trip / 2, refused=refused, lost=max(lost, 1)
    )
    if not lost:
        text = text[: text.rindex("[[fault]]")]
    faults.write_text(text)
    words = (str(home), str(faults), str(drags), "7")
    told = await told_by("dragging_window", *words, deadline_s=DEADLINE_S)
    found: dict[str, Any] = msgspec.json.decode(told)
    await nothing_left(home)
    return found


@pytest.mark.parametrize(
    ("round_trip", "drags", "refused", "lost"),
    [(0.1, DRAGS, 0.3, 1), (2.0, DRAGS, 0.3, 0)],
    ids=["100 ms", "2 s"],
)
async def test_every_line_ends_where_the_venue_has_the_order(
    desk_home: Path, round_trip: float, drags: int, refused: float, lost: int
) -> None:
    seen = await dragged(desk_home, round_trip=round_trip, drags=drags, refused=refused, lost=lost)
    assert len(seen["orders"]) == 4
    for key, (shown, at_venue) in seen["orders"].items():
        assert shown == at_venue, key
    assert seen["wrong"] == [], "a line that is not grey stands elsewhere than the order"
    assert seen["asked"] > drags / 3
    assert seen["grey"] > drags / 3
    if round_trip > 1:
        assert seen["overlapping"] > 0, "no drag began while a former one was on its way"
    if refused:
        assert any(one["fault"] == "refused" for one in seen["struck"])
        assert seen["refused"] > 0
