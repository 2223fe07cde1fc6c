"""What the ticket shows for what was typed into it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradedesk.domain.errors import InputError
from tradedesk.domain.order import OrderType, Side
from tradedesk.services.order_plan import Bracket
from tradedesk.ui import words
from tradedesk.ui.ticket.draft import (
    MAX_BRACKET_TICKS,
    Outcome,
    TicketContext,
    outcome,
    wrong_side,
)

if TYPE_CHECKING:
    from decimal import Decimal

_MAX_DIGITS = 6


@dataclass(frozen=True, slots=True)
class TicketInput:
    """The fields as they stand, unread."""

    type: OrderType = OrderType.MARKET
    quantity: str = "1"
    price: str = ""
    bracket_on: bool = True
    stop: str = "20"
    target: str = "40"


@dataclass(frozen=True, slots=True)
class Reading:
    """The fields, read. An error is a sentence that names the value and the fix."""

    quantity: int | None
    quantity_error: str
    price_ticks: int | None
    price_error: str
    bracket: Bracket
    stop_error: str
    target_error: str

    @property
    def error(self) -> str:
        """The first thing that is wrong."""
        return self.quantity_error or self.price_error or self.stop_error or self.target_error


@dataclass(frozen=True, slots=True)
class TicketView:
    """Everything the panel shows."""

    reading: Reading
    hint: str
    stop_money: str
    target_money: str
    risk: str
    sell: Outcome
    buy: Outcome


def read_quantity(text: str, max_size: int) -> tuple[int | None, str]:
    """Contracts, or the sentence what is wrong with the text."""
    cleaned = text.strip().replace(",", "").replace(words.MINUS, "-")
    if not cleaned:
        return None, "The quantity is empty: type how many contracts, such as 1."
    if not cleaned.lstrip("+-").isascii() or not cleaned.lstrip("+-").isdigit():
        return None, f"“{text.strip()}” is not a quantity: type a whole number such as 1."
    if len(cleaned) > _MAX_DIGITS or int(cleaned) > max_size:
        return (
            None,
            f"{cleaned} is above your limit of {max_size} per order: type {max_size} or less.",
        )
    if int(cleaned) < 1:
        return None, f"{cleaned} is no quantity: type 1 or more."
    return int(cleaned), ""


def read_distance(name: str, text: str, least: int) -> tuple[int | None, str]:
    """Ticks of a bracket leg, None where it is left out, or what is wrong with the text."""
    cleaned = text.strip().removesuffix("t").strip()
    if cleaned in ("", "0"):
        return None, ""
    if not cleaned.isascii() or not cleaned.isdigit():
        return None, f"{name} “{text.strip()}”: type whole ticks, such as 20."
    if len(cleaned) > _MAX_DIGITS or int(cleaned) > MAX_BRACKET_TICKS:
        return None, f"{name} {cleaned} t is too far: type {MAX_BRACKET_TICKS:,} or less."
    if int(cleaned) < least:
        return (
            None,
            f"{name} {cleaned} t is too close: type {least} or more.",
        )
    return int(cleaned), ""


def read(entered: TicketInput, context: TicketContext) -> Reading:
    """Read every field."""
    quantity, quantity_error = read_quantity(entered.quantity, context.max_size)
    price_ticks, price_error = _read_price(entered, context)
    stop: int | None = None
    target: int | None = None
    stop_error = target_error = ""
    if entered.bracket_on:
        stop, stop_error = read_distance("Stop", entered.stop, context.min_bracket)
        target, target_error = read_distance("Target", entered.target, context.min_bracket)
    return Reading(
        quantity,
        quantity_error,
        price_ticks,
        price_error,
        Bracket(stop, target),
        stop_error,
        target_error,
    )


def evaluate(entered: TicketInput, context: TicketContext) -> TicketView:
    """What to show, and what each button would do."""
    reading = read(entered, context)
    stop_money, target_money, risk = _risk(reading, context, entered.bracket_on)
    sell, buy = (_side(reading, entered.type, context, side) for side in (Side.SELL, Side.BUY))
    return TicketView(
        reading, _hint(entered, reading, context), stop_money, target_money, risk, sell, buy
    )


def _side(reading: Reading, type: OrderType, context: TicketContext, side: Side) -> Outcome:
    if not context.block and reading.error:
        return Outcome(_short(reading), reading.error)
    if reading.quantity is None:
        detail = words.brief(context.block) or _short(reading)
        return Outcome(detail, reading.error or words.sentence(context.block))
    return outcome(context, side, type, reading.quantity, reading.price_ticks, reading.bracket)


def _short(reading: Reading) -> str:
    if reading.quantity_error:
        return "check the quantity"
    return "check the price" if reading.price_error else "check the bracket"


def _read_price(entered: TicketInput, context: TicketContext) -> tuple[int | None, str]:
    if entered.type is OrderType.MARKET or context.instrument is None:
        return None, ""
    if not entered.price.strip():
        return None, "The price is empty: type one, or press ↑ or ↓ to start at the market."
    try:
        price_ticks = context.instrument.tick.parse(entered.price)
    except InputError as wrong:
        return None, str(wrong)
    if price_ticks <= 0:
        return None, f"{entered.price.strip()} is no price: type one above 0."
    return price_ticks, ""


def _hint(entered: TicketInput, reading: Reading, context: TicketContext) -> str:
    """The line under quantity and price: what is wrong, else where the market is."""
    if reading.quantity_error or reading.price_error:
        return reading.quantity_error or reading.price_error
    instrument = context.instrument
    if instrument is None:
        return ""
    if reading.price_ticks is None or context.last_ticks is None:
        bid, ask = (
            words.NONE if ticks is None else instrument.tick.text(ticks)
            for ticks in (context.bid_ticks, context.ask_ticks)
        )
        tick = words.money(instrument.tick_value, signed=False)
        return f"Bid {bid} · Ask {ask} · 1 t = {tick}"
    away = reading.price_ticks - context.last_ticks
    place = (
        "at the market"
        if away == 0
        else (f"{abs(away):,} t {'above' if away > 0 else 'below'} the market")
    )
    if entered.type is OrderType.LIMIT:
        at_once, rests = ("a buy", "a sell") if away > 0 else ("a sell", "a buy")
        return f"{place}: {at_once} fills at once, {rests} rests." if away else f"{place}."
    wrong = wrong_side(entered.type, Side.BUY, reading.price_ticks, context) or wrong_side(
        entered.type, Side.SELL, reading.price_ticks, context
    )
    return f"{place}. {wrong}" if wrong else place


def _risk(reading: Reading, context: TicketContext, bracket_on: bool) -> tuple[str, str, str]:
    instrument, size = context.instrument, reading.quantity
    if instrument is None or size is None:
        return "", "", ""
    legs = reading.bracket

    def worth(ticks: int | None) -> Decimal | None:
        return None if ticks is None else instrument.money(ticks, size)

    stop, target = worth(legs.stop_ticks), worth(legs.target_ticks)
    stop_money = "" if stop is None else words.money(-stop)
    target_money = "" if target is None else words.money(target)
    if not bracket_on or stop is None:
        return stop_money, target_money, "No stop: the loss of this order is not limited."
    risk = f"Risk {words.money(stop, signed=False)}"
    if target is not None:
        ratio = target / stop
        risk += f" · {ratio:.1f} R"
    return stop_money, target_money, risk
