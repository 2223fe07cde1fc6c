"""Databento files written by hand, and records of the recorded ones."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import databento_dbn as dbn

if TYPE_CHECKING:
    from pathlib import Path

START_NS = 1_719_878_400_000_000_000
NANO = 1_000_000_000
LAST = 0x80

enums: Any = dbn
"""The library's stubs call the members of its enums strings; they are members."""


def file_of(schema: Any, records: list[Any], symbols: dict[int, str]) -> bytes:
    """A whole file, not packed."""
    days = {"start_date": date(2024, 7, 2), "end_date": date(2024, 7, 3)}
    mappings: Any = [
        SimpleNamespace(raw_symbol=symbol, intervals=[SimpleNamespace(**days, symbol=str(number))])
        for number, symbol in symbols.items()
    ]
    metadata = dbn.Metadata(
        dataset="GLBX.MDP3",
        start=START_NS,
        stype_in=enums.SType.RAW_SYMBOL,
        stype_out=enums.SType.INSTRUMENT_ID,
        schema=schema,
        symbols=list(symbols.values()),
        mappings=mappings,
    )
    return bytes(metadata) + b"".join(bytes(record) for record in records)


def order(action: str, side: str, number: int, px: float, size: int, **more: int) -> dbn.MBOMsg:
    """One mbo record; `ms` is its receive time after the start."""
    ms = more.get("ms", 0)
    return dbn.MBOMsg(
        publisher_id=1,
        instrument_id=more.get("instrument", 1),
        ts_event=START_NS + ms * 1_000_000 - 1_000,
        order_id=number,
        price=round(px * NANO),
        size=size,
        action=dbn.Action(action),
        side=dbn.Side(side),
        ts_recv=START_NS + ms * 1_000_000,
        flags=more.get("flags", LAST),
    )


def records_of(path: Path) -> list[Any]:
    """Market data records of a packed file, as the library reads them."""
    decoder = dbn.DBNDecoder(compression=enums.Compression.ZSTD)
    decoder.write(path.read_bytes())
    return [record for record in decoder.decode() if hasattr(record, "ts_recv")]
