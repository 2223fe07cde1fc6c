"""From what a client asks to what the books keep, with prices turned into ticks. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from tradedesk.domain.order import OrderType, Side
from tradedesk.practice.books import refusals
from tradedesk.practice.books.rows import OrderRow

if TYPE_CHECKING:
    from tradedesk.domain.price import TickSize
    from tradedesk.gateway.wire.orders import ModifyOrderRequest, PlaceOrderRequest
    from tradedesk.practice.market.tape import Touch
    from tradedesk.practice.products import Contract


class Change(NamedTuple):
    """New size and prices of an order, in ticks; None leaves a member alone."""

    size: int | None = None
    limit: int | None = None
    stop: int | None = None
    trail: int | None = None


def entry_row(
    request: PlaceOrderRequest, contract: Contract, order_id: int, now_ns: int, touch: Touch
) -> OrderRow:
    """Make the row of a request whose shape is good."""
    kind = OrderType(request.type)
    tick = contract.product.tick
    limit = request.limit_price if kind is OrderType.LIMIT else None
    stop = request.stop_price if kind is OrderType.STOP else None
    trail = request.trail_price if kind is OrderType.TRAILING_STOP else None
    return OrderRow(
        id=order_id,
        account_id=request.account_id,
        contract=contract,
        type=kind,
        side=Side(request.side),
        size=request.size,
        created_ns=now_ns,
        updated_ns=now_ns,
        limit=None if limit is None else tick.nearest_lossy(limit),
        stop=None if stop is None else tick.nearest_lossy(stop),
        tag=request.custom_tag,
        trail=None if trail is None else trail_distance(trail, tick, touch),
    )


def trail_distance(px: float, tick: TickSize, touch: Touch) -> int:
    """Ticks between the last price and a trail price, which is an absolute one."""
    return math.floor(abs(touch.last - px / float(tick.size)) + 1e-6)


def leg_ticks(request: PlaceOrderRequest) -> tuple[int | None, int | None]:
    """Signed distances of stop and target; None where the request has no such bracket."""
    stop, target = request.stop_loss_bracket, request.take_profit_bracket
    return None if stop is None else stop.ticks, None if target is None else target.ticks


def entry_refusal(request: PlaceOrderRequest, row: OrderRow, touch: Touch) -> str | None:
    """What is wrong with the prices of an order and its bracket; None if nothing."""
    tick = row.contract.product.tick
    if row.type is OrderType.LIMIT:
        refusal = refusals.grid(request.limit_price, tick)
    elif row.type is OrderType.STOP:
        refusal = refusals.grid(request.stop_price, tick)
    else:
        refusal = refusals.trail(request.trail_price, tick, row.trail)
    if refusal is None and row.stop is not None:
        refusal = refusals.stop_side(row.side, row.stop, touch)
    return refusal or refusals.legs(row.side, *leg_ticks(request))


def change_of(request: ModifyOrderRequest, row: OrderRow, touch: Touch) -> Change | str:
    """What a modification changes, or why it is refused.

    Prices that the order's type does not have are ignored. The ceiling of a trail distance is not
    applied here, as in production.
    """
    tick = row.contract.product.tick
    prices = (request.limit_price, request.stop_price, request.trail_price)
    refusal = next(filter(None, (refusals.absurd(px, tick) for px in prices)), None)
    if refusal is not None:
        return refusal
    trailing = row.type is OrderType.TRAILING_STOP
    limit = request.limit_price if row.limit is not None else None
    stop = request.stop_price if row.type is OrderType.STOP else None
    trail = request.trail_price if trailing else None
    refusal = (
        refusals.grid(limit, tick) or refusals.grid(stop, tick) or refusals.trail(trail, tick, None)
    )
    change = Change(
        size=request.size,
        limit=None if limit is None else tick.nearest_lossy(limit),
        stop=None if stop is None else tick.nearest_lossy(stop),
        trail=None if trail is None else trail_distance(trail, tick, touch),
    )
    if change.size is not None and not row.filled < change.size <= refusals.LARGEST_SIZE:
        least = row.filled + 1
        return f"{refusals.BAD_SIZE} Give {least} to {refusals.LARGEST_SIZE}."
    if refusal is None and change.stop is not None:
        refusal = refusals.stop_side(row.side, change.stop, touch)
    return refusal or change
