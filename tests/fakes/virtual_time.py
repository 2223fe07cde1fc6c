"""Time for tests: a clock that is moved by hand, and the loop whose time jumps."""

from __future__ import annotations

from reliability.virtual_time import WALL_0, VirtualClock, VirtualLoop, run_virtual

__all__ = ["WALL_0", "StillClock", "VirtualClock", "VirtualLoop", "run_virtual"]


class StillClock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now_ns = 1_000

    def mono_ns(self) -> int:
        return self.now_ns

    def wall_ns(self) -> int:
        return WALL_0 + self.now_ns

    def pass_s(self, seconds: float) -> None:
        self.now_ns += int(seconds * 1e9)
