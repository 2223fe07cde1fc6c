"""Figures over bars of real trades against the same figures over the trades themselves."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from tests.engine.market_files import batch_of_csv, csv_rows
from tests.engine.naive import DAY

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import BarSeries, LiveBars, TradeBatch, aggregate, indicators
from tradedesk.engine.indicators import LiveLines


@pytest.fixture(scope="module")
def trades() -> TradeBatch:
    return batch_of_csv(csv_rows("spot_xrpeth_201910_trades.csv.gz"), "0.00000001", "0.1")


@pytest.mark.parametrize("text", ["1m", "1h", "500t"])
def test_vwap_and_delta_are_those_of_the_trades(text: str, trades: TradeBatch) -> None:
    bars = aggregate(trades, BarSpec.parse(text))
    vwap = indicators.make("vwap").compute(bars)[0]
    delta = indicators.make("cumulative_delta").compute(bars)[0]
    rows = list(trades.rows())
    taken = turnover = volume = bought = 0
    day = None
    for row, bar in enumerate(bars):
        if bar.ts_ns // DAY != day:
            day = bar.ts_ns // DAY
            turnover = volume = bought = 0
        for _, px, qty, buy in rows[taken : taken + bar.count]:
            turnover += px * qty
            volume += qty
            bought += buy
        taken += bar.count
        assert vwap[row] == pytest.approx(float(Fraction(turnover, volume)), rel=1e-15)
        assert delta[row] == 2 * bought - volume
    assert taken == len(trades) == 12_477


def test_lines_beside_bars_that_are_traded_live(trades: TradeBatch) -> None:
    """Trades in, bars live, lines live: the same as all at once."""
    spec = BarSpec.parse("5m")
    live, series = LiveBars([spec]), BarSeries()
    names = ("ema", "macd", "vwap", "cumulative_delta", "supertrend", "adx", "bollinger", "sar")
    kept = [LiveLines(indicators.make(name), series) for name in names]
    for start in range(0, len(trades), 37):
        first = live.absorb(trades[start : start + 37])[spec]
        series.apply_tail(live.bars(spec, first))
        for lines in kept:
            lines.update()
    bars = aggregate(trades, spec)
    assert series.bars == bars
    assert len(bars) == 706
    for lines in kept:
        for line, wanted in zip(lines.lines, lines.indicator.compute(bars), strict=True):
            np.testing.assert_allclose(line, wanted, rtol=1e-12, atol=1e-9)
