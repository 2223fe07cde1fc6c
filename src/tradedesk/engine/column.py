"""One column of market data: from what a caller gives to a typed array, or a clear refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.errors import BatchError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

INT32: Final = np.dtype(np.int32)
INT64: Final = np.dtype(np.int64)
CHECK_ROWS: Final = 65_536
"""Rows examined at a time, so that the temporary arrays of a check stay in cache."""


def int_column(name: str, values: ArrayLike, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Turn `values` into a one-dimensional, contiguous, read-only array of `dtype`.

    An array that already has this form is not copied.

    Parameters
    ----------
    name : str
        What the column is called in messages.
    values : array_like
        Whole numbers; floats, booleans and objects are refused even when they look whole.
    dtype : numpy.dtype
        Signed integer type to end up with.

    Raises
    ------
    BatchError
        Naming column, row and value.
    """
    array = np.asarray(values)
    if array.ndim != 1:
        raise BatchError(f"{name} has {array.ndim} dimensions: give one value per row.")
    if array.size == 0:
        array = np.empty(0, dtype)
    elif array.dtype.kind not in "iu":
        raise BatchError(
            f"{name} is {array.dtype} (row 0 is {array[0]!r}): give whole numbers; prices are "
            f"counts of ticks, times are nanoseconds."
        )
    elif array.dtype != dtype:
        array = _narrowed(name, array, dtype)
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def _narrowed(name: str, array: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    limit = np.iinfo(dtype)
    if not np.can_cast(array.dtype, dtype):
        bad = (array > limit.max) | (array < limit.min)
        if bad.any():
            row = int(bad.argmax())
            raise BatchError(
                f"{name} row {row} is {array[row]}: outside the range of {dtype} "
                f"({limit.min} to {limit.max})."
            )
    return array.astype(dtype)


def same_length(columns: dict[str, NDArray[Any]]) -> None:
    """Refuse columns of different lengths.

    Raises
    ------
    BatchError
        Naming every column with its length.
    """
    if len({len(column) for column in columns.values()}) > 1:
        lengths = ", ".join(f"{name} {len(column)}" for name, column in columns.items())
        raise BatchError(f"Columns differ in length ({lengths}): give one value per row in each.")


def ascending(name: str, ts_ns: NDArray[np.int64]) -> None:
    """Refuse times that go back; equal neighbours are fine.

    Raises
    ------
    BatchError
        Naming the first row that is older than the one before it.
    """
    for start in range(0, len(ts_ns), CHECK_ROWS):
        part = ts_ns[max(start - 1, 0) : start + CHECK_ROWS]
        back = part[1:] < part[:-1]
        if back.any():
            row = max(start - 1, 0) + int(back.argmax()) + 1
            raise BatchError(
                f"{name} row {row} is {ts_ns[row]}, older than row {row - 1} "
                f"({ts_ns[row - 1]}): sort by time first."
            )
