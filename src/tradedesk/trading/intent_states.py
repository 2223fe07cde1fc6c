"""The life of an intent as a table of legal moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.errors import TradeDeskError
from tradedesk.domain.events import Intent, IntentState

if TYPE_CHECKING:
    from tradedesk.domain.ids import OrderId
    from tradedesk.domain.stamps import Stamps

_S = IntentState

LEGAL: dict[IntentState, frozenset[IntentState]] = {
    _S.DENIED: frozenset(),
    # ARMED to ACCEPTED without SENT: the hub may be faster than our own note of the last byte.
    _S.ARMED: frozenset({_S.SENT, _S.NOT_SENT, _S.ACCEPTED, _S.REJECTED, _S.UNKNOWN}),
    _S.SENT: frozenset({_S.ACCEPTED, _S.REJECTED, _S.UNKNOWN}),
    _S.UNKNOWN: frozenset({_S.ACCEPTED, _S.REJECTED, _S.ABSENT, _S.NEEDS_HUMAN}),
    _S.NEEDS_HUMAN: frozenset({_S.ACCEPTED, _S.REJECTED, _S.ABSENT}),
    # Late acceptance; or the trader clicks again, which reuses the tag so that two copies cannot
    # both live at a venue that enforces tags.
    _S.ABSENT: frozenset({_S.ACCEPTED, _S.REJECTED, _S.ARMED}),
    # The venue's book outranks our proof; and a click may be repeated with the same tag.
    _S.NOT_SENT: frozenset({_S.ACCEPTED, _S.ARMED}),
    _S.REJECTED: frozenset({_S.ACCEPTED}),
    # The hub may show an order for a moment before the venue's answer says no; and an answer may
    # name an order that the venue does not have.
    _S.ACCEPTED: frozenset({_S.REJECTED, _S.UNKNOWN}),
}


class IllegalMoveError(TradeDeskError):
    """A state change that the table does not allow; nothing was changed."""


def advance(
    intent: Intent,
    state: IntentState,
    *,
    stamps: Stamps | None = None,
    reason: str = "",
    order_id: OrderId | None = None,
) -> Intent:
    """Move an intent on.

    Raises
    ------
    IllegalMoveError
        If the table does not allow it.
    """
    if state not in LEGAL[intent.state]:
        raise IllegalMoveError(f"Order {intent.tag} cannot go from {intent.state} to {state}.")
    return msgspec.structs.replace(
        intent,
        state=state,
        stamps=stamps or intent.stamps,
        reason=reason,
        order_id=order_id if order_id is not None else intent.order_id,
    )


def stamped(stamps: Stamps, **moments: int) -> Stamps:
    """Set stamps that are not set yet; the first moment of each kind is the one that counts."""
    new = {name: at for name, at in moments.items() if getattr(stamps, name) is None}
    return msgspec.structs.replace(stamps, **new) if new else stamps
