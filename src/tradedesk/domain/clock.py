"""Time as a parameter: who needs it is given a clock."""

from __future__ import annotations

from typing import Protocol

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000


class Clock(Protocol):
    """Reads time. Wall time labels things; monotonic time measures them."""

    def wall_ns(self) -> int:
        """Nanoseconds since 1970-01-01 UTC."""

    def mono_ns(self) -> int:
        """Nanoseconds on a clock that all processes of this machine share and that never jumps."""
