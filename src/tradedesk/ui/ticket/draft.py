"""From what was typed or clicked to an order, or to the sentence why not. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderType, Side
from tradedesk.services.order_plan import Bracket, consequence, only_closes, oversized
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
    if size > context.max_size:
        most = context.max_size
        text = f"{size} is above your limit of {most} per order: make it {most} or less."
        return Outcome("above your limit", text)
    if price_ticks is not None:
        refusal = wrong_side(type, side, price_ticks, context)
        if refusal:
            place = "above" if side is Side.BUY else "below"
            return Outcome(f"a stop must be {place} the market", refusal)
    closes = only_closes(context.net_size, side, size)
    legs = Bracket() if bracket is None or closes else bracket
    refusal = oversized(context.net_size, side, size, legs)
    if refusal:
        word = "long" if context.net_size > 0 else "short"
        return Outcome(f"close {word} {abs(context.net_size)} first", refusal)
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
