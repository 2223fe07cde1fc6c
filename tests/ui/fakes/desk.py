"""A whole desk with a recording executor, fed by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

import msgspec
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag, TradeId
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.position import Account, Fill, Position
from tradedesk.domain.price import TickSize
from tradedesk.domain.safety import Lock, LockKind, Shield, ShieldState
from tradedesk.domain.settings import Settings
from tradedesk.domain.stamps import Stamps
from tradedesk.engine import Bars, BarSeries
from tradedesk.services.chart_gap import GapRange
from tradedesk.services.desk_state import DeskState
from tradedesk.services.older_asking import Older, OlderState
from tradedesk.services.older_bars import EVER_NS
from tradedesk.services.tape import ContractTape
from tradedesk.services.trade_desk import TradeDesk
from tradedesk.ui.context import DeskContext, QuitChoice
from tradedesk.ui.frame_stats import FrameReport, FrameStats
from tradedesk.ui.main_window import MainWindow
from tradedesk.ui.memory import WindowMemory

MS = 1_000_000
SECOND = 1_000_000_000
START_NS = 1_793_648_000 * SECOND
ACCOUNT = AccountId(7)
MNQ_ID = ContractId("CON.F.US.MNQ.Z26")
LAST = 85_943
"""21,485.75"""

C = TypeVar("C")


def instrument(symbol: str = "MNQ") -> Instrument:
    """MNQ, or MES with the same grid and another tick value."""
    values = {"MNQ": "0.5", "MES": "1.25"}
    return Instrument(
        contract_id=ContractId(f"CON.F.US.{symbol}.Z26"),
        name=f"{symbol}Z6",
        description=f"{symbol}: December 2026",
        tick=TickSize(Decimal("0.25")),
        tick_value=Decimal(values[symbol]),
        symbol_id=f"F.US.{symbol}",
    )


class FakeClock:
    """Time that moves when it is told to."""

    def __init__(self) -> None:
        self.now_ns = 1_000 * SECOND

    def wall_ns(self) -> int:
        return START_NS + self.now_ns

    def mono_ns(self) -> int:
        return self.now_ns

    def pass_ms(self, count: float) -> None:
        self.now_ns += int(count * MS)


@dataclass
class FakeBook:
    """A market that is set by hand."""

    clock: FakeClock
    instrument: Instrument
    last_ticks: int | None = None
    bid_ticks: int | None = None
    ask_ticks: int | None = None
    last_side: Side = Side.BUY
    version: int = 0
    trades_ns: int | None = None
    quotes_ns: int | None = None

    def age_ms(self, mono_ns: int) -> float | None:
        ages = [
            a for a in (self.trades_age_ms(mono_ns), self.quotes_age_ms(mono_ns)) if a is not None
        ]
        return min(ages, default=None)

    def trades_age_ms(self, mono_ns: int) -> float | None:
        return None if self.trades_ns is None else (mono_ns - self.trades_ns) / MS

    def quotes_age_ms(self, mono_ns: int) -> float | None:
        return None if self.quotes_ns is None else (mono_ns - self.quotes_ns) / MS

    def trade(self, last_ticks: int, side: Side = Side.BUY) -> None:
        self.last_ticks, self.last_side = last_ticks, side
        self.quote(last_ticks - 1, last_ticks)
        self.trades_ns = self.clock.mono_ns()

    def quote(self, bid_ticks: int, ask_ticks: int) -> None:
        self.bid_ticks, self.ask_ticks = bid_ticks, ask_ticks
        self.version += 1
        self.quotes_ns = self.clock.mono_ns()


@dataclass
class FakeFeed:
    """Bars of one chart."""

    series: BarSeries
    status: str = ""
    gaps: tuple[GapRange, ...] = ()
    older: Older = field(default_factory=lambda: Older(OlderState.IDLE))
    wanted: list[int] = field(default_factory=list)
    tape: ContractTape = field(default_factory=ContractTape)
    spec: BarSpec = field(default_factory=lambda: BarSpec(1, BarUnit.MINUTE))
    sure_ns: int = EVER_NS

    def want_older(self, count: int) -> None:
        self.wanted.append(count)


@dataclass
class FakeLink:
    connected: bool = True
    detail: str = ""


@dataclass
class FakeMarkets:
    """The market side of the desk."""

    clock: FakeClock
    bars: Callable[[BarSpec], Bars] = lambda _spec: Bars.empty()
    books: dict[ContractId, FakeBook] = field(default_factory=dict)
    status: FakeLink = field(default_factory=FakeLink)
    pumped: int = 0
    skew_ms: float | None = 3.0
    asked: list[tuple[str, str]] = field(default_factory=list)
    feeds: dict[tuple[ContractId, BarSpec], FakeFeed] = field(default_factory=dict)
    open: list[FakeFeed] = field(default_factory=list)

    @property
    def clock_skew_ms(self) -> float | None:
        return self.skew_ms

    @property
    def market_ns(self) -> int:
        return self.clock.wall_ns()

    def watch(self, instrument: Instrument) -> FakeBook:
        if instrument.contract_id not in self.books:
            self.books[instrument.contract_id] = FakeBook(self.clock, instrument)
        return self.books[instrument.contract_id]

    def open_chart(self, instrument: Instrument, spec: BarSpec) -> FakeFeed:
        self.asked.append((instrument.symbol, str(spec)))
        key = (instrument.contract_id, spec)
        if key not in self.feeds:
            self.feeds[key] = FakeFeed(BarSeries(self.bars(spec)), spec=spec)
        self.open.append(self.feeds[key])
        return self.feeds[key]

    def close_chart(self, feed: FakeFeed, *, keep: bool = True) -> None:
        self.open.remove(feed)

    @property
    def looked_at(self) -> list[str]:
        """Sizes of the bars that are open."""
        specs = {id(feed): str(spec) for (_, spec), feed in self.feeds.items()}
        return [specs[id(feed)] for feed in self.open]

    def pump(self) -> None:
        self.pumped += 1


class FakeFrames:
    """Frames that come when they are asked for."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.callbacks: list[Callable[[int], None]] = []
        self.seen = FrameStats(60.0, 1.1, 16.9, 16.9)
        self.told = FrameReport()

    def register(self, callback: Callable[[int], None]) -> Callable[[], None]:
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    def tick(self) -> None:
        for callback in tuple(self.callbacks):
            callback(self.clock.mono_ns())

    def stats(self) -> FrameStats:
        return self.seen

    def report(self) -> FrameReport:
        return self.told


