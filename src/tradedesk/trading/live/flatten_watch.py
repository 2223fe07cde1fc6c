"""What goes on beside a flatten: its phases as they are told, and its deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.commands import Kill

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.commands import Flatten
    from tradedesk.trading.live.desk_parts import DeskParts

KILL_ALARM_S = 10.0
NEXT_KILL_ALARMS_S = 30.0
_SLOWER = 1.5
_LONGEST_GAP_S = 1.0


class Phases:
    """Tells each phase when it begins, and spaces the looks.

    While nothing moves they become fewer: at the speed of the line they would use up the calls of
    a minute.

    Parameters
    ----------
    tell : callable
        Given the sentence of a phase.
    gap_s : float
        Seconds between two looks at first.
    """

    def __init__(self, tell: Callable[[str], None], gap_s: float) -> None:
        self.gap_s = gap_s
        self._tell = tell
        self._first_gap_s = gap_s
        self._told = ""

    def tell(self, text: str, *, soon: bool = False) -> bool:
        """Tell a phase unless it is the same as before; ``soon`` keeps the looks close.

        Returns
        -------
        bool
            Whether it is a new one.
        """
        if text != self._told:
            self._told, self.gap_s = text, self._first_gap_s
            self._tell(text)
            return True
        if not soon:
            self.gap_s = min(self.gap_s * _SLOWER, _LONGEST_GAP_S)
        return False


class FlattenAlarm:
    """The deadline of a flatten; for a kill switch an alarm again and again instead of an end."""

    def __init__(self, command: Flatten | Kill, parts: DeskParts) -> None:
        self._parts = parts
        self._is_kill = isinstance(command, Kill)
        self._started_ns = parts.clock.mono_ns()
        self._due_s = KILL_ALARM_S if self._is_kill else parts.timings.flatten_s

    def is_over(self) -> bool:
        """Whether the deadline passed; sounds the alarm of a kill switch."""
        seconds = (self._parts.clock.mono_ns() - self._started_ns) / NS_PER_S
        if seconds < self._due_s:
            return False
        if not self._is_kill:
            return True
        self._due_s += NEXT_KILL_ALARMS_S
        self._parts.books.notice(
            "alarm",
            f"The kill switch has not proven the account flat after {seconds:.0f} s; it goes on. "
            "Look at the venue's own page.",
        )
        return False
