"""Orders and changes that need an eye, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from tradedesk.domain.changes import Change, ChangeState
from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.commands import CancelOrder, ClosePosition
from tradedesk.domain.events import Intent, IntentState
from tradedesk.services.chart_line import order_word
from tradedesk.ui import words
from tradedesk.ui.models.doubts import doubt_text

if TYPE_CHECKING:
    from collections.abc import Set

    from tradedesk.services.desk_state import DeskState

OFFERED_NS = 180 * NS_PER_S
"""How long an order that never arrived may be sent again; later the market is another one."""
_ORDER = (IntentState.NEEDS_HUMAN, IntentState.ABSENT, IntentState.UNKNOWN)
_CHANGES = (ChangeState.NEEDS_HUMAN, ChangeState.UNKNOWN)


class Offer(Enum):
    """What a person can do about it."""

    WAIT = "wait"
    """Nothing: the venue is being asked."""
    SETTLE = "settle"
    """Look at the venue's page and say what is there."""
    SEND_AGAIN = "send again"
    READ = "read"
    """Only to be read, and taken away."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that nobody has confirmed.

    Attributes
    ----------
    key : str
        Tag of the order, or key of the change.
    block : str
        Why it cannot be sent again now; empty if it can.
    """

    key: str
    title: str
    text: str
    offer: Offer
    block: str = ""


def doubts(state: DeskState, *, dismissed: Set[str], block: str, wall_ns: int) -> tuple[Doubt, ...]:
    """What needs an eye in the selected account, the most urgent first.

    Parameters
    ----------
    dismissed : set of str
        Keys that somebody has read.
    block : str
        Why no entry may be placed now.
    wall_ns : int
        Now, UTC.
    """
    intents = [
        intent
        for intent in state.intents.values()
        if intent.state in _ORDER
        and intent.command.account_id == state.account_id
        and intent.tag not in dismissed
        and (intent.state is not IntentState.ABSENT or wall_ns - intent.created_ns < OFFERED_NS)
    ]
    intents.sort(key=lambda intent: (_ORDER.index(intent.state), -intent.created_ns))
    changes = [
        change
        for change in state.changes.values()
        if change.state in _CHANGES
        and change.command.account_id == state.account_id
        and change.key not in dismissed
    ]
    return tuple(
        [_order(state, intent, block, wall_ns) for intent in intents]
        + [_change(state, change) for change in changes]
    )


def _order(state: DeskState, intent: Intent, block: str, wall_ns: int) -> Doubt:
    ask = intent.command
    instrument = state.instruments.get(ask.contract_id)
    title = f"{order_word(ask.side, ask.type)} {ask.size} {_name(state, ask.contract_id)}"
    price = ask.limit_ticks if ask.limit_ticks is not None else ask.stop_ticks
    if price is not None and instrument is not None:
        title += f" @ {instrument.tick.text(price)}"
    if intent.state is IntentState.ABSENT:
        text = intent.reason or "The venue does not know it. It was not placed."
        return Doubt(intent.tag, title, text, Offer.SEND_AGAIN, block)
    if intent.state is IntentState.UNKNOWN:
        text = f"{doubt_text(intent, state.health, wall_ns)}. Nothing is sent again by itself."
        return Doubt(intent.tag, title, text, Offer.WAIT)
    sent = words.clock(intent.created_ns)
    text = (
        f"Look at the venue's own page: is the order of {sent}, tag {intent.tag}, there? "
        f"Until you say so, no entry in {_name(state, ask.contract_id)}."
    )
    return Doubt(intent.tag, title, text, Offer.SETTLE)


def _change(state: DeskState, change: Change) -> Doubt:
    ask = change.command
    if isinstance(ask, ClosePosition):
        title = f"Close of {_name(state, ask.contract_id)}"
    else:
        what = "Cancel" if isinstance(ask, CancelOrder) else "Change"
        title = f"{what} of order {ask.order_id}"
    if change.state is ChangeState.UNKNOWN:
        text = "Nobody knows yet whether it was done; the venue is being asked."
        return Doubt(change.key, title, text, Offer.WAIT)
    text = change.reason or "It could not be found out. Look at the venue's own page."
    return Doubt(change.key, title, text, Offer.READ)


def _name(state: DeskState, contract_id: object) -> str:
    found = next((i for i in state.instruments.values() if i.contract_id == contract_id), None)
    return found.short_name if found is not None else str(contract_id)
