"""Call rates, as production limits them: sliding windows, one for history and one for the rest."""

from __future__ import annotations

from collections import deque
from typing import Final

HISTORY: Final = (50, 30.0)
"""Calls of retrieveBars in so many seconds."""
GENERAL: Final = (200, 60.0)
"""All other calls in so many seconds."""
_MANY_CALLERS: Final = 256


class Limits:
    """Counts calls.

    A refused call does not count. The window is half open: a call is forgotten exactly as long
    after it as the window is wide.

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
        if len(self._calls) > _MANY_CALLERS:
            self._forget(now_s)
        calls = self._recent(caller, history, now_s)
        if len(calls) >= _rate(history)[0]:
            return False
        calls.append(now_s)
        return True

    def wait_s(self, caller: str, history: bool, now_s: float) -> float:
        """Seconds until a call of `caller` would be let through; 0 if one is now."""
        most, window_s = _rate(history)
        calls = self._recent(caller, history, now_s)
        return calls[0] + window_s - now_s if len(calls) >= most else 0.0

    def _recent(self, caller: str, history: bool, now_s: float) -> deque[float]:
        calls = self._calls.setdefault((caller, history), deque())
        window_s = _rate(history)[1]
        while calls and calls[0] <= now_s - window_s:
            calls.popleft()
        return calls

    def _forget(self, now_s: float) -> None:
        """Drop callers that have not called for long: a client may log in ever anew."""
        for caller, history in tuple(self._calls):
            if not self._recent(caller, history, now_s):
                del self._calls[caller, history]


def _rate(history: bool) -> tuple[int, float]:
    return HISTORY if history else GENERAL
