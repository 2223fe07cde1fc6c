"""Bars of real trades and real bars against what vendors and other projects made of them."""

from __future__ import annotations

import pytest
from tests.engine.market_files import (
    bars_of,
    batch_of_csv,
    csv_rows,
    dbn_records,
    iso_ns,
    whole,
)
from tests.engine.naive import MINUTE, naive_bars

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Bars, LiveBars, TradeBatch, TradeStore, aggregate, resample

ES_TICK = 250_000_000  # 0.25 in units of 1e-9
ONE_MINUTE = BarSpec.parse("1m")


def es_trades() -> TradeBatch:
    trades = dbn_records("cme_esu4_20240701_trades.dbn.zst")
    return TradeBatch(
        [trade.ts_recv for trade in trades],
        [trade.price // ES_TICK for trade in trades],
        [trade.size for trade in trades],
        [trade.size if trade.side == "B" else 0 for trade in trades],
    )


def test_es_trades_make_the_vendors_minute_bars() -> None:
    batch = es_trades()
    assert (len(batch), batch.qty.sum()) == (120, 253)
    bars = aggregate(batch, ONE_MINUTE)
    assert bars.volume.tolist() == [18, 23, 175, 37]
    vendor = {
        bar.ts_event: bar
        for bar in dbn_records("cme_esu4_nqu4_20240701_ohlcv1m.dbn.zst")
        if bar.instrument_id == dbn_records("cme_esu4_20240701_trades.dbn.zst")[0].instrument_id
    }
    for bar in bars:
        theirs = vendor[bar.ts_ns]
        prices = [theirs.open, theirs.high, theirs.low, theirs.close]
        assert [px * ES_TICK for px in bar[1:5]] == prices
        assert bar.volume == theirs.volume


@pytest.mark.parametrize("text", ["1s", "1m", "5m", "50t", "20v", "4r", "2n"])
def test_es_trades_live_and_stored(text: str) -> None:
    spec = BarSpec.parse(text)
    batch = es_trades()
    trades = list(batch.rows())
    live = LiveBars([spec])
    for trade in trades:
        live.tick(*trade)
    store = TradeStore()
    store.append(batch)
    assert list(live.bars(spec)) == naive_bars(trades, spec)
    assert store.bars(spec) == live.bars(spec)


@pytest.mark.parametrize(("text", "count"), [("1m", 2_469), ("5m", 706)])
def test_spot_trades_make_the_published_bars(text: str, count: int) -> None:
    batch = batch_of_csv(csv_rows("spot_xrpeth_201910_trades.csv.gz"), "0.00000001", "0.1")
    assert len(batch) == 12_477
    rows = csv_rows(f"spot_xrpeth_201910_ohlcv_{text}.csv.gz")
    ts_ns = [int(row["time_ms"]) * 1_000_000 for row in rows]
    published = bars_of(ts_ns, rows, "0.00000001", "0.1")
    assert len(published) == count
    spec = BarSpec.parse(text)
    direct = aggregate(batch, spec)
    live = LiveBars([ONE_MINUTE, spec])
    live.absorb(batch)
    for bars in (direct, live.bars(spec), resample(aggregate(batch, ONE_MINUTE), spec)):
        assert bars == direct
        assert [bar[:6] for bar in bars] == [bar[:6] for bar in published]


@pytest.mark.parametrize("text", ["20r", "300r", "5000r", "20n", "300n", "5000n"])
def test_spot_trades_in_range_and_renko_bars(text: str) -> None:
    batch = batch_of_csv(csv_rows("spot_xrpeth_201910_trades.csv.gz"), "0.00000001", "0.1")
    spec = BarSpec.parse(text)
    bars = aggregate(batch, spec)
    assert list(bars) == naive_bars(list(batch.rows()), spec)
    live = LiveBars([spec])
    for row in range(0, len(batch), 1_000):
        live.absorb(batch[row : row + 1_000])
    assert live.bars(spec) == bars


@pytest.mark.parametrize(("name", "text", "count"), [("week", "1w", 52), ("month", "1mo", 12)])
def test_index_days_make_the_published_weeks_and_months(name: str, text: str, count: int) -> None:
    rows = csv_rows("eurostoxx50_2006_day.csv")
    days = bars_of([iso_ns(row["date"]) for row in rows], rows, "0.01", "1")
    assert len(days) == 255
    bars = resample(days, BarSpec.parse(text))
    rows = csv_rows(f"eurostoxx50_2006_{name}.csv")
    published = [
        tuple(whole(row[c], "0.01") for c in ("open", "high", "low", "close")) for row in rows
    ]
    assert len(bars) == count
    assert [bar[1:5] for bar in bars] == published
    last_days = [iso_ns(row["date"]) for row in rows]
    assert all(bar.ts_ns <= last for bar, last in zip(bars, last_days, strict=True))


def euro_minutes() -> Bars:
    rows = csv_rows("cme_6eh4_202401_ohlcv_1m.csv.gz")
    opens = [iso_ns(row["timestamp_utc"]) - MINUTE for row in rows]  # stamped at the close
    return bars_of(opens, rows, "0.00005", "1")


def test_euro_minutes_direct_and_in_a_cascade() -> None:
    minutes = euro_minutes()
    assert len(minutes) == 29_996
    bars = minutes
    for text in ("5m", "15m", "1h", "1d"):
        spec = BarSpec.parse(text)
        bars = resample(bars, spec)
        assert bars == resample(minutes, spec)
        assert bars.volume.sum() == minutes.volume.sum()
        assert not bars.flow_known.any()
    five = resample(minutes, BarSpec.parse("5m"))
    for bar in list(five)[::97]:
        inside = [m for m in minutes if bar.ts_ns <= m.ts_ns < bar.ts_ns + 5 * MINUTE]
        assert bar[1:6] == (
            inside[0].open,
            max(m.high for m in inside),
            min(m.low for m in inside),
            inside[-1].close,
            sum(m.volume for m in inside),
        )


def test_euro_trading_days_start_at_17_00_in_chicago() -> None:
    """23:00 UTC in January: 22 whole sessions and the first hour of one more."""
    minutes = euro_minutes()
    days = resample(minutes, BarSpec.parse("1d"), calendar=-60 * MINUTE)
    assert len(days) == 23
    hours_of_opening = {ts_ns // (60 * MINUTE) % 24 for ts_ns in days.ts_ns.tolist()}
    assert hours_of_opening == {23}
