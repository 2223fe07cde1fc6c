"""The market hub against a hub of the tests' own: merging, columns, subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.gateway.hub_fixtures import ES, MNQ, link_to, running
from tests.gateway.hub_server import HubServer
from tests.gateway.samples import DEPTH, MARKET_TRADE, PARTIAL_QUOTE, QUOTE
from tests.gateway.sinks import MarketNotes

from tradedesk.domain.market import DepthRow, Quote
from tradedesk.gateway.signalr.market_hub import DEPTH as DEPTH_CHANNEL
from tradedesk.gateway.signalr.market_hub import QUOTES, TRADES, MarketHub

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

ID = MNQ.contract_id
SECOND_NS = 1_763_651_282_000_000_000


@pytest.fixture
async def server() -> AsyncIterator[HubServer]:
    async with HubServer() as server:
        yield server


@pytest.fixture
def sink() -> MarketNotes:
    return MarketNotes()


@pytest.fixture
def hub(server: HubServer) -> MarketHub:
    return MarketHub(link_to(server))


def wants(contract_id: str, *channels: str) -> list[tuple[str, str]]:
    return [(f"Subscribe{channel}", contract_id) for channel in channels]


async def test_what_is_wanted_before_is_subscribed_before_connected(
    server: HubServer, sink: MarketNotes, hub: MarketHub
) -> None:
    hub.subscribe(MNQ)
    hub.subscribe(ES, [DEPTH_CHANNEL])
    async with running(hub.run(sink)):
        assert await sink.count("connected") == [1]
        assert server.served[0].targets() == sorted(
            wants(ID, QUOTES, TRADES) + wants(ES.contract_id, DEPTH_CHANNEL)
        )


async def test_wanting_more_at_any_time(
    server: HubServer, sink: MarketNotes, hub: MarketHub
) -> None:
    async with running(hub.run(sink)):
        await sink.count("connected")
        served = server.served[0]
        assert served.calls == []
        hub.subscribe(MNQ, [QUOTES])
        await served.called("SubscribeContractQuotes")
        hub.subscribe(MNQ, [TRADES])
        await served.called("SubscribeContractTrades")
        hub.subscribe(MNQ)
        hub.subscribe(ES, [DEPTH_CHANNEL])
        await served.called("SubscribeContractMarketDepth")
        assert [(target, *arguments) for target, arguments in served.calls] == [
            *wants(ID, QUOTES, TRADES),
            *wants(ES.contract_id, DEPTH_CHANNEL),
        ]
        assert hub.wanted == {(QUOTES, ID), (TRADES, ID), (DEPTH_CHANNEL, ES.contract_id)}


async def test_a_reconnect_subscribes_again_to_what_is_wanted_then(
    server: HubServer, sink: MarketNotes, hub: MarketHub
) -> None:
    hub.subscribe(MNQ)
    async with running(hub.run(sink)):
        await sink.count("connected")
        hub.subscribe(ES, [TRADES])
        await server.served[0].called("SubscribeContractTrades")
        await server.served[0].socket.close(1011)
        assert await sink.count("connected", 2) == [1, 2]
        assert server.served[1].targets() == sorted(
            wants(ID, QUOTES, TRADES) + wants(ES.contract_id, TRADES)
        )
        assert [note[0] for note in sink.notes] == ["connected", "lost", "connected"]
        hub.subscribe(ES, [QUOTES])
        await server.served[1].called("SubscribeContractQuotes")


async def test_quotes_are_merged_and_start_anew_after_a_reconnect(
    server: HubServer, sink: MarketNotes, hub: MarketHub
) -> None:
    hub.subscribe(MNQ)
    async with running(hub.run(sink)):
        await sink.count("connected")
        await server.served[0].event("GatewayQuote", ID, QUOTE)
        await server.served[0].event("GatewayQuote", ID, PARTIAL_QUOTE)
        full, merged = await sink.count("quote", 2)
        await server.served[0].socket.close()
        await sink.count("connected", 2)
        await server.served[1].event("GatewayQuote", ID, PARTIAL_QUOTE)
        after = (await sink.count("quote", 3))[2]
    assert full == Quote(
        contract_id=ID, ts_ns=SECOND_NS + 100_000_000, last_ticks=99804, bid_ticks=99803,
        ask_ticks=99805, open_ticks=99558, high_ticks=99992, low_ticks=99400, volume=812345,
    )  # fmt: skip
    assert merged == Quote(
        contract_id=ID, ts_ns=SECOND_NS + 300_000_000, last_ticks=99804, bid_ticks=99804,
        ask_ticks=99805, open_ticks=99558, high_ticks=99992, low_ticks=99400, volume=812345,
    )  # fmt: skip
    assert after == Quote(contract_id=ID, ts_ns=SECOND_NS + 300_000_000, bid_ticks=99804)


@pytest.mark.parametrize("as_list", [True, False])
async def test_trades_become_columns(
    server: HubServer, sink: MarketNotes, hub: MarketHub, *, as_list: bool
) -> None:
    hub.subscribe(MNQ)
    async with running(hub.run(sink)):
        await sink.count("connected")
        await server.served[0].event(
            "GatewayTrade", ID, [MARKET_TRADE] if as_list else MARKET_TRADE
        )
        (columns,) = await sink.count("trades")
    assert columns == (ID, [SECOND_NS + 350_000_000], [99805], [3], [3])


async def test_trades_of_one_event_leave_in_order_of_time(
    server: HubServer, sink: MarketNotes, hub: MarketHub
) -> None:
    rows = [
        MARKET_TRADE
        | {"timestamp": f"2025-11-20T15:08:0{second}.1234567Z", "volume": n, "type": n % 2}
        for n, second in enumerate((4, 2, 2, 3), start=1)
    ]
    hub.subscribe(MNQ)
    async with running(hub.run(sink)):
        await sink.count("connected")
        await server.served[0].event("GatewayTrade", ID, rows)
        ((_, ts_ns, px_ticks, qty, buy_qty),) = await sink.count("trades")
    assert ts_ns == [SECOND_NS + s * 10**9 + 123_456_700 for s in (0, 0, 1, 2)]
    assert qty == [2, 3, 4, 1]
    assert buy_qty == [2, 0, 4, 0]
    assert px_ticks == [99805] * 4


async def test_depth_rows(server: HubServer, sink: MarketNotes, hub: MarketHub) -> None:
    hub.subscribe(MNQ, [DEPTH_CHANNEL])
    others = [DEPTH[1] | {"type": kind} for kind in (0, 5, 7, 8, 11, 99)]
    best = [DEPTH[1] | {"type": kind} for kind in (3, 4, 9, 10)]
    async with running(hub.run(sink)):
        await sink.count("connected")
        await server.served[0].event("GatewayDepth", ID, DEPTH + others)
        await server.served[0].event("GatewayDepth", ID, best)
        await server.served[0].event("GatewayDepth", ID, DEPTH[1] | {"volume": 0})
        first, second, third = await sink.count("depth", 3)
    at = SECOND_NS + 400_000_000
    assert first == (
        ID,
        [DepthRow(None, 0, 0, at), DepthRow(True, 99804, 14, at), DepthRow(False, 99805, 9, at)],
    )
    assert [row.is_bid for row in second[1]] == [False, True, True, False]
    assert third == (ID, [DepthRow(True, 99804, 0, at)])


async def test_a_snapshot_larger_than_a_megabyte_is_read(
    server: HubServer, sink: MarketNotes, hub: MarketHub
) -> None:
    hub.subscribe(MNQ, [DEPTH_CHANNEL])
    async with running(hub.run(sink)):
        await sink.count("connected")
        await server.served[0].event("GatewayDepth", ID, [DEPTH[1]] * 40_000)
        ((_, rows),) = await sink.count("depth")
    assert len(rows) == 40_000


async def test_a_refused_subscription_leaves_the_others_alone(
    server: HubServer, sink: MarketNotes, hub: MarketHub, expect_log: Callable[[str], None]
) -> None:
    expect_log("refused ContractMarketDepth of CON.F.US.MNQ.Z25.*not entitled")
    server.refusals["SubscribeContractMarketDepth"] = "not entitled"
    hub.subscribe(MNQ, [QUOTES, DEPTH_CHANNEL])
    async with running(hub.run(sink)):
        await sink.count("connected")
        hub.subscribe(ES, [QUOTES])
        await server.served[0].called("SubscribeContractQuotes")
        await server.served[0].event("GatewayQuote", ID, QUOTE)
        await sink.count("quote")
    depth_calls = [call for call in server.served[0].calls if "Depth" in call[0]]
    assert len(depth_calls) == 1


async def test_an_unreadable_event_is_logged_and_passed_over(
    server: HubServer, sink: MarketNotes, hub: MarketHub, expect_log: Callable[[str], None]
) -> None:
    expect_log("a GatewayTrade of the market hub cannot be read")
    expect_log("a GatewayQuote of the market hub cannot be read")
    hub.subscribe(MNQ)
    async with running(hub.run(sink)):
        await sink.count("connected")
        bad_time: dict[str, Any] = MARKET_TRADE | {"timestamp": "noon"}
        await server.served[0].event("GatewayTrade", ID, [bad_time])
        await server.served[0].event("GatewayQuote", ID, "high")
        await server.served[0].event("GatewayTrade", ID, [MARKET_TRADE])
        assert len(await sink.count("trades")) == 1
    assert sink.of("lost") == []


async def test_events_of_contracts_that_are_not_wanted_are_passed_over(
    server: HubServer, sink: MarketNotes, hub: MarketHub
) -> None:
    hub.subscribe(MNQ)
    async with running(hub.run(sink)):
        await sink.count("connected")
        await server.served[0].event("GatewayQuote", ES.contract_id, QUOTE)
        await server.served[0].event("GatewayTrade", ES.contract_id, [MARKET_TRADE])
        await server.served[0].event("GatewayDepth", ES.contract_id, DEPTH)
        await server.served[0].event("GatewayQuote", ID, QUOTE)
        await sink.count("quote")
    assert [note[0] for note in sink.notes] == ["connected", "quote"]
    assert sink.of("quote")[0].contract_id == ID
