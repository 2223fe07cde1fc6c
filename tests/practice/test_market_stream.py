"""What the market hub tells, and that bars tell the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.practice.clients import Hub, Rest, Trader

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import TradeBatch, aggregate
from tradedesk.practice.products import PRODUCTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tradedesk.practice.server import Venue

TICK = 0.25
POPULAR = 8
"""As many of the catalogue's first products as trade every few seconds."""


def nanoseconds(text: str) -> int:
    moment = datetime.fromisoformat(text)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000


def batch_of(rows: list[dict[str, Any]]) -> TradeBatch:
    return TradeBatch(
        [nanoseconds(row["timestamp"]) for row in rows],
        [round(row["price"] / TICK) for row in rows],
        [row["volume"] for row in rows],
        [row["volume"] if row["type"] == 0 else 0 for row in rows],
    )


def trades_heard(hub: Hub, contract: str) -> list[dict[str, Any]]:
    return [row for heard, rows in hub.events("GatewayTrade") if heard == contract for row in rows]


async def test_first_quote_is_full_and_later_ones_are_partial(trader: Trader) -> None:
    contract = await trader.contract()
    first = await trader.quote(contract)
    assert set(first) == {
        *("symbol", "symbolName", "lastPrice", "bestBid", "bestAsk", "change", "changePercent"),
        *("open", "high", "low", "volume", "lastUpdated", "timestamp"),
    }
    assert first["symbol"] == "F.US.MNQ"
    assert first["low"] <= first["lastPrice"] <= first["high"]
    quotes = await trader.market.until(
        lambda: q if len(q := trader.market.events("GatewayQuote")) > 10 else None
    )
    merged = dict(first)
    for _, quote in quotes[1:]:
        changed = {name for name in quote if quote[name] != merged[name]}
        assert set(quote) == changed | {"symbol", "lastUpdated", "timestamp"}
        merged |= quote
        assert TICK <= merged["bestAsk"] - merged["bestBid"] <= 2 * TICK
        assert merged["low"] <= merged["lastPrice"] <= merged["high"]


async def test_trades_come_as_lists_on_the_grid_with_the_aggressor(trader: Trader) -> None:
    contract = await trader.contract("NQ")
    await trader.market.subscribe("ContractTrades", contract)
    await trader.market.until(
        lambda: {row["type"] for row in trades_heard(trader.market, contract)} >= {0, 1}
    )
    rows = trades_heard(trader.market, contract)
    assert {row["symbolId"] for row in rows} == {"F.US.ENQ"}
    assert {row["type"] for row in rows} == {0, 1}
    assert all(row["price"] % TICK == 0 and row["volume"] >= 1 for row in rows)
    stamps = [nanoseconds(row["timestamp"]) for row in rows]
    assert stamps == sorted(stamps)


async def test_depth_starts_with_a_reset_and_stays_a_book(trader: Trader) -> None:
    contract = await trader.contract()
    await trader.market.subscribe("ContractMarketDepth", contract)
    await trader.market.until(lambda: len(trader.market.events("GatewayDepth")) > 8)
    batches = [rows for _, rows in trader.market.events("GatewayDepth")]
    assert batches[0][0]["type"] == 6
    assert len(batches[0]) == 21
    book: dict[int, dict[float, int]] = {1: {}, 2: {}}
    for rows in batches:
        for row in rows:
            assert row["volume"] == row["currentVolume"]
            if row["type"] == 6:
                book = {1: {}, 2: {}}
            elif row["volume"]:
                book[row["type"]][row["price"]] = row["volume"]
            else:
                del book[row["type"]][row["price"]]
        assert len(book[1]) == len(book[2]) == 10
        assert max(book[2]) < min(book[1])


async def test_bars_of_a_window_are_the_trades_that_were_sent(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue(pace=5.0, seed=3)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        async with Hub(venue.description()["market_hub"], rest.token) as hub:
            contract = "CON.F.US.MNQ." + venue.world.market.active()[0].contract_id[-3:]
            await hub.subscribe("ContractTrades", contract)
            await hub.until(lambda: len(trades_heard(hub, contract)) > 25)
            await rest.control("nudge", contractId=contract, ticks=100, seconds=1)
            await hub.until(lambda: len(trades_heard(hub, contract)) > 120)
            batch = batch_of(trades_heard(hub, contract))
            expected = aggregate(batch, BarSpec.parse("1s"))[1:-1]
            answer = await rest(
                "History/retrieveBars",
                contractId=contract,
                live=False,
                startTime=at(int(expected.ts_ns[0])),
                endTime=at(int(expected.ts_ns[-1])),
                unit=1,
                unitNumber=1,
                limit=1000,
                includePartialBar=False,
            )
            got = [
                (nanoseconds(b["t"]), *(round(b[k] / TICK) for k in "ohlc"), b["v"])
                for b in reversed(answer["bars"])
            ]
            assert len(expected) >= 1
            assert got == [bar[:6] for bar in expected]


def at(ts_ns: int) -> str:
    return datetime.fromtimestamp(ts_ns // 10**9, UTC).isoformat()


async def test_two_subscribers_hear_the_same_and_late_ones_the_present(trader: Trader) -> None:
    contract = await trader.contract()
    await trader.market.subscribe("ContractTrades", contract)
    await trader.quote(contract)
    await trader.market.until(lambda: len(trades_heard(trader.market, contract)) > 5)
    async with Hub(trader.venue.description()["market_hub"], trader.rest.token) as late:
        await late.subscribe("ContractTrades", contract)
        await late.subscribe("ContractQuotes", contract)
        await late.until(lambda: len(trades_heard(late, contract)) > 8)
        heard = trades_heard(late, contract)
        await trader.market.until(lambda: heard[-1] in trades_heard(trader.market, contract))
        everything = trades_heard(trader.market, contract)
        first = everything.index(heard[0])
        assert everything[first : first + len(heard)] == heard
        mine: dict[str, Any] = {}
        theirs: dict[str, Any] = {}
        for _, quote in trader.market.events("GatewayQuote"):
            mine |= quote
        for _, quote in late.events("GatewayQuote"):
            theirs |= quote
        assert set(theirs) == set(mine)


async def test_unsubscribed_is_silent_and_the_tape_is_let_go(trader: Trader) -> None:
    contract = await trader.contract()
    await trader.market.subscribe("ContractTrades", contract)
    await trader.market.until(lambda: trades_heard(trader.market, contract))
    await trader.market.invoke("UnsubscribeContractTrades", contract)
    heard = len(trades_heard(trader.market, contract))
    await trader.market.subscribe("ContractTrades", await trader.contract("ES"))
    other = await trader.contract("ES")
    await trader.market.until(lambda: len(trades_heard(trader.market, other)) > 3)
    assert len(trades_heard(trader.market, contract)) == heard


async def test_the_popular_products_move_within_a_few_seconds(trader: Trader) -> None:
    for product in PRODUCTS[:POPULAR]:
        await trader.market.subscribe("ContractTrades", await trader.contract(product.symbol))
    await trader.market.until(
        lambda: len({heard for heard, _ in trader.market.events("GatewayTrade")}) == POPULAR
    )


async def test_a_silent_quote_is_repeated(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue(pace=1e-6, quote_every_s=0.2)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        async with Hub(venue.description()["market_hub"], rest.token) as hub:
            contract = venue.world.market.active()[0].contract_id
            await hub.subscribe("ContractQuotes", contract)
            quotes = await hub.until(
                lambda: q if len(q := hub.events("GatewayQuote")) >= 3 else None
            )
            assert set(quotes[-1][1]) == {"symbol", "lastUpdated", "timestamp"}
