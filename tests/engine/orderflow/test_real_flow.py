"""Profiles, footprints and books of real markets against a naive count and the exchange's word."""

from __future__ import annotations

import gzip
import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from tests.engine.market_files import batch_of_csv, csv_rows, data_file, dbn_records
from tests.engine.orderflow.naive_flow import (
    bars_of,
    naive_area,
    naive_footprint,
    naive_poc,
    naive_rows,
    rows_of,
)

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import (
    BookState,
    DepthBook,
    LiveFootprint,
    OrderAction,
    OrderBook,
    ProfileIndex,
    TradeBatch,
    TradeStore,
    UpdateOutcome,
    VolumeProfile,
    footprint,
)

ES_TICK = 250_000_000  # 0.25 in units of 1e-9
LAST_OF_EVENT = 0x80
STREAM = "binance_coinm_btcusd_perp_20240808_stream.txt.gz"


def es_trades() -> TradeBatch:
    trades = dbn_records("cme_esu4_20240701_trades.dbn.zst")
    return TradeBatch(
        [trade.ts_recv for trade in trades],
        [trade.price // ES_TICK for trade in trades],
        [trade.size for trade in trades],
        [trade.size if trade.side == "B" else 0 for trade in trades],
    )


def spot_trades() -> TradeBatch:
    return batch_of_csv(csv_rows("spot_xrpeth_201910_trades.csv.gz"), "0.00000001", "0.1")


MARKETS = pytest.mark.parametrize(
    ("make", "size"), [(es_trades, 120), (spot_trades, 12_477)], ids=["futures", "spot"]
)


@MARKETS
@pytest.mark.parametrize("ticks", [1, 4])
def test_profiles_are_a_naive_count(make: Any, size: int, ticks: int) -> None:
    batch = make()
    trades = list(batch.rows())
    assert len(batch) == size
    profile = VolumeProfile.of(batch, ticks)
    rows = naive_rows(trades, ticks)
    assert rows_of(profile) == rows
    assert profile.point_of_control() == naive_poc(rows)
    assert profile.value_area() == naive_area(rows, ticks, Fraction(7, 10))
    store = TradeStore()
    store.append(batch)
    index = ProfileIndex(store)
    third = size // 3
    assert rows_of(index.profile(third, 2 * third, ticks)) == naive_rows(
        trades[third : 2 * third], ticks
    )


@MARKETS
@pytest.mark.parametrize("text", ["1m", "1h", "50t", "20v"])
def test_footprints_are_a_naive_count(make: Any, size: int, text: str) -> None:
    batch, spec = make(), BarSpec.parse(text)
    whole = footprint(batch, spec)
    assert bars_of(whole) == naive_footprint(list(batch.rows()), spec)
    live = LiveFootprint(spec)
    for begin in range(0, size, 500):
        live.absorb(batch[begin : begin + 500])
    assert live.footprint() == whole


def tenths(pairs: list[list[str]]) -> list[tuple[int, int]]:
    """Prices in ticks of 0.1, and contracts."""
    found = []
    for text, size in pairs:
        whole, _, tenth = text.partition(".")
        found.append((int(whole) * 10 + int(tenth or 0), int(size)))
    return found


def test_the_recorded_depth_equals_the_exchanges_best_prices_at_every_comparison() -> None:
    """6,556 of 6,556, with the updates that came before the picture joined to it."""
    book = DepthBook()
    newest: dict[str, Any] | None = None
    compared = equal = held = 0
    lines = gzip.decompress(data_file(STREAM).read_bytes()).splitlines()
    for line in lines:
        message = json.loads(line.partition(b" ")[2])
        if "stream" not in message:
            bids, asks = tenths(message["bids"]), tenths(message["asks"])
            assert (len(bids), len(asks)) == (1_000, 1_000)
            assert book.snapshot(bids, asks, message["lastUpdateId"]) is UpdateOutcome.APPLIED
            continue
        data = message["data"]
        if data["e"] == "bookTicker":
            newest = data
        if data["e"] != "depthUpdate":
            continue
        taken = book.update(
            tenths(data["b"]),
            tenths(data["a"]),
            first=data["U"],
            last=data["u"],
            previous=data["pu"],
        )
        held += taken is UpdateOutcome.HELD
        if book.state is BookState.EMPTY:
            continue
        assert (taken, book.state) == (UpdateOutcome.APPLIED, BookState.LIVE)
        assert not book.crossed
        assert not book.locked
        if newest is not None and data["U"] <= newest["u"] <= data["u"]:
            compared += 1
            best = tenths([[newest["b"], newest["B"]], [newest["a"], newest["A"]]])
            equal += [book.best_bid, book.best_ask] == best
    assert held > 0
    assert (equal, compared) == (6_556, 6_556)


def test_a_lost_update_of_the_recording_is_noticed() -> None:
    book = DepthBook()
    states = []
    lines = gzip.decompress(data_file(STREAM).read_bytes()).splitlines()[:200]
    for number, line in enumerate(lines):
        message = json.loads(line.partition(b" ")[2])
        if "stream" not in message:
            book.snapshot(tenths(message["bids"]), tenths(message["asks"]), message["lastUpdateId"])
        elif message["data"]["e"] == "depthUpdate" and number not in range(100, 120):
            data = message["data"]
            numbers = {"first": data["U"], "last": data["u"], "previous": data["pu"]}
            states.append(book.update(tenths(data["b"]), tenths(data["a"]), **numbers))
    assert states.count(UpdateOutcome.GAP) == 1
    assert states[-1] is UpdateOutcome.HELD
    assert book.stale


ACTIONS = {
    "A": OrderAction.ADD,
    "C": OrderAction.CANCEL,
    "M": OrderAction.MODIFY,
    "R": OrderAction.CLEAR,
    "T": OrderAction.NONE,
    "F": OrderAction.NONE,
}


def test_the_recorded_orders_end_as_the_exchange_had_them() -> None:
    """Fed event by event, so that the book is looked at wherever it may be; and all at once."""
    records = dbn_records("cme_esm4_20240508_mbo.dbn.zst")
    assert len(records) == 13_796
    clears = [record.action == "R" for record in records]
    columns = {
        "action": np.array([ACTIONS[str(record.action)] for record in records]),
        "order_id": np.array([record.order_id for record in records], np.uint64),
        "is_bid": np.array([record.side == "B" for record in records]),
        "px_ticks": np.array(
            [0 if r.action == "R" else r.price // ES_TICK for r in records], np.int64
        ),
        "size": np.array([record.size for record in records], np.int64),
        "last": np.array([bool(record.flags & LAST_OF_EVENT) for record in records]),
    }
    assert sum(clears) == 1
    once, book = OrderBook(), OrderBook()
    once.absorb(**columns)
    ends = np.flatnonzero(columns["last"]) + 1
    begin = 0
    for end in ends.tolist():
        book.absorb(**{name: column[begin:end] for name, column in columns.items()})
        assert book.whole
        assert not book.crossed
        assert not book.locked
        begin = end
    assert begin == len(records)
    for kept in (once, book):
        assert len(kept) == 13_598
        assert kept.best_bid == (5_214 * 4, 28)
        assert kept.best_ask == (5_214 * 4 + 1, 17)
    assert once.bids().cumulative.tolist() == book.bids().cumulative.tolist()
    assert once.asks().px_ticks.tolist() == book.asks().px_ticks.tolist()


def test_the_recorded_top_is_never_crossed() -> None:
    book = DepthBook()
    records = dbn_records("cme_esu4_20240701_mbp1.dbn.zst")
    assert len(records) == 2_288
    for record in records:
        top = record.levels[0]
        bid, ask = top.bid_px // ES_TICK, top.ask_px // ES_TICK
        book.snapshot([(bid, top.bid_sz)], [(ask, top.ask_sz)])
        assert not book.crossed
        assert (book.best_bid, book.best_ask) == ((bid, top.bid_sz), (ask, top.ask_sz))


def test_the_trades_within_the_top_of_book_make_the_same_footprint() -> None:
    inside = [r for r in dbn_records("cme_esu4_20240701_mbp1.dbn.zst") if r.action == "T"]
    batch = TradeBatch(
        [r.ts_recv for r in inside],
        [r.price // ES_TICK for r in inside],
        [r.size for r in inside],
        [r.size if r.side == "B" else 0 for r in inside],
    )
    spec = BarSpec.parse("1m")
    assert footprint(batch, spec) == footprint(es_trades(), spec)
