"""When products trade. What implements this knows the calendar; the rest of the venue asks."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from datetime import date

    from tradedesk.practice.products import Product

FLAT_BY: Final = time(15, 10)
"""When positions must be gone, Chicago, unless an account's rules say otherwise."""


class Span(NamedTuple):
    """A stretch of trading without a break: opens at ``start_ns``, closed from ``end_ns`` on."""

    start_ns: int
    end_ns: int


class Hours(Protocol):
    """Trading hours of every product, in UTC nanoseconds."""

    def is_open(self, product: Product, at_ns: int) -> bool:
        """Whether the product trades at a moment."""

    def spans(self, product: Product, start_ns: int, end_ns: int) -> list[Span]:
        """Open stretches that touch a window, oldest first, cut to the window."""

    def next_open_ns(self, product: Product, at_ns: int) -> int | None:
        """When the product opens next; `at_ns` itself while it is open, None if not known."""

    def trading_day(self, at_ns: int) -> date:
        """The trading day that a moment belongs to: 17:00 to 17:00 Chicago."""

    def flat_by_ns(self, product: Product, at_ns: int, by: time = FLAT_BY) -> int | None:
        """When positions in a product must be gone on the trading day of a moment.

        `by` is Chicago's time of day on a day without an early close. None if they need not be,
        and on a day on which the product does not trade.
        """
