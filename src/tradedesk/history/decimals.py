"""Columns of decimal numbers as whole numbers of a decimal step, exactly."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from tradedesk.domain.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.history.row_names import RowNames

NANO_DIGITS: Final = 9
MOST_DIGITS: Final = 12
_SCALES: Final = (0, 4, NANO_DIGITS, MOST_DIGITS)
_PRECISION: Final = 38
_PROBE: Final = 4_096


class Exact(NamedTuple):
    """Numbers as counts of ``10**-digits``; int64, shape (n,)."""

    steps: NDArray[np.int64]
    digits: int

    @property
    def step(self) -> Decimal:
        """What one step is worth."""
        return Decimal(1).scaleb(-self.digits)

    @classmethod
    def of_units(cls, counts: NDArray[np.int64], unit: Decimal) -> Exact:
        """Take counts of a unit, such as prices in ticks."""
        digits = max(0, -int(unit.normalize().as_tuple().exponent))
        return cls(counts * int(unit.scaleb(digits)), digits)

    def value(self, row: int) -> Decimal:
        """The number of a row."""
        return self.step * int(self.steps[row])


def exact(column: Any, what: str, names: RowNames) -> Exact:
    """Read a column of numbers.

    Texts and decimals are taken as they stand, floats as they would be printed. Every different
    number is worked out once, so a column that repeats itself costs a look-up per row.

    Parameters
    ----------
    column : pyarrow.Array
        Whole numbers, decimals, floats or texts, dictionary-encoded or not.
    what : str
        Name of the column for sentences.
    names : RowNames
        Names of its rows.

    Returns
    -------
    Exact
        In the coarsest decimal step that holds all of them.

    Raises
    ------
    InputError
        Names the row of a number that is missing, none, too large or written too finely.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.null_count:
        row = int(np.argmax(pc.is_null(column).to_numpy(zero_copy_only=False)))
        raise InputError(
            f"{names.where(row)} cannot be read, {what} is missing: {names.help_text}."
        )
    if pa.types.is_integer(column.type):
        return Exact(_whole(column, what, names), 0)
    if pa.types.is_decimal128(column.type) and 0 <= column.type.scale <= MOST_DIGITS:
        steps = _low_words(column)
        if steps is not None:
            return _coarsest(steps, column.type.scale)
    if not pa.types.is_dictionary(column.type):
        if pa.types.is_nested(column.type):
            raise InputError(f"{names.path} has {column.type} in {what}: {names.help_text}.")
        column = pc.dictionary_encode(column)
    texts = pc.utf8_trim_whitespace(column.dictionary.cast(pa.string()))
    places = column.indices.to_numpy(zero_copy_only=False)
    steps, digits = _steps(texts)
    if steps is None:
        raise InputError(_refusal(texts.to_pylist(), places, what, names))
    few = _coarsest(steps, digits)
    return Exact(few.steps[places], few.digits)


def _whole(column: Any, what: str, names: RowNames) -> NDArray[np.int64]:
    values = column.to_numpy(zero_copy_only=False)
    if values.dtype.kind == "u" and len(values) and int(values.max()) >= 2**63:
        row = int(np.argmax(values >= 2**63))
        raise InputError(f"{names.where(row)} has the {what} {values[row]}, which is too large.")
    return np.ascontiguousarray(values, np.int64)


def _steps(texts: Any) -> tuple[NDArray[np.int64] | None, int]:
    """Different numbers in steps of one decimal; None if one of them does not fit."""
    import pyarrow as pa

    for digits in _SCALES:
        try:
            numbers = texts.cast(pa.decimal128(_PRECISION, digits))
        except pa.ArrowInvalid:
            continue
        steps = _low_words(numbers)
        return steps, digits
    return None, 0


def _low_words(numbers: Any) -> NDArray[np.int64] | None:
    """The 128 bits of decimals as int64; None if one of them needs more."""
    data = numbers.buffers()[1]
    if data is None or not len(numbers):
        return np.empty(0, np.int64)
    start = 2 * numbers.offset
    words = np.frombuffer(data, np.int64)[start : start + 2 * len(numbers)].reshape(-1, 2)
    low, high = words[:, 0], words[:, 1]
    return low.copy() if np.array_equal(low >> 63, high) else None


def _coarsest(steps: NDArray[np.int64], digits: int) -> Exact:
    """The same numbers without decimals that all of them have as 0."""
    while digits and not (steps[:_PROBE] % 10).any() and not (steps % 10).any():
        steps, digits = steps // 10, digits - 1
    return Exact(steps, digits)


def _refusal(texts: list[str], places: NDArray[Any], what: str, names: RowNames) -> str:
    """The sentence about the first row that cannot be used."""
    bad = {place for place, text in enumerate(texts) if _wrong(text)}
    # each number fits alone, only not with the others: the largest one is in the way
    bad = bad or {max(range(len(texts)), key=lambda place: abs(Decimal(texts[place])))}
    rows = np.flatnonzero(np.isin(places, list(bad)))
    row = int(rows[0])
    text = texts[int(places[row])]
    where = names.where(row)
    if (number := _number(text)) is None:
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        return f"{where} cannot be read, {what} is {shown!r}: {names.help_text}."
    if _digits(number) > MOST_DIGITS:
        return (
            f"{where} has the {what} {number.normalize()}, more than {MOST_DIGITS} decimals: "
            f"round them to the tick."
        )
    return f"{where} has the {what} {number:.12g}, which is too large."


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _digits(number: Decimal) -> int:
    return -int(number.normalize().as_tuple().exponent)


def _wrong(text: str) -> bool:
    number = _number(text)
    if number is None or _digits(number) > MOST_DIGITS:
        return True
    return abs(number.scaleb(max(_digits(number), 0))) >= 2**63
