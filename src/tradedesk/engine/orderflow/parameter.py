"""Parameters that people give: whole numbers, and shares or ratios taken exactly as written."""

from __future__ import annotations

import operator
from fractions import Fraction
from typing import SupportsIndex, cast

from tradedesk.domain.errors import InputError


def whole(value: object, least: int, most: int, what: str) -> int:
    """Return a whole number within limits.

    Parameters
    ----------
    value : object
        What was given.
    least, most : int
        Limits, both allowed.
    what : str
        What it is for, such as ``"A row of {} ticks"``.

    Raises
    ------
    InputError
        If it is no whole number or beyond the limits.
    """
    try:
        number = operator.index(cast("SupportsIndex", value))
    except TypeError:
        number = least - 1
    if not least <= number <= most:
        raise InputError(
            f"{what.format(value)} is not possible: give a whole number from {least} to {most}."
        )
    return number


def decimal(value: float | Fraction) -> Fraction:
    """Return a float as the decimal number it is written as; 0 for what is no number."""
    try:
        return value if isinstance(value, Fraction) else Fraction(str(value))
    except ValueError:
        return Fraction(0)