class RecordingExecutor:
    """Takes commands and does nothing."""

    def __init__(self) -> None:
        self.commands: list[cmd.AnyCommand] = []

    def send(self, command: cmd.AnyCommand) -> None:
        self.commands.append(command)

    async def close(self, *, shutdown: bool) -> None:
        self.commands.clear()

    def of(self, kind: type[C]) -> list[C]:
        """Commands of one class, in order."""
        return [command for command in self.commands if isinstance(command, kind)]


class FakeDesk:
    """The window with everything around it."""

    def __init__(
        self,
        memory: dict[str, object] | None = None,
        bars: Callable[[BarSpec], Bars] | None = None,
        venue_note: str = "Practice venue · seed 7",
        settings: Settings | None = None,
    ) -> None:
        self.clock = FakeClock()
        self.state = DeskState()
        self.executor = RecordingExecutor()
        self.markets = FakeMarkets(self.clock)
        if bars is not None:
            self.markets.bars = bars
        self.frames = FakeFrames(self.clock)
        settings = settings or Settings(max_order_size=50)
        self.kept: list[Settings] = []
        self.saved: list[WindowMemory] = []
        self.quits: list[QuitChoice] = []
        self.context = DeskContext(
            state=self.state,
            trade=TradeDesk(self.state, self.executor, self.clock),
            markets=self.markets,
            clock=self.clock,
            settings=settings,
            memory=msgspec.structs.replace(WindowMemory.first(settings), **(memory or {})),
            save_memory=self.saved.append,
            on_quit_requested=self.quits.append,
            venue_note=venue_note,
            save_settings=self.kept.append,
        )
        self.window = MainWindow(self.context, self.frames)

    # --- feeding ------------------------------------------------------------------------------

    def ready(self, *, armed: bool = True, live: bool = False, **snapshot: object) -> None:
        """Signed in, one account, MNQ known, a market that trades."""
        self.state.apply(self.session(armed=armed, live=live))
        members: dict[str, object] = {
            "accounts": (account(simulated=not live),),
            "instruments": (instrument(),),
            "orders": (),
            "positions": (),
            "fills": (),
            "intents": (),
            **snapshot,
        }
        self.state.apply(ev.SnapshotTaken(**members))  # type: ignore[arg-type]
        self.frame()
        self.book.trade(LAST)
        self.state.apply(health())
        self.frame()

    def session(
        self,
        *,
        armed: bool = True,
        live: bool = False,
        phase: ev.Phase = ev.Phase.READY,
        detail: str = "",
    ) -> ev.SessionChanged:
        return ev.SessionChanged(
            phase=phase,
            armed=armed,
            venue="topstepx" if live else "practice",
            live=live,
            detail=detail,
            account_id=ACCOUNT,
        )

    @property
    def book(self) -> FakeBook:
        return self.markets.books[MNQ_ID]

    def apply(self, *events: ev.AnyEvent) -> None:
        """Events arrive, then a frame passes."""
        for event in events:
            self.state.apply(event)
        self.frame()

    def frame(self, ms: float = 120) -> None:
        """Time passes, and one frame is drawn."""
        self.clock.pass_ms(ms)
        self.frames.tick()
        QApplication.processEvents()

    def close(self) -> None:
        self.window.release()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()


