"""What the venue's books show of a change: done, as before, on its way, too late. Pure."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.commands import ModifyOrder
from tradedesk.domain.order import OrderStatus, OrderType, Side

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.domain.commands import CancelOrder
    from tradedesk.domain.order import Order


class Sight(Enum):
    """How the target of a change stands."""

    UNSEEN = auto()
    """Nothing is known of it."""
    BEFORE = auto()
    """As it was before the change."""
    ON_ITS_WAY = auto()
    """The venue has begun with it."""
    DONE = auto()
    """As the change wants it."""
    TOO_LATE = auto()
    """It ended in another way first."""
    OTHER = auto()
    """Neither as before nor as wanted: something else changed it."""


class Terms(msgspec.Struct, frozen=True):
    """What a modify can change of an order."""

    size: int
    limit_ticks: int | None
    stop_ticks: int | None


def terms_of(order: Order) -> Terms:
    """Size and prices of an order."""
    return Terms(order.size, order.limit_ticks, order.stop_ticks)


def grants(terms: Terms, wish: ModifyOrder) -> bool:
    """Whether an order of these terms is what the trader asked for."""
    return (
        wish.size in {None, terms.size}
        and wish.limit_ticks in {None, terms.limit_ticks}
        and wish.stop_ticks in {None, terms.stop_ticks}
    )


def sight_of(
    command: ModifyOrder | CancelOrder, order: Order | None, before: Terms | None = None
) -> Sight:
    """How an order stands towards a change of it.

    Parameters
    ----------
    before : Terms, optional
        Of the order when the change was first sent. Without them anything that is not what was
        asked for counts as other than before.
    """
    if order is None or order.status is OrderStatus.NONE:
        return Sight.UNSEEN
    if isinstance(command, ModifyOrder):
        terms = terms_of(order)
        if grants(terms, command):
            return Sight.DONE
        if order.status.is_final:
            return Sight.TOO_LATE
        return Sight.BEFORE if terms == before else Sight.OTHER
    if order.status is OrderStatus.FILLED:
        return Sight.TOO_LATE
    if order.status.is_final:
        return Sight.DONE
    on_its_way = order.status is OrderStatus.PENDING_CANCELLATION
    return Sight.ON_ITS_WAY if on_its_way else Sight.BEFORE


class CloseView:
    """How a position stands towards the closing of all of it.

    Two closes that arrive together turn a position, so the second may only follow when the first
    is seen to have left nothing on its way: the same position as when it was sent, and no market
    order on the other side.

    Parameters
    ----------
    net_size : int
        The position when the first close is sent.
    """

    def __init__(self, net_size: int) -> None:
        self._first = net_size
        self._expected = net_size
        self._looked: int | None = None
        self._closing = False

    def look(self, net_size: int, *, closing: bool) -> None:
        """Take a fresh look at the venue.

        Parameters
        ----------
        closing : bool
            Whether an order is on its way that closes.
        """
        # a position that moves is looked at until it stands still
        self._closing = closing or net_size != self._expected
        self._expected = net_size
        self._looked = net_size

    def sight(self, net_size: int) -> Sight:
        """How it stands, given the newest word on the position."""
        if net_size == 0:
            return Sight.DONE
        if net_size * self._first < 0:
            return Sight.OTHER
        if self._looked is None:
            return Sight.UNSEEN
        return Sight.ON_ITS_WAY if self._closing or net_size != self._looked else Sight.BEFORE


def closes(orders: Iterable[Order], net_size: int) -> bool:
    """Whether one of these orders of a contract is a market order that makes the position less."""
    side = Side.SELL if net_size > 0 else Side.BUY
    return any(
        order.is_working and order.type is OrderType.MARKET and order.side is side
        for order in orders
    )
