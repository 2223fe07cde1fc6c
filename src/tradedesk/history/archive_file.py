"""One file of the archive: engine columns of one contract and one day or year, as Parquet."""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.errors import InputError, StoreError
from tradedesk.history.facts import TICKS, facts_in
from tradedesk.history.parquet_file import FACTS, facts_of
from tradedesk.history.replacing import replace_file
from tradedesk.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from tradedesk.domain.price import TickSize

Table = dict[str, "NDArray[Any]"]
"""Columns by name, ``ts_ns`` first."""

SCHEMA: Final = 1
INT32: Final = np.dtype(np.int32)
INT64: Final = np.dtype(np.int64)
_NARROW: Final = frozenset({"px_ticks", "qty", "buy_qty", "open", "high", "low", "close"})
_ROWS: Final = 1 << 19
_LEVEL: Final = 1
_LONGEST_SOURCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Label:
    """What a file says of itself.

    Parameters
    ----------
    kind : str
        ``trades``, or ``bars`` and their size.
    contract : str
        Name of the contract.
    tick : TickSize
        What a price of 1 is worth.
    lot : Decimal
        What a quantity of 1 is worth.
    source : str
        Where the data came from.
    """

    kind: str
    contract: str
    tick: TickSize
    lot: Decimal = Decimal(1)
    source: str = ""

    def with_source(self, other: str) -> Label:
        """The same with another source beside its own."""
        parts = [part for part in (*other.split(", "), *self.source.split(", ")) if part]
        return replace(self, source=", ".join(dict.fromkeys(parts))[:_LONGEST_SOURCE])


def write_file(path: Path, columns: Table, label: Label) -> None:
    """Write a file whole or not at all; its folder must be locked by `folder_lock.writing`.

    Raises
    ------
    StoreError
        If it cannot be written; what stood there before still does.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    metadata = {
        "schema": str(SCHEMA),
        "kind": label.kind,
        "contract": label.contract,
        "tick": f"{label.tick.size:f}",
        "lot": f"{label.lot:f}",
        "unit": TICKS,
        "source": label.source,
        "writer": f"tradedesk {__version__}",
    }
    metadata["check"] = _check(metadata)
    table = pa.table({name: pa.array(column) for name, column in columns.items()})
    table = table.replace_schema_metadata({f"{FACTS}{k}": v for k, v in metadata.items()})
    replace_file(
        path,
        lambda temporary: pq.write_table(
            table,
            temporary,
            row_group_size=_ROWS,
            compression="zstd",
            compression_level=_LEVEL,
            # measured against plain, delta and dictionary: fastest to write and to read
            use_dictionary=False,
            column_encoding=dict.fromkeys(columns, "BYTE_STREAM_SPLIT"),
            write_page_checksum=True,
        ),
    )


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file that was opened; its rows are read group by group.

    Parameters
    ----------
    path : Path
        The file.
    label : Label
        What it says of itself.
    rows : int
        How many rows it has.
    first_ns, last_ns : int
        Times of the first and the last one; 0 without rows.
    """

    path: Path
    label: Label
    rows: int
    first_ns: int
    last_ns: int
    _file: Any

    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self._file.schema_arrow.names)

    def groups(self, start_ns: int, end_ns: int, columns: list[str]) -> Iterator[Table]:
        """Give the rows of a time range as views of what was decoded, without a copy.

        Raises
        ------
        StoreError
            If a part of the file is damaged.
        """
        with _explained(self.path):
            metadata = self._file.metadata
            place = self.names().index("ts_ns")
            for number in range(metadata.num_row_groups):
                times = metadata.row_group(number).column(place).statistics
                known = times is not None and times.has_min_max
                if known and (times.max < start_ns or times.min >= end_ns):
                    continue
                table = self._file.read_row_group(number, columns=columns)
                group = {name: _array(name, table.column(name)) for name in columns}
                ts_ns = group["ts_ns"]
                first, stop = np.searchsorted(ts_ns, (start_ns, end_ns)).tolist()
                yield {name: column[first:stop] for name, column in group.items()}


def open_file(path: Path, kind: str, contract: str, *, whole: bool = True) -> ArchiveFile:
    """Open a file of the archive.

    Parameters
    ----------
    path : Path
        The file.
    kind, contract : str
        What it must hold.
    whole : bool, default True
        Whether its rows will be read: its bytes are then held in memory, and a writer may replace
        the file meanwhile. Otherwise only its end is looked at.

    Raises
    ------
    StoreError
        If it cannot be read, is damaged, is another contract's, or was written by a newer version
        of this program. It is left as it is.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        source: Any = pa.BufferReader(path.read_bytes()) if whole else pa.OSFile(str(path))
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({error.strerror}).") from error
    with _explained(path):
        file = pq.ParquetFile(source, page_checksum_verification=True)
        label = _label(path, facts_of(file))
        span = _span(file.metadata)
    if not whole:
        source.close()
    if (label.kind, label.contract) != (kind, contract):
        raise StoreError(
            f"{path} holds {label.kind} of {label.contract} where {kind} of {contract} belong: "
            "move it where it belongs."
        )
    return ArchiveFile(path, label, file.metadata.num_rows, *span, file)


def _label(path: Path, given: dict[str, str]) -> Label:
    schema = given.get("schema", "")
    if schema.isdecimal() and int(schema) > SCHEMA:
        raise StoreError(
            f"{path} was written by a newer version ({given.get('writer', 'unknown')}): "
            "update this program to read it. It was left as it is."
        )
    facts = facts_in(path, given)
    if schema != str(SCHEMA) or facts.tick is None or facts.lot is None or not facts.counts:
        raise InputError(f"{path} is no file of this archive")
    if given.get("check") != _check(given):
        raise InputError(f"{path} does not say what was written into it")
    contract, source = facts.contract or "", given.get("source", "")
    return Label(given.get("kind", ""), contract, facts.tick, facts.lot, source)


def _check(metadata: dict[str, str]) -> str:
    """Sum over the metadata, which no checksum of Parquet covers."""
    facts = sorted((name, value) for name, value in metadata.items() if name != "check")
    return f"{zlib.crc32(repr(facts).encode()):08x}"


def _span(metadata: Any) -> tuple[int, int]:
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    times = [group.column(0).statistics for group in groups if group.num_rows]
    if not times or any(one is None or not one.has_min_max for one in times):
        return 0, 0
    return int(times[0].min), int(times[-1].max)


def _array(name: str, column: Any) -> NDArray[Any]:
    (chunk,) = column.chunks
    array: NDArray[Any] = chunk.to_numpy(zero_copy_only=True)
    if array.dtype != (INT32 if name in _NARROW else INT64):
        raise ValueError(f"its column {name} is {array.dtype}")
    return array


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Say what to do about a file that is damaged."""
    import pyarrow as pa

    try:
        yield
    except (InputError, pa.ArrowException, OSError, ValueError, KeyError, MemoryError) as error:
        reason = str(error).removeprefix(f"{path} ").rstrip(".").splitlines()[0]
        raise StoreError(
            f"{path} is damaged ({reason}): move it away and import that time again. "
            "Other files of the archive can be read."
        ) from error
