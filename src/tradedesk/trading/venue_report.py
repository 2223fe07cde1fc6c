"""One look at the venue's REST side, taken as a whole."""

from __future__ import annotations

import msgspec

from tradedesk.domain.ids import AccountId
from tradedesk.domain.order import Order
from tradedesk.domain.position import Fill, Position


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
