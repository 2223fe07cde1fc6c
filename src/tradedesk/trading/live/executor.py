"""The executor: one object that takes commands and tells events, on whatever loop it runs."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import AnyEvent, Intent, IntentChanged, IntentState, Phase
from tradedesk.domain.session import session_start_ns
from tradedesk.trading.books import Books
from tradedesk.trading.intent_fates import IntentFates
from tradedesk.trading.intent_recorder import IntentRecorder
from tradedesk.trading.live.cancelling import Cancelling
from tradedesk.trading.live.closing import Closing
from tradedesk.trading.live.desk_parts import DeskParts
from tradedesk.trading.live.flattening import Flattening
from tradedesk.trading.live.health import Health
from tradedesk.trading.live.instruments import Instruments
from tradedesk.trading.live.modifying import Modifying
from tradedesk.trading.live.placing import Placing
from tradedesk.trading.live.reconciling import Reconciling
from tradedesk.trading.live.replies import Replies
from tradedesk.trading.live.resolving import Resolving
from tradedesk.trading.live.session import Session, VenueAddress
from tradedesk.trading.live.sweeping import Sweeping
from tradedesk.trading.live.task_owner import TaskOwner
from tradedesk.trading.live.user_sink import UserSink
from tradedesk.trading.live.venue_calls import VenueCalls
from tradedesk.trading.live.watchers import Watchers
from tradedesk.trading.order_desk import OrderDesk
from tradedesk.trading.tags import TagSource
from tradedesk.trading.venue_news import VenueNews

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.ports import EventSink, OrderGateway, UserStream
    from tradedesk.trading.limits import Limits, Timings
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
    limits, timings : Limits, Timings
        Bounds and periods.
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
        limits: Limits,
        timings: Timings,
    ) -> None:
        self._sinks: list[EventSink] = []
        self._note = ""
        self._clock = clock
        self._gateway = gateway
        books = Books(clock=clock, emit=self._emit)
        recorder = IntentRecorder(books, journal)
        tags = TagSource(install, clock.wall_ns(), journal.reserve)
        fates = IntentFates(books, recorder, install)
        watchers = Watchers()
        self._owner = TaskOwner(self._task_failed)
        self.parts = parts = DeskParts(
            clock=clock,
            limits=limits,
            timings=timings,
            books=books,
            recorder=recorder,
            desk=OrderDesk(books, recorder, tags, limits),
            fates=fates,
            news=VenueNews(books, fates),
            calls=VenueCalls(gateway, clock, timings),
            watchers=watchers,
            owner=self._owner,
        )
        self._replies = Replies(books, clock)
        self._instruments = Instruments(parts)
        sink = UserSink(parts.news, self._instruments, clock, watchers)
        self._placing = Placing(parts, self._instruments)
        self._cancelling = Cancelling(parts, self._replies)
        self._modifying = Modifying(parts, self._instruments, self._replies)
        self._closing = Closing(parts, self._placing, self._cancelling, self._replies)
        self._flattening = Flattening(parts, self._replies)
        self._resolving = Resolving(parts, sink)
        self._reconciling = Reconciling(parts, self._instruments)
        self.session = Session(parts, stream, sink, self._reconciling, self._resolving, address)
        self._health = Health(parts, sink, tags, Sweeping(parts, self._cancelling), self._beat)
        self.stop_asked = asyncio.Event()

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

    def handle(self, command: cmd.AnyCommand) -> None:  # noqa: C901 - one flat table of commands
        """Take one command. Never waits; the answers are events."""
        received_ns = self._clock.mono_ns()
        match command:
            case cmd.PlaceOrder():
                self._placing.place(command, received_ns)
            case cmd.CancelOrder():
                self._cancelling.cancel(command)
            case cmd.ModifyOrder():
                self._modifying.modify(command)
            case cmd.Flatten():
                self._flattening.flatten(command)
            case cmd.ClosePosition():
                self._closing.close(command, received_ns)
            case cmd.CancelAll():
                self._cancelling.cancel_all(command)
            case cmd.SetArmed():
                self.parts.books.conditions.armed = command.armed
                self.session.tell(again=True)
            case cmd.Sync():
                self._greet()
                self._reconciling.kick()
            case cmd.TrackContract():
                self._instruments.track(command)
            case cmd.Shutdown():
                self.stop_asked.set()

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
        self.parts.fates.recover(session_start_ns(self._clock.wall_ns()))

    async def run(self) -> None:
        """Sign in, follow the venue; until ``stop_asked``."""
        self._owner.start(self._health.beat(), "health")
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

    def _start_followers(self) -> None:
        self._owner.start(self._resolving.run(), "resolver")
        self._owner.start(self._reconciling.run(), "reconciler")
        self._owner.start(self._health.ping(), "ping")

    def _greet(self) -> None:
        self.session.tell(again=True)
        if self.session.token is not None:
            self._emit(self.session.token)
        self._emit(self.parts.books.snapshot())

    def _in_flight(self) -> list[Intent]:
        return [
            intent
            for intent in self.parts.books.intents.on_their_way()
            if intent.state in {IntentState.ARMED, IntentState.SENT}
        ]

    def _beat(self) -> None:
        self.session.tell()

    def _emit(self, event: AnyEvent) -> None:
        for sink in self._sinks:
            sink(event)
        if isinstance(event, IntentChanged) and event.intent.state is IntentState.UNKNOWN:
            self._resolving.wake()
        self.parts.watchers.wake()

    def _task_failed(self, name: str, error: BaseException) -> None:
        self.parts.books.notice(
            "alarm", f"A part of the executor failed ({name}: {error}). Restart the desk."
        )
