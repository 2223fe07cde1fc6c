"""Samples how the connections are, once a second, and keeps them warm."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.domain.errors import GatewayError, StoreError
from tradedesk.domain.events import HealthSampled
from tradedesk.trading.clock_watch import ClockWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.sweeping import Sweeping
    from tradedesk.trading.live.user_sink import UserSink
    from tradedesk.trading.tags import TagSource

_TAGS_LOW = 32


class Health:
    """The executor's heartbeat: sample, sweep, tag supply, pings."""

    def __init__(
        self,
        parts: DeskParts,
        sink: UserSink,
        tags: TagSource,
        sweeping: Sweeping,
        on_beat: Callable[[], None],
    ) -> None:
        self._parts = parts
        self._sink = sink
        self._tags = tags
        self._sweeping = sweeping
        self._on_beat = on_beat
        self.chores: list[Callable[[], None]] = []
        self._clock_watch = ClockWatch()

    async def beat(self) -> None:
        """Sample each second until cancelled."""
        while True:
            self._parts.books.conditions.rest_healthy = self._parts.calls.healthy
            self._on_beat()
            for chore in self.chores:
                chore()
            self._parts.books.emit(sample := self.sample())
            if said := self._clock_watch.check(sample.clock_skew_ms):
                self._parts.books.notice("warning", said)
            self._sweeping.check(self._parts.clock.mono_ns())
            if self._tags.left < _TAGS_LOW:
                try:
                    self._tags.refill()
                except StoreError:
                    pass  # the click that needs the block says so
            await asyncio.sleep(self._parts.timings.health_s)

    async def ping(self) -> None:
        """Warm the connections, and keep them warm until cancelled."""
        while True:
            try:
                await self._parts.calls.read(self._parts.calls.gateway.ping())
            except GatewayError:
                self._parts.books.conditions.rest_healthy = False
            await asyncio.sleep(self._parts.timings.ping_s)

    def sample(self) -> HealthSampled:
        """How things are now."""
        trips = self._parts.calls.trips
        gateway = self._parts.calls.gateway
        return HealthSampled(
            user_hub_age_ms=self._age_ms(self._sink.heard_ns),
            user_hub_connected=self._sink.since_ns is not None,
            rest_age_ms=self._age_ms(self._parts.calls.heard_ns),
            rest_p50_ms=trips.percentile_ms(50),
            rest_p99_ms=trips.percentile_ms(99),
            # what only a gateway with a wire behind it can tell
            clock_skew_ms=getattr(gateway, "clock_skew_ms", None),
            calls_left=getattr(gateway, "calls_left", None),
        )

    def _age_ms(self, at_ns: int | None) -> float | None:
        return None if at_ns is None else (self._parts.clock.mono_ns() - at_ns) / 1e6
