"""Parquet files as Arrow columns."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from tradedesk.domain.errors import InputError
from tradedesk.history.columns import Columns
from tradedesk.history.csv_file import whole_column
from tradedesk.history.row_names import RowNames
from tradedesk.history.unpack import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tradedesk.history.headers import Names

FACTS: Final = "tradedesk."
"""How names of what a file says about itself begin."""


def read_parquet(
    path: Path,
    raw: bytes,
    choose: Callable[[Path, Sequence[str], str], Names],
    help_text: str,
) -> Columns:
    """Read the columns of a Parquet file that `choose` names.

    Parameters
    ----------
    path : Path
        For sentences.
    raw : bytes
        The file.
    choose : callable
        Given path, columns and ``"Parquet file"``, returns the wanted columns by what they are.
    help_text : str
        What a file should look like.

    Raises
    ------
    InputError
        If it is none, damaged, or unpacks to more than can be held.
    """
    import pyarrow as pa

    with opened(path, raw) as file:
        names = choose(path, file.schema_arrow.names, "Parquet file")
        groups = (file.metadata.row_group(number) for number in range(file.num_row_groups))
        if sum(group.total_byte_size for group in groups) > MOST_BYTES:
            raise InputError(f"{path} unpacks to more than {MOST_BYTES >> 20} MB: cut it.")
        table = file.read(columns=list(names.values()))
        found = {role: whole_column(table.column(column)) for role, column in names.items()}
        for array in found.values():
            array.validate(full=pa.types.is_string(array.type))
        rows = RowNames(path, "row", f"a Parquet file needs {help_text}")
        return Columns(names, found, rows, table.num_rows, facts_of(file))


@contextmanager
def opened(path: Path, raw: bytes) -> Iterator[Any]:
    """Open a Parquet file; everything that is wrong with it becomes one sentence.

    Raises
    ------
    InputError
        If it is none or is damaged, found out here or while it is read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(pa.BufferReader(raw), page_checksum_verification=True) as file:
            yield file
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        reason = str(error).splitlines()[0] if str(error) else "no reason given"
        raise InputError(f"{path} is no Parquet file or is damaged: {reason}.") from error


def facts_of(file: Any) -> dict[str, str]:
    """What a file says about itself, by names without their beginning."""
    given = file.schema_arrow.metadata or {}
    return {
        name.decode(errors="replace").removeprefix(FACTS): value.decode(errors="replace")
        for name, value in given.items()
        if name.startswith(FACTS.encode())
    }
