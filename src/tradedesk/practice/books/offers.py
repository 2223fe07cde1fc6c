"""What a taker finds in the market's book, less what practice orders took of it before. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.order import Side
from tradedesk.practice.market.book import Level
from tradedesk.practice.market.events import ASKS, BIDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradedesk.practice.market.book import MarketBook

TAKEN_NS: Final = 10_000_000_000
"""How long contracts that practice orders took stay gone when the market shows nothing new."""


class Offers:
    """The levels that practice orders can take.

    Parameters
    ----------
    market : MarketBook
        The market's book; nothing here changes it.
    """

    def __init__(self, market: MarketBook) -> None:
        self._market = market
        self._taken: dict[tuple[int, int], tuple[int, int]] = {}

    def shown(self, side: int, px: int, size: int) -> None:
        """The market is about to show a size: more than before is there for the taking."""
        key = (side, px)
        if key in self._taken and (not size or size > self._market.size(side, px)):
            del self._taken[key]

    def forget(self) -> None:
        """The market's book begins anew."""
        self._taken.clear()

    def take(self, taker: Side, wanted: int, limit: int | None, now_ns: int) -> list[Level]:
        """Take up to `wanted` contracts, none beyond a limit; returns price and size of each."""
        other = ASKS if taker is Side.BUY else BIDS
        got: list[Level] = []
        for px, free in self._levels(taker, limit, now_ns):
            qty = min(wanted, free)
            if not qty:
                break
            shown = self._market.size(other, px)
            if shown:
                self._taken[(other, px)] = (shown - free + qty, now_ns)
            got.append(Level(px, qty))
            wanted -= qty
        return got

    def _levels(self, taker: Side, limit: int | None, now_ns: int) -> Iterator[Level]:
        """What a taker meets, the best first; without a limit it goes on behind the last level."""
        sign = taker.sign
        other = ASKS if taker is Side.BUY else BIDS
        px, size = 0, 0
        for px, size in self._market.levels(other):
            if limit is not None and (px - limit) * sign > 0:
                return
            taken, at_ns = self._taken.get((other, px), (0, now_ns))
            free = size if now_ns - at_ns >= TAKEN_NS else size - taken
            if free > 0:
                yield Level(px, free)
        while limit is None and size and px + sign > 0:
            px += sign
            yield Level(px, size)
