"""Round-trip times of the last requests, for the health panel."""

from __future__ import annotations

from collections import deque


class RoundTrips:
    """A window over the last ``keep`` round trips."""

    def __init__(self, keep: int = 200) -> None:
        self._window_ns: deque[int] = deque(maxlen=keep)

    def add(self, elapsed_ns: int) -> None:
        """Note one round trip."""
        self._window_ns.append(elapsed_ns)

    def percentile_ms(self, percent: int) -> float | None:
        """Nearest-rank percentile in milliseconds; None before the first round trip."""
        if not self._window_ns:
            return None
        ordered = sorted(self._window_ns)
        rank = max(0, -(-len(ordered) * percent // 100) - 1)
        return ordered[rank] / 1e6
