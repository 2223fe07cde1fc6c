"""What the replies tell about the venue: how fast, how long ago, and what its clock says."""

from __future__ import annotations

from collections import deque
from datetime import UTC
from email.utils import parsedate_to_datetime
from statistics import median
from typing import Final

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.gateway.timestamps import datetime_ns

LATENCIES_KEPT: Final = 200
SKEWS_KEPT: Final = 20
_HALF_SECOND_NS: Final = 500_000_000


class RestHealth:
    """Figures of one REST side; read them at any time.

    Attributes
    ----------
    replies : int
        How many replies there were.
    """

    def __init__(self) -> None:
        self.replies = 0
        self._latencies_ns: deque[int] = deque(maxlen=LATENCIES_KEPT)
        self._skews_ns: deque[int] = deque(maxlen=SKEWS_KEPT)

    def note_reply(self, sent_ns: int, got_ns: int, got_wall_ns: int, date: str | None) -> None:
        """Count one reply.

        Parameters
        ----------
        sent_ns, got_ns : int
            Monotonic times around the request.
        got_wall_ns : int
            Wall time when the reply was read.
        date : str or None
            The ``Date`` header.
        """
        self.replies += 1
        self._latencies_ns.append(got_ns - sent_ns)
        if date is None:
            return
        try:
            moment = parsedate_to_datetime(date)
        except (TypeError, ValueError):
            return
        # The header names whole seconds: on average the venue wrote it half a second later, and
        # half a round trip before it was read here.
        venue_ns = datetime_ns(moment.astimezone(UTC)) + _HALF_SECOND_NS
        self._skews_ns.append(venue_ns - (got_wall_ns - (got_ns - sent_ns) // 2))

    @property
    def p50_ms(self) -> float | None:
        """Median round trip of the last 200 replies in milliseconds; None before the first."""
        return median(self._latencies_ns) / NS_PER_MS if self._latencies_ns else None

    @property
    def clock_skew_ms(self) -> float | None:
        """Venue's clock minus ours, median of 20, in milliseconds; good to half a second."""
        return median(self._skews_ns) / NS_PER_MS if self._skews_ns else None
