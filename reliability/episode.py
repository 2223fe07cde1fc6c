"""One trader, one faulty day, one seed: the same seed gives the same history, to the last event."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
import warnings
from typing import TYPE_CHECKING

import msgspec

from reliability.baselines import Baseline
from reliability.faults import Network
from reliability.hub_model import Hub
from reliability.judge import Tally, judge
from reliability.product import Product
from reliability.trader import Trader
from reliability.venue_book import PRICE_EVERY_S
from reliability.venue_model import Venue
from reliability.virtual_time import VirtualLoop, run_virtual
from reliability.wishes import SYMBOLS

if TYPE_CHECKING:
    from tradedesk.trading.limits import Timings

CALM_S = 60.0
"""From the start until the venue's event service may halt for the first time."""
HUB_UP_S = (20.0, 120.0)
HUB_DOWN_S = (1.0, 10.0)
KILLS_PER_INTENTION = 0.05
MORTALITY = (0.0, 1.0, 2.5)
"""Days without a crash, average ones and bad ones: after each crash a quiet time begins anew, so
that only a quiet day shows what follows one."""
HEALTHY_S = 120.0


class Plan(msgspec.Struct, frozen=True):
    """What one episode is made of; enough to play it again."""

    seed: int
    intentions: int = 200
    tags: str = "strict"
    policy: str = "ours"
    flattens: int = 2
    """In a hundred intentions."""
    halts_every_s: float = 900.0
    """How often the venue's event service stands still."""
    halt_s: tuple[float, float] = (20.0, 90.0)
    deep_halts: bool = False
    """Whether the lists of working orders and of positions stand still with it, too."""
    pause_s: tuple[float, float] = (0.1, 3.0)
    """How long the trader does nothing between two intentions."""
    mortality: float | None = None
    """How often the desk dies, compared with an average day; drawn if None."""


class Episode:
    """Puts a world together and lets it run; lives on a virtual loop."""

    def __init__(self, plan: Plan, timings: Timings | None = None) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        self.plan = plan
        self.loop = loop
        seed = plan.seed * 10
        self.venue = Venue(loop, random.Random(seed + 1), SYMBOLS, plan.tags)
        self.network = Network(self.venue, seed + 2)
        self.hub = Hub(self.venue, seed + 3)
        self.trader = Trader(self.venue, seed + 4, plan.flattens)
        self.dice = random.Random(seed + 5)
        self.moving = True
        drawn = self.dice.choice(MORTALITY)
        self.mortality = drawn if plan.mortality is None else plan.mortality
        self.desk: Product | Baseline = (
            Product(
                self.network,
                self.hub,
                self.trader,
                random.Random(seed + 6),
                self.mortality,
                timings,
            )
            if plan.policy == "ours"
            else Baseline(self.network, self.trader, random.Random(seed + 6), plan.policy)
        )

    async def run(self) -> Tally:
        """Play it, let it settle, and judge."""
        self._move_prices()
        self.loop.call_later(self.dice.uniform(*HUB_UP_S), self._flap)
        first_s = CALM_S + self.dice.expovariate(1 / self.plan.halts_every_s)
        self.loop.call_later(first_s, self._halt)
        kills = random.Random(self.plan.seed * 10 + 7)
        for number in range(self.plan.intentions):
            await asyncio.sleep(self.dice.uniform(*self.plan.pause_s))
            if kills.random() < KILLS_PER_INTENTION * self.mortality:
                self.loop.call_later(kills.uniform(0, 3), self.desk.kill)
            await self._open()
            self.trader.act(number)
        await asyncio.sleep(5)
        self._heal()
        await asyncio.sleep(45)
        self.trader.patient = True  # an order that is sent again from here on is no old one
        await asyncio.sleep(HEALTHY_S - 60)
        self.moving = False
        await asyncio.sleep(15)
        tally = judge(self.plan.seed, self.trader, self.venue, self.desk, self.loop.now)
        tally.requests = self.network.requests
        self.desk.end()
        await asyncio.sleep(0)
        return tally

    async def _open(self) -> None:
        """Until the trader may click: a desk runs, and it takes entries."""
        while True:
            desk = self.trader.desk
            if desk is not None and desk.open_for_orders:
                return
            await asyncio.sleep(0.5)

    def digest(self) -> str:
        """A fingerprint of everything that happened at the venue and was told."""
        return hashlib.blake2b(repr(self.venue.history).encode(), digest_size=8).hexdigest()

    # --- trouble ----------------------------------------------------------------------------

    def _move_prices(self) -> None:
        if self.moving:
            self.venue.move()
            self.loop.call_later(PRICE_EVERY_S, self._move_prices)

    def _flap(self) -> None:
        """The user hub goes and comes back."""
        if not self.network.faulty:
            return
        if self.venue.frozen_s is None:
            self.hub.switch(not self.hub.up)
        pause = HUB_UP_S if self.hub.up else HUB_DOWN_S
        self.loop.call_later(self.dice.uniform(*pause), self._flap)

    def _halt(self) -> None:
        """The venue's event service halts: no hub, and the searches learn nothing new."""
        if not self.network.faulty:
            return
        self.venue.freeze(deep=self.plan.deep_halts)
        self.hub.switch(False)
        self.loop.call_later(self.dice.uniform(*self.plan.halt_s), self._resume)

    def _resume(self) -> None:
        if self.venue.frozen_s is None:
            return
        self.venue.thaw()
        self.hub.switch(True)
        self.loop.call_later(self.dice.expovariate(1 / self.plan.halts_every_s), self._halt)

    def _heal(self) -> None:
        """From here on everything works."""
        self.network.faulty = self.venue.faulty = self.hub.faulty = False
        self.desk.mortal = False
        self.venue.thaw()
        self.hub.switch(True)


def run_episode(plan: Plan, timings: Timings | None = None) -> tuple[Tally, str]:
    """Play one episode on a loop of its own: what it came to, and its fingerprint."""

    async def play() -> tuple[Tally, str]:
        episode = Episode(plan, timings)
        return await episode.run(), episode.digest()

    logging.disable(logging.CRITICAL)  # a faulty day writes thousands of warnings
    try:
        with warnings.catch_warnings():
            # a process that is killed never awaits what it has just begun
            warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
            return run_virtual(play)
    finally:
        logging.disable(logging.NOTSET)
