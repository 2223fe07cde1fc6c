"""Which order a click at a price means, and why it may mean none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderType, Side
from tradedesk.services.chart_line import order_word

if TYPE_CHECKING:
    from tradedesk.ui.chart.marks import Market


@dataclass(frozen=True, slots=True)
class Offer:
    """What a click would place; `refusal` says why it would not, empty if it would."""

    side: Side
    type: OrderType
    price_ticks: int
    size: int
    refusal: str = ""

    def label(self, price_text: str) -> str:
        """``BUY LMT 2 @ 21,470.00``, or the sentence that explains."""
        return self.refusal or f"{order_word(self.side, self.type)} {self.size} @ {price_text}"


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether the chart places orders, how many contracts, and why not."""

    armed: bool = False
    reason: str = "Armed is off: switch it on at the top right."
    size: int = 1


def resting_type(side: Side, price_ticks: int, market: Market) -> OrderType | None:
    """Limit or stop by the side of the market; None while the market is unknown.

    A buy above the best ask (else the last price) is a stop, at or below it a limit; a sell below
    the best bid a stop, at or above it a limit.
    """
    best = market.ask_ticks if side is Side.BUY else market.bid_ticks
    reference = best if best is not None else market.last_ticks
    if reference is None:
        return None
    beyond = (price_ticks - reference) * side.sign > 0
    return OrderType.STOP if beyond else OrderType.LIMIT


def offer(side: Side, price_ticks: int, market: Market, permission: Permission) -> Offer:
    """What a click at a price places."""
    kind = resting_type(side, price_ticks, market)
    refusal = ""
    if not permission.armed:
        refusal = permission.reason
    elif kind is None:
        refusal = "No price yet: wait for the first quote, then click again."
    elif market.stale:
        refusal = "Prices are stale: nothing is placed until they move again."
    return Offer(side, kind or OrderType.LIMIT, price_ticks, permission.size, refusal)
