"""What cannot be read is said in one sentence: the file, the row, the value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import databento_dbn as dbn
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.history.trade_files import csv_text, parquet, write
from tests.practice.recorded.dbn_bytes import NANO, START_NS, enums, file_of

from tradedesk.domain.errors import BarSpecError, InputError, OffGridError, OtherKindError
from tradedesk.history import read_bars, read_history, read_trades

HEAD = "ts,price,size,side"
GOOD = "1719878280000000000,5528.75,2,B"
LATER = 1_719_878_280_000_000_000


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{LATER - 1},5528.75,2,B", r"line 4 goes back in time, 1719878279999999999 follows"),
        (f"{LATER},5528.80,2,B", r"line 4 has the price 5528\.8, which is off the tick grid of"),
        (f"{LATER},600000000,2,B", r"line 4 has the price 600000000, which is too large"),
        (f"{LATER},nan,2,B", r"line 4 cannot be read, price is 'nan'"),
        (f"{LATER},inf,2,B", r"line 4 cannot be read, price is 'inf'"),
        (f"{LATER},,2,B", r"line 4 cannot be read, price is ''"),
        (f"{LATER},5,x,B", r"line 4 cannot be read, size is 'x'"),
        (f"{LATER},5,-2,B", r"line 4 has the size -2: it is 0 or more"),
        (f"{LATER},5,2147483648,B", r"line 4 has the size 2147483648, more than a trade can have"),
        (f"{LATER},5,1e30,B", r"line 4 has the size 1\.?0*e\+30, which is too large"),
        (f"{LATER},5.1234567890123,2,B", r"line 4 has the price 5\.1234567890123, more than 12"),
        ("x,5,2,B", r"line 4 cannot be read, ts is 'x'"),
        ("2024-13-01T00:00:00,5,2,B", r"line 4 cannot be read, ts is '2024-13-01T00:00:00'"),
        ("9000000000000000000,5,2,B", r"line 4 lies beyond the year 2200"),
        (f"{LATER},5,2", r"line 4 has 3 columns where the first line has 4: it is truncated"),
        (f'{LATER},5,2,"B', r"ends inside quotation marks: it is truncated"),
    ],
)
def test_a_bad_line(tmp_path: Path, line: str, said: str) -> None:
    path = write(tmp_path / "ES.csv", f"{HEAD}\n{GOOD}\n\n{line}\n")
    with pytest.raises(InputError, match=said) as error:
        read_trades(path, "0.25")
    text = str(error.value)
    assert text.startswith(str(path))
    assert text.endswith(".")
    assert "\n" not in text


def test_a_price_between_ticks_has_a_kind_of_its_own(tmp_path: Path) -> None:
    path = write(tmp_path / "ESU4.csv", f"{HEAD}\n{LATER},5528.80,2,B\n")
    with pytest.raises(OffGridError, match=r"off the tick grid of 0\.25"):
        read_trades(path)
    assert read_trades(path, 0.05).batch.px_ticks.tolist() == [110_576]


TABLE: dict[str, Any] = {"time": [LATER, LATER + 1], "price": [5.0, 5.25], "size": [1, 2]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"price": [5.0, float("nan")]}, "row 2 cannot be read, price is 'nan'"),
        ({"price": [5.0, None]}, "row 2 cannot be read, price is missing"),
        ({"price": [[5], [6]]}, "has list<.*> in price"),
        ({"size": [1, None]}, "row 2 cannot be read, size is missing"),
        (
            {"size": pa.array([1, 2**64 - 1], pa.uint64())},
            "row 2 has the size 18446744073709551615",
        ),
        ({"time": [LATER, None]}, "row 2 cannot be read, time is missing"),
        ({"time": [1.5, 2.5]}, "has double in time"),
        ({"time": [20240701, 20240702]}, "row 1 has 20240701 in time, which is no Unix time"),
        ({"time": pa.array([0, 10**11], pa.timestamp("s"))}, "row 2 lies beyond the year 2200"),
        ({"buy_size": [1, 3]}, "row 2 has the bought size 3, more than its size 2"),
    ],
)
def test_a_bad_row_of_parquet(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    path = parquet(tmp_path / "ES.parquet", TABLE | change)
    with pytest.raises(InputError, match=said):
        read_trades(path, 0.25)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("nowhere.csv", None, "cannot be read: No such file"),
        ("a.xlsx", b"x", r"has no ending that is known: give a file of \.dbn"),
        ("a.csv", b"", "has the columns none: a CSV needs"),
        ("a.csv", b"a,b\n1,2\n", "has the columns a, b: a CSV needs the columns time_ms"),
        ("a.csv", b"\xff\xfe\x00", "truncated or no text"),
        ("a.csv.gz", b"\x1f\x8b\x08", "truncated or no text"),
        ("a.parquet", b"PAR1", "no Parquet file or is damaged"),
        ("a.dbn", b"DBN\x01", "truncated"),
        ("a.dbn.zst", b"\x28\xb5\x2f\xfd", "truncated"),
    ],
)
def test_what_is_no_such_file(tmp_path: Path, name: str, data: bytes | None, said: str) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    for read in (read_trades, read_bars, read_history):
        with pytest.raises(InputError, match=said.replace("time_ms", "time")):
            read(path)


@pytest.mark.parametrize("tick", [0, -1, "x", "nan", float("inf")])
def test_no_tick_size(tmp_path: Path, tick: Any) -> None:
    path = write(tmp_path / "ES.csv", f"{HEAD}\n{GOOD}\n")
    with pytest.raises(InputError, match="tick size"):
        read_trades(path, tick)
    with pytest.raises(InputError, match="lot size"):
        read_trades(path, lot_size=tick)


def test_a_size_between_lots(tmp_path: Path) -> None:
    path = write(tmp_path / "ES.csv", f"{HEAD}\n{LATER},5,1.5,B\n")
    with pytest.raises(InputError, match=r"line 2 has the size 1\.5, no whole number of lots of 1"):
        read_trades(path, lot_size=1)


def test_bars_are_not_trades(tmp_path: Path) -> None:
    bars = write(tmp_path / "b.csv", "time,open,high,low,close,volume\n")
    with pytest.raises(OtherKindError, match="holds bars, not trades: read it with read_bars"):
        read_trades(bars)
    trades = write(tmp_path / "t.csv", f"{HEAD}\n{GOOD}\n")
    with pytest.raises(OtherKindError, match="holds trades, not bars: read it with read_trades"):
        read_bars(trades)
    assert (len(read_history(bars)), len(read_history(trades))) == (0, 1)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1000000000,2,1,1,2,5", r"line 2 is no bar \(open 2, high 1, low 1, close 2\)"),
        ("1000000000,2,3,2.5,3,5", "line 2 is no bar"),
        ("1000000000,2,2,2,2,-5", "line 2 has the volume -5: it is 0 or more"),
        ("1000000000,2,2.1,2,2,5", r"line 2 has the high 2\.1, which is off the tick grid"),
    ],
)
def test_a_bad_bar(tmp_path: Path, line: str, said: str) -> None:
    path = write(tmp_path / "b.csv", f"time,open,high,low,close,volume\n{line}\n")
    with pytest.raises(InputError, match=said):
        read_bars(path, 0.25)


def test_order_flow_that_cannot_be(tmp_path: Path) -> None:
    head = "time,open,high,low,close,volume,buy_volume,turnover,count"
    path = write(tmp_path / "b.csv", f"{head}\n1000000000,1,1,1,1,5,6,5,1\n")
    with pytest.raises(InputError, match="line 2 has the buy volume 6"):
        read_bars(path, 1)
    path = write(tmp_path / "b.csv", f"{head}\n1000000000,1,1,1,1,5,5,5.5,1\n")
    assert not read_bars(path, 1).bars.flow_known.any()


def test_stamps_at_the_close_need_a_length(tmp_path: Path) -> None:
    path = write(tmp_path / "b.csv", "time,open,high,low,close\n1000000060,1,1,1,1\n")
    with pytest.raises(BarSpecError, match="no fixed length"):
        read_bars(path, 1, stamped_at_close="1mo")
    assert read_bars(path, 1, stamped_at_close="1m").bars.ts_ns.tolist() == [10**18]


def trade(number: int, **change: int) -> dbn.TradeMsg:
    values = {"price": 5 * NANO, "ts_recv": START_NS + number, "size": 1} | change
    return dbn.TradeMsg(
        publisher_id=1,
        instrument_id=1,
        ts_event=START_NS + number,
        action=enums.Action.TRADE,
        side=enums.Side.BID,
        depth=0,
        **values,
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"price": dbn.UNDEF_PRICE}, "record 2 has no price"),
        ({"price": 5_100_000_000}, r"record 2 has the price 5\.1, which is off the tick grid"),
        ({"price": 2**62}, "record 2 has the price .*, which is too large"),
        ({"size": 2**32 - 1}, "record 2 has the size 4294967295, more than a trade can have"),
        ({"ts_recv": START_NS - 1}, "record 2 goes back in time"),
        ({"ts_recv": 2**64 - 1}, "record 2 lies beyond the year 2200"),
    ],
)
def test_a_bad_record(tmp_path: Path, change: dict[str, int], said: str) -> None:
    path = tmp_path / "x.dbn"
    records = [trade(0), trade(1, **change), trade(2)]
    path.write_bytes(file_of(dbn.Schema.TRADES, records, {1: "ESU4"}))
    with pytest.raises(InputError, match=said):
        read_trades(path)


def test_every_truncation_of_a_packed_file(
    shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    raw = shared_data("cme_esu4_nqu4_20240701_ohlcv1m.dbn.zst").read_bytes()
    path = tmp_path / "cut.dbn.zst"
    for size in range(0, len(raw), 11):
        path.write_bytes(raw[:size])
        with pytest.raises(InputError, match=r"truncated|not a Databento file"):
            read_bars(path, contract="ESU4")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    flips=st.lists(st.tuples(st.integers(0, 5_000), st.integers(1, 255)), max_size=4),
    cut=st.integers(0, 5_000),
    name=st.sampled_from(["ES.csv", "ES.parquet", "ES.dbn"]),
)
def test_any_damage(tmp_path: Path, flips: list[tuple[int, int]], cut: int, name: str) -> None:
    path = tmp_path / name
    if name == "ES.csv":
        lines = [[LATER + n, 5 + n / 4, n, "B"] for n in range(20)]
        write(path, csv_text(HEAD.split(","), lines))
    elif name == "ES.parquet":
        parquet(path, TABLE)
    else:
        records = [trade(n) for n in range(4)]
        path.write_bytes(file_of(dbn.Schema.TRADES, records, {1: "ESU4"}))
    data = bytearray(path.read_bytes())
    for at, mask in flips:
        data[at % len(data)] ^= mask
    path.write_bytes(data[: cut if cut < len(data) else len(data)])
    said, batch = "It could be read.", None
    try:
        batch = read_trades(path, 0.25).batch
    except InputError as error:
        said = str(error)
    assert said.endswith(".")
    assert "\n" not in said
    if batch is not None:
        assert (np.diff(batch.ts_ns) >= 0).all()
        assert (batch.buy_qty <= batch.qty).all()


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "ES.csv"
    path.write_bytes(HEAD.encode() + b"\n1,5,2,\xff\n")
    with pytest.raises(InputError, match="truncated or no text"):
        read_trades(path)
