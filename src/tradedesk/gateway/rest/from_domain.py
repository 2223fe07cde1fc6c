"""Domain values to request bodies. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.errors import NotSentError
from tradedesk.domain.order import OrderType, Side
from tradedesk.gateway.wire.orders import BracketModel, ModifyOrderRequest, PlaceOrderRequest

if TYPE_CHECKING:
    from tradedesk.domain.ids import AccountId, OrderId, Tag
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.price import TickSize

_STOP: Final = OrderType.STOP.value
_LIMIT: Final = OrderType.LIMIT.value


def place_request(
    *,
    account_id: AccountId,
    instrument: Instrument,
    side: Side,
    type: OrderType,
    size: int,
    limit_ticks: int | None,
    stop_ticks: int | None,
    stop_loss_ticks: int | None,
    take_profit_ticks: int | None,
    tag: Tag,
) -> PlaceOrderRequest:
    """Body of a place.

    A trailing stop carries its price as ``trailPrice``, an absolute one. Bracket distances are
    signed by side here: the stop of a long lies below the entry, its target above.

    Raises
    ------
    NotSentError
        If a bracket distance is not positive.
    """
    stop_price = _price(stop_ticks, instrument.tick)
    trailing = type is OrderType.TRAILING_STOP
    return PlaceOrderRequest(
        account_id=account_id,
        contract_id=instrument.contract_id,
        type=int(type),  # ``.value`` takes longer than the rest of this
        side=int(side),
        size=size,
        limit_price=_price(limit_ticks, instrument.tick),
        stop_price=None if trailing else stop_price,
        trail_price=stop_price if trailing else None,
        custom_tag=tag,
        stop_loss_bracket=_leg(stop_loss_ticks, -side.sign, _STOP),
        take_profit_bracket=_leg(take_profit_ticks, side.sign, _LIMIT),
    )


def modify_request(
    *,
    account_id: AccountId,
    order_id: OrderId,
    order_type: OrderType,
    tick: TickSize,
    size: int | None,
    limit_ticks: int | None,
    stop_ticks: int | None,
) -> ModifyOrderRequest:
    """Body of a modify; what is None is left out, so that the venue leaves it alone."""
    if size is None and limit_ticks is None and stop_ticks is None:
        raise NotSentError("The change was not sent: it changes nothing.")
    stop_price = _price(stop_ticks, tick)
    trailing = order_type is OrderType.TRAILING_STOP
    return ModifyOrderRequest(
        account_id=account_id,
        order_id=order_id,
        size=size,
        limit_price=_price(limit_ticks, tick),
        stop_price=None if trailing else stop_price,
        trail_price=stop_price if trailing else None,
    )


def _leg(distance: int | None, sign: int, type: int) -> BracketModel | None:
    if distance is None:
        return None
    if distance <= 0:
        raise NotSentError(
            f"The order was not sent: a bracket distance is 1 tick or more, not {distance}."
        )
    return BracketModel(ticks=sign * distance, type=type)


def _price(ticks: int | None, tick: TickSize) -> float | None:
    return None if ticks is None else tick.price_lossy(ticks)
