"""Asked-for changes of what the venue has already: modify, cancel, close."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from tradedesk.domain.commands import CancelOrder, ClosePosition, ModifyOrder
from tradedesk.domain.stamps import Stamps


class ChangeState(StrEnum):
    """Life of one change, from the click to the venue's word."""

    ARMED = "armed"
    """Journaled, about to be sent."""
    SENT = "sent"
    """The last byte was handed to the kernel."""
    NOT_SENT = "not_sent"
    """Provably not sent. Final."""
    DONE = "done"
    """The venue shows it. Final."""
    REFUSED = "refused"
    """The venue refused it, or it came too late. Final."""
    UNKNOWN = "unknown"
    """Nobody knows yet; the venue is being asked."""
    NEEDS_HUMAN = "needs_human"
    """It could not be found out; look at the venue's own page."""

    @property
    def is_final(self) -> bool:
        """Nothing more will happen to it."""
        return self in {ChangeState.NOT_SENT, ChangeState.DONE, ChangeState.REFUSED}


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One modify, cancel or close, and how far it got.

    Parameters
    ----------
    key : str
        What it changes and the how-manieth change of it that is, such as ``order-812-3``.
    attempts : int
        How often it was sent; only cancels and whole closes are ever sent again.
    """

    key: str
    command: ModifyOrder | CancelOrder | ClosePosition
    state: ChangeState
    stamps: Stamps
    reason: str = ""
    created_ns: int = 0
    attempts: int = 0
