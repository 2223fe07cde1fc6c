"""Records of the hubs: cut anywhere, large, binary, broken, of no known kind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.practice.clients import SEPARATOR, Hub, Rest, Trader
from tests.practice.test_hubs import HANDSHAKE, open_socket

from tradedesk.practice.hubs import framing
from tradedesk.practice.hubs.framing import FramingError, Splitter

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tradedesk.practice.server import Venue

MIB = 1024 * 1024
CALL = '{"type":1,"invocationId":"%s","target":"SubscribeAccounts","arguments":[]%s}' + SEPARATOR


@given(
    records=st.lists(st.binary(min_size=1, max_size=20), max_size=8),
    cuts=st.lists(st.integers(0, 200), max_size=40),
)
@settings(max_examples=300, derandomize=True, database=None)
def test_records_do_not_mind_where_frames_are_cut(records: list[bytes], cuts: list[int]) -> None:
    whole = [record.replace(b"\x1e", b"x") for record in records]
    stream = b"".join(record + b"\x1e" for record in whole)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    splitter = Splitter(1_024)
    heard = [
        record
        for start, end in zip(edges, [*edges[1:], len(stream)], strict=True)
        for record in splitter.feed(stream[start:end])
    ]
    assert heard == whole


def test_a_record_may_be_as_long_as_allowed_and_no_longer() -> None:
    assert Splitter(10).feed(b"0123456789\x1e") == [b"0123456789"]
    for frames in ([b"0123456789x\x1e"], [b"012345", b"6789x"]):
        splitter = Splitter(10)
        with pytest.raises(FramingError, match="maximum message size of 10B"):
            [splitter.feed(frame) for frame in frames]


def test_a_megabyte_one_byte_at_a_time_takes_no_square_of_time() -> None:
    splitter = Splitter(MIB)
    for _ in range(MIB):
        assert splitter.feed(b"x") == []
    assert splitter.feed(b"\x1e") == [b"x" * MIB]


async def test_a_call_cut_at_every_byte_is_one_call(trader: Trader) -> None:
    text = CALL % ("cut", "")
    trader.user.records.clear()
    for character in text:
        await trader.user.socket.send(character)
    await trader.user.until(lambda: trader.user.records)
    assert trader.user.records == [{"type": 3, "invocationId": "cut", "result": 0}]


async def test_text_in_binary_frames_is_read_and_answered_in_text(trader: Trader) -> None:
    trader.user.records.clear()
    raw = (CALL % ("binary", "")).encode()
    await trader.user.socket.send(raw[:30])
    await trader.user.socket.send(raw[30:])
    await trader.user.until(lambda: trader.user.records)
    assert trader.user.records == [{"type": 3, "invocationId": "binary", "result": 0}]


async def test_the_handshake_may_come_in_pieces_and_bring_calls_along(
    venue: Venue, rest: Rest
) -> None:
    async with await open_socket(venue.description()["user_hub"], rest.token) as socket:
        for piece in (HANDSHAKE[:5], HANDSHAKE[5:] + CALL % ("1", "")):
            await socket.send(piece)
        assert await socket.recv() == "{}" + SEPARATOR
        assert json.loads(str(await socket.recv()).rstrip(SEPARATOR))["result"] == 0


async def test_records_of_a_megabyte_and_more(trader: Trader) -> None:
    """Cut into frames below the largest one that the venue takes."""
    padding = ',"headers":{"x":"' + "y" * (2 * MIB) + '"}'
    text = CALL % ("long", padding)
    trader.user.records.clear()
    for start in range(0, len(text), MIB // 2):
        await trader.user.socket.send(text[start : start + MIB // 2])
    await trader.user.until(lambda: trader.user.records)
    assert trader.user.records == [{"type": 3, "invocationId": "long", "result": 0}]


async def test_an_endless_record_ends_the_connection(
    start_venue: Callable[..., Awaitable[Venue]],
) -> None:
    venue = await start_venue(most_record_bytes=2_048)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        async with Hub(venue.description()["user_hub"], rest.token) as hub:
            await hub.socket.send("x" * 1_500)
            await hub.socket.send("x" * 1_500)
            await hub.until_closed()
            assert "maximum message size of 2048B" in hub.records[-1]["error"]


@pytest.mark.parametrize(
    "record",
    [
        {"type": 2, "invocationId": "1", "item": 1},
        {"type": 4, "invocationId": "1", "target": "SubscribeAccounts", "arguments": []},
        {"type": 5, "invocationId": "1"},
        {"type": 3, "invocationId": "1", "result": None},
        {"type": 6},
        {"type": 6, "more": {"deep": [1, 2]}},
        {"type": 99},
        {},
        {"type": 1, "target": "Heartbeat", "arguments": [{"timestamp": 1}], "headers": None},
        {"type": 1, "target": "SubscribeOrders", "arguments": [10**30]},
        {"type": 1, "target": "\U0001f4c8" * 1_000, "arguments": [None, True, 1.5, "x", [], {}]},
    ],
)
async def test_what_is_not_served_is_passed_over(trader: Trader, record: dict[str, Any]) -> None:
    for hub, probe in ((trader.user, "UnsubscribeAccounts"), (trader.market, "Unsubscribe?")):
        hub.records.clear()
        await hub.send(record)
        completion = await hub.invoke(probe)
        assert [one for one in hub.records if one != {"type": 6}] == [completion]


@pytest.mark.parametrize(
    "raw",
    [
        b"\x1e",
        b"null\x1e",
        b"[]\x1e",
        b"{\x1e",
        b'{"type":"1"}\x1e',
        b'{"type":1,"target":5}\x1e',
        b'{"type":1,"invocationId":7,"target":"x","arguments":[]}\x1e',
        b'{"type":1,"target":"x","arguments":{}}\x1e',
        b'{"type":1,"target":"x","arguments":"\\ud800"}\x1e',
        b'{"type":1,"target":"\\ud800","arguments":[]}\x1e',
        b'{"type":1,"target":"\xff","arguments":[]}\x1e',
        b'{"type":1,"target":"x","arguments":' + b"[" * 50_000 + b"]" * 50_000 + b"}\x1e",
        b"\xff\xfe\x00\x1e",
        b'{"type":7}\x1e',
    ],
)
async def test_broken_records_end_the_connection_and_nothing_else(
    venue: Venue, rest: Rest, trader: Trader, raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with await open_socket(venue.description()["user_hub"], rest.token) as socket:
        await socket.send(HANDSHAKE)
        assert await socket.recv() == "{}" + SEPARATOR
        await socket.send(raw)
        if raw == b"\x1e":
            return
        said = "".join([str(frame) async for frame in socket])
        if raw != b'{"type":7}\x1e':
            assert json.loads(said.rstrip(SEPARATOR))["type"] == 7
    assert (await trader.user.invoke("SubscribeAccounts"))["result"] == 0
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    "first",
    [
        b"\xff\x1e",
        b"null\x1e",
        b'{"protocol":"json"}\x1e',
        b"[" * 50_000 + b"\x1e",
        b'"\\ud800"\x1e',
    ],
)
async def test_broken_handshakes_are_refused(
    venue: Venue, rest: Rest, first: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with await open_socket(venue.description()["market_hub"], rest.token) as socket:
        await socket.send(first)
        frames = [str(frame) async for frame in socket]
    assert json.loads(frames[0].rstrip(SEPARATOR)) == {
        "error": "An unexpected error occurred during connection handshake."
    }
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_frames_of_more_than_a_megabyte_reach_the_client(trader: Trader) -> None:
    (connection,) = trader.venue.world.user_hub.connections
    for letter in "ab":
        connection.send(framing.event("GatewayUserAccount", letter * 2 * MIB))
    await trader.user.until(lambda: len(trader.user.events("GatewayUserAccount")) == 2)
    assert trader.user.events("GatewayUserAccount") == [["a" * 2 * MIB], ["b" * 2 * MIB]]
