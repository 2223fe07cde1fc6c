"""CSV files as Arrow columns, read without a Python object per row."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from tradedesk.domain.errors import InputError
from tradedesk.history.columns import Columns
from tradedesk.history.row_names import RowNames
from tradedesk.history.unpack import gunzip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tradedesk.history.headers import Names

_SEPARATORS: Final = (",", ";", "\t")
_LONGEST_HEADER: Final = 100_000
_BOM: Final = b"\xef\xbb\xbf"


def read_csv(
    path: Path,
    raw: bytes,
    choose: Callable[[Path, Sequence[str], str], Names],
    help_text: str,
) -> Columns:
    """Read the columns of a CSV that `choose` names, packed with gzip or not.

    Parameters
    ----------
    path : Path
        For sentences, and for its ending.
    raw : bytes
        The file. Its first line names the columns; commas, semicolons or tabs part them.
    choose : callable
        Given path, columns and ``"CSV"``, returns the wanted columns by what they are.
    help_text : str
        What a file should look like.

    Raises
    ------
    InputError
        Names the line and what is wrong with it.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    text = gunzip(path, raw) if path.name.lower().endswith(".gz") else raw
    text = text.removeprefix(_BOM)
    head, separator = _header(path, text)
    names = choose(path, head, "CSV")
    if text.count(b'"') % 2:
        raise InputError(f"{path} ends inside quotation marks: it is truncated, fetch it again.")
    rows = RowNames(path, "line", f"a CSV needs {help_text}", _LineNumbers(text))
    words = pa.dictionary(pa.int32(), pa.string())
    types = {column: pa.string() if role == "time" else words for role, column in names.items()}
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(text),
            parse_options=arrow_csv.ParseOptions(delimiter=separator),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=list(types),
                column_types=types,
                strings_can_be_null=False,
                null_values=[],
            ),
        )
    except pa.ArrowInvalid as error:
        raise _unreadable(rows, text, separator, len(head), str(error)) from error
    found = {role: whole_column(table.column(column)) for role, column in names.items()}
    return Columns(names, found, rows, table.num_rows)


def whole_column(column: Any) -> Any:
    """A chunked column in one piece, with one dictionary."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    one = column.combine_chunks()
    return one.chunk(0) if isinstance(one, pa.ChunkedArray) else one


class _LineNumbers:
    """Numbers of the lines of rows; empty lines are none."""

    def __init__(self, text: bytes) -> None:
        self._text = text

    def __call__(self, row: int) -> int:
        """Line of a row; the first row follows the header."""
        full = (number for number, line in enumerate(io.BytesIO(self._text), 1) if line.strip())
        return next(number for place, number in enumerate(full) if place == row + 1)


def _header(path: Path, text: bytes) -> tuple[list[str], str]:
    line = text[:_LONGEST_HEADER].lstrip(b"\r\n").split(b"\n", 1)[0]
    try:
        first = line.decode().strip("\r")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is truncated or no text: {error}.") from error
    separator = max(_SEPARATORS, key=first.count)
    try:
        return next(csv.reader([first], delimiter=separator), []), separator
    except csv.Error as error:
        raise InputError(f"{path} line 1 cannot be read: {error}.") from error


def _unreadable(
    rows: RowNames, text: bytes, separator: str, columns: int, reason: str
) -> InputError:
    """Find the line that stopped the reader; slow, and asked once."""
    try:
        lines = text.decode().splitlines()
    except UnicodeDecodeError as error:
        return InputError(f"{rows.path} is truncated or no text: {error}.")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = len(next(csv.reader([line], delimiter=separator), []))
        except csv.Error:
            found = 0
        if found != columns:
            return InputError(
                f"{rows.path} line {number} has {found} columns where the first line has "
                f"{columns}: it is truncated or damaged."
            )
    return InputError(f"{rows.path} cannot be read: {reason.splitlines()[0][:200]}.")
