"""What a market is made of, wherever it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine import Bars
    from tradedesk.practice.market.book import Depth
    from tradedesk.practice.market.events import MarketEvents
    from tradedesk.practice.market.prints import Prints
    from tradedesk.practice.products import Contract


class Touch(NamedTuple):
    """Last price, best bid and best ask, in ticks."""

    last: int
    bid: int
    ask: int


class Tape(Protocol):
    """Trades and book of one contract, past and future. Does not depend on who is looking."""

    contract: Contract

    def events(self, after_ns: int, until_ns: int) -> MarketEvents:
        """Trades and level changes later than `after_ns` and not later than `until_ns`.

        However a stretch of time is cut into windows, the same events come out of it.
        """

    def depth(self, now_ns: int) -> Depth:
        """The book after everything that happened up to now; ``events`` go on from it."""

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        """Trades later than `after_ns` and not later than `until_ns`: those of ``events``."""

    def next_ns(self, after_ns: int) -> int | None:
        """When the first event later than `after_ns` happens; None if there is none soon."""

    def touch(self, now_ns: int) -> Touch:
        """State of the market; before the first trade, what that one will find."""

    def bars(self, spec: BarSpec, start_ns: int, end_ns: int, limit: int, now_ns: int) -> Bars:
        """Bars that open in a window, oldest first, the last `limit` of them, none after now.

        The last one is still forming if its end lies after `now_ns`.
        """

    def steer(self, ticks: int, from_ns: int, seconds: float) -> bool:
        """Drift the price by `ticks` from now on; False where the tape cannot be bent."""
