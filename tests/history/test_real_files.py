"""Every file of recorded market data is read, and agrees with what is known of it, or refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import InputError
from tradedesk.engine import aggregate, resample
from tradedesk.history import read_bars, read_history, read_trades

Find = Callable[[str], Path]
MINUTE = BarSpec.parse("1m")
MINUTE_NS = 60 * 10**9


def test_es_trades_make_the_vendors_bars(shared_data: Find) -> None:
    trades = read_trades(shared_data("cme_esu4_20240701_trades.dbn.zst"))
    assert (trades.contract, trades.tick_size.size) == ("ESU4", Decimal("0.25"))
    assert trades.tick_from == "definition"
    assert (len(trades), trades.batch.qty.sum()) == (120, 253)
    bars = aggregate(trades.batch, MINUTE)
    assert bars.volume.tolist() == [18, 23, 175, 37]
    path = shared_data("cme_esu4_nqu4_20240701_ohlcv1m.dbn.zst")
    vendor = read_bars(path, contract="ESU4")
    assert (len(vendor), vendor.tick_size) == (30, trades.tick_size)
    theirs = {bar.ts_ns: bar[:6] for bar in vendor.bars}
    assert [bar[:6] for bar in bars] == [theirs[bar.ts_ns] for bar in bars]
    nq = read_bars(path, contract="NQU4")
    assert (len(nq), nq.tick_size.size, nq.tick_from) == (30, Decimal("0.25"), "definition")
    with pytest.raises(InputError, match="holds ESU4, NQU4: give the name of one as contract"):
        read_bars(path)


def test_top_of_book_tells_the_same_trades(shared_data: Find) -> None:
    bare = read_trades(shared_data("cme_esu4_20240701_trades.dbn.zst")).batch
    booked = read_trades(shared_data("cme_esu4_20240701_mbp1.dbn.zst")).batch
    for name in ("px_ticks", "qty", "buy_qty"):
        assert getattr(bare, name).tolist() == getattr(booked, name).tolist()


def test_orders_tell_their_trades_once(shared_data: Find) -> None:
    trades = read_trades(shared_data("cme_esm4_20240508_mbo.dbn.zst"))
    assert (len(trades), trades.contract, trades.tick_from) == (5, "ESM4", "definition")


@pytest.mark.parametrize(("text", "count"), [("1m", 2_469), ("5m", 706)])
def test_spot_trades_make_the_published_bars(shared_data: Find, text: str, count: int) -> None:
    trades = read_trades(shared_data("spot_xrpeth_201910_trades.csv.gz"))
    assert (len(trades), trades.tick_from) == (12_477, "prices")
    assert trades.ids is not None
    published = read_bars(
        shared_data(f"spot_xrpeth_201910_ohlcv_{text}.csv.gz"),
        trades.tick_size,
        lot_size=trades.lot_size,
    )
    bars = aggregate(trades.batch, BarSpec.parse(text))
    assert len(published) == count
    assert [bar[:6] for bar in bars] == [bar[:6] for bar in published.bars]


@pytest.mark.parametrize(("name", "text", "count"), [("week", "1w", 52), ("month", "1mo", 12)])
def test_index_days_make_weeks_and_months(
    shared_data: Find, name: str, text: str, count: int
) -> None:
    days = read_bars(shared_data("eurostoxx50_2006_day.csv"))
    assert (len(days), days.tick_size.size) == (255, Decimal("0.01"))
    published = read_bars(shared_data(f"eurostoxx50_2006_{name}.csv"), days.tick_size).bars
    bars = resample(days.bars, BarSpec.parse(text))
    assert len(bars) == count
    assert [bar[1:5] for bar in bars] == [bar[1:5] for bar in published]


def test_euro_minutes_are_moved_to_their_opening(shared_data: Find) -> None:
    path = shared_data("cme_6eh4_202401_ohlcv_1m.csv.gz")
    minutes = read_bars(path, contract="6EH4", stamped_at_close="1m")
    assert (len(minutes), minutes.tick_size.size) == (29_996, Decimal("0.00005"))
    assert minutes.tick_from == "product"
    stamped = read_bars(path, "0.00005")
    assert (stamped.bars.ts_ns - minutes.bars.ts_ns == MINUTE_NS).all()
    days = resample(minutes.bars, BarSpec.parse("1d"), calendar=-60 * MINUTE_NS)
    assert len(days) == 23
    of_day = minutes.bars.ts_ns // MINUTE_NS % 1_440
    assert (of_day.min(), of_day.max()) == (0, 1_439)
    assert not ((of_day >= 22 * 60) & (of_day < 23 * 60)).any()


SAMPLES = {
    "trades": (4, "ESH1"),
    "tbbo": (4, "ESH1"),
    "mbo": (0, "ESH1"),
    "mbp-1": (0, "ESH1"),
    "mbp-10": (0, "ESH1"),
    "ohlcv-1s": (4, "ESH1"),
    "ohlcv-1m": (4, "ESH1"),
    "ohlcv-1h": (4, "ESH1"),
    "ohlcv-1d": (1, "ESH1"),
}


@pytest.mark.parametrize("schema", SAMPLES)
def test_a_sample_of_every_schema(shared_data: Find, schema: str) -> None:
    found = read_history(shared_data(f"dbn_glbx_samples/{schema}.dbn.zst"))
    assert (len(found), found.contract) == SAMPLES[schema]
    assert (found.tick_size.size, found.tick_from) == (Decimal("0.25"), "definition")


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("dbn_glbx_samples/bbo-1s.dbn.zst", "bbo-1s"),
        ("dbn_glbx_samples/bbo-1m.dbn.zst", "bbo-1m"),
        ("dbn_glbx_samples/definition.dbn.zst", "definition"),
        ("dbn_glbx_samples/statistics.dbn.zst", "statistics"),
        ("dbn_glbx_samples/status.dbn.zst", "status"),
        ("cme_esm4_20240508_definition.dbn.zst", "definition"),
        ("cme_esu4_nqu4_20240701_definition.dbn.zst", "definition"),
        ("cme_esz5_esh6_20251219_definition.dbn.zst", "definition"),
        ("cme_esz5_esh6_20251219_bbo1m.dbn.zst", "bbo-1m"),
    ],
)
def test_a_file_without_trades_or_bars(shared_data: Find, name: str, holds: str) -> None:
    path = shared_data(name)
    with pytest.raises(InputError, match=f"holds {holds} records and no trades: give a file of"):
        read_history(path)
    with pytest.raises(InputError, match=f"holds {holds} records and no bars: give a file of"):
        read_bars(path)


def test_a_stream_is_for_the_practice_venue(shared_data: Find) -> None:
    path = shared_data("binance_coinm_btcusd_perp_20240808_stream.txt.gz")
    with pytest.raises(InputError, match="has no ending that is known"):
        read_history(path)
