"""Bars as CSV and Parquet for other programs, exactly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tradedesk.domain.errors import InputError
from tradedesk.history.exact_text import decimals, texts
from tradedesk.history.loaded import ONE_LOT
from tradedesk.history.parquet_file import FACTS
from tradedesk.history.replacing import replace_file
from tradedesk.history.units import Number, lot_of, tick_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    import numpy as np
    from numpy.typing import NDArray

    from tradedesk.engine import Bars

_PRICES: Final = ("open", "high", "low", "close")
_SECOND_NS: Final = 1_000_000_000


def write_bars(
    path: str | Path,
    bars: Bars,
    tick_size: Number,
    *,
    contract: str | None = None,
    lot_size: Number = ONE_LOT,
) -> None:
    """Write bars of any kind to a CSV or Parquet file; `read_bars` gives them back exactly.

    Parameters
    ----------
    path : str or Path
        Ends in ``.csv``, ``.csv.gz``, ``.parquet`` or ``.pq``. An existing file is replaced
        whole or not at all.
    bars : Bars
        To be written.
    tick_size : TickSize, Decimal, str or number
        Price of one tick.
    contract : str, optional
        Its name; Parquet files carry it, and the tick size.
    lot_size : Decimal, str or number, default 1
        Size of one lot.

    Raises
    ------
    InputError
        If the ending is another, or a size is none.
    StoreError
        If the file cannot be written; what stood there before still does.

    Notes
    -----
    The columns are ``time`` (when the bar opens, UTC: ISO 8601 with as many decimals as are
    needed in CSV, a timestamp of nanoseconds in Parquet), ``open,high,low,close`` (prices, exact
    decimals), ``volume,buy_volume`` (sizes), ``turnover`` (price times size) and ``count``.
    The last three are empty in CSV, null in Parquet, where the order flow of a bar is unknown.
    A CSV has no place for the tick size: give it to `read_bars`, or prices are counted in the
    decimal step in which they are written.
    """
    path = Path(path)
    tick, lot = tick_of(tick_size).size, lot_of(lot_size)
    name = path.name.lower()
    if name.endswith((".csv", ".csv.gz")):
        table = _table(bars, _printed_time, _texts, tick, lot)
        replace_file(path, lambda to: _write_csv(to, table, packed=name.endswith(".gz")))
    elif name.endswith((".parquet", ".pq")):
        facts = {"tick": f"{tick:f}", "lot": f"{lot:f}"}
        if contract is not None:
            facts["contract"] = contract
        table = _table(bars, _timestamp, decimals, tick, lot)
        table = table.replace_schema_metadata({f"{FACTS}{k}": v for k, v in facts.items()})
        replace_file(path, lambda to: _write_parquet(to, table))
    else:
        raise InputError(f"{path} cannot be written: let it end in .csv, .csv.gz or .parquet.")


def bar_lines(bars: Bars, tick_size: Number, *, lot_size: Number = ONE_LOT) -> Iterator[str]:
    """Give bars as the lines of the CSV that `write_bars` writes, the header first.

    Raises
    ------
    InputError
        If a size is none.
    """
    tick, lot = tick_of(tick_size).size, lot_of(lot_size)
    table = _table(bars, _printed_time, _texts, tick, lot)
    yield ",".join(table.column_names)
    columns = (column.to_pylist() for column in table.columns)
    for row in zip(*columns, strict=True):
        yield ",".join("" if value is None else str(value) for value in row)


def _texts(_what: str, counts: NDArray[Any], unit: Decimal) -> Any:
    return texts(counts, unit)


def _table(
    bars: Bars,
    time: Callable[[NDArray[np.int64]], Any],
    number: Callable[[str, NDArray[Any], Decimal], Any],
    tick: Decimal,
    lot: Decimal,
) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = {"time": time(bars.ts_ns)}
    columns |= {name: number(name, getattr(bars, name), tick) for name in _PRICES}
    columns["volume"] = number("volume", bars.volume, lot)
    flow = {
        "buy_volume": number("buy_volume", bars.buy_volume, lot),
        "turnover": number("turnover", bars.turnover, tick * lot),
        "count": pa.array(bars.count),
    }
    if not bars.flow_known.all():
        known = pa.array(bars.flow_known)
        flow = {name: pc.if_else(known, told, None) for name, told in flow.items()}
    return pa.table(columns | flow)


def _timestamp(ts_ns: NDArray[np.int64]) -> Any:
    import pyarrow as pa

    return pa.array(ts_ns).cast(pa.timestamp("ns", "UTC"))


def _printed_time(ts_ns: NDArray[np.int64]) -> Any:
    """ISO 8601 in seconds where all are whole, otherwise in nanoseconds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    unit = "ns" if (ts_ns % _SECOND_NS).any() else "s"
    kind = pa.timestamp(unit, "UTC")
    moments = pa.array(ts_ns).cast(pa.timestamp("ns", "UTC")).cast(kind)
    return pc.replace_substring(moments.cast(pa.string()), " ", "T")


def _write_csv(path: str, table: Any, *, packed: bool) -> None:
    import pyarrow as pa
    from pyarrow import csv

    options = csv.WriteOptions(include_header=False, quoting_style="none")
    with pa.output_stream(path, compression="gzip" if packed else None) as out:
        out.write((",".join(table.column_names) + "\n").encode())
        csv.write_csv(table, out, options)


def _write_parquet(path: str, table: Any) -> None:
    import pyarrow.parquet as pq

    pq.write_table(
        table,
        path,
        compression="zstd",
        store_decimal_as_integer=True,
        write_page_checksum=True,
    )
