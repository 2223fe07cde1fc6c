"""Trades as Parquet: the columns of the CSV forms, times as numbers or as Arrow timestamps."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from tradedesk.domain.errors import InputError
from tradedesk.practice.market.recorded.trade_rows import (
    COLUMNS_HELP,
    aggressor,
    checked,
    form_of,
    recorded_trades,
)
from tradedesk.practice.market.recorded.unpack import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tradedesk.practice.market.recorded.raw import Recorded

PARQUET_HELP: Final = f"a Parquet file needs {COLUMNS_HELP}"
_PER_UNIT: Final = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
# Whole numbers in a column ts: 1973 and later, whichever unit they count.
_UNITS: Final = ((10**17, 1), (10**14, 1_000), (10**11, 1_000_000))
_ROWS: Final = 1 << 16

Row = tuple[Any, Any, Any, Any]


def read_parquet(path: Path, raw: bytes) -> Recorded:
    """Read a Parquet file of trades.

    Parameters
    ----------
    path : Path
        For sentences.
    raw : bytes
        The file.

    Returns
    -------
    Recorded
        A column ``ts`` of whole numbers counts nanoseconds, microseconds or milliseconds,
        whichever its largest one fits; prices are taken as they would be printed.

    Raises
    ------
    InputError
        Names the row and what is wrong with it.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(pa.BufferReader(raw)) as file:
            return _read(path, file)
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        reason = str(error).splitlines()[0] if str(error) else "no reason given"
        raise InputError(f"{path} is no Parquet file or is damaged: {reason}.") from error


def _read(path: Path, file: Any) -> Recorded:
    schema = file.schema_arrow
    time, size = form_of(path, set(schema.names), "Parquet file")
    wanted = [time, "price", size, "side"]
    groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
    if sum(group.total_byte_size for group in groups) > MOST_BYTES:
        raise InputError(f"{path} unpacks to more than {MOST_BYTES >> 20} MB: cut it.")
    factor = _factor(path, time, file, schema.field(time).type)
    rows = (
        row
        for batch in file.iter_batches(batch_size=_ROWS, columns=wanted)
        for row in zip(*(_plain(batch.column(name)) for name in wanted), strict=True)
    )
    return _rows(path, rows, factor)


def _rows(path: Path, rows: Iterator[Row], factor: int) -> Recorded:
    times: list[int] = []
    prices: list[Decimal] = []
    sizes: list[int] = []
    sides: list[int] = []
    before = 0
    known: dict[Any, Decimal] = {}
    for number, (when, price, amount, side) in enumerate(rows, 1):
        where = f"{path} row {number}"
        try:
            ts_ns = int(when) * factor
            exact = known.get(price)
            if exact is None:
                exact = known[price] = Decimal(str(price)).normalize()
            contracts = checked(where, ts_ns, exact, Decimal(str(amount)), PARQUET_HELP)
        except InputError:
            raise
        except (ValueError, TypeError, InvalidOperation, OverflowError) as error:
            raise InputError(f"{where} cannot be read: {PARQUET_HELP}.") from error
        if ts_ns < before:
            raise InputError(f"{where} goes back in time: {PARQUET_HELP}.")
        before = ts_ns
        times.append(ts_ns)
        prices.append(exact)
        sizes.append(contracts)
        sides.append(aggressor(str(side)))
    return recorded_trades(path, times, prices, sizes, sides)


def _plain(column: Any) -> list[Any]:
    """Python values; a timestamp as the whole number that it is."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    return column.to_pylist()  # type: ignore[no-any-return]


def _factor(path: Path, time: str, file: Any, kind: Any) -> int:
    """Nanoseconds that one of the time column is worth."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_timestamp(kind):
        return _PER_UNIT[kind.unit]
    if not pa.types.is_integer(kind):
        raise InputError(f"{path} has {kind} in {time}: {PARQUET_HELP}.")
    if time == "time_ms":
        return _PER_UNIT["ms"]
    largest = pc.max(file.read(columns=[time]).column(0)).as_py() or 0
    return next((factor for least, factor in _UNITS if largest >= least), 1)
