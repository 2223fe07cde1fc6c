"""Bars of which the newest ones are made of trades on a tape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tests.ui.chart.samples import MINUTE_NS, START_NS, walk

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Bars, TradeBatch, aggregate, merge
from tradedesk.services.tape import ContractTape

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

MINUTE = BarSpec.parse("1m")


def some_trades(
    count: int,
    *,
    seed: int = 6,
    start_ns: int = START_NS,
    minutes: float = 30,
    around: int = 86_000,
) -> TradeBatch:
    """Trades around one price over some minutes."""
    rng = np.random.default_rng(seed)
    ts_ns = np.sort(start_ns + rng.integers(0, int(minutes * MINUTE_NS), count))
    px_ticks = around + np.cumsum(rng.choice([-1, 0, 0, 1], count))
    qty = rng.integers(1, 12, count)
    bought = np.where(rng.random(count) < 0.5, qty, 0)
    return TradeBatch(ts_ns, px_ticks, qty, bought)


class LiveChart:
    """A chart of 200 bars of history and 30 of live trades; the tape begins inside a bar."""

    def __init__(
        self,
        make_chart: Callable[..., ChartBench],
        keep: int | None = None,
        around: int = 86_000,
    ) -> None:
        history = walk(200)
        begin = START_NS + 199 * MINUTE_NS + MINUTE_NS // 2
        self.trades = some_trades(4_000, start_ns=begin, around=around)
        self.tape = ContractTape(keep=keep)
        self.tape.absorb(self.trades)
        live = aggregate(self.trades, MINUTE)
        shift = int(live.open[0]) - int(history.close[-1])
        opened, high, low, close = (column + shift for column in history.columns()[1:5])
        quiet = Bars(history.ts_ns, opened, high, low, close, history.volume)
        self.bench = make_chart(merge(quiet, live))
        self.bench.panel.reading.take_tape(self.tape)
        self.bench.frame(130)

    def trade(self, px_ticks: int, qty: int, *, after_ns: int = MINUTE_NS // 6) -> None:
        """One more trade, on the tape and in the bars."""
        ts_ns = int(self.tape.trades.ts_ns[-1]) + after_ns
        self.tape.absorb(TradeBatch([ts_ns], [px_ticks], [qty], [qty]))
        self.trades = TradeBatch.concat(
            (self.trades, TradeBatch([ts_ns], [px_ticks], [qty], [qty]))
        )
        live = aggregate(self.trades, MINUTE)
        newest = int(self.bench.series.ts_ns[-1])
        self.bench.series.apply_tail(live[int(live.ts_ns.searchsorted(newest)) :])
        self.bench.frame(300)
