"""One shipped executor with its shipped gateway client, on one account of a real venue.

What changes something goes through a wire that can be cut; questions go past it.
"""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any, TypeVar, cast

import httpx

from tradedesk.app.system_clock import SystemClock
from tradedesk.domain import commands as cmd
from tradedesk.domain.events import (
    ChangeMoved,
    CommandDone,
    CommandFailed,
    IntentChanged,
    Notice,
    Phase,
)
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.safety import CoverPolicy, CoverRules, RiskRules, TradingRules
from tradedesk.gateway.order_side import ORDER_CONNECTIONS, wire_gateway
from tradedesk.gateway.rest.health import RestHealth
from tradedesk.gateway.rest.limiter import Limiter
from tradedesk.gateway.rest.pool import ConnectionPool
from tradedesk.gateway.signalr.link import HubLink
from tradedesk.gateway.signalr.timing import HubTiming
from tradedesk.gateway.signalr.user_hub import UserHub
from tradedesk.store.journal import Journal
from tradedesk.trading.limits import Timings
from tradedesk.trading.live.executor import Executor
from tradedesk.trading.live.session import VenueAddress

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from reliability.cut_wire import CutWire
    from tradedesk.domain.events import AnyEvent, Intent
    from tradedesk.domain.ids import AccountId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.ports import OrderGateway, UserStream, UserStreamSink
    from tradedesk.domain.position import Account
    from tradedesk.practice.server import Venue

E = TypeVar("E")

QUICK = Timings(
    quiet_s=0.4,
    search_backoff_s=(0.02, 0.04, 0.06),
    search_every_s=0.06,
    give_up_s=90.0,
    look_back_s=2.0,
    proof_s=0.3,
    reconcile_busy_s=0.5,
    reconcile_flat_s=1.0,
    ping_s=3600.0,
    rest_stale_s=4000.0,
    hub_stale_s=600.0,
    observe_gap_s=0.05,
    close_repeat_s=0.2,
)
"""The venue of a run stalls for no longer than a loaded machine does: a moment is quiet enough."""
TIMEOUTS = httpx.Timeout(connect=2.0, write=2.0, read=0.5, pool=0.5)
WIDE = TradingRules(
    risk=RiskRules(
        max_order_size=1_000,
        max_position_size=1_000_000,
        repeat_guard_ms=0,
        orders_per_10_s=0,
        max_click_age_s=60.0,
    ),
    cover=CoverRules(bracketed=CoverPolicy.ALARM, unbracketed=CoverPolicy.ALARM),
)
DEADLINE_S = 60.0


class OneAccount:
    """A gateway that shows one account of many."""

    def __init__(self, gateway: Any, account_id: AccountId) -> None:
        self._gateway = gateway
        self._account_id = account_id

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gateway, name)

    async def accounts(self) -> Sequence[Account]:
        """See ``OrderGateway``."""
        found = await self._gateway.accounts()
        return [one for one in found if one.account_id == self._account_id]


class DeafStream:
    """A user hub that is connected and never tells of an order: the search must do."""

    def __init__(self, stream: UserStream) -> None:
        self._stream = stream

    async def run(self, account_ids: Sequence[AccountId], sink: UserStreamSink) -> None:
        """See ``UserStream``."""
        await self._stream.run(account_ids, cast("UserStreamSink", _DeafSink(sink)))


class _DeafSink:
    def __init__(self, sink: UserStreamSink) -> None:
        self.on_connected = sink.on_connected
        self.on_lost = sink.on_lost
        self.on_heard = sink.on_heard

    def on_order(self, *_: object) -> None:
        """Lost."""

    on_position = on_fill = on_account = on_order


