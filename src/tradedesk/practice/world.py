"""Everything the venue is, without its sockets: clock, market, account, hubs."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.engine import TimeGrid
from tradedesk.practice.auth import USER_NAME, Tokens
from tradedesk.practice.books.exchange import Exchange
from tradedesk.practice.books.ladder import Ladder
from tradedesk.practice.books.ledger import Ledger
from tradedesk.practice.faults import Faults
from tradedesk.practice.feed import Feed
from tradedesk.practice.hubs.market import MarketHub
from tradedesk.practice.hubs.user import UserHub
from tradedesk.practice.limits import Limits
from tradedesk.practice.market.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.engine import Bars
    from tradedesk.practice.books.matching import Book
    from tradedesk.practice.clock import VenueClock
    from tradedesk.practice.config import VenueConfig
    from tradedesk.practice.market.source import Market
    from tradedesk.practice.products import Contract

log = logging.getLogger(__name__)

_DAY: Final = BarSpec(1, BarUnit.DAY)
_FIRST_TRADE_ID: Final = 8_800_001
_FIRST_POSITION_ID: Final = 6_100_001
_SHORTEST_WAIT_S: Final = 0.004
_DEPTH_WAIT_S: Final = 0.1
_LONGEST_WAIT_S: Final = 1.0


class World:
    """One practice venue.

    Parameters
    ----------
    config : VenueConfig
        Knobs.
    clock : VenueClock
        Venue time; a held clock starts with the first hub subscription.
    market : Market
        Contracts and tapes.
    """

    def __init__(self, config: VenueConfig, clock: VenueClock, market: Market) -> None:
        self.config = config
        self.clock = clock
        self.market = market
        self.tokens = Tokens(config.token_life_s)
        self.faults = Faults()
        self.limits = Limits(config.limits)
        self.names = {config.account_id: config.account_name}
        self.ledgers = {
            config.account_id: Ledger(
                config.account_id, config.balance, _FIRST_TRADE_ID, _FIRST_POSITION_ID
            )
        }
        self.user_hub = UserHub(self.ledgers, self.names)
        self.market_hub = MarketHub(self)
        self.exchange = Exchange(self.ledgers, self, self.user_hub, self._later)
        self.last_use_s = clock.mono_s()
        self._feeds: dict[str, Feed] = {}
        self._wake = asyncio.Event()
        self._timers: set[asyncio.TimerHandle] = set()
        self._bars_thread = ThreadPoolExecutor(1, thread_name_prefix="practice-bars")

    async def run(self) -> None:
        """Play the tapes that are watched, until cancelled."""
        while True:
            self._wake.clear()
            self._play()
            try:
                async with asyncio.timeout(self._pause_s()):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def close(self) -> None:
        """Give up threads and timers. Does not wait for bars that are being made."""
        for timer in self._timers:
            timer.cancel()
        self._bars_thread.shutdown(wait=False, cancel_futures=True)

    @property
    def in_use(self) -> bool:
        """Whether any hub socket is open."""
        return bool(self.user_hub.connections or self.market_hub.connections)

    @property
    def user_name(self) -> str:
        """The one user."""
        return USER_NAME

    def unix_s(self) -> float:
        """The machine's time, which is what tokens live by."""
        return self.clock.unix_s()

    def mono_s(self) -> float:
        """Monotonic seconds."""
        return self.clock.mono_s()

    def touch(self) -> None:
        """Somebody used the venue."""
        self.last_use_s = self.clock.mono_s()

    def now_ns(self) -> int:
        """Venue time."""
        return self.clock.now_ns()

    def find(self, contract_id: str) -> Contract | None:
        """A contract that can be traded or once could, or None."""
        return self.market.find(contract_id)

    def is_active(self, contract: Contract) -> bool:
        """Whether it trades today."""
        return contract in self.market.active()

    def book(self, contract: Contract) -> Book:
        """Practice orders and touch of an active contract, as of now."""
        feed = self._feed(contract)
        feed.advance(self.now_ns())
        return feed.book

    def settle(self, contract: Contract) -> None:
        """Orders on a contract changed: play its tape, or stop when nobody needs it."""
        if self.exchange.rows.live_on(contract.contract_id):
            self._feed(contract)
        else:
            self.unwatch(contract.contract_id)

    async def watch(self, contract_id: str) -> Feed | None:
        """The feed of an active contract, with session figures and everything published."""
        contract = self.market.find(contract_id)
        if contract is None or not self.is_active(contract):
            return None
        feed = self._feed(contract)
        if feed.session is None:
            await self._attach_session(feed)
        feed = self._feed(contract)
        self._start_clock()
        self._play_one(feed, early=True)
        return feed

    def unwatch(self, contract_id: str) -> None:
        """Let a feed go when neither subscribers nor orders need it."""
        needed = self.market_hub.wanted(contract_id) or self.exchange.rows.live_on(contract_id)
        if not needed and self._feeds.pop(contract_id, None) is not None:
            self.market_hub.forget(contract_id)

    async def bars(
        self, contract: Contract, spec: BarSpec, start_ns: int, end_ns: int, limit: int
    ) -> Bars:
        """Bars up to now, made on a thread of their own so that the tapes play on."""
        tape, now_ns = self.market.tape(contract), self.now_ns()
        return await self._in_thread(lambda: tape.bars(spec, start_ns, end_ns, limit, now_ns))

    def nudge(self, contract: Contract, ticks: int, seconds: float) -> bool:
        """Drift the price of a contract from now on; False where the tape cannot be bent."""
        return self.market.tape(contract).steer(ticks, self.now_ns(), seconds)

    def _feed(self, contract: Contract) -> Feed:
        feed = self._feeds.get(contract.contract_id)
        if feed is None:
            ladder = Ladder(self.config.seed, contract.product.touch_size)
            tape = self.market.tape(contract)
            orders = self.exchange.execution
            feed = Feed(tape, ladder, self.now_ns(), orders.apply, orders.trailed)
            self._feeds[contract.contract_id] = feed
            self._wake.set()
        return feed

    def _start_clock(self) -> None:
        if not self.clock.running:
            self.clock.start()
            self._wake.set()

    async def _attach_session(self, feed: Feed) -> None:
        at_ns = feed.cursor_ns
        grid = TimeGrid(_DAY, self.market.session_offset_ns)
        start_ns = grid.floor(at_ns) - 4 * (grid.next(at_ns) - grid.floor(at_ns))
        days = await self._in_thread(lambda: feed.tape.bars(_DAY, start_ns, at_ns, 2, at_ns))
        session = Session(days, grid, at_ns)
        session.absorb(feed.tape.prints(at_ns, feed.cursor_ns))
        feed.session = session

    async def _in_thread(self, make: Callable[[], Bars]) -> Bars:
        return await asyncio.get_running_loop().run_in_executor(self._bars_thread, make)

    def _play(self) -> None:
        for feed in tuple(self._feeds.values()):
            self._play_one(feed)

    def _play_one(self, feed: Feed, early: bool = False) -> None:
        feed.advance(self.now_ns())
        self.market_hub.publish(feed, self.clock.mono_s(), early)

    def _pause_s(self) -> float | None:
        """How long nothing will happen; None while no tape is watched."""
        if not self._feeds:
            return None
        pause_s = _LONGEST_WAIT_S
        for contract_id, feed in self._feeds.items():
            next_ns = feed.next_ns()
            if next_ns is not None and self.clock.running:
                pause_s = min(pause_s, self.clock.real_s(next_ns - self.now_ns()))
            if self.market_hub.depth_wanted(contract_id):
                pause_s = min(pause_s, _DEPTH_WAIT_S)
        return max(pause_s, _SHORTEST_WAIT_S)

    def _later(self, delay_s: float, action: Callable[[], None]) -> None:
        def act() -> None:
            self._timers.discard(timer)
            action()

        timer = asyncio.get_running_loop().call_later(delay_s, act)
        self._timers.add(timer)
