"""How many events are due by when: so many a second, part of them in a burst."""

from __future__ import annotations

from typing import Final

from tradedesk.domain.clock import NS_PER_S

BURST_NS: Final = NS_PER_S // 10
"""Each second begins with a burst of this length."""
BURST_SHARE: Final = 0.4
"""Part of a second's events that come in it, so that it is four times as dense as the mean."""


def due(rate: int, since_ns: int) -> int:
    """Return how many events have to have come.

    Parameters
    ----------
    rate : int
        Events a second, on the mean.
    since_ns : int
        Nanoseconds since the first one was due; after each whole second it is exactly the rate.
    """
    whole, rest = divmod(max(0, since_ns), NS_PER_S)
    if rest < BURST_NS:
        share = BURST_SHARE * rest / BURST_NS
    else:
        share = BURST_SHARE + (1 - BURST_SHARE) * (rest - BURST_NS) / (NS_PER_S - BURST_NS)
    return whole * rate + int(share * rate)
