"""Sentences about limits and locks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.safety import LockKind

if TYPE_CHECKING:
    from decimal import Decimal

STILL: Final = "Exits still go."


def dollars(amount: Decimal) -> str:
    """``$1,234.50``, or ``-$12.00``."""
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def limit_sentence(kind: LockKind, total: Decimal, limit: Decimal, until: str) -> str:
    """Why a reached limit keeps entries off."""
    what = "loss" if kind is LockKind.DAILY_LOSS else "profit"
    return (
        f"The day's {what} is {dollars(abs(total))}, your limit {dollars(limit)}: entries are off "
        f"until {until}. {STILL}"
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
