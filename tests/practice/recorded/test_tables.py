"""Trades in every form are the same trades."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import InputError
from tradedesk.engine import aggregate, venue_calendar
from tradedesk.practice.market.book import MarketBook
from tradedesk.practice.market.events import LEVEL, TRADE
from tradedesk.practice.market.prints import Prints
from tradedesk.practice.market.recordings import read_recording
from tradedesk.practice.market.replay import open_recording

pa = pytest.importorskip("pyarrow", reason="Parquet support is not installed here")
pq = pytest.importorskip("pyarrow.parquet", reason="Parquet support is not installed here")

TRADES = "cme_esu4_20240701_trades.dbn.zst"
EVER = 2**62
NAMES = {0: "buy", 1: "sell", -1: ""}


def prints_of(path: Path) -> Prints:
    market = open_recording(path)
    (contract,) = market.active()
    assert contract.contract_id == "CON.F.US.EP.U24"
    return market.tape(contract).prints(0, EVER)


def same(left: Prints, right: Prints) -> bool:
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in Prints._fields)


@pytest.fixture
def rows(shared_data: Callable[[str], Path]) -> list[tuple[int, Decimal, int, str]]:
    """Trades of the Databento file: time, price, size, side."""
    recorded = read_recording(shared_data(TRADES))["ESU4"]
    events = recorded.events
    columns = [events.ts_ns, events.px, events.qty, events.side]
    return [
        (ts_ns, recorded.step * px, qty, NAMES[side])
        for ts_ns, px, qty, side in zip(*(column.tolist() for column in columns), strict=True)
    ]


def parquet(path: Path, rows: list[tuple[Any, ...]], names: list[str], types: list[Any]) -> Path:
    columns = [pa.array(values, kind) for values, kind in zip(zip(*rows), types, strict=True)]  # noqa: B905
    pq.write_table(pa.table(columns, names=names), path)
    return path


def test_csv_of_the_same_trades(
    shared_data: Callable[[str], Path], tmp_path: Path, rows: list[tuple[int, Decimal, int, str]]
) -> None:
    text = "ts,price,size,side\n" + "".join(f"{t},{p:f},{q},{s}\n" for t, p, q, s in rows)
    (tmp_path / "ESU4.csv").write_text(text)
    (tmp_path / "ESU4.csv.gz").write_bytes(gzip.compress(text.encode()))
    known = prints_of(shared_data(TRADES))
    assert len(known.ts_ns) == 120
    assert same(prints_of(tmp_path / "ESU4.csv"), known)
    assert same(prints_of(tmp_path / "ESU4.csv.gz"), known)


@pytest.mark.parametrize("price", ["float64", "decimal128", "string", "dictionary"])
@pytest.mark.parametrize("time", ["int64", "timestamp[ns]", "timestamp[us]", "us"])
def test_parquet_of_the_same_trades(
    shared_data: Callable[[str], Path],
    tmp_path: Path,
    rows: list[tuple[int, Decimal, int, str]],
    price: str,
    time: str,
) -> None:
    fit: dict[str, tuple[Any, Callable[[Decimal], Any]]] = {
        "float64": (pa.float64(), float),
        "decimal128": (pa.decimal128(18, 4), lambda value: value.quantize(Decimal("0.0001"))),
        "string": (pa.string(), str),
        "dictionary": (pa.dictionary(pa.int32(), pa.string()), str),
    }
    stamp, per = {
        "int64": (pa.int64(), 1),
        "timestamp[ns]": (pa.timestamp("ns", tz="UTC"), 1),
        "timestamp[us]": (pa.timestamp("us"), 1_000),
        "us": (pa.int64(), 1_000),
    }[time]
    kind, make = fit[price]
    path = parquet(
        tmp_path / "ESU4.parquet",
        [(t // per, make(p), q, s) for t, p, q, s in rows],
        ["ts", "price", "size", "side"],
        [stamp, kind, pa.int32(), pa.string()],
    )
    assert same(prints_of(path), prints_of(shared_data(TRADES)))


def test_the_forms_in_milliseconds_agree(
    tmp_path: Path, rows: list[tuple[int, Decimal, int, str]]
) -> None:
    short = [(t // 1_000_000, s, p, q) for t, p, q, s in rows]
    names = ["time_ms", "side", "price", "amount"]
    text = ",".join(names) + "\n" + "".join(f"{t},{s},{p:f},{q}\n" for t, s, p, q in short)
    (tmp_path / "ESU4.csv").write_text(text)
    path = parquet(
        tmp_path / "ESU4.pq",
        [(t, s, float(p), float(q)) for t, s, p, q in short],
        names,
        [pa.int64(), pa.string(), pa.float64(), pa.float64()],
    )
    assert same(prints_of(tmp_path / "ESU4.csv"), prints_of(path))


GOOD: dict[str, list[Any]] = {
    "ts": [10**18, 10**18 + 1_000],
    "price": [5.0, 5.25],
    "size": [1, 2],
    "side": ["B", "A"],
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ts": [10**18, 10**17]}, "row 2 goes back in time"),
        ({"ts": [10**18, -1]}, "row 2 lies beyond the year 2200"),
        ({"ts": ["a", "b"]}, "row 1 cannot be read, ts is 'a'"),
        ({"ts": [1.5e18, 1.6e18]}, "has double in ts"),
        ({"price": [5.0, float("nan")]}, "row 2 cannot be read, price is 'nan'"),
        ({"price": [5.0, None]}, "row 2 cannot be read"),
        ({"price": [5.0, -1.0]}, "row 2 has no positive price"),
        ({"price": [5.0, 1e300]}, "too large|with 0 digits|round them"),
        ({"price": [5.0, 1e-300]}, "round them to the tick"),
        ({"price": [5.0, 5.1]}, "0.25 grid of ES"),
        ({"size": [1, 2**40]}, "row 2 has the size"),
        ({"size": [1, 0]}, "row 2 has no positive price and size"),
        ({"side": [[1], [2]], "size": [1, float("nan")]}, "row 2"),
        ({"what": [1, 2], "size": None}, "a Parquet file needs the columns"),
    ],
)
def test_a_parquet_file_that_cannot_be_replayed_is_named(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    table = {name: values for name, values in (GOOD | change).items() if values is not None}
    pq.write_table(pa.table(table), tmp_path / "ES.parquet")
    with pytest.raises(InputError, match=said):
        open_recording(tmp_path / "ES.parquet")


def test_an_empty_parquet_file_and_no_parquet_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "ES.parquet"
    pq.write_table(pa.table(GOOD).slice(0, 0), path)
    with pytest.raises(InputError, match="holds no trades"):
        open_recording(path)
    path.write_bytes(b"PAR1 and nothing else PAR1")
    with pytest.raises(InputError, match="no Parquet file or is damaged"):
        open_recording(path)


def test_a_book_is_made_up_around_bare_trades(shared_data: Callable[[str], Path]) -> None:
    market = open_recording(shared_data(TRADES))
    (contract,) = market.active()
    tape = market.tape(contract)
    events = tape.events(market.first_ns - 1, market.last_ns)
    trades = tape.prints(market.first_ns - 1, market.last_ns)
    rows = [row for row in events.each() if row.kind == TRADE]
    assert [(row.ts_ns, row.px, row.qty) for row in rows] == [
        (row.ts_ns, row.px, row.qty) for row in trades.each()
    ]
    assert (events.kind == LEVEL).sum() > 1_000
    book = MarketBook(tape.depth(market.first_ns - 1))
    book.apply(events.each())
    assert book.depth() == tape.depth(market.last_ns)
    touch = tape.touch(market.last_ns)
    assert (book.depth().bids[0].px, book.depth().asks[0].px) == (touch.bid, touch.ask)
    assert len(book.depth().bids) == len(book.depth().asks) == 10


@pytest.mark.parametrize("spec", ["15s", "1m", "5m", "1h", "1d", "100t"])
def test_bars_of_a_window_are_a_part_of_all_bars(
    shared_data: Callable[[str], Path], spec: str
) -> None:
    market = open_recording(shared_data("spot_xrpeth_201910_trades.csv.gz"))
    (contract,) = market.active()
    tape = market.tape(contract)
    size = BarSpec.parse(spec)
    every = aggregate(tape.prints(0, EVER).batch(), size, venue_calendar(size, market.first_ns))
    span = market.last_ns - market.first_ns
    start, end = market.first_ns + span // 3, market.first_ns + span // 2
    inside = [bar for bar in every if start <= bar.ts_ns <= end]
    assert list(tape.bars(size, start, end, 10**9, EVER)) == inside
    assert list(tape.bars(size, start, end, 3, EVER)) == inside[-3:]
    assert list(tape.bars(size, 0, EVER, 10**9, EVER)) == list(every)
    assert list(tape.bars(size, 0, EVER, 10**9, market.first_ns - 1)) == []
