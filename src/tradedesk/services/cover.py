"""How a position is covered, as far as the desk may claim it now. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.events import Phase
from tradedesk.domain.order import OrderStatus
from tradedesk.domain.roles import STOP_TYPES
from tradedesk.domain.safety import ShieldState

if TYPE_CHECKING:
    from tradedesk.domain.position import Position
    from tradedesk.domain.safety import Shield
    from tradedesk.services.desk_state import DeskState

PROOF_OLD_NS = 15 * NS_PER_S
"""A proof is renewed every few seconds; one this old proves nothing any more."""


class Cover(msgspec.Struct, frozen=True):
    """What may be said of the cover of one position.

    Attributes
    ----------
    state : ShieldState
        ``COVERED`` only on a fresh proof for exactly this position.
    bare : int
        Contracts without a stop, as far as was told.
    stops : tuple of int
        Prices in ticks of the resting stops, the one that would be hit first at the front.
    proven_ns : int or None
        Monotonic moment of the last proof.
    text : str
        The executor's own sentence.
    """

    state: ShieldState
    bare: int = 0
    stops: tuple[int, ...] = ()
    proven_ns: int | None = None
    text: str = ""


def cover_of(state: DeskState, position: Position, mono_ns: int) -> Cover:
    """Cover of an open position at a monotonic moment.

    What the executor said last is not repeated blindly: a proof that is old, for another size, or
    from an executor that is gone is no proof.
    """
    shield = state.shields.get((position.account_id, position.contract_id))
    if shield is None or shield.net_size * position.net_size < 0:
        return Cover(ShieldState.CHECKING)
    told = shield.state
    if not _is_told(state) or (
        told is ShieldState.COVERED and not _proves(shield, position, mono_ns)
    ):
        told = ShieldState.CHECKING
    return Cover(
        told,
        max(0, abs(position.net_size) - shield.covered),
        _stops(state, position),
        shield.proven_ns,
        shield.text,
    )


def _proves(shield: Shield, position: Position, mono_ns: int) -> bool:
    return (
        shield.net_size == position.net_size
        and shield.proven_ns is not None
        and mono_ns - shield.proven_ns <= PROOF_OLD_NS
    )


def _is_told(state: DeskState) -> bool:
    session = state.session
    return session is not None and session.phase in (Phase.READY, Phase.DEGRADED)


def _stops(state: DeskState, position: Position) -> tuple[int, ...]:
    prices = [
        order.stop_ticks
        for order in state.orders.values()
        if order.stop_ticks is not None
        and order.type in STOP_TYPES
        and order.status is OrderStatus.OPEN
        and order.side is position.side.other
        and (order.account_id, order.contract_id) == (position.account_id, position.contract_id)
    ]
    return tuple(sorted(prices, reverse=position.net_size > 0))
