"""Orders: place, modify, cancel, and four ways to look for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.domain.order import OrderStatus
from tradedesk.gateway.wire.base import Envelope
from tradedesk.gateway.wire.orders import (
    CancelOrderRequest,
    ModifyOrderRequest,
    OrderByIdRequest,
    OrderQueryRequest,
    OrderQueryResponse,
    OrderResponse,
    OrderSearchOpenRequest,
    OrderSearchRequest,
    OrdersResponse,
    PlaceOrderRequest,
    PlaceOrderResponse,
)
from tradedesk.practice.books import refusals
from tradedesk.practice.rest.envelope import post
from tradedesk.practice.rest.problems import BadFilterError
from tradedesk.practice.stamps import nanoseconds, printed
from tradedesk.practice.wire_models import order_model

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.routing import Route

    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.world import World

NOT_FOUND: Final = 1
REJECTED: Final = 2
LAST_STATUS: Final = 8
LINKED_REFUSED: Final = "Order rejected: linked orders are not supported."
_FOREVER: Final = 2**63 - 1
_UNSEEN: Final = frozenset({OrderStatus.PENDING, OrderStatus.SUSPENDED})


def routes(world: World) -> list[Route]:
    """Routes of this family."""
    return [
        post(world, "/api/Order/place", PlaceOrderRequest, place),
        post(world, "/api/Order/modify", ModifyOrderRequest, modify),
        post(world, "/api/Order/cancel", CancelOrderRequest, cancel),
        post(world, "/api/Order/search", OrderSearchRequest, search),
        post(world, "/api/Order/searchOpen", OrderSearchOpenRequest, search_open),
        post(world, "/api/Order/searchById", OrderByIdRequest, search_by_id),
        post(world, "/api/Order/v2/query", OrderQueryRequest, query),
    ]


async def place(world: World, request: PlaceOrderRequest) -> Envelope:
    """Take an order in; ``success`` means accepted, not filled."""
    config = world.config
    if config.strict_linked_order_id and request.linked_order_id is not msgspec.UNSET:
        return PlaceOrderResponse(success=False, error_code=REJECTED, error_message=LINKED_REFUSED)
    code, message, order_id = world.exchange.place(request)
    if message == refusals.DUPLICATE_TAG:
        message = config.duplicate_tag_text
    return PlaceOrderResponse(
        success=not code, error_code=code, error_message=message, order_id=order_id
    )


async def modify(world: World, request: ModifyOrderRequest) -> Envelope:
    """Change a live order; absent and null members stay as they are."""
    code, message, _ = world.exchange.modify(request)
    return Envelope(success=not code, error_code=code, error_message=message)


async def cancel(world: World, request: CancelOrderRequest) -> Envelope:
    """Cancel a live order."""
    code, message, _ = world.exchange.cancel(request.account_id, request.order_id)
    return Envelope(success=not code, error_code=code, error_message=message)


async def search(world: World, request: OrderSearchRequest) -> Envelope:
    """Orders by time of creation, oldest first; no pending and no suspended ones."""
    if request.account_id not in world.ledgers:
        return OrdersResponse(success=False, error_code=NOT_FOUND)
    start_ns, end_ns = _window(request.start_timestamp, request.end_timestamp)
    rows = world.exchange.rows.where(
        request.account_id,
        lambda row: start_ns <= printed(row.created_ns) <= end_ns and row.status not in _UNSEEN,
    )
    return OrdersResponse(success=True, error_code=0, orders=[order_model(row) for row in rows])


async def search_open(world: World, request: OrderSearchOpenRequest) -> Envelope:
    """Open orders; suspended legs do not show."""
    if request.account_id not in world.ledgers:
        return OrdersResponse(success=False, error_code=NOT_FOUND)
    rows = world.exchange.rows.where(request.account_id, lambda row: row.status is OrderStatus.OPEN)
    return OrdersResponse(success=True, error_code=0, orders=[order_model(row) for row in rows])


async def search_by_id(world: World, request: OrderByIdRequest) -> Envelope:
    """One order."""
    row = world.exchange.rows.get(request.account_id, request.order_id)
    if row is None:
        return OrderResponse(success=False, error_code=NOT_FOUND)
    return OrderResponse(success=True, error_code=0, order=order_model(row))


async def query(world: World, request: OrderQueryRequest) -> Envelope:
    """Orders by a filter, in pages."""
    _check(request, world.config.page_most)
    wanted = request.filter
    if wanted.account_id not in world.ledgers:
        return OrderQueryResponse(success=False, error_code=NOT_FOUND)
    start_ns, end_ns = _window(wanted.created_after, wanted.created_before)

    def matches(row: OrderRow) -> bool:
        return (
            start_ns <= printed(row.created_ns) <= end_ns
            and (wanted.statuses is None or int(row.status) in wanted.statuses)
            and (wanted.contract_id is None or row.contract.contract_id == wanted.contract_id)
        )

    by_id = request.sort_by == 1
    newest_first = world.config.query_newest_first
    down = newest_first if request.sort_direction is None else request.sort_direction == 1
    rows = sorted(
        world.exchange.rows.where(wanted.account_id, matches),
        key=lambda row: row.id if by_id else (row.created_ns, row.id),
        reverse=down,
    )
    size = world.config.page_default if request.page_size is None else request.page_size
    offset = request.page_offset or 0
    if world.config.page_offset_in == "pages":
        offset *= size
    return OrderQueryResponse(
        success=True,
        error_code=0,
        orders=[order_model(row) for row in rows[offset : offset + size]],
        total_count=len(rows) if request.include_total_count else None,
    )


def _check(request: OrderQueryRequest, page_most: int) -> None:
    """Raise ``BadFilterError`` for what no order can match and no page can be."""
    wanted = request.filter
    statuses = wanted.statuses or ()
    wrong_status = next((one for one in statuses if not 0 <= one <= LAST_STATUS), None)
    after, before = wanted.created_after, wanted.created_before
    if wrong_status is not None:
        raise BadFilterError(f"The status {wrong_status} does not exist.")
    if after is not None and before is not None and nanoseconds(after) > nanoseconds(before):
        raise BadFilterError("createdAfter must not be later than createdBefore.")
    if request.page_size is not None and not 1 <= request.page_size <= page_most:
        raise BadFilterError(f"pageSize must be between 1 and {page_most}.")
    if request.page_offset is not None and request.page_offset < 0:
        raise BadFilterError("pageOffset must not be negative.")
    if request.sort_by not in (None, 0, 1):
        raise BadFilterError("sortBy must be 0 (CreatedAt) or 1 (Id).")
    if request.sort_direction not in (None, 0, 1):
        raise BadFilterError("sortDirection must be 0 (ascending) or 1 (descending).")


def _window(start: datetime | None, end: datetime | None) -> tuple[int, int]:
    """Both ends belong to the window."""
    return (
        0 if start is None else nanoseconds(start),
        _FOREVER if end is None else nanoseconds(end),
    )
