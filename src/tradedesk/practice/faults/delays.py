"""How long something takes when chance decides: laws of delay, drawn from a seeded stream."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from tradedesk.domain.errors import InputError

if TYPE_CHECKING:
    from random import Random

Law = Literal["constant", "uniform", "lognormal", "exponential"]

LONGEST_S: Final = 3_600.0
_Z99: Final = 2.3263478740408408
_MEMBERS: Final = {
    "constant": ("seconds",),
    "uniform": ("low", "high"),
    "lognormal": ("p50", "p99"),
    "exponential": ("mean",),
}


class Delay(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A law of delay, in seconds.

    Parameters
    ----------
    law : str
        ``constant`` takes `seconds`; ``uniform`` lies between `low` and `high`; ``lognormal`` has
        its median at `p50` and its 99th percentile at `p99`; ``exponential`` has the mean `mean`.
    """

    law: Law
    seconds: float | None = None
    low: float | None = None
    high: float | None = None
    p50: float | None = None
    p99: float | None = None
    mean: float | None = None

    def check(self) -> None:
        """Refuse a law that lacks a member, has one too many, or makes no sense.

        Raises
        ------
        InputError
            Names the member and the fix.
        """
        wanted = _MEMBERS[self.law]
        given = {name for name in self.__struct_fields__[1:] if getattr(self, name) is not None}
        if given != set(wanted):
            raise InputError(f"a {self.law} delay needs {' and '.join(wanted)}, and nothing else")
        values = [getattr(self, name) for name in wanted]
        for name, value in zip(wanted, values, strict=True):
            if not (math.isfinite(value) and 0 <= value <= LONGEST_S):
                raise InputError(f"{name} = {value:g} must be from 0 to {LONGEST_S:g} seconds")
        if values != sorted(values):
            raise InputError(f"{wanted[0]} must not be above {wanted[1]}")
        if self.law == "lognormal" and not values[0]:
            raise InputError("p50 must be above 0")

    def draw(self, chance: Random) -> float:
        """Seconds for one strike; never above an hour."""
        return min(self._draw(chance), LONGEST_S)

    def _draw(self, chance: Random) -> float:
        match self.law:
            case "constant":
                return self.seconds or 0.0
            case "uniform":
                return chance.uniform(self.low or 0.0, self.high or 0.0)
            case "lognormal":
                assert self.p50 is not None
                assert self.p99 is not None
                sigma = math.log(self.p99 / self.p50) / _Z99
                return chance.lognormvariate(math.log(self.p50), sigma)
            case "exponential":
                return chance.expovariate(1 / self.mean) if self.mean else 0.0