# --- values -----------------------------------------------------------------------------------


def account(
    *, name: str = "Practice 150K", simulated: bool = True, can_trade: bool = True
) -> Account:
    return Account(ACCOUNT, name, Decimal("150212.40"), can_trade, simulated=simulated)


def health(**members: object) -> ev.HealthSampled:
    values: dict[str, object] = {
        "user_hub_age_ms": 400.0,
        "user_hub_connected": True,
        "rest_age_ms": 800.0,
        "rest_p50_ms": 92.0,
        "rest_p99_ms": 104.0,
        **members,
    }
    return ev.HealthSampled(**values)  # type: ignore[arg-type]


def position(net_size: int = 1, average: str = "21482.25") -> Position:
    return Position(ACCOUNT, MNQ_ID, net_size, Decimal(average), START_NS)


def order(
    order_id: int,
    side: Side,
    *,
    limit: int | None = None,
    stop: int | None = None,
    size: int = 1,
    filled: int = 0,
    status: OrderStatus = OrderStatus.OPEN,
    tag: str | None = "td1-x",
) -> Order:
    kind = (
        OrderType.LIMIT
        if limit is not None
        else OrderType.STOP
        if stop is not None
        else (OrderType.MARKET)
    )
    return Order(
        OrderId(order_id),
        ACCOUNT,
        MNQ_ID,
        side,
        kind,
        size,
        status,
        limit_ticks=limit,
        stop_ticks=stop,
        filled=filled,
        tag=Tag(tag) if tag else None,
        created_ns=START_NS + 960 * SECOND,
    )


def exits(*, target: int = 85_969, stop: int = 85_909) -> tuple[Order, Order]:
    """Target and stop of a long position."""
    return (
        order(101, Side.SELL, limit=target, tag="td1-x-TP"),
        order(102, Side.SELL, stop=stop, tag="td1-x-SL"),
    )


def shield(
    net_size: int = 1,
    state: ShieldState = ShieldState.COVERED,
    *,
    covered: int | None = None,
    proven_ns: int | None = 999 * SECOND,
    text: str = "",
) -> Shield:
    """Cover of the position; full if it is covered, else none, unless said otherwise."""
    full = abs(net_size) if state is ShieldState.COVERED else 0
    return Shield(
        account_id=ACCOUNT,
        contract_id=MNQ_ID,
        state=state,
        net_size=net_size,
        covered=full if covered is None else covered,
        since_ns=999 * SECOND,
        proven_ns=proven_ns,
        text=text,
    )


def lock(
    kind: LockKind = LockKind.KILL, *, for_s: int | None = None, text: str = "Entries are off."
) -> Lock:
    """A lock that began a second before the desk opened, and ends ``for_s`` after it."""
    start = START_NS + 1_000 * SECOND
    until = None if for_s is None else start + for_s * SECOND
    return Lock(kind=kind, text=text, since_ns=start - SECOND, until_ns=until)


def fill(trade_id: int, side: Side, price: int, pnl: str | None = None, order_id: int = 90) -> Fill:
    return Fill(
        TradeId(trade_id),
        ACCOUNT,
        MNQ_ID,
        OrderId(order_id),
        START_NS + 950 * SECOND + trade_id * 137 * MS,
        side,
        1,
        price,
        Decimal(pnl) if pnl is not None else None,
        Decimal("0.37"),
    )


def intent(
    number: int,
    *,
    state: ev.IntentState = ev.IntentState.SENT,
    side: Side = Side.BUY,
    limit: int | None = 85_880,
    size: int = 2,
    reply_ms: float | None = None,
    fill_ms: float | None = None,
    order_id: int | None = None,
    reason: str = "",
    asked: int = 0,
) -> ev.Intent:
    """An order on its way, with believable stamps."""
    kind = OrderType.MARKET if limit is None else OrderType.LIMIT
    command = cmd.PlaceOrder(
        click_id=f"c{number}",
        press_ns=0,
        account_id=ACCOUNT,
        contract_id=MNQ_ID,
        side=side,
        type=kind,
        size=size,
        limit_ticks=limit,
    )
    stamps = Stamps(
        press=0,
        received=300_000,
        journaled=400_000,
        written=1_300_000,
        reply=None if reply_ms is None else int(reply_ms * MS),
        hub_echo=None if reply_ms is None else int((reply_ms + 0.9) * MS),
        fill=None if fill_ms is None else int(fill_ms * MS),
    )
    return ev.Intent(
        Tag(f"td1-{number}"),
        command,
        state,
        stamps,
        reason,
        OrderId(order_id) if order_id is not None else None,
        START_NS + 999 * SECOND + number * MS,
        asked,
    )
