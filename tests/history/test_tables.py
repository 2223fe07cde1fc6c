"""The same trades in every form of table are the same trades."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.history.trade_files import (
    TICK,
    Row,
    batch_of,
    csv_text,
    parquet,
    px_text,
    rows,
    write,
)

from tradedesk.history import read_bars, read_trades

MICRO = 1_000
MILLI = 1_000_000
SAME_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(ts_ns: int) -> str:
    """ISO 8601 with nanoseconds."""
    moment = EPOCH + timedelta(seconds=ts_ns // 10**9)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{ts_ns % 10**9:09d}"


def plain(trades: list[Row]) -> tuple[list[str], list[list[Any]]]:
    return ["ts", "price", "size", "side"], [
        [t, px_text(px), qty, side] for t, px, qty, side in trades
    ]


def databento(trades: list[Row]) -> tuple[list[str], list[list[Any]]]:
    letter = {"buy": "B", "sell": "A", "": "N"}
    head = ["ts_recv", "ts_event", "rtype", "action", "side", "price", "size", "symbol"]
    quote = [0, 0, 1, "A", "B", 10**9, 5, "ESU4"]
    lines: list[list[Any]] = []
    for t, px, qty, side in trades:
        lines.append([t, t - 500, 1, "T", letter[side], px * 250_000_000, qty, "ESU4"])
        lines.append([t, *quote[1:]])
    return head, lines


def pretty_databento(trades: list[Row]) -> tuple[list[str], list[list[Any]]]:
    letter = {"buy": "B", "sell": "A", "": "N"}
    head = ["ts_recv", "action", "side", "price", "size", "symbol"]
    return head, [
        [iso(t) + "Z", "T", letter[side], f"{px * TICK:.9f}", qty, "ESU4"]
        for t, px, qty, side in trades
    ]


def zoned(trades: list[Row]) -> tuple[list[str], list[list[Any]]]:
    """Two hours ahead of UTC, and numbers among the texts."""
    ahead = 2 * 3_600 * 10**9
    return ["Time", "Price", "Volume", "Aggressor"], [
        [f"{iso(t + ahead)}+02:00" if n % 3 else t, px_text(px), f"{qty}.0", side.upper()]
        for n, (t, px, qty, side) in enumerate(trades)
    ]


FORMS = [plain, databento, pretty_databento, zoned]


@SAME_FOLDER
@given(
    trades=rows(), form=st.sampled_from(FORMS), packed=st.booleans(), mark=st.sampled_from(",;\t")
)
def test_csv(tmp_path: Path, trades: list[Row], form: Any, packed: bool, mark: str) -> None:
    head, lines = form(trades)
    text = csv_text(head, lines, mark)
    path = write(tmp_path / ("ES.csv.gz" if packed else "ES.csv"), text)
    found = read_trades(path, TICK)
    assert found.batch == batch_of(trades)
    assert found.lot_size == 1


@SAME_FOLDER
@given(trades=rows(step_ns=MILLI), micro=st.booleans())
def test_binance(tmp_path: Path, trades: list[Row], micro: bool) -> None:
    known = [row for row in trades if row[3]] or [(trades[0][0], 1, 1, "buy")]
    head = ["id", "price", "qty", "quote_qty", "time", "is_buyer_maker"]
    unit = MICRO if micro else MILLI
    lines = [
        [number, px_text(px), f"{qty}.000", "0", t // unit, side == "sell"]
        for number, (t, px, qty, side) in enumerate(known, 7)
    ]
    found = read_trades(write(tmp_path / "BTC.csv", csv_text(head, lines)), TICK)
    assert found.batch == batch_of(known)
    assert found.ids is not None
    assert found.ids.tolist() == list(range(7, 7 + len(known)))


@SAME_FOLDER
@given(
    trades=rows(step_ns=MICRO),
    time=st.sampled_from(["int", "ns", "us", "zoned", "text"]),
    price=st.sampled_from(["decimal", "text", "words"]),
)
def test_parquet(tmp_path: Path, trades: list[Row], time: str, price: str) -> None:
    times = [row[0] for row in trades]
    made = {
        "int": lambda: pa.array(times, pa.int64()),
        "ns": lambda: pa.array(times, pa.timestamp("ns")),
        "us": lambda: pa.array([t // MICRO for t in times], pa.timestamp("us")),
        "zoned": lambda: pa.array(times, pa.timestamp("ns", "America/Chicago")),
        "text": lambda: pa.array([iso(t) for t in times]),
    }[time]()
    texts = [px_text(row[1]) for row in trades]
    prices = {
        "decimal": lambda: pa.array([Decimal(text) for text in texts], pa.decimal128(20, 4)),
        "text": lambda: pa.array(texts),
        "words": lambda: pa.array(texts).dictionary_encode(),
    }[price]()
    path = parquet(
        tmp_path / "ES.parquet",
        {
            "timestamp": made,
            "price": prices,
            "quantity": pa.array([row[2] for row in trades], pa.uint32()),
            "side": [row[3] or None for row in trades],
        },
    )
    assert read_trades(path, TICK).batch == batch_of(trades)


@SAME_FOLDER
@given(ticks=st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=20))
def test_floats_are_taken_as_they_are_printed(tmp_path: Path, ticks: list[int]) -> None:
    columns = {
        "ts": pa.array(range(len(ticks)), pa.int64()),
        "price": pa.array([tick / 10 for tick in ticks], pa.float64()),
        "size": pa.array([1.0] * len(ticks), pa.float64()),
    }
    found = read_trades(parquet(tmp_path / "a.parquet", columns), 0.1)
    assert found.batch.px_ticks.tolist() == ticks
    assert found.batch.buy_qty.sum() == 0


def test_parts_of_a_contract_are_counted_in_lots(tmp_path: Path) -> None:
    text = "time_ms,side,price,amount\n1,buy,0.00125,0.3\n2,sell,0.0012,2\n2,buy,0.00121,0.05\n"
    found = read_trades(write(tmp_path / "coin.csv", text))
    assert (found.tick_size.size, found.lot_size) == (Decimal("0.00001"), Decimal("0.01"))
    assert found.tick_from == "prices"
    assert found.batch.px_ticks.tolist() == [125, 120, 121]
    assert found.batch.qty.tolist() == [30, 200, 5]
    assert found.batch.buy_qty.tolist() == [30, 0, 5]
    assert found.contract == "coin"


def test_one_of_several_contracts(tmp_path: Path) -> None:
    text = "ts,price,size,symbol\n1,5,1,ESU4\n2,9,2,NQU4\n3,5.25,3,ESU4\n"
    path = write(tmp_path / "both.csv", text)
    found = read_trades(path, contract="ESU4")
    assert (found.contract, found.tick_from, found.tick_size.size) == ("ESU4", "product", TICK)
    assert list(found.batch.rows()) == [(1, 20, 1, 0), (3, 21, 3, 0)]


def test_whole_prices_are_prices_unless_the_table_is_databentos(tmp_path: Path) -> None:
    text = "ts_event,action,price,size\n1,BUY,44050,1\n2,SELL,44051,2\n"
    found = read_trades(write(tmp_path / "YMU4.csv", text))
    assert found.batch.px_ticks.tolist() == [44_050, 44_051]


def test_no_trades_are_no_trades(tmp_path: Path) -> None:
    found = read_trades(write(tmp_path / "ESU4.csv", "ts,price,size,side\n"))
    assert (len(found), found.tick_size.size) == (0, TICK)


@pytest.mark.parametrize("text", ["2024-07-01", "2024-07-01T00:00", "2024-07-01 00:00:00+00:00"])
def test_bars_without_volume_and_with_dates(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "x.csv", f"date,open,high,low,close\n{text},1.5,2,1,1.75\n")
    (bar,) = read_bars(path, "0.25").bars
    assert bar == (1_719_792_000_000_000_000, 6, 8, 4, 7, 0, 0, 0, 0)
