"""Accounts, positions and trades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.gateway.wire.base import Envelope
from tradedesk.gateway.wire.orders import OrderSearchOpenRequest
from tradedesk.gateway.wire.rest import (
    AccountSearchRequest,
    AccountSearchResponse,
    CloseContractRequest,
    PartialCloseRequest,
    PositionsResponse,
    TradeSearchRequest,
    TradesResponse,
)
from tradedesk.practice.rest.envelope import post
from tradedesk.practice.stamps import nanoseconds, printed
from tradedesk.practice.wire_models import position_model, trade_model

if TYPE_CHECKING:
    from starlette.routing import Route

    from tradedesk.practice.world import World

NOT_FOUND: Final = 1
CLOSE_CODES: Final = {6: 5}
"""closeContract has its own number for a rejected order."""


def routes(world: World) -> list[Route]:
    """Routes of this family."""
    return [
        post(world, "/api/Account/search", AccountSearchRequest, accounts),
        post(world, "/api/Position/searchOpen", OrderSearchOpenRequest, positions),
        post(world, "/api/Position/closeContract", CloseContractRequest, close),
        post(world, "/api/Position/partialCloseContract", PartialCloseRequest, partial_close),
        post(world, "/api/Trade/search", TradeSearchRequest, trades),
    ]


async def accounts(world: World, request: AccountSearchRequest) -> Envelope:
    """All accounts; every one of them is active."""
    models = [world.account(account_id) for account_id in world.accounts]
    return AccountSearchResponse(success=True, error_code=0, accounts=models)


async def positions(world: World, request: OrderSearchOpenRequest) -> Envelope:
    """Open positions, one row per contract."""
    ledger = world.ledgers.get(request.account_id)
    if ledger is None:
        return PositionsResponse(success=False, error_code=NOT_FOUND)
    models = [position_model(ledger.account_id, row) for row in ledger.positions()]
    return PositionsResponse(success=True, error_code=0, positions=models)


async def close(world: World, request: CloseContractRequest) -> Envelope:
    """Close a position at market; resting legs stay."""
    code, message, _ = world.exchange.close(request.account_id, request.contract_id, None)
    code = CLOSE_CODES.get(code, code)
    return Envelope(success=not code, error_code=code, error_message=message)


async def partial_close(world: World, request: PartialCloseRequest) -> Envelope:
    """Close a part of a position at market; resting legs stay as they are."""
    code, message, _ = world.exchange.close(request.account_id, request.contract_id, request.size)
    return Envelope(success=not code, error_code=code, error_message=message)


async def trades(world: World, request: TradeSearchRequest) -> Envelope:
    """Half-turns of a window, newest first."""
    ledger = world.ledgers.get(request.account_id)
    if ledger is None:
        return TradesResponse(success=False, error_code=NOT_FOUND)
    start, end = request.start_timestamp, request.end_timestamp
    start_ns = 0 if start is None else nanoseconds(start)
    end_ns = 2**63 - 1 if end is None else nanoseconds(end)
    models = [
        trade_model(trade)
        for trade in reversed(ledger.trades)
        if start_ns <= printed(trade.ts_ns) <= end_ns
    ]
    return TradesResponse(success=True, error_code=0, trades=models)
