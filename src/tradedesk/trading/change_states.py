"""The life of a change as a table of legal moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.changes import Change, ChangeState
from tradedesk.trading.intent_states import IllegalMoveError

if TYPE_CHECKING:
    from tradedesk.domain.stamps import Stamps

_S = ChangeState

LEGAL: dict[ChangeState, frozenset[ChangeState]] = {
    # ARMED to ARMED and UNKNOWN to ARMED: the next attempt, written down before it is sent.
    # ARMED to DONE without SENT: the hub may be faster than our own note of the last byte.
    _S.ARMED: frozenset({_S.ARMED, _S.SENT, _S.NOT_SENT, _S.DONE, _S.REFUSED, _S.UNKNOWN}),
    _S.SENT: frozenset({_S.ARMED, _S.DONE, _S.REFUSED, _S.UNKNOWN}),
    _S.UNKNOWN: frozenset({_S.ARMED, _S.DONE, _S.REFUSED, _S.NEEDS_HUMAN}),
    _S.NEEDS_HUMAN: frozenset({_S.DONE, _S.REFUSED}),
    _S.NOT_SENT: frozenset(),
    _S.DONE: frozenset(),
    # The venue's book outranks our verdict: what was taken for lost may be carried out late.
    _S.REFUSED: frozenset({_S.DONE}),
}


def advance(
    change: Change,
    state: ChangeState,
    *,
    stamps: Stamps | None = None,
    reason: str = "",
    attempts: int | None = None,
) -> Change:
    """Move a change on.

    Raises
    ------
    IllegalMoveError
        If the table does not allow it.
    """
    if state not in LEGAL[change.state]:
        raise IllegalMoveError(f"Change {change.key} cannot go from {change.state} to {state}.")
    return msgspec.structs.replace(
        change,
        state=state,
        stamps=stamps or change.stamps,
        reason=reason,
        attempts=change.attempts if attempts is None else attempts,
    )
