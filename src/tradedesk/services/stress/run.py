"""Starts and ends the stress test, and takes in what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.clock import NS_PER_S, Clock
from tradedesk.services.market_desk import MarketDesk
from tradedesk.services.market_thread import MarketThread
from tradedesk.services.stress.contract import STRESS, STRESS_ID
from tradedesk.services.stress.figures import StressFigures, StressTally
from tradedesk.services.stress.source import StressSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.instrument import Instrument
    from tradedesk.services.market_thread import TradesArrived

RATES: Final = (5_000, 10_000, 20_000, 50_000)
"""Events a second that may be chosen."""
LASTS_NS: Final = 600 * NS_PER_S
KEPT_TRADES: Final = 200_000
"""Trades that stay in memory, at most twice as many; bars keep what older ones did."""


class StressTest:
    """A market desk of its own on a market thread of its own, off until it is started.

    Everything behind the source is the code that a venue's records go through: queue and wake of
    `MarketThread`, `MarketDesk.pump`, tape, bars. Only the numbers are made up, and nothing of it
    touches the venue's own market desk. Used on the desk's loop only.

    Parameters
    ----------
    clock : Clock
        Of the desk.
    market_ns : callable
        What time it is in the venue's market, UTC nanoseconds: stamps go on from there.
    call_soon : callable
        Runs something on the desk's loop; called from another thread.
    """

    def __init__(
        self,
        clock: Clock,
        market_ns: Callable[[], int],
        call_soon: Callable[[Callable[[], None]], object],
    ) -> None:
        self._clock = clock
        self._market_ns = market_ns
        self._call_soon = call_soon
        self._thread: MarketThread | None = None
        self._source: StressSource | None = None
        self._tally = StressTally()
        self._until_ns = 0
        self._most_queued = 0
        self._ended_pumped_ns = 0
        self.markets: MarketDesk | None = None

    @property
    def running(self) -> bool:
        """Whether there is a made-up market now."""
        return self.markets is not None

    @property
    def rate(self) -> int:
        """Events a second that are asked for; 0 while it is off."""
        return self._source.rate if self._source is not None else 0

    @property
    def rates(self) -> tuple[int, ...]:
        """Events a second that may be chosen."""
        return RATES

    @property
    def instrument(self) -> Instrument:
        """What its prices are of."""
        return STRESS

    @property
    def left_ns(self) -> int:
        """Time until it ends by itself; 0 while it is off."""
        return max(0, self._until_ns - self._clock.mono_ns()) if self.running else 0

    @property
    def source(self) -> StressSource | None:
        """What makes the events; None while it is off."""
        return self._source

    @property
    def pumped_ns(self) -> int:
        """Time that taking in made-up markets has cost so far, nanoseconds; never falls."""
        return self._ended_pumped_ns + (0 if self.markets is None else self.markets.pumped_ns)

    def start(self, rate: int) -> None:
        """Begin, or go on at another rate; the end stays where it was.

        Raises
        ------
        StartError
            If its thread does not start; then it is off.
        """
        if self._source is not None:
            self._source.rate = rate
            return
        self._until_ns = self._clock.mono_ns() + LASTS_NS
        self._tally, self._most_queued = StressTally(), 0
        source = StressSource(self._clock, self._market_ns(), self._until_ns, rate, self._queued)
        thread = MarketThread(
            lambda: source, lambda: self._call_soon(self.pump), name="tradedesk-stress"
        )
        markets = MarketDesk(self._clock, keep_trades=KEPT_TRADES)
        markets.on_trades(self._count)
        self._source, self._thread, self.markets = source, thread, markets
        try:
            thread.start()
        except BaseException:
            self.stop()
            raise
        markets.watch(STRESS)
        markets.attach(thread)

    def stop(self) -> None:
        """End it, and let go of all it made; safe to call when it is off."""
        self._ended_pumped_ns = self.pumped_ns
        thread, self._thread = self._thread, None
        self._source = self.markets = None
        if thread is not None:
            thread.stop()

    def pump(self) -> None:
        """Take in what was told; ends it when its time is over."""
        markets, thread = self.markets, self._thread
        if markets is None or thread is None:
            return
        self._most_queued = max(self._most_queued, thread.queued)
        markets.pump()
        now = self._clock.mono_ns()
        self._tally.shown(now, self._taken(markets))
        if now >= self._until_ns:
            self.stop()

    def figures(self) -> StressFigures | None:
        """How it goes; None while it is off."""
        markets, source = self.markets, self._source
        if markets is None or source is None:
            return None
        p50_us, p99_us = self._tally.lateness_us()
        most, self._most_queued = self._most_queued, 0
        return StressFigures(
            wanted=source.rate,
            delivered=self._tally.rate(),
            taken=self._taken(markets),
            queued=self._queued(),
            most_queued=most,
            p50_us=p50_us,
            p99_us=p99_us,
            left_out=source.left_out,
            left_ns=self.left_ns,
            kept=markets.trades_kept(STRESS_ID),
        )

    def _count(self, item: TradesArrived) -> None:
        self._tally.take(len(item.batch), item.mono_ns)

    def _taken(self, markets: MarketDesk) -> int:
        # The book changes once with each record of trades and once with each quote.
        book = markets.books.get(STRESS_ID)
        quotes = 0 if book is None else book.version - self._tally.records
        return self._tally.trades + quotes

    def _queued(self) -> int:
        return self._thread.queued if self._thread is not None else 0
