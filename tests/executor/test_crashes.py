"""kill -9 on either side: nothing is sent twice, nothing is lost, and the truth comes back."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.executor.live_desk import WAIT_S, LiveDesk, config_for

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import (
    CommandDone,
    IntentState,
    Notice,
    Phase,
    PositionChanged,
    SessionChanged,
    SnapshotTaken,
)
from tradedesk.services.executor_link import ExecutorAddress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.helpers.venue_process import RunningVenue


def orders_at(venue: RunningVenue) -> list[dict[str, object]]:
    asked: dict[str, object] = {
        "accountId": venue.account_id,
        "startTimestamp": "2020-01-01T00:00:00Z",
    }
    found = venue.call("/api/Order/search", asked)["orders"]
    assert isinstance(found, list)
    return found


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def gone(pid: int) -> None:
    async with asyncio.timeout(WAIT_S):
        while alive(pid):  # noqa: ASYNC110 - not our child: there is nothing to wait on
            await asyncio.sleep(0.02)


async def test_killed_between_send_and_reply(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue
) -> None:
    desk = new_desk()
    await desk.start()
    venue.control(action="fault", on="place", kind="hold_reply", seconds=3, times=1)
    click = desk.place(stop_loss_ticks=60)
    await desk.until(lambda: (i := desk.intent(click)) and i.stamps.written)
    assert desk.port.pid is not None
    os.kill(desk.port.pid, signal.SIGKILL)

    await desk.until(lambda: Phase.STOPPED in [s.phase for s in desk.heard(SessionChanged)])
    await desk.until(lambda: desk.phase is Phase.READY)
    await desk.until(lambda: desk.is_in(click, "accepted"))

    intent = desk.intent(click)
    assert intent is not None
    assert [o["customTag"] for o in orders_at(venue)].count(intent.tag) == 1
    assert not desk.heard(SessionChanged)[-1].armed
    assert any("arm again" in n.text for n in desk.heard(Notice))


async def test_killed_before_the_request_was_answered_by_anyone(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue
) -> None:
    desk = new_desk()
    await desk.start()
    venue.control(action="fault", on="place", kind="cut", seconds=2, times=1)
    click = desk.place()
    await desk.until(lambda: (i := desk.intent(click)) and i.stamps.written)
    os.kill(desk.port.pid, signal.SIGKILL)

    await desk.until(lambda: desk.is_in(click, "absent"))

    assert orders_at(venue) == []


async def test_commands_while_the_executor_is_down_are_answered_at_once(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue
) -> None:
    desk = new_desk()
    await desk.start()
    os.kill(desk.port.pid, signal.SIGKILL)
    await desk.until(lambda: desk.phase is Phase.STOPPED)
    click = desk.place()
    await desk.until(lambda: desk.is_in(click, "not_sent"))
    await desk.until(lambda: desk.phase is Phase.READY)
    assert orders_at(venue) == []


async def test_a_flatten_survives_the_executor(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue
) -> None:
    desk = new_desk()
    await desk.start()
    click = desk.place(size=2, stop_loss_ticks=60)
    await desk.until(lambda: [e for e in desk.heard(PositionChanged) if e.position.net_size == 2])
    assert desk.is_in(click, "accepted")
    venue.control(action="fault", on="cancel", kind="hold_reply", seconds=2, times=1)
    flatten = desk.give(cmd.Flatten, account_id=desk.account_id)
    os.kill(desk.port.pid, signal.SIGKILL)

    await desk.until(lambda: desk.answers(flatten, CommandDone))

    asked: dict[str, object] = {"accountId": venue.account_id}
    assert venue.call("/api/Position/searchOpen", asked)["positions"] == []


async def test_a_killed_desk_leaves_a_guard_and_finds_it_again(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue, desk_home: Path
) -> None:
    """The first desk is a process of its own, killed with a position open."""
    config = config_for(venue, desk_home)
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.executor.doomed_desk"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(msgspec.json.encode(config) + b"\n")
    async with asyncio.timeout(WAIT_S):
        line = await program.stdout.readline()
    click_id, executor_pid = line.decode().split()
    program.kill()
    await program.wait()

    # longer than it waits for a desk to come back before it asks itself whether it is needed
    await asyncio.sleep(4)
    assert alive(int(executor_pid))
    desk = new_desk()
    await desk.port.start()
    address = msgspec.json.decode(config.runtime_file.read_bytes(), type=ExecutorAddress)
    assert address.pid == int(executor_pid)
    assert desk.port.pid is None
    await desk.until(lambda: desk.heard(SnapshotTaken))
    snapshot = desk.heard(SnapshotTaken)[0]
    assert [p.net_size for p in snapshot.positions] == [2]
    assert {i.command.click_id: i.state for i in snapshot.intents} == {
        click_id: IntentState.ACCEPTED
    }
    assert not desk.heard(SessionChanged)[-1].armed
    await desk.port.close(shutdown=True)
    await gone(int(executor_pid))


async def test_an_executor_without_a_desk_ends_when_flat(
    new_desk: Callable[..., LiveDesk],
) -> None:
    desk = new_desk()
    await desk.start()
    pid = desk.port.pid
    process = desk.port._process._process
    await desk.port.close(shutdown=False)
    assert alive(pid)
    process.returncode = None
    assert await asyncio.to_thread(process.wait, WAIT_S) == 0
    assert not desk.config.runtime_file.exists()


async def test_sigterm_ends_it_in_order(new_desk: Callable[..., LiveDesk]) -> None:
    desk = new_desk()
    await desk.start()
    process = desk.port._process._process
    desk.port._closing = True
    os.kill(desk.port.pid, signal.SIGTERM)
    assert await asyncio.to_thread(process.wait, WAIT_S) == 0
    await desk.until(lambda: desk.phase is Phase.STOPPED)


async def test_given_up_before_the_first_connection_it_is_asked_to_end(
    new_desk: Callable[..., LiveDesk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script is called off in the very moment; an error in the log would fail this."""
    desk = new_desk()

    async def called_off(*given: object) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(desk.port, "_open", called_off)
    with pytest.raises(asyncio.CancelledError):
        await desk.port.start()
    process = desk.port._process
    assert process is not None
    await desk.port.close(shutdown=True)
    assert not alive(process.pid)
