"""A desk without a window: the executor process on the real practice venue."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from tradedesk.app.executor_config import ExecutorConfig, GivenCredentials
from tradedesk.app.system_clock import SystemClock
from tradedesk.domain import commands as cmd
from tradedesk.domain.events import (
    InstrumentResolved,
    Intent,
    IntentChanged,
    Phase,
    SessionChanged,
    SnapshotTaken,
)
from tradedesk.domain.order import OrderType, Side
from tradedesk.services.executor_process import ExecutorProcess
from tradedesk.trading.limits import Timings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.helpers.venue_process import RunningVenue

    from tradedesk.domain.events import AnyEvent
    from tradedesk.domain.instrument import Instrument

E = TypeVar("E")

WAIT_S = 15.0
QUICK = Timings(quiet_s=1.0, search_backoff_s=(0.2, 0.3, 0.5), search_every_s=0.5)


def config_for(
    venue: RunningVenue, home: Path, timings: Timings = QUICK, **members: Any
) -> ExecutorConfig:
    """How an executor is told about the venue of a test."""
    return ExecutorConfig(
        home=str(home / "data"),
        venue="practice",
        live=False,
        rest_url=venue.rest,
        user_hub_url=venue.user_hub,
        market_hub_url=venue.market_hub,
        credentials=GivenCredentials(venue.username, venue.api_key),
        timings=timings,
        **members,
    )


class LiveDesk:
    """Hands and eyes on one executor."""

    def __init__(self, config: ExecutorConfig) -> None:
        self.clock = SystemClock()
        self.config = config
        self.events: list[AnyEvent] = []
        self._changed = asyncio.Event()
        self._clicks = itertools.count(1)
        self._run = f"{self.clock.mono_ns():x}"
        self.port: Any = ExecutorProcess(
            msgspec.json.encode(config), config.runtime_file, self.take, self.clock
        )

    def take(self, event: AnyEvent) -> None:
        self.events.append(event)
        self._changed.set()

    async def start(self, *, armed: bool = True) -> Instrument:
        """Start, wait until orders may be sent; gives the contract to trade."""
        await self.port.start()
        await self.until(lambda: self.phase is Phase.READY)
        self.give(cmd.TrackContract, symbol="MNQ")
        await self.until(lambda: bool(self.heard(InstrumentResolved)))
        if armed:
            self.give(cmd.SetArmed, armed=True)
            await self.until(lambda: self.heard(SessionChanged)[-1].armed)
        return self.instrument

    def give(self, kind: type[cmd.AnyCommand], **members: Any) -> str:
        click_id = f"{self._run}-{next(self._clicks)}"
        press_ns = self.clock.mono_ns()
        self.port.send(kind(click_id=click_id, press_ns=press_ns, **members))
        return click_id

    def place(self, side: Side = Side.BUY, size: int = 1, **members: Any) -> str:
        members.setdefault("type", OrderType.MARKET)
        return self.give(
            cmd.PlaceOrder,
            account_id=self.account_id,
            contract_id=self.instrument.contract_id,
            side=side,
            size=size,
            **members,
        )

    async def until(self, holds: Callable[[], object], deadline_s: float = WAIT_S) -> None:
        async with asyncio.timeout(deadline_s):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    def heard(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def answers(self, click_id: str, kind: type[E]) -> list[E]:
        return [e for e in self.heard(kind) if getattr(e, "click_id", "") == click_id]

    def intent(self, click_id: str) -> Intent | None:
        """Newest copy of a click's intent, from a change or a snapshot."""
        newest = None
        for event in self.events:
            if isinstance(event, IntentChanged):
                intents: tuple[Intent, ...] = (event.intent,)
            elif isinstance(event, SnapshotTaken):
                intents = event.intents
            else:
                continue
            for intent in intents:
                if intent.command.click_id == click_id:
                    newest = intent
        return newest

    def is_in(self, click_id: str, *states: str) -> bool:
        intent = self.intent(click_id)
        return intent is not None and intent.state in states

    @property
    def phase(self) -> Phase | None:
        sessions = self.heard(SessionChanged)
        return sessions[-1].phase if sessions else None

    @property
    def account_id(self) -> Any:
        return self.heard(SessionChanged)[-1].account_id

    @property
    def instrument(self) -> Instrument:
        return self.heard(InstrumentResolved)[-1].instrument
