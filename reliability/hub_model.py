"""The user hub: tells what the venue tells, later, in order, and loses some of it."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from reliability.disk_model import KilledError
from tradedesk.domain.order import Order
from tradedesk.domain.position import Position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reliability.venue_book import Told
    from reliability.venue_model import Venue
    from tradedesk.domain.ids import AccountId
    from tradedesk.domain.ports import UserStreamSink

LOSS = 0.05
PING_S = 10.0


class Hub:
    """Whether the venue's hub can be reached; one for the whole world."""

    def __init__(self, venue: Venue, seed: int) -> None:
        self.venue = venue
        self.loop = venue.loop
        self.dice = random.Random(seed)
        self.up = True
        self.faulty = True
        self._changed = asyncio.Event()
        self._stream: Stream | None = None
        venue.tell = self._tell

    def switch(self, up: bool) -> None:
        """Take the hub away or bring it back."""
        self.up = up
        if not up and self._stream is not None:
            self._stream.cut()
        self._changed.set()

    async def wait_up(self) -> None:
        """Until it can be reached."""
        while not self.up:
            self._changed.clear()
            await self._changed.wait()

    def follow(self, stream: Stream | None) -> None:
        """Who listens from now on."""
        self._stream = stream

    def _tell(self, told: Told) -> None:
        stream = self._stream
        if stream is not None and not (self.faulty and self.dice.random() < LOSS):
            stream.bring(told)


class Stream:
    """One process's connection to the hub; satisfies ``UserStream``."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._loop = hub.loop
        self._generation = 0
        self._sink: UserStreamSink | None = None
        self._gone = asyncio.Event()
        self._last_s = 0.0

    async def run(self, account_ids: Sequence[AccountId], sink: UserStreamSink) -> None:
        """Connect, deliver, reconnect until cancelled."""
        hub = self._hub
        while True:
            await hub.wait_up()
            await asyncio.sleep(0.1)
            if not hub.up:
                continue
            self._generation += 1
            self._gone.clear()
            self._sink = sink
            hub.follow(self)
            sink.on_connected(self._generation)
            try:
                while not self._gone.is_set():
                    sink.on_heard(round(self._loop.now * 1e9))
                    try:
                        async with asyncio.timeout(PING_S):
                            await self._gone.wait()
                    except TimeoutError:
                        continue
            finally:
                self._sink = None
            sink.on_lost(self._generation, "the connection was cut")

    def cut(self) -> None:
        """The connection is gone; what was on its way is lost."""
        self._sink = None
        self._hub.follow(None)
        self._gone.set()

    def bring(self, told: Told) -> None:
        """One record, after those that are on their way."""
        dice = self._hub.dice
        at_s = max(self._last_s, self._loop.now + 0.05 + 0.35 * dice.random())
        self._last_s = at_s
        self._loop.call_at(at_s, self._deliver, self._generation, told)

    def _deliver(self, generation: int, told: Told) -> None:
        sink = self._sink
        if sink is None or generation != self._generation:
            return
        now_ns = round(self._loop.now * 1e9)
        try:
            if isinstance(told, Order):
                sink.on_order(told, now_ns)
            elif isinstance(told, Position):
                sink.on_position(told, now_ns)
            else:
                sink.on_fill(told, now_ns)
        except KilledError:
            pass  # it died while it took this in
