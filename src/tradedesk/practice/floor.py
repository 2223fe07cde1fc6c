"""The trading floor: all contracts as they play, with the practice orders in their books."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.engine import Bars, grid_of, venue_calendar
from tradedesk.practice.catching_up import catch_up
from tradedesk.practice.feed import Feed
from tradedesk.practice.market.events import ASKS, BIDS
from tradedesk.practice.market.session import Session
from tradedesk.practice.playing import Playing

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.practice.books.matching import Book
    from tradedesk.practice.clock import VenueClock
    from tradedesk.practice.feed import Orders
    from tradedesk.practice.hours import Hours
    from tradedesk.practice.market.source import Market
    from tradedesk.practice.products import Contract

_DAY: Final = BarSpec(1, BarUnit.DAY)
_LONGEST_DAY_NS: Final = 25 * 3_600_000_000_000
_SHORTEST_ROUND_S: Final = 0.004
_SHORTEST_WAIT_S: Final = 0.001
_LONGEST_WAIT_S: Final = 1.0
_AHEAD_NS: Final = 4_000_000_000
_IDLE_NS: Final = 15_000_000_000
"""How long a book is kept that matters no more: longer than what orders took stays gone."""


class Audience(Protocol):
    """Who listens to the floor and trades on it."""

    def publish(self, feed: Feed) -> None:
        """Tell subscribers what a feed has played."""

    def listens(self, contract_id: str) -> bool:
        """Whether anybody listens to a contract."""

    def needs_book(self, contract_id: str) -> bool:
        """Whether orders, positions or listeners need the book of a contract."""

    def forget(self, contract_id: str) -> None:
        """A contract plays no more."""


class Floor:
    """Plays the contracts that somebody needs, in step with the clock.

    Parameters
    ----------
    clock : VenueClock
        Venue time; a held clock starts with the first subscription or order.
    market : Market
        Contracts and tapes.
    hours : Hours
        When products trade.
    joins_follow : bool
        Whether join orders go along with the best price.
    """

    def __init__(self, clock: VenueClock, market: Market, hours: Hours, joins_follow: bool) -> None:
        self.clock = clock
        self.market = market
        self.hours = hours
        self._joins_follow = joins_follow
        self._playing = Playing(clock.now_ns())
        self._feeds: dict[str, Feed] = {}
        self._idle_since: dict[str, int] = {}
        self._awaited: Counter[str] = Counter()
        self._looked = 0
        self._jumps = 0
        self._wake = asyncio.Event()
        self._bars_thread = ThreadPoolExecutor(1, thread_name_prefix="practice-bars")

    def open_to(self, orders: Orders, audience: Audience) -> None:
        """Name who is told what happens; to be called once, before anything else."""
        self._orders = orders
        self._audience = audience

    async def run(self) -> None:
        """Play the tapes that are needed, until cancelled."""
        while True:
            self._wake.clear()
            await self._attach_sessions()
            begun_s = self.clock.mono_s()
            self.play()
            await asyncio.sleep(0)  # what was told goes out before anything else is done
            self._look_ahead()
            try:
                async with asyncio.timeout(self._pause_s(begun_s)):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def close(self) -> None:
        """Give up the thread. Does not wait for bars that are being made."""
        self._bars_thread.shutdown(wait=False, cancel_futures=True)

    def play(self) -> None:
        """Catch up with the clock and publish what was played."""
        self.catch_up()
        for feed in tuple(self._feeds.values()):
            self._audience.publish(feed)
        self._let_go()

    def catch_up(self) -> None:
        """Play everything that is due by the clock, or as much as this machine can."""
        catch_up(self._playing, self._feeds.values(), self.clock)

    def wake(self) -> None:
        """The clock was started, held, or set to another rate: look again what is due when."""
        self._wake.set()

    def no_seek(self, now_ns: int) -> str | None:
        """Why venue time cannot be set to a moment, or None."""
        first_ns, last_ns = self.market.first_ns, self.market.last_ns
        if first_ns <= now_ns <= last_ns:
            return None
        first, last = (datetime.fromtimestamp(ns / 1e9, UTC) for ns in (first_ns, last_ns))
        return f"The tape reaches from {first:%Y-%m-%dT%H:%M:%SZ} to {last:%Y-%m-%dT%H:%M:%SZ}."

    def jump(self, now_ns: int) -> None:
        """Go to another venue time; what lies between did not happen."""
        self._jumps += 1
        self.clock.set(now_ns)
        self._playing.set(now_ns)
        for contract_id, feed in self._feeds.items():
            feed.jump(now_ns)
            self._audience.forget(contract_id)
        self._wake.set()

    def now_ns(self) -> int:
        """Venue time: the moment that is being played, else that of the last `catch_up`."""
        return self._playing.now_ns

    def at(self, ts_ns: int, action: Callable[[], None]) -> None:
        """Have something done at a venue time."""
        self._playing.agenda.at(ts_ns, action)
        self._wake.set()

    def find(self, contract_id: str) -> Contract | None:
        """A contract that can be traded or once could, or None."""
        return self.market.find(contract_id)

    def is_active(self, contract: Contract) -> bool:
        """Whether it trades today."""
        return contract in self.market.active()

    def is_open(self, contract: Contract) -> bool:
        """Whether its market is open at this moment."""
        return self.hours.is_open(contract.product, self.now_ns())

    def is_quoted(self, contract: Contract) -> bool:
        """Whether there is a bid and an offer."""
        book = self.book(contract).market
        return book.best(BIDS) is not None and book.best(ASKS) is not None

    def book(self, contract: Contract) -> Book:
        """Practice orders and touch of an active contract, the market's book loaded."""
        feed = self._feed(contract)
        feed.heat()
        return feed.book

    def settle(self, contract: Contract) -> None:
        """Orders on a contract changed: its tape is to be played."""
        self._feed(contract).heat()
        self._start_clock()
        self._wake.set()

    async def watch(self, contract_id: str, depth: bool) -> Feed | None:
        """The feed of an active contract, with session figures and everything published."""
        contract = self.market.find(contract_id)
        if contract is None or not self.is_active(contract):
            return None
        self.catch_up()
        feed = self._feed(contract)
        self._awaited[contract_id] += 1  # however fast time runs, it is not idle meanwhile
        try:
            while feed.session is None:
                await self._attach_session(feed)
                feed = self._feed(contract)
        finally:
            self._awaited[contract_id] -= 1
        if depth:
            feed.heat()
        self._start_clock()
        self.play()
        return feed

    async def bars(
        self, contract: Contract, spec: BarSpec, start_ns: int, end_ns: int, limit: int
    ) -> Bars:
        """Bars up to now, made on a thread of their own so that the tapes play on."""
        self.catch_up()
        tape, now_ns = self.market.tape(contract), self.now_ns()
        return await self._in_thread(lambda: tape.bars(spec, start_ns, end_ns, limit, now_ns))

    def nudge(self, contract: Contract, ticks: int, seconds: float) -> bool:
        """Drift the price of a contract from now on; False where the tape cannot be bent."""
        self.catch_up()
        return self.market.tape(contract).steer(ticks, self.now_ns(), seconds)

    def _feed(self, contract: Contract) -> Feed:
        feed = self._feeds.get(contract.contract_id)
        if feed is None:
            tape = self.market.tape(contract)
            feed = Feed(tape, self.now_ns(), self._orders, self._joins_follow)
            self._feeds[contract.contract_id] = feed
            self._wake.set()
        return feed

    def _start_clock(self) -> None:
        if not self.clock.running:
            self.clock.start()
            self._wake.set()

    async def _attach_sessions(self) -> None:
        """Give feeds their session figures back that lost them when venue time was set."""
        for contract_id, feed in tuple(self._feeds.items()):
            while feed.session is None and self._audience.listens(contract_id):
                await self._attach_session(feed)

    async def _attach_session(self, feed: Feed) -> None:
        """Give a feed session figures, unless venue time is set meanwhile."""
        at_ns, jumps = feed.cursor_ns, self._jumps
        grid = grid_of(_DAY, venue_calendar(_DAY, at_ns))
        days = Bars.empty()
        for back in (1, 4):  # the day before will mostly do; behind a weekend it will not
            start_ns = grid.floor(at_ns) - back * _LONGEST_DAY_NS
            ask = partial(feed.tape.bars, _DAY, start_ns, at_ns, 2, at_ns)
            days = await self._in_thread(ask)
            if len(days) > 1:
                break
        if jumps != self._jumps:
            return
        session = Session(days, grid, at_ns)
        session.absorb(feed.tape.prints(at_ns, feed.cursor_ns))
        feed.session = session

    async def _in_thread(self, make: Callable[[], Bars]) -> Bars:
        return await asyncio.get_running_loop().run_in_executor(self._bars_thread, make)

    def _let_go(self) -> None:
        """Cool feeds whose book matters no more, and drop those that nobody needs."""
        now_ns = self.now_ns()
        for contract_id, feed in tuple(self._feeds.items()):
            if self._awaited[contract_id] or self._audience.needs_book(contract_id):
                self._idle_since.pop(contract_id, None)
            elif now_ns - self._idle_since.setdefault(contract_id, now_ns) >= _IDLE_NS:
                feed.cool()
                if not self._audience.listens(contract_id):
                    del self._feeds[contract_id], self._idle_since[contract_id]
                    self._audience.forget(contract_id)

    def _look_ahead(self) -> None:
        """Have one tape after the other make what comes soon, lest all of them do so at once."""
        if self._feeds:
            self._looked += 1
            feeds = tuple(self._feeds.values())
            feeds[self._looked % len(feeds)].look_ahead(_AHEAD_NS)

    def _pause_s(self, begun_s: float) -> float | None:
        """How long nothing will happen; None while the clock stands or nothing is needed."""
        if not self.clock.running:
            return None
        due = [self._playing.agenda.next_ns(), *(one.next_ns() for one in self._feeds.values())]
        next_ns = min((one for one in due if one is not None), default=None)
        if next_ns is None and not self._feeds:
            return None
        pause_s = _LONGEST_WAIT_S
        if next_ns is not None:
            pause_s = min(pause_s, self.clock.real_s(next_ns - self.clock.now_ns()))
        spent_s = self.clock.mono_s() - begun_s
        return max(pause_s, _SHORTEST_ROUND_S - spent_s, _SHORTEST_WAIT_S)
