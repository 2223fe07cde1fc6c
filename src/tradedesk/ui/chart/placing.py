"""Which order a click at a price means, and why it may mean none. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradedesk.domain.order import OrderType, Side
from tradedesk.services.order_plan import Bracket, consequence, only_closes, oversized
from tradedesk.services.plan_texts import entry_text

if TYPE_CHECKING:
    from tradedesk.ui.chart.marks import Market

NO_LEGS: Final = Bracket()
NO_PRICE: Final = "There are no prices below the first tick."


@dataclass(frozen=True, slots=True)
class Wish:
    """What held keys ask for beside the plain click.

    Attributes
    ----------
    force : OrderType or None
        Limit or stop whatever the side of the market; None chooses by it.
    other_bracket : bool
        With the bracket where the ticket has it off, without where it is on.
    """

    force: OrderType | None = None
    other_bracket: bool = False


PLAIN: Final = Wish()


@dataclass(frozen=True, slots=True)
class Offer:
    """What a click would place; `refusal` says why it would not, empty if it would.

    Attributes
    ----------
    legs : Bracket
        Distances of stop and target in ticks.
    away_ticks : int or None
        From the last price.
    result : str
        What it makes of a position on the other side, such as ``closes short 2``.
    closes : bool
        Whether it does no more than shrink that position, and so has no bracket.
    """

    side: Side
    type: OrderType
    price_ticks: int
    size: int
    refusal: str = ""
    legs: Bracket = NO_LEGS
    away_ticks: int | None = None
    result: str = ""
    closes: bool = False

    def label(self, price_text: str) -> str:
        """``BUY LMT 2 @ 21,470.00 · −8t``, or the sentence that explains."""
        if self.refusal:
            return self.refusal
        text = entry_text(self.side, self.type, self.size, price_text, self.away_ticks)
        return f"{text} · {self.result}" if self.result else text


@dataclass(frozen=True, slots=True)
class Terms:
    """What the ticket says about the next order.

    Attributes
    ----------
    bracket : Bracket
        What its fields hold, also while the bracket is off.
    fault : str
        What is wrong with its fields; nothing is placed until that is mended.
    bracket_fault : str
        What is wrong with those of the bracket; nothing is placed with one until that is mended.
    """

    size: int = 1
    bracket: Bracket = NO_LEGS
    bracket_on: bool = False
    fault: str = ""
    bracket_fault: str = ""


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether the chart places orders, on which terms, and why not.

    Attributes
    ----------
    exits_off : str
        Why exits are not made or moved from here either: only the trader's own switch does that.
    """

    armed: bool = False
    reason: str = "Armed is off: switch it on at the top right."
    terms: Terms = Terms()
    exits_off: str = ""


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


def wrong_side(side: Side, type: OrderType, price_ticks: int, market: Market) -> str:
    """The sentence that teaches, if an order would not rest at a price; else empty.

    A stop has to wait beyond the last price, a limit may not reach through the best price on the
    other side. Without fresh prices nobody can say.
    """
    if market.stale:
        return ""
    if type is OrderType.STOP:
        last = market.last_ticks
        if last is None or (price_ticks - last) * side.sign > 0:
            return ""
        if side is Side.BUY:
            return "A buy stop sits above the market; below it use a limit."
        return "A sell stop sits below the market; above it use a limit."
    if type is OrderType.LIMIT and resting_type(side, price_ticks, market) is OrderType.STOP:
        if side is Side.BUY:
            return "A buy limit sits below the market; above it use a stop."
        return "A sell limit sits above the market; below it use a stop."
    return ""


def misplaced(side: Side, type: OrderType | None, price_ticks: int, market: Market) -> str:
    """The sentence why a line cannot be moved to a price, empty if it can; no type is no order."""
    if price_ticks < 1:
        return NO_PRICE
    return "" if type is None else wrong_side(side, type, price_ticks, market)


def offer(
    side: Side,
    price_ticks: int,
    market: Market,
    permission: Permission,
    wish: Wish = PLAIN,
    net_size: int = 0,
) -> Offer:
    """What a click at a price places, for a position of `net_size` (short negative)."""
    terms = permission.terms
    resting = resting_type(side, price_ticks, market)
    kind = resting if wish.force is None else wish.force
    bracketed = terms.bracket_on is not wish.other_bracket
    wanted, fault = NO_LEGS, terms.fault
    if bracketed:
        wanted, fault = terms.bracket, fault or terms.bracket_fault
    closes = only_closes(net_size, side, terms.size)
    legs = NO_LEGS if closes else wanted
    refusal = ""
    if not permission.armed:
        refusal = permission.reason
    elif fault:
        refusal = fault
    elif resting is None:
        refusal = "No price yet: wait for the first quote, then click again."
    elif market.stale:
        refusal = "Prices are stale: nothing is placed until they move again."
    elif price_ticks < 1:
        refusal = NO_PRICE
    else:
        refusal = wrong_side(side, kind or OrderType.LIMIT, price_ticks, market)
        refusal = refusal or oversized(net_size, side, terms.size, legs)
    last = market.last_ticks
    return Offer(
        side,
        kind or OrderType.LIMIT,
        price_ticks,
        terms.size,
        refusal,
        legs,
        None if last is None else price_ticks - last,
        consequence(net_size, side, terms.size) if net_size * side.sign < 0 else "",
        closes,
    )
