"""The ports on the real practice venue: a process of its own, real sockets, nothing scripted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.gateway.hub_fixtures import running
from tests.gateway.practice_venue import (
    CLOCK,
    HOUR_NS,
    Venue,
    find,
    last_ticks,
    market,
    mnq,
    place,
    side,
    venue,
)
from tests.gateway.sinks import MarketNotes, UserNotes

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import (
    AuthError,
    OutcomeUnknownError,
    UnknownSymbolError,
    VenueRefusedError,
)
from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
from tradedesk.domain.order import OrderStatus, OrderType, Side
from tradedesk.gateway.market_side import MarketSide
from tradedesk.gateway.order_side import OrderSide, build_order_side

if TYPE_CHECKING:
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.position import Position

__all__ = ["market", "mnq", "side", "venue"]


async def test_accounts_and_ping(venue: Venue, side: OrderSide) -> None:
    (account, *_) = await side.gateway.accounts()
    assert account.account_id == venue.account_id
    assert account.can_trade
    await side.gateway.ping()
    health = side.gateway.health
    assert health.p50_ms is not None
    assert health.clock_skew_ms is not None
    assert abs(health.clock_skew_ms) < 1_000


async def test_a_wrong_key_is_refused(venue: Venue) -> None:
    side = build_order_side(venue.config, lambda: (venue.username, "wrong"), CLOCK)
    with pytest.raises(AuthError, match="user name or API key"):
        await side.gateway.login()
    await side.gateway.aclose()


async def test_symbols(side: OrderSide) -> None:
    es, mes = await side.gateway.resolve("ES"), await side.gateway.resolve("MES")
    assert (es.symbol, mes.symbol) == ("ES", "MES")
    assert es.tick_value == 10 * mes.tick_value
    assert await side.gateway.resolve(es.contract_id) is es
    with pytest.raises(UnknownSymbolError):
        await side.gateway.resolve("NOPE")


async def test_a_resting_order_lives_and_dies(
    venue: Venue, side: OrderSide, market: MarketSide, mnq: Instrument
) -> None:
    gateway, account_id = side.gateway, venue.account_id
    start_ns = CLOCK.wall_ns() - HOUR_NS
    far = await last_ticks(market, mnq) - 400
    written: list[int] = []
    sink = UserNotes()
    async with running(side.stream.run([account_id], sink)):
        await sink.count("connected")
        order_id = await place(
            side, venue, mnq, type=OrderType.LIMIT, limit_ticks=far, size=2, tag=Tag("mine-1"),
            on_written=lambda: written.append(CLOCK.mono_ns()),
        )  # fmt: skip
        assert len(written) == 1
        working = find(await gateway.working_orders(account_id), order_id)
        assert (working.limit_ticks, working.size, working.tag) == (far, 2, "mine-1")
        await gateway.modify(
            account_id=account_id, order=working, instrument=mnq, size=1, limit_ticks=far - 4,
            stop_ticks=None,
        )  # fmt: skip
        moved = find(await gateway.working_orders(account_id), order_id)
        assert (moved.limit_ticks, moved.size) == (far - 4, 1)
        await gateway.cancel(account_id=account_id, order_id=order_id)
        await sink.until(lambda: any(o.status is OrderStatus.CANCELLED for o in sink.of("order")))
    done = find(await gateway.orders_since(account_id, start_ns), order_id)
    assert done.status is OrderStatus.CANCELLED
    assert not [o for o in await gateway.working_orders(account_id) if o.order_id == order_id]
    told = [order for order in sink.of("order") if order.order_id == order_id]
    assert told[-1] == done
    with pytest.raises(VenueRefusedError) as caught:
        await gateway.cancel(account_id=account_id, order_id=order_id)
    assert caught.value.code == 3
    with pytest.raises(VenueRefusedError) as caught:
        await gateway.cancel(account_id=account_id, order_id=OrderId(1))
    assert caught.value.code == 2


async def test_a_bracket_entry_from_fill_to_flat(
    venue: Venue, side: OrderSide, mnq: Instrument
) -> None:
    gateway, account_id = side.gateway, venue.account_id
    start_ns = CLOCK.wall_ns() - HOUR_NS
    sink = UserNotes()

    def position() -> Position | None:
        told = [p for p in sink.of("position") if p.contract_id == mnq.contract_id]
        return told[-1] if told else None

    def open_legs(entry_id: OrderId) -> set[OrderId]:
        legs = [order for order in sink.of("order") if order.parent_id == entry_id]
        return {leg.order_id for leg in legs if leg.status is OrderStatus.OPEN}

    def net(size: int) -> bool:
        return (latest := position()) is not None and latest.net_size == size

    async with running(side.stream.run([account_id], sink)):
        await sink.count("connected")
        entry_id = await place(side, venue, mnq, size=2, stop_loss_ticks=400, take_profit_ticks=800)
        await sink.until(lambda: net(2))
        await sink.until(lambda: len(open_legs(entry_id)) == 2)
        legs = [o for o in await gateway.working_orders(account_id) if o.parent_id == entry_id]
        assert sorted(leg.type for leg in legs) == [OrderType.LIMIT, OrderType.STOP]
        assert {leg.side for leg in legs} == {Side.SELL}
        (held,) = await gateway.positions(account_id)
        assert held == position()
        entry = find(await gateway.orders_since(account_id, start_ns), entry_id)
        assert entry.status is OrderStatus.FILLED
        assert entry.fill_price == held.average_price
        stop = next(leg for leg in legs if leg.type is OrderType.STOP)
        target = next(leg for leg in legs if leg.type is OrderType.LIMIT)
        assert stop.stop_ticks is not None
        assert target.limit_ticks is not None
        assert target.limit_ticks - stop.stop_ticks == 1200

        await gateway.close_contract(account_id=account_id, contract_id=mnq.contract_id, size=1)
        await sink.until(lambda: net(1))
        await gateway.close_contract(account_id=account_id, contract_id=mnq.contract_id, size=None)
        await sink.until(lambda: net(0))
        for leg in await gateway.working_orders(account_id):
            await gateway.cancel(account_id=account_id, order_id=leg.order_id)
    assert await gateway.positions(account_id) == []
    assert await gateway.working_orders(account_id) == []
    fills = await gateway.fills_since(account_id, start_ns)
    assert sum(fill.size * fill.side.sign for fill in fills) == 0
    assert {fill.trade_id for fill in sink.of("fill")} <= {fill.trade_id for fill in fills}
    assert all(fill.pnl is None for fill in fills if fill.order_id == entry_id)
    assert sink.of("account")[-1].balance == (await gateway.accounts())[0].balance
    with pytest.raises(VenueRefusedError, match="no such position"):
        await gateway.close_contract(account_id=account_id, contract_id=mnq.contract_id, size=None)


async def test_refusals(venue: Venue, side: OrderSide, market: MarketSide, mnq: Instrument) -> None:
    stranger = msgspec.structs.replace(mnq, contract_id=ContractId("CON.F.US.XXX.Z25"))
    for code, changes in (
        (1, {"account_id": AccountId(1)}),
        (8, {"instrument": stranger}),
        (2, {"size": 0}),
        (2, {"stop_loss_ticks": 1}),
    ):
        with pytest.raises(VenueRefusedError) as caught:
            await place(side, venue, mnq, **changes)
        assert caught.value.code == code
    far = await last_ticks(market, mnq) - 400
    limit = {"type": OrderType.LIMIT, "limit_ticks": far, "tag": Tag("only-once")}
    order_id = await place(side, venue, mnq, **limit)
    with pytest.raises(OutcomeUnknownError, match="tag"):
        await place(side, venue, mnq, **limit)
    await side.gateway.cancel(account_id=venue.account_id, order_id=order_id)
    assert await side.gateway.positions(venue.account_id) == []


async def test_history(market: MarketSide, mnq: Instrument) -> None:
    now = CLOCK.wall_ns()
    bars = await market.bars(
        mnq, BarSpec.parse("1m"), now - 30 * 24 * HOUR_NS, now, 2_500, partial=False
    )
    assert len(bars) == 2_500
    gaps = bars.ts_ns[1:] - bars.ts_ns[:-1]
    assert gaps.min() == 60 * NS_PER_S
    assert (bars.ts_ns % (60 * NS_PER_S) == 0).all()
    assert bars.ts_ns[-1] + 60 * NS_PER_S <= CLOCK.wall_ns()
    assert (bars.low <= bars.open).all()
    assert (bars.high >= bars.close).all()


async def test_live_market_data(market: MarketSide, mnq: Instrument) -> None:
    sink = MarketNotes()
    await market.subscribe(mnq)
    market.hub.subscribe(mnq, ["ContractMarketDepth"])
    async with running(market.run(sink)):
        await sink.count("connected")
        await sink.until(lambda: all(sink.of(kind) for kind in ("quote", "trades", "depth")))
    quote = sink.of("quote")[-1]
    assert quote.bid_ticks < quote.ask_ticks
    contract_id, ts_ns, px_ticks, qty, buy_qty = sink.of("trades")[0]
    assert contract_id == mnq.contract_id
    assert len(ts_ns) == len(px_ticks) == len(qty) == len(buy_qty) > 0
    assert all(0 <= bought <= size for bought, size in zip(buy_qty, qty, strict=True))
    assert abs(px_ticks[0] - quote.bid_ticks) < 2_000
    assert abs(ts_ns[-1] - CLOCK.wall_ns()) < 60 * NS_PER_S
