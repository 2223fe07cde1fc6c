"""Readers of the real market data beside the repository; tests skip where it is absent."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tradedesk.engine import Bars, TradeBatch

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def data_file(name: str) -> Path:
    """Path of a data file, or skip the test."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"market data file {name} is not beside this repository")
    return path


def csv_rows(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file, gzipped or not."""
    path = data_file(name)
    if name.endswith(".gz"):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as packed:
            return list(csv.DictReader(packed))
    with path.open(encoding="utf-8", newline="") as plain:
        return list(csv.DictReader(plain))


def dbn_records(name: str) -> list[Any]:
    """Market data records of a DBN file, in the order of the file."""
    databento_dbn = pytest.importorskip("databento_dbn", reason="DBN reader is not installed")
    decoder = databento_dbn.DBNDecoder(compression=databento_dbn.Compression.ZSTD)
    decoder.write(data_file(name).read_bytes())
    return [record for record in decoder.decode() if hasattr(record, "ts_event")]


def whole(text: str, step: str) -> int:
    """How many steps a decimal text holds; it must hold a whole number of them."""
    steps = Decimal(text) / Decimal(step)
    assert steps == int(steps), f"{text} is not a multiple of {step}"
    return int(steps)


def iso_ns(text: str) -> int:
    """Nanoseconds of an ISO date or time in UTC."""
    moment = datetime.fromisoformat(text)
    since = moment.replace(tzinfo=moment.tzinfo or UTC) - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000_000 + since.microseconds * 1_000


def bars_of(ts_ns: Sequence[int], rows: Sequence[dict[str, str]], tick: str, lot: str) -> Bars:
    """Bars of CSV rows with open, high, low, close and, perhaps, volume."""
    opens, highs, lows, closes = (
        [whole(row[name], tick) for row in rows] for name in ("open", "high", "low", "close")
    )
    volume = [whole(row.get("volume", "0"), lot) for row in rows]
    return Bars(ts_ns, opens, highs, lows, closes, volume)


def batch_of_csv(rows: Sequence[dict[str, str]], tick: str, lot: str) -> TradeBatch:
    """Trades of CSV rows with time_ms, side, price and amount."""
    qty = [whole(row["amount"], lot) for row in rows]
    bought = [lots if row["side"] == "buy" else 0 for lots, row in zip(qty, rows, strict=True)]
    return TradeBatch(
        [int(row["time_ms"]) * 1_000_000 for row in rows],
        [whole(row["price"], tick) for row in rows],
        qty,
        bought,
    )
