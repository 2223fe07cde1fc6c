"""A market that never rests: what the market thread is given in place of a venue's hubs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import numpy as np
from bench.chart_data import MNQ, random_bars

from tradedesk.domain.clock import NS_PER_S, Clock
from tradedesk.domain.market import Quote
from tradedesk.engine import Bars, TradeBatch, aggregate

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.ports import MarketSink

ROUND_S: Final = 0.001
"""What came since the last round is delivered at once, as a hub's message holds several trades."""

REPEATS: Final = 100_000
"""After so many trades prices and sizes come again, in the same order."""


MOST_A_ROUND: Final = 10_000
"""Trades; a market thread that was kept from running catches up in several rounds."""

MOVES: Final = 0.02
"""Share of the trades at another price than the one before."""

LARGEST: Final = 5
"""Contracts of a trade, at most."""


class LoadSource:
    """Trades and quotes in equal number at a steady rate; satisfies `MarketSource`.

    Every round delivers its trades in one message and its quotes one by one, as the hubs do. It
    answers for history like a venue: made-up bars until it was started, its own trades after that.

    Parameters
    ----------
    clock : Clock
        Trades are stamped with it, to the millisecond, as a venue's are.
    rate : float
        Events a second.
    quiet_before : bool, default False
        History of far smaller bars, so that the newest bar is always the largest and stretches the
        scale of volumes with every trade.

    Attributes
    ----------
    lots : int
        Contracts traded so far. Written by the market thread.
    trades, quotes : int
        Events so far.
    done : bool
        Set to end the stream.
    """

    def __init__(self, clock: Clock, rate: float, *, quiet_before: bool = False) -> None:
        self._clock = clock
        self._rate = rate
        self._quiet_before = quiet_before
        self.lots = self.trades = self.quotes = 0
        self.done = False
        self.began_ns = clock.wall_ns() // (60 * NS_PER_S) * (60 * NS_PER_S)
        rng = np.random.default_rng(7)
        walk = rng.choice([-1, 0, 1], REPEATS, p=[MOVES / 2, 1 - MOVES, MOVES / 2]).cumsum()
        # There and back, so that the price is where it was when everything comes again.
        self._px = (85_900 + np.concatenate((walk, walk[::-1]))).tolist()
        self._qty = rng.integers(1, LARGEST + 1, 2 * REPEATS).tolist()
        self._keeping = True
        self._kept: list[tuple[list[int], list[int], list[int], list[int]]] = []
        self._old: dict[BarSpec, Bars] = {}

    async def run(self, sink: MarketSink) -> None:
        """Deliver until cancelled."""
        sink.on_connected(1)
        begun_ns = self._clock.mono_ns()
        sent = 0
        while not self.done:
            await asyncio.sleep(ROUND_S)
            passed_s = (self._clock.mono_ns() - begun_ns) / NS_PER_S
            due = min(int(passed_s * self._rate / 2) - sent, MOST_A_ROUND)
            if due > 0:
                sent += due
                self._deliver(sink, due)
        await asyncio.Event().wait()  # the market thread ends by cancelling this

    async def subscribe(self, instrument: Instrument) -> None:
        """There is one contract only."""

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
        """History of any size, up to now."""
        parts = [TradeBatch(*columns) for columns in self._kept]
        made = aggregate(TradeBatch.concat(parts), spec)
        bars = Bars.concat((self._before(spec), made))
        first, stop = bars.ts_ns.searchsorted([start_ns, end_ns])
        return bars[max(int(first), int(stop) - limit) : int(stop)]

    async def aclose(self) -> None:
        """Nothing is open."""

    def forget(self) -> None:
        """Keep trades no longer: history has been asked for."""
        self._keeping = False
        self._kept.clear()

    def _deliver(self, sink: MarketSink, count: int) -> None:
        now_ns = self._clock.wall_ns() // 1_000_000 * 1_000_000
        heard_ns = self._clock.mono_ns()
        at = self.trades % (2 * REPEATS - MOST_A_ROUND)
        px, qty = self._px[at : at + count], self._qty[at : at + count]
        bought = [lots if lots % 2 else 0 for lots in qty]
        columns = ([now_ns] * count, px, qty, bought)
        if self._keeping:
            self._kept.append(columns)
        self.lots += sum(qty)
        self.trades += count
        sink.on_trades(MNQ.contract_id, *columns, heard_ns)
        for price in px:
            quote = Quote(MNQ.contract_id, now_ns, price, price - 1, price + 1)
            sink.on_quote(quote, heard_ns)
        self.quotes += count

    def _before(self, spec: BarSpec) -> Bars:
        """Made-up bars that end where the stream begins."""
        found = self._old.get(spec)
        if found is None:
            period_ns = spec.period_ns or NS_PER_S
            made = random_bars(20_000)
            ts_ns = self.began_ns - np.arange(len(made), 0, -1) * period_ns
            usual = self._rate / 2 * (LARGEST + 1) / 2 * period_ns / NS_PER_S
            times = 1 if self._quiet_before else max(1, round(usual / int(made.volume.mean())))
            prices = (made.open, made.high, made.low, made.close)
            sums = (made.volume, made.buy_volume, made.turnover, made.count)
            found = Bars(ts_ns, *prices, *(column * times for column in sums))
            self._old[spec] = found
        return found
