"""The source of the stress test, in the place of a venue's market hub on a market thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tradedesk.services.stress.contract import STRESS_ID
from tradedesk.services.stress.flow import QUOTES_IN_TEN, StressFlow, TradeRecord
from tradedesk.services.stress.pace import due
from tradedesk.services.stress.past import StressPast

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.ports import MarketSink
    from tradedesk.engine import Bars

SLICE_S: Final = 0.001
MOST_QUEUED: Final = 20_000
"""With so many items waiting for the window, the source leaves events out instead of memory."""
_CATCH_UP: Final = 4
"""A source that was held up makes up for a quarter of a second at once, and no more."""


class StressSource:
    """Satisfies ``MarketSource``: tells made-up trades and quotes until it is cancelled or late.

    Parameters
    ----------
    clock : Clock
        Monotonic time paces it; records are stamped with the moment they are handed over.
    market_ns : int
        What time it is in the market when it begins, UTC nanoseconds.
    until_ns : int
        Monotonic moment at which it ends by itself.
    rate : int
        Events a second; see `tradedesk.services.stress.pace`.
    queued : callable
        How many items the window has not yet taken.
    seed : int
        Of prices and sizes.

    Attributes
    ----------
    rate : int
        May be set to another one from any thread; it holds from the next slice on.
    trades, quotes, lots, left_out : int
        What was handed over: trades, quotes, contracts in those trades; and events left out
        because the thread was held up or the queue was full.
    market_ns : int
        When it began, in the market's time: the made-up past ends with the second before.
    """

    def __init__(
        self,
        clock: Clock,
        market_ns: int,
        until_ns: int,
        rate: int,
        queued: Callable[[], int],
        seed: int = 1,
    ) -> None:
        self.rate = rate
        self.trades = self.quotes = self.lots = self.left_out = 0
        self._mono_ns = clock.mono_ns
        self._begun_ns = clock.mono_ns()
        self._offset_ns = market_ns - self._begun_ns
        self._until_ns = until_ns
        self._queued = queued
        self._flow = StressFlow(seed)
        self.market_ns, self._seed = market_ns, seed
        self._past: StressPast | None = None
        self._told_ns = market_ns
        self._paced = (rate, self._begun_ns)
        self._made = 0

    async def run(self, sink: MarketSink) -> None:
        """Tell what is due, a slice every millisecond."""
        sink.on_connected(1)
        while (now := self._mono_ns()) < self._until_ns:
            self.tell(sink, now)
            await asyncio.sleep(SLICE_S)

    async def subscribe(self, instrument: Instrument) -> None:
        """There is one contract, and it is told always."""

    async def bars(
        self,
        instrument: Instrument,
        spec: BarSpec,
        start_ns: int,
        end_ns: int,
        limit: int,
        *,
        partial: bool,
        patient: bool = False,
    ) -> Bars:
        """See ``MarketSource``; there is no limit to leave room below."""
        return self._on_file().bars(spec, start_ns, end_ns, limit, partial=partial)

    async def aclose(self) -> None:
        """Nothing is open."""

    def tell(self, sink: MarketSink, now_ns: int) -> None:
        """Hand over what is due at monotonic `now_ns`."""
        rate = self.rate
        if rate != self._paced[0]:
            self._paced, self._made = (rate, now_ns), 0
        wanted = due(rate, now_ns - self._paced[1]) - self._made
        self._made += wanted
        count = 0 if self._queued() >= MOST_QUEUED else min(wanted, max(1, rate // _CATCH_UP))
        self.left_out += wanted - count
        if count <= 0:
            return
        begin_ns, self._told_ns = self._told_ns, now_ns + self._offset_ns
        whole, told = self._flow.make(count, begin_ns, self._told_ns)
        # First on file, then told: whoever asks for bars up to what it heard finds it in them.
        self._on_file().note(whole)
        self.trades += len(whole.qty)
        self.quotes += count - len(whole.qty)
        self.lots += sum(whole.qty)
        for item in told:
            # The making took time as well, which a hub's records have behind them.
            if isinstance(item, TradeRecord):
                sink.on_trades(STRESS_ID, *item, self._mono_ns())
            else:
                sink.on_quote(item, self._mono_ns())

    def _on_file(self) -> StressPast:
        """Made when it is first needed, on the source's own thread: it takes some milliseconds."""
        if self._past is None:
            trades = self._paced[0] * (10 - QUOTES_IN_TEN) // 10
            self._past = StressPast(self._seed, self.market_ns, trades)
        return self._past
