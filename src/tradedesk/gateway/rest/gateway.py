"""The venue's order side: what the executor holds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.domain.errors import OutcomeUnknownError
from tradedesk.domain.ids import OrderId
from tradedesk.domain.order import OrderType
from tradedesk.gateway.rest import outcomes
from tradedesk.gateway.rest.exposure import Exposure
from tradedesk.gateway.rest.from_domain import modify_request, place_request
from tradedesk.gateway.rest.limiter import Lane, Limiter
from tradedesk.gateway.wire.base import Envelope
from tradedesk.gateway.wire.orders import CancelOrderRequest, PlaceOrderResponse
from tradedesk.gateway.wire.rest import CloseContractRequest, PartialCloseRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.ids import AccountId, ContractId, Tag
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.order import Order, Side
    from tradedesk.domain.ports import Stamp
    from tradedesk.domain.position import Account, Fill, Position
    from tradedesk.gateway.rest.contracts import ContractDirectory
    from tradedesk.gateway.rest.health import RestHealth
    from tradedesk.gateway.rest.mutations import MutationSender
    from tradedesk.gateway.rest.pool import ConnectionPool
    from tradedesk.gateway.rest.queries import AccountQueries
    from tradedesk.gateway.rest.tokens import TokenSource


class ProjectXGateway:
    """Satisfies ``OrderGateway``; put together by ``order_side.build_order_side``.

    Attributes
    ----------
    health : RestHealth
        Latency and clock figures of all replies.
    tokens : TokenSource
        The sign-in, shared with the user hub.
    contracts : ContractDirectory
        Remembered contracts.
    """

    def __init__(
        self,
        *,
        order_pools: Sequence[ConnectionPool],
        query_pool: ConnectionPool,
        sender: MutationSender,
        queries: AccountQueries,
        contracts: ContractDirectory,
        tokens: TokenSource,
        limiter: Limiter,
        health: RestHealth,
    ) -> None:
        self.health = health
        self.tokens = tokens
        self.contracts = contracts
        self._order_pools = order_pools
        self._query_pool = query_pool
        self._sender = sender
        self._queries = queries
        self._limiter = limiter
        self._exposure = Exposure(limiter.keep_exits)

    @property
    def calls_left(self) -> int:
        """New orders that the venue's limit lets through this moment."""
        return self._limiter.entries_left

    @property
    def clock_skew_ms(self) -> float | None:
        """Venue's clock minus ours in milliseconds; None before it is known."""
        return self.health.clock_skew_ms

    async def login(self) -> str:
        """See ``OrderGateway``."""
        return await self.tokens.login()

    async def ping(self) -> None:
        """See ``OrderGateway``. Also renews the token when it is due.

        The first one opens every connection; call it every 15 s from then on. Each keeps the
        questions' connection and the orders' longest idle one open, at the same time, so that it
        takes one round trip and an order always finds a connection that is not busy.

        Raises
        ------
        GatewayError
            If the venue does not answer over one of them, even after a new connection, or its
            limit leaves no call for asking.
        """
        cold = {pool for pool in (*self._order_pools, self._query_pool) if not pool.is_warm}
        # A connection that carries an order this moment needs no ping.
        free = [pool for pool in self._order_pools if not pool.inflight]
        idlest = sorted(free, key=lambda pool: pool.idle_ns)[-1:]
        pools = cold.union(idlest, [self._query_pool])
        slots = [await self._limiter.wait(Lane.PROOF, self._limiter.now_ns) for _ in pools]
        try:
            results = await asyncio.gather(*(pool.ping() for pool in pools), return_exceptions=True)
        finally:
            for slot in slots:
                slot.end()
        for result in results:
            if isinstance(result, BaseException):
                raise result
        await self.tokens.renew_if_due(is_flat=not self._exposure.calls)

    async def aclose(self) -> None:
        """See ``OrderGateway``."""
        for pool in (*self._order_pools, self._query_pool):
            await pool.aclose()

    async def accounts(self) -> Sequence[Account]:
        """See ``OrderGateway``."""
        return await self._queries.accounts()

    async def resolve(self, symbol_or_id: str) -> Instrument:
        """See ``OrderGateway``."""
        return await self.contracts.resolve(symbol_or_id)

    async def place(
        self,
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
        on_written: Stamp,
    ) -> OrderId:
        """See ``OrderGateway``."""
        request = place_request(
            account_id=account_id,
            instrument=instrument,
            side=side,
            type=type,
            size=size,
            limit_ticks=limit_ticks,
            stop_ticks=stop_ticks,
            stop_loss_ticks=stop_loss_ticks,
            take_profit_ticks=take_profit_ticks,
            tag=tag,
        )
        protective = type is OrderType.STOP and request.stop_loss_bracket is None
        lane = Lane.STOP if protective else Lane.ENTRY
        legs = (request.stop_loss_bracket, request.take_profit_bracket)
        exits = 1 + sum(leg is not None for leg in legs)
        answer = await self._sender.send(
            outcomes.PLACE,
            request,
            PlaceOrderResponse,
            lane,
            on_written,
            on_taken=lambda: self._exposure.note_sent(account_id, exits),
        )
        order_id = outcomes.id_or_none(answer.order_id)
        if order_id is None:
            raise OutcomeUnknownError(
                "The order may or may not have been placed: the venue said yes without an order id."
            )
        return OrderId(order_id)

    async def modify(
        self,
        *,
        account_id: AccountId,
        order: Order,
        instrument: Instrument,
        size: int | None,
        limit_ticks: int | None,
        stop_ticks: int | None,
        on_written: Stamp | None = None,
    ) -> None:
        """See ``OrderGateway``."""
        request = modify_request(
            account_id=account_id,
            order_id=order.order_id,
            order_type=order.type,
            tick=instrument.tick,
            size=size,
            limit_ticks=limit_ticks,
            stop_ticks=stop_ticks,
        )
        await self._sender.send(outcomes.MODIFY, request, Envelope, Lane.CHANGE, on_written)

    async def cancel(
        self, *, account_id: AccountId, order_id: OrderId, on_written: Stamp | None = None
    ) -> None:
        """See ``OrderGateway``."""
        request = CancelOrderRequest(account_id=account_id, order_id=order_id)
        await self._sender.send(outcomes.CANCEL, request, Envelope, Lane.CANCEL, on_written)

    async def close_contract(
        self,
        *,
        account_id: AccountId,
        contract_id: ContractId,
        size: int | None,
        on_written: Stamp | None = None,
    ) -> None:
        """See ``OrderGateway``."""
        if size is None:
            whole = CloseContractRequest(account_id=account_id, contract_id=contract_id)
            await self._sender.send(outcomes.CLOSE, whole, Envelope, Lane.EXIT, on_written)
        else:
            part = PartialCloseRequest(account_id=account_id, contract_id=contract_id, size=size)
            await self._sender.send(outcomes.PARTIAL_CLOSE, part, Envelope, Lane.EXIT, on_written)

    async def orders_since(self, account_id: AccountId, start_ns: int) -> Sequence[Order]:
        """See ``OrderGateway``."""
        return await self._queries.orders_since(account_id, start_ns)

    async def working_orders(self, account_id: AccountId) -> Sequence[Order]:
        """See ``OrderGateway``."""
        mark = self._exposure.mark(account_id)
        orders = await self._queries.working_orders(account_id)
        self._exposure.note_working(account_id, len(orders), mark)
        return orders

    async def positions(self, account_id: AccountId) -> Sequence[Position]:
        """See ``OrderGateway``."""
        held = await self._queries.positions(account_id)
        self._exposure.note_held(account_id, len(held))
        return held

    async def fills_since(self, account_id: AccountId, start_ns: int) -> Sequence[Fill]:
        """See ``OrderGateway``."""
        return await self._queries.fills_since(account_id, start_ns)
