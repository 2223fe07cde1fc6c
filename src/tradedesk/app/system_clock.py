"""The only reader of wall and monotonic time; everybody else is given a clock."""

from __future__ import annotations

import time


class SystemClock:
    """The machine's clocks; satisfies `tradedesk.domain.clock.Clock`."""

    def wall_ns(self) -> int:
        """Nanoseconds since 1970-01-01 UTC; may jump when the machine's clock is set."""
        return time.time_ns()

    def mono_ns(self) -> int:
        """Nanoseconds on a clock that all processes of this machine share and that never jumps."""
        return time.perf_counter_ns()
