"""Orders as the venue knows them."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum, StrEnum

import msgspec

from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag


class Side(IntEnum):
    """Which way; the numbers are the wire's."""

    BUY = 0
    SELL = 1

    @property
    def sign(self) -> int:
        """+1 for buy, -1 for sell."""
        return 1 if self is Side.BUY else -1

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.SELL if self is Side.BUY else Side.BUY

    @property
    def word(self) -> str:
        """``Buy`` or ``Sell``."""
        return "Buy" if self is Side.BUY else "Sell"


class OrderType(IntEnum):
    """Order types; the numbers are the wire's."""

    LIMIT = 1
    MARKET = 2
    STOP_LIMIT = 3
    STOP = 4
    TRAILING_STOP = 5
    JOIN_BID = 6
    JOIN_ASK = 7

    @property
    def word(self) -> str:
        """``Limit``, ``Market``, ``Stop`` ..."""
        return self.name.replace("_", " ").capitalize()


class OrderStatus(IntEnum):
    """Order statuses; the numbers are the wire's."""

    NONE = 0
    OPEN = 1
    FILLED = 2
    CANCELLED = 3
    EXPIRED = 4
    REJECTED = 5
    PENDING = 6
    PENDING_CANCELLATION = 7
    SUSPENDED = 8

    @property
    def is_final(self) -> bool:
        """Nothing more can happen to such an order."""
        return self in _FINAL


_FINAL = frozenset(
    {OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED, OrderStatus.REJECTED}
)


class Role(StrEnum):
    """What an order is for, as the trader thinks of it."""

    ENTRY = "entry"
    STOP = "stop"
    TARGET = "target"
    EXTERNAL = "external"
    """Not placed by this desk."""

    @property
    def word(self) -> str:
        """The word that tables and tags show."""
        return self.value.capitalize()


class Order(msgspec.Struct, frozen=True):
    """One order at the venue; a newer copy replaces an older one.

    Prices are ticks; None where the type has no such price. ``fill_price`` is the average and may
    lie between ticks. Times are nanoseconds UTC.
    """

    order_id: OrderId
    account_id: AccountId
    contract_id: ContractId
    side: Side
    type: OrderType
    size: int
    status: OrderStatus
    limit_ticks: int | None = None
    stop_ticks: int | None = None
    filled: int = 0
    fill_price: Decimal | None = None
    tag: Tag | None = None
    parent_id: OrderId | None = None
    linked_id: OrderId | None = None
    created_ns: int = 0
    updated_ns: int = 0

    @property
    def remaining(self) -> int:
        """Contracts not yet filled."""
        return self.size - self.filled

    @property
    def price_ticks(self) -> int | None:
        """The price at which the order rests: limit for limits, stop for stops."""
        return self.limit_ticks if self.limit_ticks is not None else self.stop_ticks

    @property
    def is_working(self) -> bool:
        """Resting or about to rest at the venue (suspended bracket legs included)."""
        return not self.status.is_final and self.status is not OrderStatus.NONE
