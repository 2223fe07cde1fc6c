"""The shipped executor as a trader's desk: started on a disk, killed, started again."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from reliability.disk_model import Disk, Journal, KilledError
from reliability.hub_model import Hub, Stream
from reliability.network_model import Line
from reliability.virtual_time import WALL_0
from reliability.wishes import SYMBOLS
from tradedesk.domain import commands as cmd
from tradedesk.domain.events import IntentState, Phase, SessionChanged
from tradedesk.domain.safety import RiskRules, TradingRules
from tradedesk.services.executor_process import CALM_NS, RETRY_S
from tradedesk.trading.limits import Timings
from tradedesk.trading.live.executor import Executor
from tradedesk.trading.live.session import VenueAddress

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from reliability.faults import Network
    from reliability.trader import Intention, Trader
    from reliability.venue_model import Venue
    from reliability.virtual_time import VirtualLoop
    from tradedesk.domain.events import AnyEvent, Intent
    from tradedesk.domain.ids import Tag
    from tradedesk.domain.order import Order
    from tradedesk.domain.ports import OrderGateway

# What would refuse this hasty trader's clicks is switched off: a refused click proves nothing.
RULES = TradingRules(
    risk=RiskRules(
        max_order_size=50,
        max_position_size=10_000,
        min_bracket_ticks=0,
        repeat_guard_ms=0,
        orders_per_10_s=0,
    )
)
ADDRESS = VenueAddress("simulated", live=False, rest_url="", market_hub_url="")
EDGES = {"armed": 0.012, "sent": 0.008, "reply": 0.008, "moved": 0.002, "noted": 0.002}
"""How often a process dies right there: while a row is written, between write and send ..."""
POWER_SHARE = 0.2
STARTING_S = (0.4, 1.5)
"""From the start of a process until it signs in; the pause before it is the desk's own."""
POWERLESS_S = (1.0, 8.0)


