"""Stop and target dragged off a position, moved, refused, filled: the venue has what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from tests.e2e.exits_window import FAR, MOVED, REFUSAL
from tests.e2e.windows import nothing_left, told_by

if TYPE_CHECKING:
    from pathlib import Path


def bracket(shift: int = 0) -> list[list[str | int]]:
    """A target and a stop for both contracts, in ticks from the entry."""
    return [["LIMIT", "SELL", 2, FAR + shift], ["STOP", "SELL", 2, -FAR + shift]]


async def test_the_venue_has_every_exit_as_the_chart_shows_it(desk_home: Path) -> None:
    told = await told_by("exits_window", str(desk_home))
    found = msgspec.json.decode(told)
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
    assert all(above >= FAR + MOVED for _, above in found["trips"]), "a limit fills no worse"
