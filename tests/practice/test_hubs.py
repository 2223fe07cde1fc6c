"""Hub connections: negotiation, handshake, framing, invocations, silence."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from tests.practice.clients import SEPARATOR, Hub, Rest, Trader
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from websockets.asyncio.client import ClientConnection

    from tradedesk.practice.server import Venue

HANDSHAKE = json.dumps({"protocol": "json", "version": 1}) + SEPARATOR


async def open_socket(url: str, token: str | None = None, **more: object) -> ClientConnection:
    address = url.replace("http", "ws", 1) + ("" if token is None else f"?access_token={token}")
    return await connect(address, proxy=None, ping_interval=None, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("hub", ["user_hub", "market_hub"])
@pytest.mark.parametrize("asked", [None, 0, 1])
async def test_negotiate_then_connect_with_the_id(
    venue: Venue, rest: Rest, hub: str, asked: int | None
) -> None:
    url = venue.description()[hub]
    query = {} if asked is None else {"negotiateVersion": asked}
    answer = (await rest.http.post(f"{url}/negotiate", params=query)).json()
    assert answer["negotiateVersion"] == (asked or 0)
    assert answer["availableTransports"] == [
        {"transport": "WebSockets", "transferFormats": ["Text", "Binary"]}
    ]
    assert ("connectionToken" in answer) == bool(asked)
    id_ = answer.get("connectionToken", answer["connectionId"])
    headers = {"Authorization": f"Bearer {rest.token}"}
    async with await open_socket(f"{url}?id={id_}", additional_headers=headers) as socket:
        await socket.send(HANDSHAKE)
        assert await socket.recv() == "{}" + SEPARATOR


@pytest.mark.parametrize("version", [0, 1, 2])
async def test_handshake_versions(venue: Venue, rest: Rest, version: int) -> None:
    async with Hub(venue.description()["user_hub"], rest.token, version=version) as hub:
        assert (await hub.invoke("SubscribeAccounts"))["result"] == 0


@pytest.mark.parametrize(
    "first", ['{"protocol":"messagepack","version":1}', '{"protocol":"json","version":9}', "[]"]
)
async def test_refused_handshake_says_why_and_closes(venue: Venue, rest: Rest, first: str) -> None:
    async with await open_socket(venue.description()["user_hub"], rest.token) as socket:
        await socket.send(first + SEPARATOR)
        record = await socket.recv()
        assert "error" in json.loads(str(record).removesuffix(SEPARATOR))
        with pytest.raises(ConnectionClosed):
            await socket.recv()


async def test_records_may_be_split_and_may_share_a_frame(trader: Trader) -> None:
    first = '{"type":1,"invocationId":"a","target":"SubscribeAccounts","arguments":[]}'
    second = '{"type":1,"invocationId":"b","target":"UnsubscribeAccounts","arguments":[]}'
    text = first + SEPARATOR + second + SEPARATOR
    for cut in (1, len(first), len(first) + 1, len(first) + 5):
        trader.user.records.clear()
        await trader.user.socket.send(text[:cut])
        await trader.user.socket.send(text[cut:])
        await trader.user.until(lambda: len(trader.user.records) == 2)
        assert trader.user.records == [
            {"type": 3, "invocationId": id_, "result": 0} for id_ in ("a", "b")
        ]


async def test_without_invocation_id_nothing_is_answered(trader: Trader) -> None:
    trader.user.records.clear()
    await trader.user.send(
        {"type": 1, "target": "SubscribeAccounts", "arguments": [], "headers": {}},
        {"type": 1, "target": "Heartbeat", "arguments": [{"timestamp": 1}]},
        {"type": 1, "target": "SubscribeOrders", "arguments": ["50012345"]},
        {"type": 6},
    )
    completion = await trader.user.invoke("SubscribeAccounts")
    assert trader.user.records == [completion]


@pytest.mark.parametrize(
    ("target", "values", "error"),
    [
        ("SubscribeContractDepth", ["x"], "Method does not exist"),
        ("SubscribeOrders", ["50012345"], "must be a number"),
        ("SubscribeOrders", [True], "must be a number"),
        ("SubscribeOrders", [], "expects 1"),
        ("SubscribeOrders", [1], "account 1 was not found"),
        ("SubscribeAccounts", [1], "expects 0"),
    ],
)
async def test_failed_invocations_complete_with_an_error(
    trader: Trader, target: str, values: list[object], error: str
) -> None:
    completion = await trader.user.invoke(target, *values)
    assert error in completion["error"]
    assert "result" not in completion


async def test_market_hub_refuses_what_it_does_not_know(trader: Trader) -> None:
    for values in ([], [1], ["CON.F.US.XYZ.Z26"], ["CON.F.US.MNQ.Z20"]):
        assert "error" in await trader.market.invoke("SubscribeContractQuotes", *values)
    assert "error" in await trader.market.invoke("SubscribeContractDepth", "x")


async def test_names_of_methods_mind_no_case(trader: Trader) -> None:
    contract = await trader.contract()
    for hub, method, value in (
        (trader.user, "subscribeORDERS", trader.account),
        (trader.market, "subscribecontracttrades", contract),
    ):
        assert (await hub.invoke(method, value)).get("result") == 0
    await trader.market.until(lambda: trader.market.events("GatewayTrade"))
    assert (await trader.market.invoke("UNSUBSCRIBEcontractTrades", contract)).get("result") == 0
    assert not trader.venue.world.market_hub.wanted(contract)
    refused = await trader.user.invoke("resubscribeOrders", trader.account)
    assert "Method does not exist" in refused["error"]


async def test_a_broken_record_ends_the_connection(trader: Trader) -> None:
    await trader.user.socket.send("{nonsense" + SEPARATOR)
    await trader.user.until_closed()
    closing = trader.user.records[-1]
    assert (closing["type"], closing["allowReconnect"]) == (7, True)


async def test_pings_after_silence_and_drops_the_silent(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue(ping_s=0.05, silence_s=0.4)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        async with Hub(venue.description()["user_hub"], rest.token) as hub:
            await hub.until(lambda: hub.records.count({"type": 6}) >= 3)
            await hub.until_closed()
        async with Hub(venue.description()["user_hub"], rest.token) as lively:
            await lively.until(lambda: len(lively.records) >= 3)
            await lively.send({"type": 6})
            heard = len(lively.records)
            await lively.until(lambda: len(lively.records) >= heard + 6)


async def test_no_handshake_in_time_is_a_goodbye(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue(handshake_s=0.1)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        async with await open_socket(venue.description()["user_hub"], rest.token) as socket:
            record = await asyncio.wait_for(socket.recv(), 5)
            assert record == '{"error":"Handshake was canceled."}' + SEPARATOR
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 5)


async def test_dropped_hubs_say_goodbye_and_forget(trader: Trader) -> None:
    await trader.rest.control("drop_hubs")
    for hub in (trader.user, trader.market):
        await hub.until_closed()
        assert hub.records[-1] == {
            "type": 7,
            "error": "Connection closed with an error.",
            "allowReconnect": True,
        }
    url = trader.venue.description()["user_hub"]
    async with Hub(url, trader.rest.token) as again:
        await trader.place(await trader.contract(), type=2, side=0)
        assert (await again.invoke("SubscribeOrders", trader.account))["result"] == 0
        assert again.events("GatewayUserOrder") == []
