"""Names that other people's code relies on; a change here needs a line in the changelog."""

from __future__ import annotations

import inspect

import pytest

pytest.importorskip("numpy", reason="NumPy is not installed here")

from tradedesk import engine, history
from tradedesk.engine import indicators

ENGINE = {
    "Arrivals", "Bar", "BarSeries", "BarSpec", "BarUnit", "Bars", "BookLevel", "BookLevels",
    "BookState", "Calendar", "DepthBook", "DevelopingProfile", "Footprint", "HeikinAshi",
    "HeikinAshiCandle", "HeikinAshiFollower", "HistoryRange", "Imbalances", "IntakeCounts",
    "LiveBars", "LiveFootprint", "Mending", "NO_DAY", "OrderAction", "OrderBook", "ProfileIndex",
    "RestingOrder", "SessionGrid", "StackedImbalances", "Stitcher", "Tail", "Taken", "Tally",
    "TimeGrid", "Totals", "TradeBatch", "TradeIntake", "TradeStore", "TradingHours",
    "TradingSession", "UpdateOutcome", "ValueArea", "VolumeNodes", "VolumeProfile", "aggregate",
    "developing_profile", "footprint", "grid_of", "heikin_ashi", "imbalances",
    "join_bars", "merge", "resample", "stacked_imbalances", "venue_calendar", "volume_nodes",
}  # fmt: skip

INDICATORS = {
    "Adx", "AnchoredVwap", "Atr", "Bollinger", "Cci", "CumulativeDelta", "Delta", "Donchian",
    "Ema", "FastStochastic", "FixedDays", "Follower", "FunctionIndicator", "Hma", "Ichimoku",
    "Indicator",
    "Keltner", "LinearRegression", "LiveLines", "Macd", "Mfi", "Obv", "OpeningRange",
    "ParabolicSar", "Pivots", "Roc", "Rsi", "Sessions", "Sma", "StdDev", "Stochastic",
    "Supertrend", "Vwap", "Wma", "defaults", "indicator", "make", "names", "parse", "unregister",
}  # fmt: skip

INDICATOR_NAMES = {
    "adx", "anchored_vwap", "atr", "bollinger", "cci", "cumulative_delta", "delta", "donchian",
    "ema", "fast_stochastic", "hma", "ichimoku", "keltner", "linreg", "macd", "mfi", "obv",
    "opening_range", "pivots", "roc", "rsi", "sar", "sma", "stddev", "stochastic", "supertrend",
    "vwap", "wma",
}  # fmt: skip
"""Settings hold these."""

HISTORY = {
    "Archive", "BarHistory", "Entry", "TradeHistory", "bar_lines", "read_bars", "read_history",
    "read_trades", "to_pandas", "to_polars", "write_bars",
}  # fmt: skip

COLUMNS = {
    engine.TradeBatch: ["ts_ns", "px_ticks", "qty", "buy_qty"],
    engine.Bars: [
        "ts_ns", "open", "high", "low", "close", "volume", "buy_volume", "turnover", "count",
    ],
    engine.TradingHours: ["opens_ns", "closes_ns", "day"],
}  # fmt: skip


def test_names_of_the_engine() -> None:
    assert set(engine.__all__) == ENGINE
    undocumented = [name for name in ENGINE if not inspect.getdoc(getattr(engine, name))]
    assert undocumented == []


def test_names_of_indicators() -> None:
    assert set(indicators.__all__) == INDICATORS
    undocumented = [name for name in INDICATORS if not inspect.getdoc(getattr(indicators, name))]
    assert undocumented == []
    assert set(indicators.names()) == INDICATOR_NAMES


def test_names_of_the_history() -> None:
    assert set(history.__all__) == HISTORY
    undocumented = [name for name in HISTORY if not inspect.getdoc(getattr(history, name))]
    assert undocumented == []


@pytest.mark.parametrize("kind", COLUMNS, ids=lambda kind: kind.__name__)
def test_columns(kind: type) -> None:
    names = list(inspect.signature(kind).parameters)
    assert names[: len(COLUMNS[kind])] == COLUMNS[kind]


def test_the_functions_take_what_the_design_says() -> None:
    assert list(inspect.signature(engine.aggregate).parameters)[:2] == ["trades", "spec"]
    assert list(inspect.signature(engine.resample).parameters)[:2] == ["bars", "spec"]
    assert list(inspect.signature(engine.LiveBars).parameters)[:1] == ["specs"]
    assert list(inspect.signature(engine.LiveBars.absorb).parameters)[1:2] == ["batch"]
