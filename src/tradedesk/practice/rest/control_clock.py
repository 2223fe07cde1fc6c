"""Control actions on venue time: hold it, let it run, speed it up, set it, step it."""

from __future__ import annotations

import math
from datetime import datetime  # noqa: TC003 - msgspec reads field types at run time
from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from tradedesk.gateway.wire.base import Envelope
from tradedesk.practice.rest.control_actions import Action, Members
from tradedesk.practice.stamps import nanoseconds, wire_time

if TYPE_CHECKING:
    from tradedesk.practice.rest.control_actions import Outcome
    from tradedesk.practice.world import World

SLICE_NS: Final = 50_000_000
"""A step is played in slices of this length, so that quotes come as in a running market."""
STEPPED: Final = "This venue is stepped: it moves by the action step alone."


class Speed(Members):
    """Venue seconds per real second."""

    speed: Annotated[float, msgspec.Meta(gt=0, le=100_000)]


class Seek(Members):
    """Venue time to go to."""

    time: datetime


class Step(Members):
    """Venue seconds to go on."""

    seconds: Annotated[float, msgspec.Meta(gt=0, le=3_600)]


class ClockAnswer(Envelope, kw_only=True):
    """How venue time stands: the time, whether it runs, how fast."""

    time: datetime
    running: bool
    speed: float
    stepped: bool


def _told(world: World) -> ClockAnswer:
    world.floor.play()
    world.floor.wake()
    clock = world.clock
    return ClockAnswer(
        success=True,
        error_code=0,
        time=wire_time(world.floor.now_ns()),
        running=clock.running,
        speed=clock.rate,
        stepped=clock.stepped,
    )


def _clock(world: World, asked: Members) -> ClockAnswer:
    return _told(world)


def _pause(world: World, asked: Members) -> ClockAnswer:
    world.clock.pause()
    return _told(world)


def _resume(world: World, asked: Members) -> Outcome:
    if world.clock.stepped:
        return STEPPED
    world.clock.resume()
    return _told(world)


def _speed(world: World, asked: Speed) -> ClockAnswer:
    world.clock.set_rate(asked.speed)
    return _told(world)


def _seek(world: World, asked: Seek) -> Outcome:
    if world.clock.stepped:
        return STEPPED
    wrong = world.floor.no_seek(nanoseconds(asked.time)) or _busy(world)
    if wrong is not None:
        return wrong
    world.floor.jump(nanoseconds(asked.time))
    world.supervisor.start()
    return _told(world)


def _busy(world: World) -> str | None:
    """Orders and positions live in time: they cannot be taken to another."""
    for account_id, ledger in world.ledgers.items():
        if ledger.positions() or world.exchange.rows.live_of(account_id):
            return (
                f"Account {account_id} has a position or a working order: "
                "flatten it before venue time is set."
            )
    return None


def _step(world: World, asked: Step) -> Outcome:
    if not world.clock.stepped:
        return "This venue runs by itself: start it with --stepped to step it."
    step(world, math.floor(asked.seconds * 1e9 + 0.5))
    return _told(world)


def step(world: World, ahead_ns: int) -> None:
    """Move a stepped venue on, slice by slice."""
    while ahead_ns > 0:
        slice_ns = min(ahead_ns, SLICE_NS)
        world.clock.step(slice_ns)
        world.floor.play()
        ahead_ns -= slice_ns


ACTIONS: Final = {
    "clock": Action(Members, _clock),
    "pause": Action(Members, _pause),
    "resume": Action(Members, _resume),
    "speed": Action(Speed, _speed),
    "seek": Action(Seek, _seek),
    "step": Action(Step, _step),
}
