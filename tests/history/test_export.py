"""Bars that are written come back exactly, and frames show the same memory."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.history.trade_files import START_NS, Row, batch_of, rows

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import InputError, StoreError
from tradedesk.engine import Bar, Bars, aggregate
from tradedesk.history import bar_lines, read_bars, to_pandas, to_polars, write_bars
from tradedesk.history import frames as frames_module

SAME_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
TICKS = ["0.25", "1", "5", "0.015625", "0.0000005", "0.1"]
SPECS = [BarSpec.parse(text) for text in ("1s", "1m", "1h", "1d", "3t")]
ROOT = Path(__file__).resolve().parents[2]


@SAME_FOLDER
@given(
    trades=rows(),
    spec=st.sampled_from(SPECS),
    tick=st.sampled_from(TICKS),
    lot=st.sampled_from(["1", "0.1"]),
    ending=st.sampled_from([".csv", ".csv.gz"]),
)
def test_csv_round_trip(
    tmp_path: Path, trades: list[Row], spec: BarSpec, tick: str, lot: str, ending: str
) -> None:
    bars = aggregate(batch_of(trades), spec)
    path = tmp_path / f"bars{ending}"
    fits = np.abs(bars.turnover).max() < 10**12
    write_bars(path, bars, tick, lot_size=lot)
    raw = path.read_bytes()
    lines = (gzip.decompress(raw) if ending == ".csv.gz" else raw).decode().splitlines()
    assert list(bar_lines(bars, tick, lot_size=lot)) == lines
    for line, bar in zip(csv.DictReader(lines), bars, strict=True):
        for name in ("open", "high", "low", "close"):
            assert Decimal(line[name]) == getattr(bar, name) * Decimal(tick)
            assert "E" not in line[name]
        assert Decimal(line["volume"]) == bar.volume * Decimal(lot)
        assert Decimal(line["turnover"]) == bar.turnover * Decimal(tick) * Decimal(lot)
    if fits:
        found = read_bars(path, tick, lot_size=lot)
        assert found.bars == bars


@SAME_FOLDER
@given(trades=rows(), spec=st.sampled_from(SPECS), tick=st.sampled_from(TICKS))
def test_parquet_round_trip(tmp_path: Path, trades: list[Row], spec: BarSpec, tick: str) -> None:
    small = [(t, px % 10**6 - 5 * 10**5, qty % 1_000, side) for t, px, qty, side in trades]
    bars = aggregate(batch_of(small), spec)
    path = tmp_path / "bars.parquet"
    write_bars(path, bars, tick, contract="X 1", lot_size="0.1")
    found = read_bars(path)
    assert found.bars == bars
    assert (found.tick_size.size, found.contract, found.tick_from) == (Decimal(tick), "X 1", "file")
    assert found.lot_size == Decimal("0.1")
    table = pq.read_table(path)
    assert table["time"].type.tz == "UTC"
    assert table["close"].to_pylist() == [close * Decimal(tick) for close in bars.close.tolist()]


def test_times_are_printed_as_finely_as_needed() -> None:
    prices: Any = [[1], [2], [1], [2], [3]]
    whole = list(bar_lines(Bars([START_NS], *prices), "0.25"))
    assert whole == [
        "time,open,high,low,close,volume,buy_volume,turnover,count",
        "2024-07-01T23:58:00Z,0.25,0.50,0.25,0.50,3,,,",
    ]
    fine = list(bar_lines(Bars([START_NS + 1], *prices), 1))
    assert fine[1] == "2024-07-01T23:58:00.000000001Z,1,2,1,2,3,,,"


def mixed_bars() -> Bars:
    """One bar whose order flow is unknown, one without trades, one with all of it."""
    return Bars.from_rows(
        [
            Bar(START_NS, 4, 6, 3, 5, 12, 0, 0, 0),
            Bar(START_NS + 60 * 10**9, 5, 5, 5, 5, 0, 0, 0, 0),
            Bar(START_NS + 120 * 10**9, 5, 8, 5, 7, 9, 4, 55, 3),
        ]
    )


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".parquet"])
def test_an_order_flow_that_is_unknown_is_left_empty(tmp_path: Path, ending: str) -> None:
    bars, path = mixed_bars(), tmp_path / f"bars{ending}"
    write_bars(path, bars, "0.25", lot_size="0.1")
    found = read_bars(path, "0.25", lot_size="0.1").bars
    assert found == bars
    assert found.flow_known.tolist() == [False, True, True]
    if ending == ".parquet":
        table = pq.read_table(path)
        for name, known in (("buy_volume", "0.4"), ("turnover", "1.375"), ("count", "3")):
            assert table[name].to_pylist() == [None, 0, Decimal(known)]


def test_an_unknown_order_flow_is_no_number_in_a_csv() -> None:
    assert [line.split(",", 6)[6] for line in bar_lines(mixed_bars(), "0.25")][1:] == [
        ",,",
        "0,0.00,0",
        "4,13.75,3",
    ]


@pytest.mark.parametrize(
    ("flow", "missing"), [("4,,3", "turnover"), (",1.25,3", "buy_volume"), ("4,1.25, ", "count")]
)
def test_an_order_flow_with_a_hole_is_refused(tmp_path: Path, flow: str, missing: str) -> None:
    path = tmp_path / "bars.csv"
    lines = [*bar_lines(mixed_bars(), "0.25"), f"2024-07-02T00:01:00Z,1,2,1,2,9,{flow}"]
    path.write_text("\n".join(lines))
    with pytest.raises(InputError, match=rf"line 5 cannot be read, {missing} is ''"):
        read_bars(path, "0.25")


def test_no_bars(tmp_path: Path) -> None:
    for name in ("none.csv", "none.parquet"):
        write_bars(tmp_path / name, Bars.empty(), 0.25)
        assert len(read_bars(tmp_path / name, 0.25)) == 0


def test_what_cannot_be_written(tmp_path: Path) -> None:
    bars = Bars.from_rows([Bar(START_NS, 1, 1, 1, 1, 1, 0, 2**62, 1)])
    with pytest.raises(InputError, match=r"let it end in \.csv, \.csv\.gz or \.parquet"):
        write_bars(tmp_path / "bars.xlsx", bars, 1)
    with pytest.raises(InputError, match=r"turnover has .* more digits than a Parquet file"):
        write_bars(tmp_path / "bars.parquet", bars, "0.25")
    with pytest.raises(StoreError, match="check that its folder is there"):
        write_bars(tmp_path / "nowhere" / "bars.csv", bars, 1)
    with pytest.raises(InputError, match="tick size"):
        write_bars(tmp_path / "bars.csv", bars, 0)
    assert list(tmp_path.iterdir()) == []


def some_bars() -> Bars:
    trades: list[Row] = [(START_NS + n * 10**9, n, 1, "buy") for n in range(300)]
    return aggregate(batch_of(trades), BarSpec.parse("1m"))


def test_a_pandas_frame_shows_the_same_memory() -> None:
    pytest.importorskip("pandas", reason="pandas is not installed here")
    bars = some_bars()
    frame = to_pandas(bars)
    assert str(frame.index.dtype) == "datetime64[ns, UTC]"
    assert np.shares_memory(frame.index.asi8, bars.ts_ns)
    for name in frame.columns:
        assert np.shares_memory(frame[name].to_numpy(), getattr(bars, name)), name
    priced = to_pandas(bars, "0.1")
    assert priced["close"].tolist() == [px / 10 for px in bars.close.tolist()]
    assert priced["volume"].tolist() == bars.volume.tolist()
    batch = batch_of([(START_NS, 3, 2, "buy")])
    assert to_pandas(batch, 0.1).columns.tolist() == ["price", "qty", "buy_qty"]
    assert to_pandas(batch, 0.1)["price"].iloc[0] == 0.3


def test_a_polars_frame_shows_the_same_memory() -> None:
    pytest.importorskip("polars", reason="polars is not installed here")
    bars = some_bars()
    frame = to_polars(bars)
    assert np.shares_memory(frame["time"].to_physical().to_numpy(), bars.ts_ns)
    for name in frame.columns[1:]:
        assert np.shares_memory(frame[name].to_numpy(), getattr(bars, name)), name


@pytest.mark.parametrize("make", [to_pandas, to_polars])
def test_a_library_that_is_missing_is_named(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(frames_module, "import_module", missing)
    with pytest.raises(InputError, match="is not installed here"):
        make(some_bars())


def test_the_example_prints_the_bars_of_a_file(tmp_path: Path) -> None:
    example = ROOT / "examples" / "bars_from_file.py"
    assert len(example.read_text().splitlines()) < 10
    file = tmp_path / "ESU4.csv"
    file.write_text(
        "ts,price,size,side\n"
        f"{START_NS},5528.75,2,B\n{START_NS + 1},5528.50,1,A\n{START_NS + 70 * 10**9},5529,4,B\n"
    )
    done = subprocess.run(
        [sys.executable, str(example), str(file), "1m"], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "time,open,high,low,close,volume,buy_volume,turnover,count",
        "2024-07-01T23:58:00Z,5528.75,5528.75,5528.50,5528.50,3,2,16586.00,2",
        "2024-07-01T23:59:00Z,5529.00,5529.00,5529.00,5529.00,4,4,22116.00,1",
    ]
