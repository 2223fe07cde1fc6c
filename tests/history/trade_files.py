"""Trades to write into files, an obvious way to read them back, and files of every form."""

from __future__ import annotations

import csv
import gzip
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from tradedesk.engine import TradeBatch

START_NS = 1_719_878_280_000_000_000
TICK = Decimal("0.25")

Row = tuple[int, int, int, str]
"""Time in nanoseconds, price in ticks, contracts, side: ``buy``, ``sell`` or nothing."""


@st.composite
def rows(draw: st.DrawFn, most: int = 30, step_ns: int = 1) -> list[Row]:
    """Trades with equal times, size 0, negative prices and unknown sides among them."""
    pauses = st.integers(0, 3_000_000_000 // step_ns)
    found, now = [], START_NS // step_ns * step_ns
    for _ in range(draw(st.integers(1, most))):
        now += draw(pauses) * step_ns
        px = draw(st.integers(-50, 50) | st.integers(-(2**31) + 1, 2**31 - 1))
        qty = draw(st.integers(0, 5) | st.integers(0, 2**31 - 1))
        found.append((now, px, qty, draw(st.sampled_from(["buy", "sell", ""]))))
    return found


def batch_of(trades: list[Row]) -> TradeBatch:
    """What any file of these trades has to give."""
    return TradeBatch(
        [row[0] for row in trades],
        [row[1] for row in trades],
        [row[2] for row in trades],
        [row[2] if row[3] == "buy" else 0 for row in trades],
    )


def csv_text(header: list[str], lines: list[list[Any]], separator: str = ",") -> str:
    """A CSV as anybody's program would write it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerows([header, *lines])
    return out.getvalue()


def write(path: Path, text: str) -> Path:
    """Write a text, packed if its name says so."""
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.name.endswith(".gz") else data)
    return path


def parquet(path: Path, columns: dict[str, Any]) -> Path:
    """Write columns as Parquet, some rows to a group."""
    pq.write_table(pa.table(columns), path, row_group_size=7)
    return path


def px_text(px: int) -> str:
    """A price in the tick grid as people write it."""
    return f"{px * TICK:f}"
