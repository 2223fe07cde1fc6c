"""The executor: one object that takes commands and tells events, on whatever loop it runs."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import AnyEvent, Intent, IntentChanged, IntentState, Phase
from tradedesk.domain.session import session_start_ns
from tradedesk.trading.books import Books
from tradedesk.trading.change_desk import ChangeDesk
from tradedesk.trading.intent_fates import IntentFates
from tradedesk.trading.intent_recorder import IntentRecorder
from tradedesk.trading.live.close_guard import CloseGuard
from tradedesk.trading.live.desk_parts import DeskParts
from tradedesk.trading.live.task_owner import TaskOwner
from tradedesk.trading.live.venue_calls import VenueCalls
from tradedesk.trading.live.watchers import Watchers
from tradedesk.trading.live.workers import make_routes, make_workers
from tradedesk.trading.order_desk import OrderDesk
from tradedesk.trading.tags import TagSource
from tradedesk.trading.venue_news import VenueNews

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.ports import EventSink, OrderGateway, UserStream
    from tradedesk.domain.safety import TradingRules
    from tradedesk.trading.limits import Timings
    from tradedesk.trading.live.session import VenueAddress
    from tradedesk.trading.ports import IntentJournal

log = logging.getLogger(__name__)


class Executor:
    """Everything between a command and the venue.

    Parameters
    ----------
    gateway, stream : OrderGateway, UserStream
        The venue.
    journal : IntentJournal
        Open and exclusively ours.
    install : str
        Five base-32 letters that mark this installation's tags.
    clock : Clock
        Wall and monotonic time.
    address : VenueAddress
        What to tell the desk about the venue.
    rules : TradingRules
        What the gate allows and how positions are covered.
    timings : Timings
        Periods and deadlines.

    Attributes
    ----------
    chores : list of callable
        Called once a second; for what the outside has to look after.
    """

    def __init__(
        self,
        *,
        gateway: OrderGateway,
        stream: UserStream,
        journal: IntentJournal,
        install: str,
        clock: Clock,
        address: VenueAddress,
        rules: TradingRules,
        timings: Timings,
    ) -> None:
        self._sinks: list[EventSink] = []
        self._note = ""
        self._clock = clock
        self._gateway = gateway
        books = Books(clock=clock, emit=self._emit, rules=rules)
        recorder = IntentRecorder(books, journal)
        tags = TagSource(install, clock.wall_ns(), journal.reserve)
        fates = IntentFates(books, recorder, install)
        changes = ChangeDesk(books, journal)
        self._owner = TaskOwner(self._task_failed)
        self.parts = DeskParts(
            clock=clock,
            timings=timings,
            books=books,
            recorder=recorder,
            desk=OrderDesk(books, recorder, tags),
            fates=fates,
            changes=changes,
            news=VenueNews(books, fates, changes),
            calls=VenueCalls(CloseGuard(gateway, books.ways_out, clock), clock, timings),
            watchers=Watchers(),
            owner=self._owner,
        )
        self._workers = make_workers(self.parts, stream, address, tags)
        self.session = self._workers.session
        self.chores = self._workers.health.chores
        self.stop_asked = asyncio.Event()
        self._routes = make_routes(self._workers) | {
            cmd.SetArmed: self._arm,
            cmd.Sync: self._sync,
            cmd.Shutdown: lambda command, received_ns: self.stop_asked.set(),
        }

    # --- the desk's side --------------------------------------------------------------------

    def attach(self, sink: EventSink, *, controller: bool) -> None:
        """Add a listener; it is told the session, a token if there is one, and a snapshot.

        A ``controller`` is a desk; while none is attached entries are refused.
        """
        self._sinks.append(sink)
        if controller:
            self.parts.books.conditions.attached = True
        self._greet()
        if self._note:
            self.parts.books.notice("warning", self._note)
            self._note = ""

    def detach(self, sink: EventSink, *, controller: bool) -> None:
        """Remove a listener; without a controller trading is disarmed."""
        self._sinks.remove(sink)
        if controller:
            self.parts.books.conditions.attached = False
            self.parts.books.conditions.armed = False
            self.session.tell()

    def handle(self, command: cmd.AnyCommand) -> None:
        """Take one command. Never waits; the answers are events."""
        received_ns = self._clock.mono_ns()
        self._routes[type(command)](command, received_ns)

    @property
    def may_leave(self) -> bool:
        """Whether nobody would miss this executor.

        True when in step with the venue, flat and with every order at its end; and when it never
        got in: what the journal holds is asked about by the next start.
        """
        phase = self.parts.books.conditions.phase
        if phase is Phase.READY:
            return self.parts.books.is_quiet()
        return phase in {Phase.STARTING, Phase.SIGNING_IN, Phase.REFUSED}

    # --- life -------------------------------------------------------------------------------

    def recover(self, note: str = "") -> None:
        """Take over what an earlier run left in the journal; before anybody attaches.

        Parameters
        ----------
        note : str
            What there is to say about the journal; told to the first desk.
        """
        self._note = note
        self._workers.risking.recover()
        since_ns = session_start_ns(self._clock.wall_ns())
        self.parts.fates.recover(since_ns)
        self.parts.changes.recover(since_ns)

    def latch(self) -> bool:
        """Lock entries as the kill switch does; another process did its work.

        Returns
        -------
        bool
            Whether the journal has it.
        """
        return self._workers.killing.latch()

    async def run(self) -> None:
        """Sign in, follow the venue; until ``stop_asked``."""
        self._owner.start(self._workers.health.beat(), "health")
        self._owner.start(self._workers.risking.run(), "risk")
        self._owner.start(self.session.run(self._start_followers), "session")
        await self.stop_asked.wait()

    async def close(self) -> None:
        """Let in-flight orders finish, say what stays unknown, and end every task."""
        conditions = self.parts.books.conditions
        conditions.hold = "The executor is ending; entries are off."
        conditions.armed = False
        await self.parts.watchers.until(lambda: not self._in_flight(), self.parts.timings.drain_s)
        unknown = self.parts.books.intents.unresolved() + self._in_flight()
        for intent in unknown:
            self.parts.books.notice(
                "alarm",
                f"Order {intent.tag} is still unknown; the next start asks about it again.",
            )
        await self._owner.cancel()
        self.session.stopped(f"{len(unknown)} orders are still unknown." if unknown else "")
        await self._gateway.aclose()

    # --- inside -----------------------------------------------------------------------------

    def _arm(self, command: cmd.SetArmed, received_ns: int) -> None:
        self.parts.books.conditions.armed = command.armed
        self.session.tell(again=True)

    def _sync(self, command: cmd.Sync, received_ns: int) -> None:
        self._greet()
        self._workers.reconciling.kick()

    def _start_followers(self) -> None:
        self._owner.start(self._workers.resolving.run(), "resolver")
        self._owner.start(self._workers.reconciling.run(), "reconciler")
        self._owner.start(self._workers.changing.take_up(), "open changes")
        self._owner.start(self._workers.covering.run(), "cover")
        self._workers.killing.resume()
        self._owner.start(self._workers.health.ping(), "ping")

    def _greet(self) -> None:
        self.session.tell(again=True)
        if self.session.token is not None:
            self._emit(self.session.token)
        self._emit(self.parts.books.snapshot())
        self._workers.risking.tell()

    def _in_flight(self) -> list[Intent]:
        return [
            intent
            for intent in self.parts.books.intents.on_their_way()
            if intent.state in {IntentState.ARMED, IntentState.SENT}
        ]

    def _emit(self, event: AnyEvent) -> None:
        for sink in self._sinks:
            sink(event)
        if isinstance(event, IntentChanged) and event.intent.state is IntentState.UNKNOWN:
            self._workers.resolving.wake()
        self.parts.watchers.wake()

    def _task_failed(self, name: str, error: BaseException) -> None:
        self.parts.books.notice(
            "alarm", f"A part of the executor failed ({name}: {error}). Restart the desk."
        )
