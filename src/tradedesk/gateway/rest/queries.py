"""Questions about accounts, orders, positions and fills."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from tradedesk.domain.clock import NS_PER_MS, NS_PER_S
from tradedesk.domain.errors import GatewayError, UnknownSymbolError
from tradedesk.domain.order import OrderStatus
from tradedesk.gateway.errors import HttpStatusError
from tradedesk.gateway.rest import to_domain
from tradedesk.gateway.timestamps import ns_datetime
from tradedesk.gateway.wire.orders import (
    OrderModel,
    OrderQueryFilter,
    OrderQueryRequest,
    OrderQueryResponse,
    OrderSearchOpenRequest,
    OrderSearchRequest,
    OrdersResponse,
)
from tradedesk.gateway.wire.rest import (
    AccountSearchRequest,
    AccountSearchResponse,
    PositionsResponse,
    TradeSearchRequest,
    TradesResponse,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from tradedesk.domain.ids import AccountId
    from tradedesk.domain.order import Order
    from tradedesk.domain.position import Account, Fill, Position
    from tradedesk.gateway.rest.contracts import ContractDirectory
    from tradedesk.gateway.rest.health import RestHealth
    from tradedesk.gateway.rest.reader import Reader

log = logging.getLogger(__name__)

PAGE_ROWS: Final = 100
_MAX_PAGES: Final = 50
_ABSENT: Final = (404, 405)
_WORKING: Final = [
    OrderStatus.OPEN.value,
    OrderStatus.PENDING.value,
    OrderStatus.PENDING_CANCELLATION.value,
    OrderStatus.SUSPENDED.value,
]


class AccountQueries:
    """Reads the order side of accounts.

    Parameters
    ----------
    reader : Reader
        Asks the venue.
    contracts : ContractDirectory
        Tick sizes for prices.
    health : RestHealth
        By how much the venue's clock is behind ours.
    """

    def __init__(self, reader: Reader, contracts: ContractDirectory, health: RestHealth) -> None:
        self._reader = reader
        self._contracts = contracts
        self._health = health
        self._has_query = True

    async def accounts(self) -> Sequence[Account]:
        """All active accounts of this login."""
        answer = await self._reader.ask_successfully(
            "/api/Account/search",
            AccountSearchRequest(only_active_accounts=True),
            AccountSearchResponse,
        )
        return [to_domain.account(row) for row in answer.accounts or ()]

    async def orders_since(self, account_id: AccountId, start_ns: int) -> Sequence[Order]:
        """All orders created since then, oldest first."""
        answer = await self._reader.ask_successfully(
            "/api/Order/search",
            OrderSearchRequest(account_id=account_id, start_timestamp=self._wide_from(start_ns)),
            OrdersResponse,
        )
        return await self._orders(answer.orders or ())

    async def working_orders(self, account_id: AccountId) -> Sequence[Order]:
        """Open, pending and suspended orders, complete or not at all.

        ``searchOpen`` leaves out suspended bracket legs, so it is only used where the venue has
        no paged query.

        Raises
        ------
        GatewayError
            If the venue gives fewer rows than it says there are.
        """
        if self._has_query:
            try:
                return await self._orders(await self._all_pages(account_id))
            except HttpStatusError as error:
                if error.status not in _ABSENT:
                    raise
                self._has_query = False
                log.info("the venue has no order query; suspended orders cannot be asked for")
        answer = await self._reader.ask_successfully(
            "/api/Order/searchOpen", OrderSearchOpenRequest(account_id=account_id), OrdersResponse
        )
        return await self._orders(answer.orders or ())

    async def positions(self, account_id: AccountId) -> Sequence[Position]:
        """Open positions."""
        answer = await self._reader.ask_successfully(
            "/api/Position/searchOpen",
            OrderSearchOpenRequest(account_id=account_id),
            PositionsResponse,
        )
        return [to_domain.position(row) for row in answer.positions or ()]

    async def fills_since(self, account_id: AccountId, start_ns: int) -> Sequence[Fill]:
        """Half-turn trades since then, oldest first."""
        answer = await self._reader.ask_successfully(
            "/api/Trade/search",
            TradeSearchRequest(account_id=account_id, start_timestamp=self._from(start_ns)),
            TradesResponse,
        )
        fills = []
        for row in answer.trades or ():
            instrument = await self._contracts.resolve(row.contract_id)
            fills.append(to_domain.fill(row, instrument.tick))
        return sorted(fills, key=lambda fill: (fill.ts_ns, fill.trade_id))

    def _from(self, start_ns: int) -> datetime:
        """A start by our clock as one by the venue's: earlier if its clock is behind ours."""
        skew_ms = self._health.clock_skew_ms or 0.0
        behind_ns = min(0, int(skew_ms * NS_PER_MS) + NS_PER_S)
        return ns_datetime(start_ns + behind_ns)

    def _wide_from(self, start_ns: int) -> datetime:
        """A start that misses no order although the clocks differ; one too many does no harm."""
        skew_ms = abs(self._health.clock_skew_ms or 0.0)
        return ns_datetime(max(0, start_ns - 2 * int(skew_ms * NS_PER_MS)))

    async def _all_pages(self, account_id: AccountId) -> Sequence[OrderModel]:
        rows: dict[int, OrderModel] = {}
        offset, by_page = 0, False
        for _ in range(_MAX_PAGES):
            page = await self._page(account_id, offset)
            fresh = {int(row.id): row for row in page.orders or () if int(row.id) not in rows}
            rows.update(fresh)
            total = page.total_count
            if len(rows) >= total if total is not None else not fresh:
                return list(rows.values())
            if fresh:
                offset = offset + 1 if by_page else len(rows)
            elif by_page:
                break
            else:
                # Whether the offset counts rows or pages is not documented: rows were tried first.
                offset, by_page = 1, True
        raise GatewayError(
            f"The venue gave only {len(rows)} of its working orders; nothing is concluded from "
            f"an incomplete answer."
        )

    async def _page(self, account_id: AccountId, offset: int) -> OrderQueryResponse:
        return await self._reader.ask_successfully(
            "/api/Order/v2/query",
            OrderQueryRequest(
                filter=OrderQueryFilter(account_id=account_id, statuses=_WORKING),
                page_size=PAGE_ROWS,
                page_offset=offset,
                sort_by=1,
                sort_direction=0,
                include_total_count=True,
            ),
            OrderQueryResponse,
        )

    async def _orders(self, rows: Iterable[OrderModel]) -> Sequence[Order]:
        orders = []
        for row in rows:
            try:
                instrument = await self._contracts.resolve(row.contract_id)
            except UnknownSymbolError:
                if not to_domain.order_status(row.status).is_final:
                    raise
                log.warning("done order %s is left out: no contract %s", row.id, row.contract_id)
                continue
            orders.append(to_domain.order(row, instrument.tick))
        return sorted(orders, key=lambda order: (order.created_ns, order.order_id))
