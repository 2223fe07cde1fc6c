"""One running desk, all but the window: venue, executor, market thread, state."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Literal

import msgspec

from tradedesk.app.cores import executor_cores
from tradedesk.app.executor_config import ExecutorConfig
from tradedesk.app.executor_inline import InlineExecutor
from tradedesk.app.practice_drill import drill_among
from tradedesk.app.practice_process import PracticeOptions, PracticeProcess, PracticeReady
from tradedesk.app.practice_symbols import symbols_of
from tradedesk.app.venue_plan import PRACTICE, VenuePlan, firm_plan, practice_plan
from tradedesk.domain.events import AnyEvent, Notice, Phase, TokenGranted
from tradedesk.domain.setting_rules import only_told, rules_of
from tradedesk.gateway.market_side import build_market_side
from tradedesk.services.desk import Desk
from tradedesk.services.desk_state import DeskState
from tradedesk.services.executor_process import ExecutorProcess
from tradedesk.services.mark_sender import MarkSender
from tradedesk.services.market_desk import KEPT_TRADES, MarketDesk
from tradedesk.services.market_thread import MarketThread
from tradedesk.services.trade_desk import TradeDesk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradedesk.domain.clock import Clock
    from tradedesk.domain.commands import AnyCommand
    from tradedesk.domain.safety import TradingRules
    from tradedesk.domain.settings import Settings
    from tradedesk.store.credentials import CredentialStore
    from tradedesk.store.paths import Paths

log = logging.getLogger(__name__)

STOP_DEADLINE_S = 15.0
LOOK_S = 0.25
VENUE_GONE = (
    "The practice venue ended unexpectedly, and its orders and positions with it. Quit, and open "
    "the desk again for a new one."
)


class SessionOptions(msgspec.Struct, frozen=True):
    """How a desk is started.

    Parameters
    ----------
    venue : str
        ``practice`` or a firm's name.
    practice : PracticeOptions
        How the practice venue is started, if it is that.
    executor : {"process", "inline"}
        A process of its own, or the desk's own loop for comparison and debugging.
    """

    venue: str = PRACTICE
    practice: PracticeOptions = PracticeOptions()
    executor: Literal["process", "inline"] = "process"

    @property
    def note(self) -> str:
        """What the status bar says about the venue."""
        if self.venue != PRACTICE:
            return self.venue
        speed = f"×{self.practice.speed:g}"
        if self.practice.replay is not None:
            return f"Practice venue · replay {speed}"
        seed = f"Practice venue · seed {self.practice.seed}"
        return seed if self.practice.speed == 1 else f"{seed} {speed}"


class DeskSession:
    """Starts and stops the parts of a desk on the loop it is used on.

    Attributes
    ----------
    state, trade, markets
        What a window shows and calls; ``desk`` is the same for scripts.
    symbol : str
        The contract that is followed from the start.
    on_symbols : callable
        Told what there is before anything is looked up, where that is not what settings name: in
        a recording.
    """

    def __init__(
        self,
        options: SessionOptions,
        paths: Paths,
        settings: Settings,
        credentials: CredentialStore,
        clock: Clock,
    ) -> None:
        self._options = options
        self._paths = paths
        self._settings = settings
        self._credentials = credentials
        self._clock = clock
        self._practice: PracticeProcess | None = None
        self._executor: ExecutorProcess | InlineExecutor | None = None
        self._market: MarketThread | None = None
        self._look: asyncio.TimerHandle | None = None
        self._token: str | None = None
        self._open = False
        self._left_to_trader = False
        self.plan: VenuePlan | None = None
        self.symbol = settings.symbol
        self.on_symbols: Callable[[Sequence[str]], None] = lambda _: None
        self.state = DeskState()
        self.markets = MarketDesk(clock, KEPT_TRADES)
        self.trade = TradeDesk(self.state, self, clock)
        self.desk = Desk(self.state, self.trade, self.markets)
        self._marks = MarkSender(self.state, self.markets, self.trade, clock)

    @property
    def has_something_open(self) -> bool:
        """Whether a position or an order would be left alone if everything ended now.

        While an executor signs in, the desk knows nothing; then what was last known counts, and
        for a practice venue of an earlier desk, where something may be open, yes.
        """
        return self._open

    async def start(self) -> None:
        """Start everything; signing in goes on afterwards and is told by ``state.session``.

        Raises
        ------
        TradeDeskError
            If the venue or the executor cannot be started; what was started is stopped again.
        """
        try:
            self.plan = await self._plan()
            self._executor = self._make_executor(self.plan)
            await self._executor.start()
        except BaseException:
            await self.stop(shutdown=True)
            raise
        # one that was running already keeps the rules of another day
        self.trade.set_rules(self._rules())
        self.trade.track(self.symbol)
        self._marks.start()
        self._look_at_venue()

    async def stop(self, *, shutdown: bool) -> None:
        """End everything that this desk owns; safe to call twice.

        Without ``shutdown`` executor and practice venue go on, to guard what is open.
        """
        self._marks.stop()
        if self._look is not None:
            self._look.cancel()
        market, self._market = self._market, None
        if market is not None:
            await asyncio.to_thread(market.stop)
        executor, self._executor = self._executor, None
        if executor is not None:
            async with asyncio.timeout(STOP_DEADLINE_S):
                await executor.close(shutdown=shutdown)
        practice, self._practice = self._practice, None
        if practice is not None and shutdown:
            await practice.stop()
        elif practice is not None:
            practice.leave()

    def use(self, settings: Settings) -> None:
        """Trade by other settings from now on; the executor hears of other rules only."""
        before, self._settings = self._rules(), settings
        if self._executor is not None and self._rules() != before:
            self.trade.set_rules(self._rules())

    def send(self, command: AnyCommand) -> None:
        """Satisfies ``ExecutorPort``: the executor comes later than the door to it."""
        if self._executor is None:
            log.warning("%s was asked for before the executor was there", type(command).__name__)
            return
        self._executor.send(command)

    async def close(self, *, shutdown: bool) -> None:
        """Satisfies ``ExecutorPort``."""
        await self.stop(shutdown=shutdown)

    # --- inside ---------------------------------------------------------------------------------

    def _rules(self) -> TradingRules:
        rules = rules_of(self._settings, practice=self._options.venue == PRACTICE)
        return only_told(rules) if self._left_to_trader else rules

    async def _plan(self) -> VenuePlan:
        if self._options.venue != PRACTICE:
            # A keyring may ask its owner for a password first.
            return await asyncio.to_thread(firm_plan, self._options.venue, self._credentials)
        drill = drill_among(self._options.practice.arguments)
        self._left_to_trader = drill is not None and drill.cover == "trader"
        paths = self._paths
        self._practice = PracticeProcess(
            paths.run / "practice.json", paths.journals, paths.log_file("practice")
        )
        ready = await self._practice.start(self._options.practice)
        if self._options.practice.replay is not None:
            await self._choose_symbol(ready)
        self._open = not self._practice.is_ours
        return practice_plan(ready)

    async def _choose_symbol(self, venue: PracticeReady) -> None:
        symbols = await symbols_of(venue)
        if symbols:
            self.symbol = self.symbol if self.symbol in symbols else symbols[0]
            self.on_symbols(symbols)

    def _make_executor(self, plan: VenuePlan) -> ExecutorProcess | InlineExecutor:
        config = ExecutorConfig(
            home=str(self._paths.data),
            venue=plan.name,
            live=plan.live,
            rest_url=plan.addresses.rest_url,
            user_hub_url=plan.addresses.user_hub_url,
            market_hub_url=plan.addresses.market_hub_url,
            credentials=plan.credentials,
            rules=self._rules(),
            log_file=str(self._paths.log_file("executor")),
            cores=executor_cores() if self._options.executor == "process" else (),
            journal_strict=self._settings.journal_strict,
        )
        if self._options.executor == "inline":
            return InlineExecutor(config, self._take, self._clock)
        return ExecutorProcess(
            msgspec.json.encode(config),
            config.runtime_file,
            self._take,
            self._clock,
            log_file=self._paths.crash_file("executor"),
        )

    def _take(self, event: AnyEvent) -> None:
        if isinstance(event, TokenGranted):
            self._token = event.token
            self._start_market()
            return
        self.state.apply(event)
        session = self.state.session
        if session is not None and session.phase in {Phase.READY, Phase.DEGRADED}:
            self._open = bool(self.state.open_positions() or self.state.working_orders())

    def _look_at_venue(self) -> None:
        """Say so when the practice venue dies: nothing else can tell that from a broken line."""
        if self._practice is None:
            return
        if self._practice.is_gone:
            log.info("the practice venue ended unexpectedly")
            self.state.apply(Notice(level="alarm", text=VENUE_GONE, ts_ns=self._clock.wall_ns()))
            return
        self._look = asyncio.get_running_loop().call_later(LOOK_S, self._look_at_venue)

    def _start_market(self) -> None:
        if self._market is not None or self.plan is None:
            return
        addresses, clock = self.plan.addresses, self._clock
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self.markets.pump)

        self._market = MarketThread(
            lambda: build_market_side(addresses, lambda: self._token, clock), wake
        )
        self._market.start()
        self.markets.attach(self._market)
