"""Stop and target of an entry: made with it, working once it fills, one cancels the other. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderStatus, OrderType
from tradedesk.practice.books.rows import OrderRow

if TYPE_CHECKING:
    from collections.abc import Sequence


def make_legs(
    entry: OrderRow, stop_ticks: int | None, target_ticks: int | None, trailing: bool = False
) -> list[OrderRow]:
    """Make the suspended legs of an entry, stop first, with the ids that follow its own.

    Parameters
    ----------
    entry : OrderRow
        Its ``bracket`` is set to the ids of the legs.
    stop_ticks, target_ticks : int or None
        Signed distances from the fill; None for no such leg.
    trailing : bool, default False
        Whether the stop follows the market at its distance.
    """
    legs: list[OrderRow] = []
    stop_kind = OrderType.TRAILING_STOP if trailing else OrderType.STOP
    wanted = ((stop_kind, stop_ticks, "-SL"), (OrderType.LIMIT, target_ticks, "-TP"))
    for kind, ticks, suffix in wanted:
        if ticks is None:
            continue
        legs.append(
            OrderRow(
                id=entry.id + len(legs) + 1,
                account_id=entry.account_id,
                contract=entry.contract,
                type=kind,
                side=entry.side.other,
                size=entry.size,
                created_ns=entry.created_ns,
                updated_ns=entry.updated_ns,
                status=OrderStatus.SUSPENDED,
                tag=None if entry.tag is None else entry.tag + suffix,
                parent_id=entry.id,
                linked_id=legs[0].id if legs else None,
                leg_ticks=ticks,
                trail=abs(ticks) if kind is OrderType.TRAILING_STOP else None,
            )
        )
    entry.bracket = tuple(leg.id for leg in legs)
    return legs


def wake_leg(entry: OrderRow, leg: OrderRow) -> None:
    """Give a suspended leg its price and the size that has filled, and open it."""
    assert leg.leg_ticks is not None
    px = round(entry.cost / entry.filled) + leg.leg_ticks
    if leg.is_stop:
        leg.stop = px
    else:
        leg.limit = px
    leg.size = entry.filled
    leg.status = OrderStatus.OPEN


def grown_legs(entry: OrderRow, legs: Sequence[OrderRow], qty: int) -> list[OrderRow]:
    """Open legs after the entry filled `qty` contracts more; returns those that changed."""
    open_legs = [leg for leg in legs if leg.status is OrderStatus.OPEN]
    for leg in open_legs:
        leg.size += qty
    return open_legs


def shrink_twin(twin: OrderRow, qty: int) -> bool:
    """Take what the other leg filled off this one; False if nothing is left of it."""
    if qty >= twin.remaining:
        return False
    twin.size -= qty
    return True
