"""How big a bar is: ``5m``, ``1d``, ``500t``, ``1000v``.

The grammar is ``<number><unit>`` with nothing between them.

====  ======================  ==================
unit  meaning                 largest number
====  ======================  ==================
s     seconds                 86,400
m     minutes                 10,080
h     hours                   744
d     days                    366
w     weeks, from Monday      53
mo    calendar months         120
t     trades                  10,000,000
v     contracts               10,000,000
r     range in ticks          10,000
n     renko brick in ticks    10,000
====  ======================  ==================

Units are read in either case, with one exception: ``1M`` is refused, because it is a minute to
some people and a month to others.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

import msgspec

from tradedesk.domain.errors import BarSpecError

SECOND_NS: Final = 1_000_000_000


class BarUnit(StrEnum):
    """What closes a bar."""

    SECOND = "s"
    MINUTE = "m"
    HOUR = "h"
    DAY = "d"
    WEEK = "w"
    MONTH = "mo"
    TRADES = "t"
    CONTRACTS = "v"
    RANGE = "r"
    RENKO = "n"


UNIT_NS: Final[dict[BarUnit, int]] = {
    BarUnit.SECOND: SECOND_NS,
    BarUnit.MINUTE: 60 * SECOND_NS,
    BarUnit.HOUR: 3_600 * SECOND_NS,
    BarUnit.DAY: 86_400 * SECOND_NS,
    BarUnit.WEEK: 604_800 * SECOND_NS,
}
"""Length of the units that always have the same one, in nanoseconds."""

_LARGEST: Final[dict[BarUnit, int]] = {
    BarUnit.SECOND: 86_400,
    BarUnit.MINUTE: 10_080,
    BarUnit.HOUR: 744,
    BarUnit.DAY: 366,
    BarUnit.WEEK: 53,
    BarUnit.MONTH: 120,
    BarUnit.TRADES: 10_000_000,
    BarUnit.CONTRACTS: 10_000_000,
    BarUnit.RANGE: 10_000,
    BarUnit.RENKO: 10_000,
}

_LABEL: Final[dict[BarUnit, str]] = {
    BarUnit.SECOND: "s",
    BarUnit.MINUTE: "m",
    BarUnit.HOUR: "h",
    BarUnit.DAY: "D",
    BarUnit.WEEK: "W",
    BarUnit.MONTH: "Mo",
    BarUnit.TRADES: "T",
    BarUnit.CONTRACTS: "V",
    BarUnit.RANGE: "R",
    BarUnit.RENKO: "N",
}

_UNITS_TEXT: Final = "s m h d w mo (time), t (trades), v (contracts), r (range), n (renko)"
_GRAMMAR: Final = re.compile(r"([0-9]+)([A-Za-z]+)")


class BarSpec(msgspec.Struct, frozen=True):
    """A bar size. Hashable; ``BarSpec.parse(str(spec)) == spec``.

    Attributes
    ----------
    size : int
        How many units make one bar, at least 1.
    unit : BarUnit
        What is counted.

    Raises
    ------
    BarSpecError
        If `size` is below 1 or above the largest one for its unit.

    Notes
    -----
    ``60s`` and ``1m`` give the same bars but are different specs: each keeps the text it was
    asked for.
    """

    size: int
    unit: BarUnit

    def __post_init__(self) -> None:
        text = f"{self.size}{self.unit.value}"
        if self.size < 1:
            raise BarSpecError(
                f"Bar size {text!r} is empty: the number must be 1 or more, as in '1{self.unit}'."
            )
        largest = _LARGEST[self.unit]
        if self.size > largest:
            raise BarSpecError(
                f"Bar size {text!r} is too large: use {largest}{self.unit.value} or less."
            )

    @classmethod
    def parse(cls, text: str) -> BarSpec:
        """Read ``"<number><unit>"``, for example ``5m``, ``1D`` or ``500t``.

        Parameters
        ----------
        text : str
            The bar size; blanks around it are ignored.

        Raises
        ------
        BarSpecError
            Naming the text and what to write instead.
        """
        stripped = text.strip()
        if not stripped:
            raise BarSpecError("The bar size is empty: write a number and a unit, such as '5m'.")
        match = _GRAMMAR.fullmatch(stripped)
        if match is None:
            raise BarSpecError(
                f"Bar size {text!r} cannot be read: write the number first and the unit right "
                f"after it, such as '5m'. Units: {_UNITS_TEXT}."
            )
        digits, letters = match.groups()
        if len(digits) > 9:
            raise BarSpecError(
                f"Bar size {text!r} is too large: a number of at most 9 digits is read."
            )
        if letters == "M":
            raise BarSpecError(
                f"Bar size {text!r} could mean minutes or months: write '{digits}m' for minutes "
                f"or '{digits}mo' for months."
            )
        try:
            unit = BarUnit(letters.lower())
        except ValueError:
            raise BarSpecError(
                f"Bar size {text!r} has the unknown unit {letters!r}: use one of {_UNITS_TEXT}."
            ) from None
        return cls(int(digits), unit)

    def __str__(self) -> str:
        return f"{self.size}{self.unit.value}"

    @property
    def label(self) -> str:
        """Short text for a button or a chart title: ``5m``, ``1h``, ``1D``, ``500T``."""
        return f"{self.size}{_LABEL[self.unit]}"

    @property
    def is_time(self) -> bool:
        """True when bars close by the clock: seconds to months."""
        return self.unit in UNIT_NS or self.unit is BarUnit.MONTH

    @property
    def counts_days(self) -> bool:
        """True for days, weeks and months: bars that follow the trading day, not the clock."""
        return self.unit in (BarUnit.DAY, BarUnit.WEEK, BarUnit.MONTH)

    @property
    def is_count(self) -> bool:
        """True when bars close after a number of trades or contracts."""
        return self.unit in (BarUnit.TRADES, BarUnit.CONTRACTS)

    @property
    def period_ns(self) -> int | None:
        """Length in nanoseconds; None for months and for bars that do not close by the clock."""
        unit_ns = UNIT_NS.get(self.unit)
        return None if unit_ns is None else unit_ns * self.size
