"""Says once when our clock and the venue's part, and once when they agree again. Pure."""

from __future__ import annotations

from typing import Final

WARN_MS: Final = 1_000.0
_AGAIN_MS: Final = 800.0
"""A little below the other, so that a clock at the limit is not spoken of every second."""


class ClockWatch:
    """Watches one figure; refuses nothing, since no deadline hangs on wall time."""

    def __init__(self) -> None:
        self._warned = False

    def check(self, skew_ms: float | None) -> str:
        """Take the venue's clock minus ours; give a sentence when there is something new to say."""
        if skew_ms is None:
            return ""
        if not self._warned and abs(skew_ms) > WARN_MS:
            self._warned = True
            way = "behind" if skew_ms > 0 else "ahead of"
            return (
                f"This machine's clock is {abs(skew_ms) / 1_000:.1f} s {way} the venue's: set it "
                "by NTP. Orders go on; times shown are off by as much."
            )
        if self._warned and abs(skew_ms) < _AGAIN_MS:
            self._warned = False
            return "This machine's clock agrees with the venue's again."
        return ""
