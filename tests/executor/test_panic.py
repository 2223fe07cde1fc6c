"""The kill switch from a shell."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.helpers.waiting import until

from tradedesk.app import panic
from tradedesk.app.practice_process import PracticeReady
from tradedesk.domain.errors import StartError
from tradedesk.domain.events import (
    IntentState,
    LocksChanged,
    Phase,
    PositionChanged,
    SessionChanged,
)
from tradedesk.domain.safety import LockKind
from tradedesk.store.file_lock import lock_owner
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.executor.live_desk import LiveDesk
    from tests.helpers.venue_process import RunningVenue


def nothing_is_left(venue: RunningVenue) -> bool:
    asked: dict[str, object] = {"accountId": venue.account_id}
    positions = venue.call("/api/Position/searchOpen", dict(asked))["positions"]
    orders = venue.call("/api/Order/searchOpen", dict(asked))["orders"]
    return positions == [] and orders == []


def put_ready(venue: RunningVenue) -> None:
    """Where a shell finds the venue."""
    ready = PracticeReady(
        venue.rest, venue.user_hub, venue.market_hub, venue.username, venue.api_key, venue.pid
    )
    run = home_paths().data / "run"
    (run / "practice.json").write_bytes(msgspec.json.encode(ready))


def is_killed(desk: LiveDesk) -> bool:
    told = desk.heard(LocksChanged)
    return bool(told) and LockKind.KILL in {lock.kind for lock in told[-1].locks}


async def entries_are_off(desk: LiveDesk) -> None:
    click = desk.place()
    await desk.until(lambda: desk.is_in(click, IntentState.DENIED))
    intent = desk.intent(click)
    assert intent is not None
    assert "type RELEASE" in intent.reason


async def open_position(desk: LiveDesk) -> None:
    await desk.start()
    desk.place(size=2, stop_loss_ticks=80)
    await desk.until(lambda: [e for e in desk.heard(PositionChanged) if e.position.net_size == 2])


async def test_through_the_executor_beside_an_attached_desk(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue
) -> None:
    desk = new_desk()
    await open_position(desk)
    said: list[str] = []
    code = await asyncio.to_thread(panic.main, venue.account_id, "practice", said.append)
    assert code == 0
    assert said[0].startswith("attached to the executor")
    assert said[-1].endswith("Flat and empty, seen twice")
    assert nothing_is_left(venue)
    # the desk is still attached, and locked
    assert desk.phase is Phase.READY
    assert not desk.heard(SessionChanged)[-1].armed
    assert is_killed(desk)
    await entries_are_off(desk)


@pytest.mark.parametrize("how", ["gone", "frozen"])
async def test_without_an_executor_that_answers(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue, how: str
) -> None:
    desk = new_desk()
    await open_position(desk)
    put_ready(venue)
    pid = desk.port.pid
    desk.port._closing = True  # this desk shall not restart it
    latch = desk.config.latch_file
    os.kill(pid, signal.SIGKILL if how == "gone" else signal.SIGSTOP)
    if how == "gone":
        journal = desk.config.journal_file
        lock = journal.with_name(f"{journal.name}.lock")
        await until(lambda: lock_owner(lock) is None)
    said: list[str] = []
    try:
        code = await asyncio.to_thread(panic.main, venue.account_id, "practice", said.append)
    finally:
        if how == "frozen":
            assert latch.exists()
            os.kill(pid, signal.SIGCONT)
    assert code == 0
    assert "signing in directly" in said[0]
    assert nothing_is_left(venue)
    if how == "frozen":
        # the journal was out of reach; the one that hung takes the latch in
        await desk.until(lambda: is_killed(desk) and not latch.exists())
    else:
        assert not latch.exists()
        desk = new_desk()
        await desk.start()
    assert is_killed(desk)
    await entries_are_off(desk)


async def test_a_wrong_account_closes_nothing_and_says_which_there_are(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue
) -> None:
    desk = new_desk()
    await open_position(desk)
    desk.port._closing = True  # this desk shall not restart it
    os.kill(desk.port.pid, signal.SIGKILL)
    put_ready(venue)
    said: list[str] = []
    assert await asyncio.to_thread(panic.main, 4711, "practice", said.append) == 1
    assert f"account 4711 is not there; known: {venue.account_id}" in said[-2]
    assert not nothing_is_left(venue)


async def test_an_account_that_is_not_there(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue
) -> None:
    desk = new_desk()
    await desk.start()
    with pytest.raises(StartError, match="No practice venue is running"):
        await asyncio.to_thread(panic.main, 1, "practice")
