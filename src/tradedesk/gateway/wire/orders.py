"""REST bodies of orders (gateway documentation, 2025 and 2026 schemas)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tradedesk.gateway.wire.base import Envelope, Int32, Int64, Request, Wire


class BracketModel(Wire, kw_only=True):
    """One leg: ``ticks`` relative to the entry, signed by side."""

    ticks: Int32
    type: Int32


class PlaceOrderRequest(Request, omit_defaults=True, kw_only=True):
    """POST /api/Order/place. An unset ``linked_order_id`` differs from null: some refuse null."""

    account_id: Int32
    contract_id: str
    type: Int32
    side: Int32
    size: Int32
    limit_price: float | None = None
    stop_price: float | None = None
    trail_price: float | None = None
    custom_tag: str | None = None
    stop_loss_bracket: BracketModel | None = None
    take_profit_bracket: BracketModel | None = None
    linked_order_id: Int64 | msgspec.UnsetType | None = msgspec.UNSET


class PlaceOrderResponse(Envelope, kw_only=True):
    """Answer of place; ``order_id`` may be set on a refusal too. Some send it as a string."""

    order_id: int | str | None = None


class ModifyOrderRequest(Request, omit_defaults=True, kw_only=True):
    """POST /api/Order/modify; absent and null members are left alone."""

    account_id: Int32
    order_id: Int64
    size: Int32 | None = None
    limit_price: float | None = None
    stop_price: float | None = None
    trail_price: float | None = None


class CancelOrderRequest(Request, kw_only=True):
    """POST /api/Order/cancel."""

    account_id: Int32
    order_id: Int64


class OrderSearchRequest(Request, omit_defaults=True, kw_only=True):
    """POST /api/Order/search."""

    account_id: Int32
    start_timestamp: datetime
    end_timestamp: datetime | None = None


class OrderSearchOpenRequest(Request, kw_only=True):
    """POST /api/Order/searchOpen, Position/searchOpen."""

    account_id: Int32


class OrderByIdRequest(Request, kw_only=True):
    """POST /api/Order/searchById."""

    account_id: Int32
    order_id: Int64


class OrderQueryFilter(Wire, omit_defaults=True, kw_only=True):
    """What v2/query looks for."""

    account_id: Int32
    statuses: list[Int32] | None = None
    contract_id: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None


class OrderQueryRequest(Request, omit_defaults=True, kw_only=True):
    """POST /api/Order/v2/query; sort by 0 creation or 1 id, direction 0 up or 1 down."""

    filter: OrderQueryFilter
    page_size: Int32 | None = None
    page_offset: Int32 | None = None
    sort_by: Int32 | None = None
    sort_direction: Int32 | None = None
    include_total_count: bool | None = None


class OrderModel(Wire, kw_only=True):
    """One order. ``trail_distance`` is in signed ticks, ``trail_price`` a distance in price."""

    id: int | str
    account_id: int
    contract_id: str
    symbol_id: str = ""
    creation_timestamp: datetime
    update_timestamp: datetime | None = None
    status: int
    type: int
    side: int
    size: int
    limit_price: float | None = None
    stop_price: float | None = None
    fill_volume: int | None = 0
    filled_price: float | None = None
    custom_tag: str | None = None
    trail_distance: int | None = None
    trail_price: float | None = None
    parent_order_id: int | str | None = None
    linked_order_id: int | str | None = None


class OrdersResponse(Envelope, kw_only=True):
    """Answer of search and searchOpen."""

    orders: list[OrderModel] | None = None


class OrderResponse(Envelope, kw_only=True):
    """Answer of searchById."""

    order: OrderModel | None = None


class OrderQueryResponse(Envelope, kw_only=True):
    """Answer of v2/query."""

    orders: list[OrderModel] | None = None
    total_count: int | None = None
