"""The real venue, and desks that are always put away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.executor.live_desk import LiveDesk, config_for
from tests.helpers.venue_process import running_venue

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from tests.helpers.venue_process import RunningVenue


@pytest.fixture
def venue() -> Iterator[RunningVenue]:
    """A practice venue of the test's own."""
    with running_venue("--seed", "7") as running:
        yield running


@pytest.fixture
async def new_desk(venue: RunningVenue, desk_home: Path) -> AsyncIterator[Callable[..., LiveDesk]]:
    """Makes desks on the venue; what they started is ended with the test."""
    (desk_home / "data").mkdir()
    made: list[LiveDesk] = []

    def make(**members: object) -> LiveDesk:
        desk = LiveDesk(config_for(venue, desk_home, **members))  # type: ignore[arg-type]
        made.append(desk)
        return desk

    yield make
    for desk in made:
        await desk.port.close(shutdown=True)
