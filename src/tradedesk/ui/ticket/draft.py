"""From what was typed or clicked to an order, or to the sentence why not. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderType, Side
from tradedesk.ui import words

if TYPE_CHECKING:
    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.instrument import Instrument

MAX_BRACKET_TICKS = 10_000


@dataclass(frozen=True, slots=True)
class TicketContext:
    """What the ticket has to know of the world.

    Attributes
    ----------
    block : str
        Why no entry may be placed now; empty if it may.
    net_size : int
        Position in the contract, short negative.
    max_size, min_bracket : int
        Contracts of one order at most; ticks from the entry to a leg at least.
    """

    instrument: Instrument | None = None
    last_ticks: int | None = None
    bid_ticks: int | None = None
    ask_ticks: int | None = None
    net_size: int = 0
    block: str = "starting…"
    max_size: int = 50
    min_bracket: int = 4


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """One order that could be placed now. Prices and distances in ticks."""

    contract_id: ContractId
    side: Side
    type: OrderType
    size: int
    limit_ticks: int | None = None
    stop_ticks: int | None = None
    stop_loss_ticks: int | None = None
    take_profit_ticks: int | None = None
    reference_ticks: int | None = None

    @property
    def price_ticks(self) -> int | None:
        """Where it would rest; None for a market order."""
        return self.limit_ticks if self.limit_ticks is not None else self.stop_ticks


@dataclass(frozen=True, slots=True)
class Bracket:
    """Distances in ticks; None leaves a leg out."""

    stop_ticks: int | None = None
    target_ticks: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether neither leg is wanted."""
        return self.stop_ticks is None and self.target_ticks is None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one press would do.

    Attributes
    ----------
    detail : str
        Short consequence for the button.
    refusal : str
        The full sentence why it would do nothing; empty if it would place `draft`.
    """

    detail: str
    refusal: str = ""
    draft: OrderDraft | None = None


def consequence(net_size: int, side: Side, size: int) -> str:
    """What an order makes of the position: ``adds to long 1 → 3``."""
    after = net_size + side.sign * size
    before_word = "long" if net_size > 0 else "short"
    after_word = "long" if after > 0 else "short"
    if net_size == 0:
        return f"opens {after_word} {size}"
    if net_size * side.sign > 0:
        return f"adds to {before_word} {abs(net_size)} → {abs(after)}"
    if after == 0:
        return f"closes {before_word} {abs(net_size)}"
    if after * net_size > 0:
        return f"reduces {before_word} {abs(net_size)} → {abs(after)}"
    return f"turns {before_word} {abs(net_size)} → {after_word} {abs(after)}"


def only_closes(net_size: int, side: Side, size: int) -> bool:
    """Whether an order does no more than shrink the position."""
    return net_size * side.sign < 0 and size <= abs(net_size)


def wrong_side(type: OrderType, side: Side, price_ticks: int, context: TicketContext) -> str:
    """The sentence that teaches, if a stop sits on the wrong side of the market; else empty."""
    market = context.last_ticks
    if market is None:
        market = context.ask_ticks if side is Side.BUY else context.bid_ticks
    if type is not OrderType.STOP or market is None or context.instrument is None:
        return ""
    if (price_ticks - market) * side.sign > 0:
        return ""
    text = context.instrument.tick.text
    if side is Side.BUY:
        return f"A buy stop sits above the market ({text(market)}); below it use a limit."
    return f"A sell stop sits below the market ({text(market)}); above it use a limit."


def outcome(
    context: TicketContext,
    side: Side,
    type: OrderType,
    size: int,
    price_ticks: int | None,
    bracket: Bracket | None,
) -> Outcome:
    """What pressing `side` would do with values that have already been read."""
    if context.block or context.instrument is None:
        reason = context.block or "no contract is selected"
        return Outcome(words.brief(reason), words.sentence(reason))
    if price_ticks is not None:
        refusal = wrong_side(type, side, price_ticks, context)
        if refusal:
            place = "above" if side is Side.BUY else "below"
            return Outcome(f"a stop must be {place} the market", refusal)
    closes = only_closes(context.net_size, side, size)
    legs = Bracket() if bracket is None or closes else bracket
    if not legs.is_empty and context.net_size * side.sign < 0:
        word = "long" if context.net_size > 0 else "short"
        return Outcome(
            f"close {word} {abs(context.net_size)} first",
            f"A bracket for {size} would be larger than the position that is left: close "
            f"{word} {abs(context.net_size)} first, use Reverse, or take the bracket off.",
        )
    draft = OrderDraft(
        contract_id=context.instrument.contract_id,
        side=side,
        type=type,
        size=size,
        limit_ticks=price_ticks if type is OrderType.LIMIT else None,
        stop_ticks=price_ticks if type is OrderType.STOP else None,
        stop_loss_ticks=legs.stop_ticks,
        take_profit_ticks=legs.target_ticks,
        reference_ticks=context.last_ticks,
    )
    return Outcome(consequence(context.net_size, side, size), draft=draft)
