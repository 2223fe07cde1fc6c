"""Control actions on drills: how the drill stands, start one, stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.gateway.wire.base import Envelope
from tradedesk.practice.rest.control_actions import Action, Members

if TYPE_CHECKING:
    from tradedesk.practice.drills.story import Told
    from tradedesk.practice.rest.control_actions import Outcome
    from tradedesk.practice.world import World


class Start(Members):
    """Name of a drill."""

    drill: str


class DrillAnswer(Envelope):
    """How the drill stands, its story and its score."""

    drill: Told


def _told(world: World, asked: Members) -> DrillAnswer:
    return DrillAnswer(success=True, error_code=0, drill=world.drills.told())


def _start(world: World, asked: Start) -> Outcome:
    return world.drills.start(asked.drill) or _told(world, asked)


def _stop(world: World, asked: Members) -> Outcome:
    if not world.drills.stop():
        return "No drill runs: there is nothing to stop."
    return _told(world, asked)


ACTIONS: Final = {
    "drill": Action(Members, _told),
    "drill_start": Action(Start, _start),
    "drill_stop": Action(Members, _stop),
}
