"""An executor on the venue in memory, with a trader's hands."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any, TypeVar

from tests.fakes.fake_gateway import FakeGateway, FakeStream
from tests.fakes.fake_venue import ACCOUNT, MNQ, FakeVenue
from tests.fakes.memory_journal import Disk, MemoryJournal
from tests.fakes.virtual_time import VirtualClock

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import Intent, IntentChanged, IntentState, Notice, Phase
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.safety import RiskRules, TradingRules
from tradedesk.trading.limits import Timings
from tradedesk.trading.live.executor import Executor
from tradedesk.trading.live.session import VenueAddress

if TYPE_CHECKING:
    from tradedesk.domain.events import AnyEvent
    from tradedesk.domain.ids import Tag

E = TypeVar("E")

WIDE = TradingRules(
    risk=RiskRules(
        max_order_size=50, max_position_size=10_000, repeat_guard_ms=0, orders_per_10_s=0
    )
)
TIMINGS = Timings()


class SimDesk:
    """Everything that a simulated session needs; lives on the virtual loop."""

    def __init__(
        self,
        *,
        rules: TradingRules = WIDE,
        timings: Timings = TIMINGS,
        strict_tags: bool = True,
    ) -> None:
        self.clock = VirtualClock()
        self.venue = FakeVenue(self.clock, strict_tags=strict_tags)
        self.gateway = FakeGateway(self.venue)
        self.stream = FakeStream(self.venue)
        self.disk = Disk()
        self.events: list[AnyEvent] = []
        self._rules = rules
        self._timings = timings
        self._clicks = itertools.count(1)
        self.start()

    def start(self) -> None:
        """Build an executor on what the disk holds and let it run."""
        self.journal = MemoryJournal(self.disk)
        self.executor = Executor(
            gateway=self.gateway,
            stream=self.stream,
            journal=self.journal,
            install="abcde",
            clock=self.clock,
            address=VenueAddress("fake", live=False, rest_url="", market_hub_url=""),
            rules=self._rules,
            timings=self._timings,
        )
        self.executor.recover()
        self.executor.attach(self.events.append, controller=True)
        self._running = self.executor.parts.owner.start(self.executor.run(), "run")

    async def kill(self) -> None:
        """End the executor as a signal would: nothing is written down any more."""
        self.journal.kill()
        self.executor.detach(self.events.append, controller=True)
        await self.executor.parts.owner.cancel()

    async def stop(self) -> None:
        """End it in an orderly way."""
        self.executor.stop_asked.set()
        await self.executor.close()

    # --- hands ------------------------------------------------------------------------------

    def give(self, kind: type[cmd.AnyCommand], **members: Any) -> str:
        """Hand over one command; returns its click id."""
        click_id = f"click-{next(self._clicks)}"
        if kind not in {cmd.TrackContract, cmd.SetArmed, cmd.Shutdown, cmd.Sync}:
            members.setdefault("account_id", ACCOUNT)
        self.executor.handle(kind(click_id=click_id, press_ns=self.clock.mono_ns(), **members))
        return click_id

    def place(self, side: Side = Side.BUY, size: int = 1, **members: Any) -> str:
        """Place a market order unless told otherwise."""
        members.setdefault("type", OrderType.MARKET)
        return self.give(
            cmd.PlaceOrder, contract_id=MNQ.contract_id, side=side, size=size, **members
        )

    async def ready(self, *, armed: bool = True) -> None:
        """Wait until orders may be sent."""
        await self.until(lambda: self.phase is Phase.READY)
        while MNQ.contract_id not in self.executor.parts.books.instruments:
            self.give(cmd.TrackContract, symbol="MNQ")
            await self.settle(1)
        if armed:
            self.give(cmd.SetArmed, armed=True)

    async def until(self, holds: Any, deadline_s: float = 300.0) -> None:
        """Wait (in virtual time) until ``holds()``."""
        assert await self.executor.parts.watchers.until(holds, deadline_s), "it never came true"

    # --- eyes -------------------------------------------------------------------------------

    @property
    def phase(self) -> Phase:
        return self.executor.parts.books.conditions.phase

    @property
    def intents(self) -> dict[Tag, Intent]:
        return self.executor.parts.books.intents.by_tag

    @property
    def blotter(self) -> Any:
        return self.executor.parts.books.blotter

    def heard(self, kind: type[E]) -> list[E]:
        """Every event of one kind so far."""
        return [event for event in self.events if isinstance(event, kind)]

    def states(self, click_id: str) -> list[IntentState]:
        """The states that one click went through, as told."""
        states: list[IntentState] = []
        for event in self.heard(IntentChanged):
            if event.intent.command.click_id == click_id and states[-1:] != [event.intent.state]:
                states.append(event.intent.state)
        return states

    def intent(self, click_id: str) -> Intent:
        """Newest told copy of a click's intent."""
        return [
            event.intent
            for event in self.heard(IntentChanged)
            if event.intent.command.click_id == click_id
        ][-1]

    def intent_in(self, click_id: str, state: IntentState) -> Intent:
        """The copy of a click's intent that was told in one state."""
        return next(
            event.intent
            for event in self.heard(IntentChanged)
            if event.intent.command.click_id == click_id and event.intent.state is state
        )

    def alarms(self) -> list[str]:
        return [event.text for event in self.heard(Notice) if event.level == "alarm"]

    async def settle(self, seconds: float) -> None:
        """Let (virtual) time pass."""
        await asyncio.sleep(seconds)
