"""Bars of a chart in a CSV file: exact, in parts, whole or not at all."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradedesk.domain.errors import StoreError
from tradedesk.domain.price import TickSize
from tradedesk.engine import Bars
from tradedesk.history.export import write_bars
from tradedesk.services.bar_file import BarFile

if TYPE_CHECKING:
    from pathlib import Path

TICKS = [TickSize(Decimal(t)) for t in ("0.25", "0.1", "0.0078125", "1", "5", "0.00005")]


def bars(rows: int, *, seed: int = 1, step_ns: int = 60 * 10**9) -> Bars:
    rng = np.random.default_rng(seed)
    prices = [rng.integers(-400, 90_000, rows) for _ in range(4)]
    volume = rng.integers(0, 9_000, rows)
    ts_ns = 1_700_000_000_000_000_000 + np.arange(rows) * step_ns
    return Bars(ts_ns, prices[0], np.max(prices, axis=0), np.min(prices, axis=0), prices[3],
                volume, volume // 2, volume * prices[3], volume // 3)  # fmt: skip


def whole(path: Path, made: Bars, tick: TickSize, count: int = 7) -> str:
    file = BarFile(path, made, tick)
    while not file.step(count):
        pass
    assert len(file) == file.written == len(made)
    return path.read_text("utf-8")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 30), st.integers(0, 99), st.sampled_from(TICKS), st.sampled_from([60 * 10**9, 7])
)
def test_it_is_what_history_writes(
    tmp_path: Path, rows: int, seed: int, tick: TickSize, step_ns: int
) -> None:
    made = bars(rows, seed=seed, step_ns=step_ns)
    write_bars(tmp_path / "naive.csv", made, tick)
    text = whole(tmp_path / "bars.csv", made, tick)
    assert text == (tmp_path / "naive.csv").read_text("utf-8")


def test_prices_are_exact_and_times_are_utc(tmp_path: Path) -> None:
    made = Bars([1_700_000_040 * 10**9], [85_901], [85_902], [-3], [85_900], [12], [5], [24], [4])
    assert whole(tmp_path / "a.csv", made, TICKS[0]).splitlines() == [
        "time,open,high,low,close,volume,buy_volume,turnover,count",
        "2023-11-14T22:14:00Z,21475.25,21475.50,-0.75,21475.00,12,5,6.00,4",
    ]


def test_an_order_flow_that_is_unknown_is_left_empty(tmp_path: Path) -> None:
    made = Bars([0, 60 * 10**9, 120 * 10**9], [8] * 3, [8] * 3, [8] * 3, [8] * 3,
                [12, 0, 3], [0, 0, 1], [0, 0, 24], [0, 0, 2])  # fmt: skip
    assert whole(tmp_path / "a.csv", made, TICKS[0], 2).splitlines()[1:] == [
        "1970-01-01T00:00:00Z,2.00,2.00,2.00,2.00,12,,,",
        "1970-01-01T00:01:00Z,2.00,2.00,2.00,2.00,0,0,0.00,0",
        "1970-01-01T00:02:00Z,2.00,2.00,2.00,2.00,3,1,6.00,2",
    ]


def test_bars_that_change_meanwhile_are_written_as_they_were(tmp_path: Path) -> None:
    made = bars(20)
    columns = tuple(column.copy() for column in made.columns())
    changing = Bars.unchecked(columns)
    file = BarFile(tmp_path / "a.csv", changing, TICKS[0])
    file.step(5)
    columns[1][:] = 7
    while not file.step(5):
        pass
    assert (tmp_path / "a.csv").read_text("utf-8") == whole(tmp_path / "b.csv", made, TICKS[0])


def test_until_it_is_whole_what_was_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before")
    file = BarFile(path, bars(20), TICKS[0])
    assert not file.step(5)
    assert path.read_text() == "before"
    file.abandon()
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("where", ["missing/a.csv", "file/a.csv", "folder"])
def test_a_place_that_cannot_be_written_is_told_and_left_alone(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("kept")
    (tmp_path / "folder").mkdir()
    path = tmp_path / where
    with pytest.raises(StoreError, match=r"cannot be written .*check that its folder is there"):
        whole(path, bars(20), TICKS[0])
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_disk_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before")
    file = BarFile(path, bars(9_000), TICKS[0])
    assert file._file is not None
    full = open("/dev/full", "w", encoding="utf-8")  # noqa: SIM115
    kept, file._file = file._file, full
    kept.close()
    with pytest.raises(StoreError, match="No space left"):
        file.step(9_000)
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["a.csv"]
