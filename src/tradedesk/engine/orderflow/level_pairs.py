"""Levels as they come from outside: checked as a whole before any of them is used."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from tradedesk.domain.errors import BatchError
from tradedesk.engine.column import INT32, int_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    LevelRows = Sequence[tuple[int, int]] | NDArray[np.integer]

LIMIT_MIN: Final = -(2**31)
LIMIT_MAX: Final = 2**31 - 1


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
    if _plain(levels):
        return levels
    return [_pair(name, row, level) for row, level in enumerate(levels)]


def _plain(levels: Sequence[tuple[int, int]]) -> bool:
    """Whether nothing has to be said about these levels."""
    try:
        for px, size in levels:
            if not (
                type(px) is int
                and type(size) is int
                and LIMIT_MIN <= px <= LIMIT_MAX
                and 0 <= size <= LIMIT_MAX
            ):
                return False
    except (TypeError, ValueError):
        return False
    return True


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


def _pair(name: str, row: int, level: object) -> tuple[int, int]:
    """Find what is wrong with a level; whole numbers of other types are fine."""
    try:
        px, size = cast("tuple[object, object]", level)
    except (TypeError, ValueError):
        raise BatchError(
            f"{name} row {row} is {level!r}: give price and size of each level."
        ) from None
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
    if not LIMIT_MIN <= number <= LIMIT_MAX:
        raise BatchError(f"{name} is {number}: outside the range of int32.")
    return number
