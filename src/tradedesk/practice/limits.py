"""Call rates, as production limits them: a sliding window per token."""

from __future__ import annotations

from collections import deque
from typing import Final

HISTORY: Final = (50, 30.0)
GENERAL: Final = (200, 60.0)


class Limits:
    """Counts calls.

    Parameters
    ----------
    enabled : bool
        False lets everything through.
    """

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled
        self._calls: dict[tuple[str, bool], deque[float]] = {}

    def admit(self, caller: str, history: bool, now_s: float) -> bool:
        """Count a call of `caller`; False if it is one too many."""
        if not self.enabled:
            return True
        most, window_s = HISTORY if history else GENERAL
        calls = self._calls.setdefault((caller, history), deque())
        while calls and calls[0] <= now_s - window_s:
            calls.popleft()
        if len(calls) >= most:
            return False
        calls.append(now_s)
        return True
