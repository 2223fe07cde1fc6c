"""The trading day."""

from __future__ import annotations

from tradedesk.domain.clock import NS_PER_S

_DAY_NS = 24 * 3600 * NS_PER_S
_SESSION_OPEN_NS = 22 * 3600 * NS_PER_S


def session_start_ns(now_ns: int) -> int:
    """Latest 22:00 UTC: 17:00 in Chicago in summer, an hour of pause too early in winter."""
    return (now_ns - _SESSION_OPEN_NS) // _DAY_NS * _DAY_NS + _SESSION_OPEN_NS
