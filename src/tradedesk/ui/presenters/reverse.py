"""Reverse: flat first, proven; then one ordinary entry the other way. Pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradedesk.domain import events as ev
from tradedesk.domain.clock import NS_PER_S

if TYPE_CHECKING:
    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.order import Side
    from tradedesk.services.desk_state import DeskState

PATIENCE_NS = 10 * NS_PER_S


@dataclass(frozen=True, slots=True)
class Reverse:
    """A reversal under way: the flatten it began with, and what comes after it."""

    flatten_click: str
    contract_id: ContractId
    side: Side
    size: int
    press_ns: int


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do now: place the entry, or give up with the sentence why."""

    place: bool = False
    give_up: str = ""


WAIT = NextStep()


def next_step(
    reverse: Reverse, event: ev.AnyEvent | None, state: DeskState, mono_ns: int
) -> NextStep:
    """Decide after an event, or after some time if `event` is None.

    The entry is placed only after the flatten was reported done and the state shows neither a
    position nor a working order in the contract.
    """
    if mono_ns - reverse.press_ns > PATIENCE_NS:
        return NextStep(give_up="Reverse: not flat within 10 s, so nothing new was opened.")
    match event:
        case ev.CommandFailed(click_id=reverse.flatten_click, reason=reason):
            return NextStep(give_up=f"Reverse stopped, nothing new was opened: {reason}")
        case ev.CommandDone(click_id=reverse.flatten_click):
            if state.position(reverse.contract_id) or state.working_orders(reverse.contract_id):
                return NextStep(
                    give_up="Reverse: the account is not shown flat, so nothing new was opened."
                )
            return NextStep(place=True)
        case _:
            return WAIT
