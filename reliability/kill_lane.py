"""A desk without a window on an executor process that dies, and the venue's book to judge it."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from typing import TYPE_CHECKING, Any

import msgspec

from reliability.doomed_executor import COUNT
from tradedesk.app.executor_config import ExecutorConfig, GivenCredentials
from tradedesk.app.system_clock import SystemClock
from tradedesk.domain import commands as cmd
from tradedesk.domain.events import (
    CommandDone,
    CommandFailed,
    InstrumentResolved,
    IntentChanged,
    IntentState,
    OrderChanged,
    Phase,
    PositionChanged,
    SessionChanged,
    SnapshotTaken,
)
from tradedesk.domain.order import OrderStatus, OrderType, Side
from tradedesk.domain.safety import RiskRules, TradingRules
from tradedesk.services.executor_process import ExecutorProcess
from tradedesk.trading.limits import Timings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tradedesk.domain.events import AnyEvent, Intent
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.order import Order
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.server import Venue

COMMAND = (sys.executable, "-m", "reliability.doomed_executor")
TIMINGS = Timings(
    quiet_s=0.3, search_backoff_s=(0.05, 0.1, 0.2), search_every_s=0.1, reconcile_busy_s=0.5
)
RULES = TradingRules(risk=RiskRules(max_position_size=1_000, repeat_guard_ms=0, orders_per_10_s=0))
"""A run clicks faster than a hand."""
WAIT_S = 60.0
FAR = 800
_DECIDED = {
    IntentState.DENIED, IntentState.NOT_SENT, IntentState.ACCEPTED, IntentState.REJECTED,
    IntentState.ABSENT,
}  # fmt: skip


class KillLane:
    """One account of one venue, and the executor that serves it."""

    def __init__(self, venue: Venue, home: Path) -> None:
        self.venue = venue
        self.clock = SystemClock()
        self._home = home
        self._changed = asyncio.Event()
        self._numbers = itertools.count(1)
        self._run = f"{self.clock.mono_ns():x}"
        self.account_id: Any = venue.world.first_account
        self.orders: dict[int, Order] = {}
        self.nets: dict[str, int] = {}
        self.intents: dict[str, Intent] = {}
        self.sessions: list[SessionChanged] = []
        self.finished: set[str] = set()
        self.instrument: Instrument | None = None
        said = venue.description()
        config = ExecutorConfig(
            home=str(home),
            venue="practice",
            live=False,
            rest_url=said["rest"],
            user_hub_url=said["user_hub"],
            market_hub_url=said["market_hub"],
            credentials=GivenCredentials(said["username"], said["api_key"]),
            timings=TIMINGS,
            rules=RULES,
        )
        self.config = config
        self.port = ExecutorProcess(
            msgspec.json.encode(config),
            config.runtime_file,
            self._take,
            self.clock,
            command=COMMAND,
        )

    async def start(self) -> None:
        """Start and be ready for orders."""
        await self.port.start()
        await self.until(lambda: self.phase is Phase.READY, "ready")
        self.give(cmd.TrackContract, symbol="MNQ")
        await self.until(lambda: self.instrument is not None, "the contract")
        await self.arm()

    async def arm(self) -> None:
        """Allow entries."""
        self.give(cmd.SetArmed, armed=True)
        await self.until(lambda: self.sessions[-1].armed, "armed")

    async def close(self) -> None:
        """End the executor."""
        await self.port.close(shutdown=True)

    async def reopened(self, flatten: str = "") -> tuple[float, float]:
        """Wait until the killed executor is back; seconds to ready, and to an order that goes.

        A flatten that was interrupted is asked for again, and entries wait for its end.
        """
        await self.until(lambda: self.phase is Phase.STOPPED, "the end of the executor")
        ended = time.perf_counter()
        await self.until(lambda: self.phase is Phase.READY, "ready again")
        ready = time.perf_counter() - ended
        self.port._failures = 0  # every try is a first crash: later ones are held back longer
        if flatten:
            await self.until(lambda: flatten in self.finished, "the end of the flatten")
            ended = time.perf_counter() - ready
        await self.arm()
        click = self.place(limit_ticks=self.far_price(), type=OrderType.LIMIT)
        await self.until(lambda: self.state(click) in _DECIDED, "the first order afterwards")
        if self.state(click) is not IntentState.ACCEPTED:
            raise AssertionError(f"the first order afterwards is {self.state(click)}")
        return ready, time.perf_counter() - ended

    async def counted(self) -> int:
        """Lines that the last command took."""
        file = self._home / COUNT
        file.unlink(missing_ok=True)
        self.give(cmd.Sync, word="tell")
        async with asyncio.timeout(WAIT_S):
            while not file.exists() or not file.read_text():  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.02)
        return int(file.read_text())

    # --- hands ------------------------------------------------------------------------------

    def give(self, kind: type[cmd.AnyCommand], word: str = "click", **members: Any) -> str:
        """Hand over one command; its click id."""
        click_id = f"{word}-{self._run}-{next(self._numbers)}"
        if kind not in {cmd.TrackContract, cmd.SetArmed, cmd.Sync}:
            members.setdefault("account_id", self.account_id)
        self.port.send(kind(click_id=click_id, press_ns=self.clock.mono_ns(), **members))
        return click_id

    def place(self, word: str = "click", side: Side = Side.BUY, **members: Any) -> str:
        """One contract at market, unless told otherwise."""
        assert self.instrument is not None
        members.setdefault("type", OrderType.MARKET)
        members.setdefault("size", 1)
        return self.give(
            cmd.PlaceOrder, word, contract_id=self.instrument.contract_id, side=side, **members
        )

    def far_price(self) -> int:
        """Where a buy order rests."""
        assert self.instrument is not None
        contract = self.venue.world.find(self.instrument.contract_id)
        assert contract is not None
        return int(self.venue.world.floor.book(contract).touch.bid) - FAR

    # --- eyes -------------------------------------------------------------------------------

    async def until(self, holds: Callable[[], object], what: str, wait_s: float = WAIT_S) -> None:
        """Wait for something told."""
        try:
            async with asyncio.timeout(wait_s):
                while not holds():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"{what} never came") from None

    @property
    def phase(self) -> Phase | None:
        """Of the executor."""
        return self.sessions[-1].phase if self.sessions else None

    def state(self, click_id: str) -> IntentState | None:
        """How far an order is."""
        intent = self.intents.get(click_id)
        return None if intent is None else intent.state

    def rows(self) -> list[OrderRow]:
        """Every order that the venue ever took."""
        return list(self.venue.world.exchange.rows.where(self.account_id, lambda _: True))

    def net(self) -> int:
        """Contracts held at the venue."""
        assert self.instrument is not None
        ledger = self.venue.world.ledgers[self.account_id]
        position = ledger.position(self.instrument.contract_id)
        return 0 if position is None else position.net

    def differences(self) -> list[str]:
        """Where the desk's picture is not the venue's."""
        found = []
        assert self.instrument is not None
        believed = self.nets.get(self.instrument.contract_id, 0)
        if believed != self.net():
            found.append(f"position shown {believed}, is {self.net()}")
        for row in self.rows():
            order = self.orders.get(row.id)
            live = order is not None and order.is_working
            if live != row.live:
                found.append(f"order {row.id} shown {order and order.status}, is {row.status}")
            elif row.live and order is not None and order.limit_ticks != row.limit:
                found.append(f"order {row.id} shown at {order.limit_ticks}, is at {row.limit}")
        return found

    def lost_or_doubled(self) -> tuple[int, list[str]]:
        """Orders beyond one a click, and what the executor believes wrongly of its own."""
        ours: dict[str, list[OrderRow]] = {}
        for row in self.rows():
            if row.tag and not row.is_leg and row.status is not OrderStatus.REJECTED:
                ours.setdefault(row.tag, []).append(row)
        doubled = sum(len(rows) - 1 for rows in ours.values())
        by_tag = {intent.tag: intent for intent in self.intents.values()}
        wrong = []
        for tag in ours:
            intent = by_tag.get(tag)  # type: ignore[call-overload]
            if intent is None or intent.state is not IntentState.ACCEPTED:
                wrong.append(f"{tag} is at the venue, known as {intent and intent.state}")
        wrong += [
            f"{tag} is believed accepted and is not there"
            for tag, intent in by_tag.items()
            if intent.state is IntentState.ACCEPTED and tag not in ours
        ]
        return doubled, wrong

    def open_orders(self) -> list[str]:
        """Orders that still have no outcome."""
        return [
            f"{intent.tag} {intent.state} {intent.reason}"
            for intent in self.intents.values()
            if intent.state not in _DECIDED
        ]

    def unsettled(self) -> bool:
        """Whether any order still has no outcome."""
        return bool(self.open_orders())

    def _take(self, event: AnyEvent) -> None:
        if isinstance(event, SessionChanged):
            self.sessions.append(event)
        elif isinstance(event, InstrumentResolved):
            self.instrument = event.instrument
        elif isinstance(event, OrderChanged):
            self.orders[event.order.order_id] = event.order
        elif isinstance(event, PositionChanged):
            self.nets[event.position.contract_id] = event.position.net_size
        elif isinstance(event, IntentChanged):
            self.intents[event.intent.command.click_id] = event.intent
        elif isinstance(event, CommandDone | CommandFailed):
            self.finished.add(event.click_id)
        elif isinstance(event, SnapshotTaken):
            self.orders = {order.order_id: order for order in event.orders}
            self.nets = {one.contract_id: one.net_size for one in event.positions}
            self.intents.update({one.command.click_id: one for one in event.intents})
        self._changed.set()
