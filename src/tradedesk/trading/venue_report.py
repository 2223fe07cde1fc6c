"""One look at the venue's REST side, taken as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.ids import AccountId
from tradedesk.domain.order import Order
from tradedesk.domain.position import Fill, Position

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.domain.ids import ContractId


class VenueReport(msgspec.Struct, frozen=True):
    """Lists of one account, asked for at ``asked_ns`` (monotonic).

    ``orders`` and ``fills`` are None in a quick look that only asked for what is open.
    """

    account_id: AccountId
    asked_ns: int
    working: tuple[Order, ...]
    positions: tuple[Position, ...]
    orders: tuple[Order, ...] | None = None
    fills: tuple[Fill, ...] | None = None

    def too_new(self, orders: Iterable[Order], since_ns: int) -> int:
        """How many working orders, created since then (wall), came too late for these lists."""
        listed = {order.order_id for order in self.working}
        return sum(
            order.order_id not in listed and order.created_ns >= since_ns for order in orders
        )

    def missed(self, positions: Iterable[Position], contract_id: ContractId | None) -> int:
        """How many of the positions, in one contract or in all, these lists do not show.

        Of what is believed after the lists were taken in, those were told by newer news.
        """
        shown = {one.contract_id for one in self.positions}
        return sum(
            one.contract_id not in shown and contract_id in {None, one.contract_id}
            for one in positions
        )