class Lane:
    """Hands and eyes on one executor."""

    def __init__(
        self,
        venue: Venue,
        wire: CutWire,
        account_id: AccountId,
        journal: Path,
        trust: ssl.SSLContext,
        *,
        deaf: bool,
    ) -> None:
        self.venue = venue
        self.wire = wire
        self.account_id = account_id
        self.deaf = deaf
        self.clock = SystemClock()
        self.events: list[AnyEvent] = []
        self._clicks = itertools.count(1)
        said = venue.description()
        health = RestHealth()
        self._pools = [
            ConnectionPool(wire.url, trust, self.clock, health, TIMEOUTS)
            for _ in range(ORDER_CONNECTIONS)
        ]
        questions = ConnectionPool(said["rest"], trust, self.clock, health)
        self.gateway = wire_gateway(
            self._pools,
            questions,
            Limiter(self.clock, general=10**9),
            lambda: (said["username"], said["api_key"]),
            self.clock,
            health=health,
        )
        link = HubLink(
            said["user_hub"], self.gateway.tokens, trust, self.clock, HubTiming(), asyncio.sleep
        )
        hub: UserStream = UserHub(link, self.gateway.contracts.resolve)
        self.journal = Journal(journal, self.clock)
        self.executor = Executor(
            gateway=cast("OrderGateway", OneAccount(self.gateway, account_id)),
            stream=DeafStream(hub) if deaf else hub,
            journal=self.journal,
            install="abcde",
            clock=self.clock,
            address=VenueAddress("practice", live=False, rest_url="", market_hub_url=""),
            rules=WIDE,
            timings=QUICK,
        )

    async def start(self) -> Instrument:
        """Sign in and be ready for orders; gives the contract to trade."""
        self.executor.recover()
        self.executor.attach(self.events.append, controller=True)
        self.executor.parts.owner.start(self.executor.run(), "run")
        books = self.executor.parts.books
        await self.until(lambda: books.conditions.phase is Phase.READY)
        self.give(cmd.TrackContract, symbol="MNQ")
        await self.until(lambda: bool(books.instruments))
        self.give(cmd.SetArmed, armed=True)
        self.instrument = next(iter(books.instruments.values()))
        return self.instrument

    async def close(self) -> None:
        """End in an orderly way."""
        self.executor.stop_asked.set()
        await self.executor.close()
        self.journal.close()

    async def drop_connections(self) -> None:
        """Let the next change open a new connection."""
        for pool in self._pools:
            await pool.retire()

    async def come_to_rest(self) -> None:
        """Wait for the last answer, and sign in again if it put the sign-in in doubt."""
        async with asyncio.timeout(DEADLINE_S):
            while any(pool.inflight for pool in self._pools):  # noqa: ASYNC110 - nothing tells it
                await asyncio.sleep(0.002)
        while not self.gateway.tokens.is_sure:
            await self.gateway.login()
            await self.gateway.positions(self.account_id)  # proves the new one

    def give(self, kind: type[cmd.AnyCommand], **members: Any) -> str:
        """Hand over one command; its click id."""
        click_id = f"click-{next(self._clicks)}"
        if kind not in {cmd.TrackContract, cmd.SetArmed, cmd.Sync}:
            members.setdefault("account_id", self.account_id)
        self.executor.handle(kind(click_id=click_id, press_ns=self.clock.mono_ns(), **members))
        return click_id

    def place(self, side: Side = Side.BUY, **members: Any) -> str:
        """One contract at market, unless told otherwise."""
        members.setdefault("type", OrderType.MARKET)
        members.setdefault("size", 1)
        return self.give(
            cmd.PlaceOrder, contract_id=self.instrument.contract_id, side=side, **members
        )

    async def until(self, holds: Callable[[], object], deadline_s: float = DEADLINE_S) -> bool:
        """Wait until ``holds()``; False when the deadline passes first."""
        return await self.executor.parts.watchers.until(lambda: bool(holds()), deadline_s)

    # --- eyes -------------------------------------------------------------------------------

    @property
    def blotter(self) -> Any:
        """What the executor believes."""
        return self.executor.parts.books.blotter

    def intent(self, click_id: str) -> Intent | None:
        """Newest told copy of a click's order."""
        for event in reversed(self.events):
            if isinstance(event, IntentChanged) and event.intent.command.click_id == click_id:
                return event.intent
        return None

    def answer(self, click_id: str) -> str:
        """``done``, ``failed``, ``unknown`` or nothing yet."""
        word = ""
        for event in self.events:
            if isinstance(event, CommandDone) and event.click_id == click_id:
                word = "done"
            elif isinstance(event, CommandFailed) and event.click_id == click_id:
                word = "unknown" if event.outcome_unknown else "failed"
            elif isinstance(event, ChangeMoved) and event.change.command.click_id == click_id:
                final = {"done": "done", "refused": "failed", "not_sent": "failed"}
                word = final.get(event.change.state.value, word)
        return word

    def alarms(self) -> list[str]:
        """What was told as an alarm."""
        return [e.text for e in self.events if isinstance(e, Notice) and e.level == "alarm"]

    def forget(self) -> None:
        """Begin a new case."""
        self.events.clear()
