"""When a trading day's going flat is announced and when it is done."""

from __future__ import annotations

from enum import Enum
from typing import Final

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.session import moment_in_session_ns
from tradedesk.domain.setting_rules import minutes_of

WARN_NS: Final = 300 * NS_PER_S


class FlatCall(Enum):
    """What the timer asks for."""

    NOTHING = "nothing"
    WARN = "warn"
    FLAT = "flat"


class FlatTimer:
    """Says once a day that the time comes near, and from that time on that it has come.

    A time that was set when it had passed already counts from the next trading day: nobody who
    types a time wants to be flattened by it at once.
    """

    def __init__(self) -> None:
        self._warned_ns = 0

    def look(self, flat_at: str, set_ns: int, now_ns: int) -> tuple[FlatCall, int]:
        """What is to be done now, and the moment of going flat in this trading day.

        Parameters
        ----------
        flat_at : str
            Time in Chicago, empty for none.
        set_ns : int
            When that time was set.
        now_ns : int
            Wall, nanoseconds UTC.
        """
        minutes = minutes_of(flat_at)
        if minutes is None:
            return FlatCall.NOTHING, 0
        at_ns = moment_in_session_ns(now_ns, minutes)
        if set_ns >= at_ns:
            return FlatCall.NOTHING, at_ns
        if now_ns >= at_ns:
            return FlatCall.FLAT, at_ns
        if now_ns >= at_ns - WARN_NS and self._warned_ns != at_ns:
            self._warned_ns = at_ns
            return FlatCall.WARN, at_ns
        return FlatCall.NOTHING, at_ns
