"""Trouble on the real practice venue: what the client says, and what the venue's book says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from tests.gateway.hub_fixtures import running
from tests.gateway.practice_venue import (
    CLOCK,
    HOUR_NS,
    Venue,
    last_ticks,
    market,
    mnq,
    place,
    side,
    venue,
)
from tests.gateway.sinks import MarketNotes, UserNotes

from tradedesk.domain.errors import GatewayError, NotSentError, OutcomeUnknownError
from tradedesk.domain.ids import Tag
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.instrument import Instrument
    from tradedesk.gateway.market_side import MarketSide
    from tradedesk.gateway.order_side import OrderSide

__all__ = ["market", "mnq", "side", "venue"]


@pytest.mark.parametrize(
    ("kind", "copies"),
    [("lose_reply", 1), ("500_after", 1), ("500_before", 0), ("cut", 0), ("429", 0)],
)
async def test_an_unknown_order_is_found_by_its_tag_or_is_not_there(
    venue: Venue, side: OrderSide, market: MarketSide, mnq: Instrument, kind: str, copies: int
) -> None:
    gateway, account_id = side.gateway, venue.account_id
    far = await last_ticks(market, mnq) - 400
    tag = Tag(f"drill-{kind}")
    await venue.control("fault", on="place", kind=kind)
    with pytest.raises(OutcomeUnknownError):
        await place(side, venue, mnq, type=OrderType.LIMIT, limit_ticks=far, tag=tag)
    # A marker placed later: when the search shows it, it shows everything that came before.
    marker = await place(side, venue, mnq, type=OrderType.STOP, side=Side.SELL, stop_ticks=far)
    start_ns = CLOCK.wall_ns() - HOUR_NS
    orders: Sequence[Order] = []
    async with asyncio.timeout(5):
        while marker not in {order.order_id for order in orders}:
            orders = await gateway.orders_since(account_id, start_ns)
    found = [order for order in orders if order.tag == tag]
    assert len(found) == copies
    for order_id in (marker, *(order.order_id for order in found)):
        await gateway.cancel(account_id=account_id, order_id=order_id)
    if kind == "429":
        with pytest.raises(NotSentError, match="closed"):
            await place(side, venue, mnq, type=OrderType.LIMIT, limit_ticks=far)


@pytest.mark.parametrize("kind", ["lose_reply", "500_after", "cut"])
async def test_an_unknown_cancel_is_resolved_by_asking(
    venue: Venue, side: OrderSide, market: MarketSide, mnq: Instrument, kind: str
) -> None:
    gateway, account_id = side.gateway, venue.account_id
    far = await last_ticks(market, mnq) - 400
    order_id = await place(side, venue, mnq, type=OrderType.LIMIT, limit_ticks=far)
    await venue.control("fault", on="cancel", kind=kind)
    with pytest.raises(OutcomeUnknownError):
        await gateway.cancel(account_id=account_id, order_id=order_id)
    working = {order.order_id for order in await gateway.working_orders(account_id)}
    assert (order_id in working) == (kind == "cut")
    if order_id in working:
        await gateway.cancel(account_id=account_id, order_id=order_id)


@pytest.mark.parametrize("kind", ["lose_reply", "500_before", "cut"])
async def test_a_question_survives_one_fault(venue: Venue, side: OrderSide, kind: str) -> None:
    await venue.control("fault", on="positions", kind=kind)
    assert await side.gateway.positions(venue.account_id) == []


async def test_ended_tokens_are_replaced_by_questions_and_hubs(
    venue: Venue, side: OrderSide, market: MarketSide, mnq: Instrument
) -> None:
    sink = UserNotes()
    old = side.gateway.tokens.current
    async with running(side.stream.run([venue.account_id], sink)):
        await sink.count("connected")
        await venue.control("expire_tokens")
        with pytest.raises(GatewayError):
            await market.client.resolve("ES")
        await venue.control("drop_hubs", hub="user")
        await sink.count("connected", 2)
        assert side.gateway.tokens.current != old
        assert (await market.client.resolve("ES")).symbol == "ES"
        assert await side.gateway.positions(venue.account_id) == []


async def test_dropped_hubs_come_back_with_all_subscriptions(
    venue: Venue, side: OrderSide, market: MarketSide, mnq: Instrument
) -> None:
    user, data = UserNotes(), MarketNotes()
    far = await last_ticks(market, mnq) - 400
    await market.subscribe(mnq)
    async with (
        running(side.stream.run([venue.account_id], user)),
        running(market.run(data)),
    ):
        await user.count("connected")
        await data.count("trades")
        await venue.control("drop_hubs", error="Server is going down")
        assert await user.count("connected", 2) == [1, 2]
        assert await data.count("connected", 2) == [1, 2]
        trades = len(data.of("trades"))
        await data.count("trades", trades + 1)
        order_id = await place(side, venue, mnq, type=OrderType.LIMIT, limit_ticks=far)
        await user.count("order")
        await side.gateway.cancel(account_id=venue.account_id, order_id=order_id)
        await user.until(lambda: user.of("order")[-1].status is OrderStatus.CANCELLED)
    assert "Server is going down" in user.of("lost")[0][1]
    assert "Server is going down" in data.of("lost")[0]
