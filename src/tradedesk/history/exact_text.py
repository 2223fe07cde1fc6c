"""Whole numbers of a unit as exact decimals: texts for CSV, Arrow decimals for Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.errors import InputError

if TYPE_CHECKING:
    from decimal import Decimal

    from numpy.typing import NDArray

_PRECISION: Final = 38
_PLAIN: Final = 18


def texts(counts: NDArray[Any], unit: Decimal) -> Any:
    """Print counts of a unit, each with the decimals that the unit needs; an Arrow array.

    Every different number is printed once.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if unit == 1:
        return pa.array(counts)
    coded = pc.dictionary_encode(pa.array(counts))
    different = coded.dictionary.to_numpy(zero_copy_only=False).astype(np.int64)
    digits = _digits(unit)
    each = int(unit.scaleb(digits))
    if len(different) and _largest(different) * each >= 2**63:
        words = pa.array([f"{unit * count:.{digits}f}" for count in different.tolist()])
    else:
        words = _printed(different * each, digits)
    return words.take(coded.indices)


def _printed(steps: NDArray[np.int64], digits: int) -> Any:
    """Whole numbers with a point before the last digits."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole, rest = np.divmod(np.abs(steps), 10**digits)
    left = pa.array(whole).cast(pa.string())
    left = pc.if_else(pa.array(steps < 0), pc.binary_join_element_wise("-", left, ""), left)
    if not digits:
        return left
    right = pc.utf8_lpad(pa.array(rest).cast(pa.string()), digits, "0")
    return pc.binary_join_element_wise(left, right, ".")


def _largest(counts: NDArray[np.int64]) -> int:
    return max(abs(int(counts.max())), abs(int(counts.min()))) if len(counts) else 0


def decimals(what: str, counts: NDArray[Any], unit: Decimal) -> Any:
    """Turn counts of a unit into an Arrow array of decimals, or of int64 if the unit is 1.

    Raises
    ------
    InputError
        If a number has more than 19 digits.
    """
    import pyarrow as pa

    if unit == 1:
        return pa.array(counts, pa.int64())
    digits = _digits(unit)
    each = int(unit.scaleb(digits))
    largest = _largest(counts)
    if largest * each >= 2**63:
        raise InputError(
            f"{what} has {unit * largest:f}, which has more digits than a Parquet file of "
            f"decimals can have here: export to CSV, or in ticks."
        )
    words = np.empty((len(counts), 2), np.int64)
    words[:, 0] = counts
    words[:, 0] *= each
    words[:, 1] = words[:, 0] >> 63
    kind = pa.decimal128(_PRECISION, digits)
    whole = pa.Array.from_buffers(kind, len(counts), [None, pa.py_buffer(words)])
    # up to 18 digits are stored as plain integers
    fits = largest * each < 10**_PLAIN and digits <= _PLAIN
    return whole.cast(pa.decimal128(_PLAIN, digits)) if fits else whole


def _digits(unit: Decimal) -> int:
    return max(0, -int(unit.normalize().as_tuple().exponent))
