"""The only place where a price in money becomes a count of ticks, and back."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

import msgspec

from tradedesk.domain.errors import InputError, OffGridError

MAX_TICKS = 2**31 - 1
"""Ticks are kept in int32 columns, so a price beyond this many ticks is refused."""


class TickSize(msgspec.Struct, frozen=True):
    """The smallest price step of a contract.

    Parameters
    ----------
    size : Decimal
        Price units per tick, greater than zero, e.g. ``Decimal("0.25")``.
    """

    size: Decimal

    def __post_init__(self) -> None:
        if not self.size.is_finite() or self.size <= 0:
            raise InputError(f"A tick size must be greater than zero, not {self.size}.")

    @property
    def digits(self) -> int:
        """Decimal places needed to print every price on the grid."""
        exponent = self.size.normalize().as_tuple().exponent
        return max(0, -int(exponent))

    def to_ticks(self, price: Decimal) -> int:
        """Turn a price on the grid into ticks.

        Raises
        ------
        OffGridError
            If the price lies between two ticks.
        InputError
            If it is not finite or too large for a price.
        """
        if not price.is_finite():
            raise InputError(f"{price} is not a price.")
        quotient = price / self.size
        ticks = int(quotient.to_integral_value(ROUND_HALF_EVEN))
        if ticks != quotient:
            below = self.price(ticks - (ticks > quotient))
            above = self.price(ticks + (ticks < quotient))
            raise OffGridError(
                f"{price} is off the tick grid of {self.size}: use {below} or {above}."
            )
        return _bounded(ticks, price)

    def nearest(self, price: Decimal) -> int:
        """Ticks of the grid price nearest to ``price``; half a tick goes to the even neighbour."""
        if not price.is_finite():
            raise InputError(f"{price} is not a price.")
        return _bounded(int((price / self.size).to_integral_value(ROUND_HALF_EVEN)), price)

    def nearest_lossy(self, px: float) -> int:
        """Ticks of the grid price nearest to a JSON number or a drawing coordinate.

        Raises
        ------
        InputError
            If it is not finite or too large for a price.
        """
        quotient = px / float(self.size)
        if not -MAX_TICKS <= quotient <= MAX_TICKS:
            raise InputError(f"{px} is not a price, or too large for one.")
        return round(quotient)

    def price(self, ticks: int) -> Decimal:
        """Price of a tick count, exactly."""
        return self.size * ticks

    def price_lossy(self, ticks: int) -> float:
        """Price of a tick count as the float that JSON and drawing need."""
        return float(self.size * ticks)

    def text(self, ticks: int) -> str:
        """Price as shown to people: fixed digits and thousands separators."""
        return f"{self.size * ticks:,.{self.digits}f}"

    def parse(self, text: str) -> int:
        """Read what somebody typed.

        Raises
        ------
        InputError
            If it is no number or off the grid; the sentence says what to type instead.
        """
        cleaned = text.strip().replace(",", "").replace(" ", "")
        try:
            price = Decimal(cleaned)
        except InvalidOperation:
            raise InputError(
                f"“{text}” is not a price; type a number such as {self.size}."
            ) from None
        return self.to_ticks(price)


def _bounded(ticks: int, price: Decimal) -> int:
    if abs(ticks) > MAX_TICKS:
        raise InputError(f"{price} is too large for a price.")
    return ticks
