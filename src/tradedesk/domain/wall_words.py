"""A moment and a span as the clock on the trader's own wall would say them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S

if TYPE_CHECKING:
    from datetime import tzinfo


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


def time_left(span_ns: int) -> str:
    """``59 min`` or ``2 h 5 min``, rounded up: what ends then does not end sooner."""
    minutes = max(1, -(-span_ns // (60 * NS_PER_S)))
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
