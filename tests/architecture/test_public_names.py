"""Names that other people's code relies on; a change here needs a line in the changelog."""

from __future__ import annotations

import inspect

import pytest

pytest.importorskip("numpy", reason="NumPy is not installed here")

from tradedesk import engine, history

ENGINE = {
    "Bar", "BarSeries", "BarSpec", "BarUnit", "Bars", "HistoryRange", "LiveBars", "Stitcher",
    "Tail", "TimeGrid", "Totals", "TradeBatch", "TradeStore", "aggregate", "join_bars", "merge",
    "resample",
}  # fmt: skip

HISTORY = {
    "Archive", "BarHistory", "Entry", "TradeHistory", "bar_lines", "read_bars", "read_history",
    "read_trades", "to_pandas", "to_polars", "write_bars",
}  # fmt: skip

COLUMNS = {
    engine.TradeBatch: ["ts_ns", "px_ticks", "qty", "buy_qty"],
    engine.Bars: [
        "ts_ns", "open", "high", "low", "close", "volume", "buy_volume", "turnover", "count",
    ],
}  # fmt: skip


def test_names_of_the_engine() -> None:
    assert set(engine.__all__) == ENGINE
    undocumented = [name for name in ENGINE if not inspect.getdoc(getattr(engine, name))]
    assert undocumented == []


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
