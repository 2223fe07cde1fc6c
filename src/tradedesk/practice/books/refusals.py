"""Why an order is refused: the literal texts that clients look for. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.price import MAX_TICKS, TickSize

if TYPE_CHECKING:
    from tradedesk.gateway.wire.orders import PlaceOrderRequest
    from tradedesk.practice.market.tape import Touch

NEAREST_TICKS: Final = 4
LARGEST_SIZE: Final = 10_000
POSITION_BRACKETS: Final = (
    "Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets."
)
NO_LAST: Final = "Cannot trail without a last price"
NO_QUOTE: Final = "Invalid symbol"
CLOSED: Final = "Order rejected: the instrument is outside of trading hours."
DUPLICATE_TAG: Final = "Order rejected: an order with this custom tag already exists."
BAD_SIZE: Final = "Order rejected: invalid order size specified."
_BELOW: Final = "Order price is outside allowed range. Please set price below best ask."
_ABOVE: Final = "Order price is outside allowed range. Please set price above best bid."
_OFF_GRID: Final = "Invalid price. Price is not aligned to tick size."
LARGEST_TRAIL: Final = 1_000
_PLACEABLE: Final = frozenset({1, 2, 4, 5, 6, 7})
_STOP_LEGS: Final = frozenset({OrderType.STOP, OrderType.TRAILING_STOP})


def shape(request: PlaceOrderRequest, tick: TickSize) -> str | None:
    """What is wrong with type, side, size and the presence of prices; None if nothing.

    Such a request leaves no row behind.
    """
    if request.type not in _PLACEABLE:
        return "Order rejected: invalid order type specified."
    if request.side not in (Side.BUY, Side.SELL):
        return "Order rejected: invalid order side specified."
    if not 1 <= request.size <= LARGEST_SIZE:
        return f"{BAD_SIZE} Give 1 to {LARGEST_SIZE}."
    if request.type == OrderType.LIMIT and request.limit_price is None:
        return "Invalid price. Limit price not set."
    if request.type == OrderType.STOP and request.stop_price is None:
        return "Invalid price. Stop price not set."
    if request.type == OrderType.TRAILING_STOP and request.trail_price is None:
        return "Trail Distance not set."
    prices = (request.limit_price, request.stop_price, request.trail_price)
    return next(filter(None, (absurd(px, tick) for px in prices)), None) or _leg_types(request)


def _leg_types(request: PlaceOrderRequest) -> str | None:
    stop, target = request.stop_loss_bracket, request.take_profit_bracket
    good = (stop is None or stop.type in _STOP_LEGS) and (
        target is None or target.type == OrderType.LIMIT
    )
    return None if good else "Order rejected: invalid order type specified for a bracket."


def absurd(px: float | None, tick: TickSize) -> str | None:
    """Refuse a price beyond anything that can be counted in ticks."""
    fits = px is None or abs(px) < float(tick.size) * MAX_TICKS
    return None if fits else "Invalid price."


def grid(px: float | None, tick: TickSize) -> str | None:
    """Refuse a price between two ticks."""
    if px is None:
        return None
    ticks = px / float(tick.size)
    return None if px > 0 and abs(ticks - round(ticks)) < 1e-6 else _OFF_GRID


def trail(px: float | None, tick: TickSize, distance: int | None) -> str | None:
    """Refuse a trail price between two ticks or, if the distance is given, one too far away."""
    if grid(px, tick) is not None:
        return "Invalid trail price. Price is not aligned to tick size."
    if distance is not None and distance > LARGEST_TRAIL:
        return f"Trail Distance exceeds maximum ({LARGEST_TRAIL})"
    return None


def stop_side(side: Side, stop: int, touch: Touch) -> str | None:
    """Refuse a stop that the market has passed already."""
    if side is Side.SELL and stop >= touch.ask:
        return _BELOW
    if side is Side.BUY and stop <= touch.bid:
        return _ABOVE
    return None


def legs(side: Side, stop_ticks: int | None, target_ticks: int | None) -> str | None:
    """Refuse bracket distances with the wrong sign or too near."""
    return _leg("stop loss", stop_ticks, -side.sign, side) or _leg(
        "take profit", target_ticks, side.sign, side
    )


def _leg(name: str, ticks: int | None, sign: int, side: Side) -> str | None:
    if ticks is None:
        return None
    if ticks * sign <= 0:
        bound = "less" if sign < 0 else "greater"
        if side is Side.BUY:
            return (
                f"Invalid {name} ticks ({ticks}). Ticks should be {bound} than zero when longing."
            )
        return f"Invalid {name} ticks ({ticks}). Ticks should be {bound} than zero when going short"
    if abs(ticks) < NEAREST_TICKS:
        return (
            f"Invalid {name} ticks ({ticks}). Price should be at least {NEAREST_TICKS} ticks away."
        )
    return None
