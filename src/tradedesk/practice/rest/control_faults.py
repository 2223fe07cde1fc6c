"""Control actions on faults: arm, clear, list, release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradedesk.gateway.wire.base import Envelope
from tradedesk.practice.faults.kinds import WrongFaultError
from tradedesk.practice.faults.script import read_fault
from tradedesk.practice.rest.control_actions import Action, Members

if TYPE_CHECKING:
    from tradedesk.practice.faults.register import Strike
    from tradedesk.practice.world import World


class FaultAnswer(Envelope):
    """The id of the fault that was armed."""

    fault: str


class FaultsAnswer(Envelope):
    """What is armed, and what has struck, oldest first."""

    seed: int
    armed: list[dict[str, Any]]
    struck: list[Strike]


class Since(Members):
    """Only strikes above a number."""

    since: int = 0


def _arm(world: World, asked: dict[str, Any]) -> FaultAnswer | str:
    try:
        fault = read_fault(asked)
    except WrongFaultError as error:
        return f"The fault cannot be armed: '{error.field}': {error.text}."
    if fault.id and any(fault.id == one["id"] for one in world.faults.armed()):
        return f"The fault cannot be armed: 'id': '{fault.id}' is taken; use another."
    return FaultAnswer(success=True, error_code=0, fault=world.faults.arm(fault))


def _clear(world: World, asked: Members) -> None:
    world.faults.clear()


def _list(world: World, asked: Since) -> FaultsAnswer:
    register = world.faults.register
    return FaultsAnswer(
        success=True,
        error_code=0,
        seed=register.seed,
        armed=world.faults.armed(),
        struck=[strike for strike in register.strikes if strike.number > asked.since],
    )


def _release(world: World, asked: Members) -> None:
    world.faults.user.release()


ACTIONS: Final = {
    "fault": Action(dict, _arm),
    "clear_faults": Action(Members, _clear),
    "faults": Action(Since, _list),
    "release": Action(Members, _release),
}
