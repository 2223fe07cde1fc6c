"""A clock that only moves when it is told to, and a sleep that moves it."""

from __future__ import annotations

import asyncio

from tradedesk.domain.clock import NS_PER_S


class FakeClock:
    """Starts at a round moment; `sleep` advances it and notes the pause."""

    def __init__(self) -> None:
        self.now_ns = 1_000 * NS_PER_S
        self.wall_offset_ns = 1_763_650_000 * NS_PER_S
        self.slept: list[float] = []

    def mono_ns(self) -> int:
        return self.now_ns

    def wall_ns(self) -> int:
        return self.now_ns + self.wall_offset_ns

    def advance(self, seconds: float) -> None:
        self.now_ns += int(seconds * NS_PER_S)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)
        await asyncio.sleep(0)