class Clock:
    """Reads the virtual loop's time."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def mono_ns(self) -> int:
        return round(self._loop.now * 1e9)

    def wall_ns(self) -> int:
        return WALL_0 + round(self._loop.now * 1e9)


class Product:
    """Processes of the product, one after the other.

    Parameters
    ----------
    dice : random.Random
        When it is killed and how.
    mortality : float
        How often, compared with an average day.
    """

    def __init__(
        self,
        network: Network,
        hub: Hub,
        trader: Trader,
        dice: random.Random,
        mortality: float,
        timings: Timings | None = None,
    ) -> None:
        self.loop = network.loop
        self.disk = Disk(self.loop)
        self.kills = 0
        self.mortal = True
        self._mortality = mortality
        self._network = network
        self._hub = hub
        self._trader = trader
        self._dice = dice
        self._timings = timings or Timings()
        self._process: Process | None = None
        self._failures = 0
        self.start()

    @property
    def process(self) -> Process | None:
        """The one that runs now."""
        return self._process

    def start(self) -> None:
        """A new process on what the disk holds."""
        self._started_s = self.loop.now
        try:
            self._process = Process(self, self._network, self._hub, self._trader, self._timings)
        except KilledError:
            return  # it died while it recovered, and will be started again
        self._trader.desk = self._process

    def kill(self, *, power: bool | None = None, torn: bool = False) -> None:
        """Kill -9, or a power cut; a new process starts some seconds later."""
        process = self._process
        if process is None or not self.mortal:
            return
        power = self._dice.random() < POWER_SHARE if power is None else power
        self.kills += 1
        self._process = self._trader.desk = None
        process.die()
        if torn:
            self.disk.tear()
        if power:
            self.disk.cut_power()
            self._trader.venue.history.append((self.loop.now, "power"))
            self._trader.unanswered.clear()  # who lost power looks at the venue's own page
        self.loop.call_later(self._down_s(power=power), self.start)

    def _down_s(self, *, power: bool) -> float:
        """How long nothing runs: the desk starts a new executor at once, later if it dies again."""
        if power:
            self._failures = 0
            return self._dice.uniform(*POWERLESS_S)
        if self.loop.now - self._started_s > CALM_NS / 1e9:
            self._failures = 0
        pause_s = RETRY_S[min(self._failures, len(RETRY_S) - 1)]
        self._failures += 1
        return pause_s + self._dice.uniform(*STARTING_S)

    def edge(self, process_dead: bool, edge: str) -> None:
        """A moment at which dying is interesting.

        Raises
        ------
        KilledError
            If it dies here and now.
        """
        if process_dead or not self.mortal:
            return
        if self._dice.random() >= EDGES.get(edge, 0.0) * self._mortality:
            return
        kept = self._dice.random() < 0.5
        if edge == "armed" and kept:
            self.loop.call_soon(self.kill)  # after the click was taken, before a byte is sent
            return
        self.kill(torn=edge in {"armed", "moved", "noted"} and not kept)
        raise KilledError

    def end(self) -> None:
        """Stop without a trace."""
        if self._process is not None:
            self._process.die()
            self._process = None

    # --- what it believes -------------------------------------------------------------------

    def believes(self, intention: Intention) -> bool | None:
        """Whether an order is there; None while it is not known."""
        states = [intent.state for intent in self.intents_of(intention)]
        if any(state.is_open or state is IntentState.NEEDS_HUMAN for state in states):
            return None
        return IntentState.ACCEPTED in states

    def differences(self, venue: Venue) -> list[str]:
        """Where the running process's books are not the venue's."""
        if self._process is None:
            return ["no process runs"]
        books = self._process.executor.parts.books
        theirs = {row.order.order_id: row.order for row in venue.rows}
        ours = books.blotter.orders
        found = [
            f"{order.order_id} is {_short(order)}, believed {_short(ours.get(order_id))}"
            for order_id, order in theirs.items()
            if _short(ours.get(order_id)) != _short(order)
            and (order_id in ours or order.is_working)
        ]
        held = {c: m.net for c, m in venue.markets.items() if m.net}
        believed = {p.contract_id: p.net_size for p in books.blotter.open_positions()}
        if held != believed:
            found.append(f"positions {held}, believed {believed}")
        fills = {fill.trade_id for _, fill in venue.fills}
        if fills != set(books.blotter.fills):
            found.append(f"{len(fills)} fills, {len(books.blotter.fills)} known")
        return found

    def undecided(self) -> list[str]:
        """Changes that nobody knows the end of."""
        if self._process is None:
            return []
        changes = self._process.executor.parts.books.changes
        return [f"{change.key} is {change.state}" for change in changes.open()]

    def intents_of(self, intention: Intention) -> list[Intent]:
        """What the running process has of an intention, by click or by the tags it was told."""
        if self._process is None:
            return []
        tags = self._trader.tags_of[intention.number]
        by_tag = self._process.executor.parts.books.intents.by_tag
        return [by_tag[tag] for tag in tags if tag in by_tag]


class Process:
    """One process; satisfies ``Desk``."""

    def __init__(
        self, product: Product, network: Network, hub: Hub, trader: Trader, timings: Timings
    ) -> None:
        self.dead = False
        self._trader = trader
        trader.venue.history.append((product.loop.now, "started"))
        self._welcomed = False
        self._hub = hub

        def edge(name: str) -> None:
            product.edge(self.dead, name)

        self.journal = Journal(product.disk, edge)
        self.line = Line(network, self._intention_of, edge)
        self.stream = Stream(hub)
        self.executor = Executor(
            gateway=cast("OrderGateway", self.line),  # its calls are no coroutines
            stream=self.stream,
            journal=self.journal,
            install="abcde",
            clock=Clock(product.loop),
            address=ADDRESS,
            rules=RULES,
            timings=timings,
        )
        product._process = self
        self.executor.recover()
        self.executor.attach(self._hear, controller=True)
        self.executor.parts.owner.start(self.executor.run(), "run")

    @property
    def open_for_orders(self) -> bool:
        """In step with the venue, armed, and no flatten keeps entries off."""
        conditions = self.executor.parts.books.conditions
        ready = conditions.phase in {Phase.READY, Phase.DEGRADED}
        return ready and conditions.armed and not conditions.hold

    def handle(self, command: cmd.AnyCommand) -> None:
        try:
            self.executor.handle(command)
        except KilledError:
            pass  # it died while it took the click

    def working(self) -> Sequence[Order]:
        return self.executor.parts.books.blotter.working()

    def die(self) -> None:
        """Nothing of this process reaches disk or venue any more."""
        self.dead = self.journal.dead = self.line.dead = True
        self.stream.cut()
        self.executor._sinks.clear()
        for task in list(self.executor.parts.owner._tasks):
            task.cancel()

    def _hear(self, event: AnyEvent) -> None:
        if self.dead:
            return
        self._trader.hear(event)
        if isinstance(event, SessionChanged) and event.phase is Phase.READY and not self._welcomed:
            self._welcomed = True
            self._trader.loop.call_soon(self._welcome)

    def _welcome(self) -> None:
        if self.dead:
            return
        for symbol in SYMBOLS:
            self.handle(cmd.TrackContract("", 0, symbol=symbol))
        self.handle(cmd.SetArmed("", 0, armed=True))
        books = self.executor.parts.books
        self._trader.find_vanished(
            frozenset(intent.command.click_id for intent in books.intents.by_tag.values())
        )

    def _intention_of(self, tag: Tag) -> int | None:
        intent = self.executor.parts.books.intents.by_tag.get(tag)
        if intent is None or intent.state is IntentState.DENIED:
            return None
        found = self._trader.by_click.get(intent.command.click_id)
        if found is None:
            return None
        self._trader.tags_of[found.number].add(tag)
        return found.number


def _short(order: Order | None) -> tuple[object, ...]:
    if order is None:
        return ()
    if order.status.is_final:
        return (order.status.name, order.filled)
    return (order.status.name, order.filled, order.size, order.limit_ticks, order.stop_ticks)
