"""Sentences about limits and locks, in the time of day that hangs on the trader's own wall."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.safety import LockKind

if TYPE_CHECKING:
    from datetime import tzinfo
    from decimal import Decimal

STILL: Final = "Exits, cancels and flatten still work."
_MINUTE: Final = 60


def wall_words(at_ns: int, now_ns: int, zone: tzinfo | None = None) -> str:
    """A moment as ``17:00``, or ``17:00 on Monday`` when that is another day.

    Parameters
    ----------
    zone : tzinfo or None
        That of this machine if None.
    """
    at, now = (
        datetime.fromtimestamp(ns // NS_PER_S, UTC).astimezone(zone) for ns in (at_ns, now_ns)
    )
    text = f"{at:%H:%M}"
    return text if at.date() == now.date() else f"{text} on {at:%A}"


def time_left(seconds: float) -> str:
    """``59 min`` or ``2 h 5 min``, rounded up: a lock never ends sooner than it says."""
    minutes = max(1, -(-int(seconds) // _MINUTE))
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def dollars(amount: Decimal) -> str:
    """``$1,234.50``, or ``-$12.00``."""
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def limit_sentence(kind: LockKind, total: Decimal, limit: Decimal, until: str) -> str:
    """Why a reached limit keeps entries off."""
    what = "loss" if kind is LockKind.DAILY_LOSS else "profit"
    return (
        f"The {what} of the day came to {dollars(abs(total))}, and your limit is {dollars(limit)}: "
        f"entries are off until {until}. {STILL}"
    )


def time_sentence(until: str) -> str:
    """Why the trader's own lock keeps entries off."""
    return f"You locked trading until {until}; nothing ends that sooner. {STILL}"


def flat_sentence(flat_at: str, until: str) -> str:
    """Why the time of going flat keeps entries off."""
    return (
        f"It is past {flat_at} in Chicago, your time to be flat: entries are off until {until}. "
        f"{STILL}"
    )
