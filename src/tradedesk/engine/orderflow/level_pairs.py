"""Levels as they come from outside: checked as a whole before any of them is used."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.errors import BatchError
from tradedesk.engine.column import INT32, int_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    LevelRows = Sequence[tuple[int, int]] | NDArray[np.integer]

LIMIT: Final = np.iinfo(INT32)
_ONLY_INT: Final = {int}


def level_pairs(name: str, levels: LevelRows) -> Sequence[tuple[int, int]]:
    """Return price and size of each level as Python integers.

    Parameters
    ----------
    name : str
        What the side is called in messages.
    levels : sequence of (int, int), or ndarray of int, shape (n, 2)
        Price in ticks and contracts waiting there.

    Raises
    ------
    BatchError
        Naming row and value: for anything but whole numbers, a price beyond int32, and a size
        that is negative or beyond it.
    """
    if isinstance(levels, np.ndarray):
        return _array_pairs(name, levels)
    if not levels:
        return ()
    try:
        prices, sizes = zip(*levels, strict=True)
    except (TypeError, ValueError):
        row = next(row for row, level in enumerate(levels) if not _is_pair(level))
        raise BatchError(
            f"{name} row {row} is {levels[row]!r}: give price and size of each level."
        ) from None
    if (
        set(map(type, prices)) | set(map(type, sizes)) == _ONLY_INT
        and LIMIT.min <= min(prices)
        and max(prices) <= LIMIT.max
        and min(sizes) >= 0
        and max(sizes) <= LIMIT.max
    ):
        return levels
    return [_pair(name, row, px, size) for row, (px, size) in enumerate(levels)]


def _array_pairs(name: str, levels: NDArray[np.integer]) -> list[tuple[int, int]]:
    if levels.ndim != 2 or levels.shape[1] != 2:
        raise BatchError(f"{name} have the shape {levels.shape}: give price and size of each.")
    prices = int_column(f"price of {name}", levels[:, 0], INT32)
    sizes = int_column(f"size of {name}", levels[:, 1], INT32)
    negative = sizes < 0
    if negative.any():
        row = int(negative.argmax())
        raise BatchError(f"size of {name} row {row} is {sizes[row]}: 0 or more contracts wait.")
    return list(zip(prices.tolist(), sizes.tolist(), strict=True))


def _is_pair(level: object) -> bool:
    try:
        return len(level) == 2  # type: ignore[arg-type]
    except TypeError:
        return False


def _pair(name: str, row: int, px: object, size: object) -> tuple[int, int]:
    """Find what is wrong with a level; whole numbers of other types are fine."""
    price = whole_int32(f"price of {name} row {row}", px)
    contracts = whole_int32(f"size of {name} row {row}", size)
    if contracts < 0:
        raise BatchError(f"size of {name} row {row} is {contracts}: 0 or more contracts wait.")
    return price, contracts


def whole_int32(name: str, value: object) -> int:
    """Return a whole number of int32.

    Raises
    ------
    BatchError
        Naming the value.
    """
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise BatchError(
            f"{name} is {value!r}: give whole numbers; prices are counts of ticks."
        ) from None
    if not LIMIT.min <= number <= LIMIT.max:
        raise BatchError(f"{name} is {number}: outside the range of int32.")
    return number
