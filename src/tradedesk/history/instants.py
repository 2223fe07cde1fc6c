"""Columns of times as nanoseconds UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.history.row_names import RowNames

LAST_NS: Final = 7_258_118_400 * 1_000_000_000
"""The year 2200; stamps beyond it are damage, and some cannot be dates at all."""
_PER_UNIT: Final = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
# Whole numbers without a unit in their name: 1973 and later, whichever unit they count.
_UNITS: Final = ((10**17, 1), (10**14, 1_000), (10**11, 1_000_000), (10**8, 1_000_000_000))
_ZONE: Final = r"(?:[Zz]|[+-]\d\d(?::?\d\d)?)$"
_CLOCK: Final = r"\d:\d"


def instants(column: Any, name: str, names: RowNames) -> NDArray[np.int64]:
    """Read a column of times.

    Parameters
    ----------
    column : pyarrow.Array
        Timestamps, dates, whole numbers since 1970 (``..._s``, ``..._ms``, ``..._us`` and
        ``..._ns`` by their name, otherwise in the unit that the largest one fits), or texts in
        ISO 8601. What has no zone is UTC.
    name : str
        Name of the column.
    names : RowNames
        Names of its rows.

    Returns
    -------
    ndarray of int64
        Nanoseconds UTC, never going back.

    Raises
    ------
    InputError
        Names the row of a time that is missing, none, beyond the year 2200, before 1970, or
        earlier than the row before it.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.null_count:
        row = int(np.argmax(pc.is_null(column).to_numpy(zero_copy_only=False)))
        raise InputError(
            f"{names.where(row)} cannot be read, {name} is missing: {names.help_text}."
        )
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_timestamp(kind):
        found = _scaled(_plain(column.cast(pa.int64())), _PER_UNIT[kind.unit], names)
    elif pa.types.is_date(kind):
        days = _plain(column.cast(pa.date32()).cast(pa.int32())).astype(np.int64)
        found = _scaled(days, 86_400 * _PER_UNIT["s"], names)
    elif pa.types.is_integer(kind):
        found = _numbers(_plain(column), name, names)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        found = _texts(column, name, names)
    else:
        raise InputError(f"{names.path} has {kind} in {name}: {names.help_text}.")
    return in_order(found, names)


def in_order(ts_ns: NDArray[np.int64], names: RowNames) -> NDArray[np.int64]:
    """Refuse times that cannot be or go back; equal neighbours are normal.

    Raises
    ------
    InputError
        Names the first row of that kind.
    """
    if not len(ts_ns):
        return ts_ns
    if int(ts_ns.min()) < 0 or int(ts_ns.max()) > LAST_NS:
        row = int(np.argmax((ts_ns < 0) | (ts_ns > LAST_NS)))
        raise _beyond(names, row, int(ts_ns[row]))
    back = ts_ns[1:] < ts_ns[:-1]
    if back.any():
        row = int(np.argmax(back)) + 1
        raise InputError(
            f"{names.where(row)} goes back in time, {ts_ns[row]} follows {ts_ns[row - 1]} "
            f"(nanoseconds UTC): {names.help_text}."
        )
    return ts_ns


def _plain(column: Any) -> NDArray[Any]:
    values: NDArray[Any] = column.to_numpy(zero_copy_only=False)
    return values


def _beyond(names: RowNames, row: int, value: int) -> InputError:
    return InputError(
        f"{names.where(row)} lies beyond the year 2200 or before 1970 ({value}): {names.help_text}."
    )


def _scaled(values: NDArray[Any], factor: int, names: RowNames) -> NDArray[np.int64]:
    if len(values) and (int(values.max()) > LAST_NS // factor or int(values.min()) < 0):
        row = int(np.argmax((values > LAST_NS // factor) | (values < 0)))
        raise _beyond(names, row, int(values[row]))
    out: NDArray[np.int64] = values.astype(np.int64, copy=False)
    return out if factor == 1 else out * factor


def _numbers(values: NDArray[Any], name: str, names: RowNames) -> NDArray[np.int64]:
    return _scaled(values, _factor(values, name, names), names)


def _factor(values: NDArray[Any], name: str, names: RowNames) -> int:
    """Nanoseconds that one of the column is worth."""
    unit = name.lower().rpartition("_")[2]
    if unit in _PER_UNIT:
        return _PER_UNIT[unit]
    largest = int(values.max(initial=0))
    for least, factor in _UNITS:
        if largest >= least:
            return factor
    if not name.lower().startswith("ts") and len(values):
        raise InputError(
            f"{names.where(0)} has {values[0]} in {name}, which is no Unix time: {names.help_text}."
        )
    return 1


def _texts(column: Any, name: str, names: RowNames) -> NDArray[np.int64]:
    """Whole numbers and ISO 8601, in one column even."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = pc.utf8_trim_whitespace(column)
    digits = pc.fill_null(pc.ascii_is_decimal(column), fill_value=False)
    numeric: NDArray[np.bool_] = _plain(digits)
    if numeric.all():
        return _cast_numbers(column, name, names)
    out = np.empty(len(column), np.int64)
    if numeric.any():
        out[numeric] = _cast_numbers(column.filter(digits), name, names.of(np.flatnonzero(numeric)))
    clock = pc.match_substring_regex(column, _CLOCK)
    zoned: NDArray[np.bool_] = (
        _plain(pc.and_(clock, pc.match_substring_regex(column, _ZONE))) & ~numeric
    )
    for mask, kind in ((zoned, pa.timestamp("ns", "UTC")), (~zoned & ~numeric, pa.timestamp("ns"))):
        if mask.any():
            part = column.filter(pa.array(mask))
            out[mask] = _cast(part, kind, name, names.of(np.flatnonzero(mask)))
    return out


def _cast_numbers(column: Any, name: str, names: RowNames) -> NDArray[np.int64]:
    import pyarrow as pa

    return _numbers(_cast(column, pa.int64(), name, names), name, names)


def _cast(column: Any, kind: Any, name: str, names: RowNames) -> NDArray[np.int64]:
    import pyarrow as pa

    try:
        return _plain(column.cast(kind).cast(pa.int64()))
    except pa.ArrowInvalid as error:
        row = next(row for row in range(len(column)) if not _readable(column.slice(row, 1), kind))
        raise InputError(
            f"{names.where(row)} cannot be read, {name} is {column[row].as_py()!r}: "
            f"{names.help_text}."
        ) from error


def _readable(one: Any, kind: Any) -> bool:
    import pyarrow as pa

    try:
        one.cast(kind)
    except pa.ArrowInvalid:
        return False
    return True
