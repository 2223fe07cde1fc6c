"""The user hub against a hub of the tests' own: order, generations, losses, coming back."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest
from tests.gateway.hub_fixtures import MNQ, QUICK, Tokens, link_to, running
from tests.gateway.hub_server import HubServer
from tests.gateway.samples import ACCOUNT, ORDER, POSITION, TRADE
from tests.gateway.sinks import UserNotes

from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.errors import AuthError, GatewayError
from tradedesk.domain.ids import AccountId
from tradedesk.domain.order import OrderStatus
from tradedesk.gateway.signalr.timing import HubTiming
from tradedesk.gateway.signalr.user_hub import UserHub

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tradedesk.domain.instrument import Instrument

IDS = [AccountId(50012345), AccountId(50012346)]


@pytest.fixture
async def server() -> AsyncIterator[HubServer]:
    async with HubServer() as server:
        yield server


@pytest.fixture
def sink() -> UserNotes:
    return UserNotes()


async def lookup(contract_id: str) -> Instrument:
    assert contract_id == MNQ.contract_id
    return MNQ


def user_hub(server: HubServer, **options: Any) -> UserHub:
    return UserHub(link_to(server, **options), lookup)


async def test_subscribes_to_everything_before_it_says_connected(
    server: HubServer, sink: UserNotes
) -> None:
    async with running(user_hub(server).run(IDS, sink)):
        assert await sink.count("connected") == [1]
        assert server.served[0].targets() == [
            ("SubscribeAccounts", None),
            *(("SubscribeOrders", account_id) for account_id in IDS),
            *(("SubscribePositions", account_id) for account_id in IDS),
            *(("SubscribeTrades", account_id) for account_id in IDS),
        ]


async def test_events_become_domain_values_wrapped_or_bare(
    server: HubServer, sink: UserNotes
) -> None:
    async with running(user_hub(server).run(IDS, sink)):
        await sink.count("connected")
        served = server.served[0]
        before_ns = SystemClock().mono_ns()
        for wrap in (lambda row: {"action": 1, "data": row}, lambda row: row):
            await served.event("GatewayUserOrder", wrap(ORDER))
            await served.event("GatewayUserTrade", wrap(TRADE))
            await served.event("GatewayUserPosition", wrap(POSITION))
            await served.event("GatewayUserAccount", wrap(ACCOUNT))
        await sink.count("account", 2)
    assert [order.limit_ticks for order in sink.of("order")] == [99801, 99801]
    assert [order.status for order in sink.of("order")] == [OrderStatus.FILLED] * 2
    assert [fill.price_ticks for fill in sink.of("fill")] == [99801, 99801]
    assert [position.net_size for position in sink.of("position")] == [2, 2]
    assert [account.account_id for account in sink.of("account")] == [50012345] * 2
    stamps = [note[2] for note in sink.notes if len(note) == 3]
    assert stamps == sorted(stamps)
    assert before_ns < stamps[0] <= stamps[-1] <= sink.heard


async def test_a_slow_lookup_keeps_the_order_of_events(server: HubServer, sink: UserNotes) -> None:
    gate = asyncio.Event()

    async def slow(contract_id: str) -> Instrument:
        await gate.wait()
        return MNQ

    async with running(UserHub(link_to(server), slow).run(IDS, sink)):
        await sink.count("connected")
        served = server.served[0]
        await served.event("GatewayUserOrder", {"action": 1, "data": ORDER})
        await served.event("GatewayUserPosition", {"action": 1, "data": POSITION})
        await served.event("GatewayUserOrder", {"action": 1, "data": ORDER | {"id": 7}})
        heard = sink.heard
        await sink_heard_after(served, sink, heard)
        assert not sink.of("position")
        gate.set()
        await sink.count("order", 2)
    kinds = [note[0] for note in sink.notes]
    assert kinds[:4] == ["connected", "order", "position", "order"]


async def sink_heard_after(served: Any, sink: UserNotes, before: int) -> None:
    """Wait until the client has read everything sent so far: records are read in order."""
    await served.send({"type": 6})
    await sink.until(lambda: sink.heard != before)


async def test_events_during_subscription_are_told_after_connected(
    server: HubServer, sink: UserNotes
) -> None:
    server.handshake = (
        '{}\x1e{"type":1,"target":"GatewayUserAccount","arguments":[{"action":1,"data":'
        '{"id":1,"name":"n","balance":1.5,"canTrade":true,"isVisible":true}}]}\x1e'
    )
    async with running(user_hub(server).run(IDS, sink)):
        await sink.count("account")
    assert [note[0] for note in sink.notes][:2] == ["connected", "account"]


async def test_a_dropped_connection_comes_back_as_a_new_generation(
    server: HubServer, sink: UserNotes
) -> None:
    async with running(user_hub(server).run(IDS, sink)):
        await sink.count("connected")
        await server.served[0].socket.close(1011)
        assert await sink.count("connected", 2) == [1, 2]
        assert [note[0] for note in sink.notes] == ["connected", "lost", "connected"]
        generation, reason = sink.of("lost")[0]
        assert generation == 1
        assert "1011" in reason
        await server.served[1].event("GatewayUserOrder", ORDER)
        await sink.count("order")
        assert len(server.served[1].calls) == 7


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (
            {"type": 7, "error": "Connection closed with an error.", "allowReconnect": True},
            "closed",
        ),
        ({"type": 7}, "no reason given"),
        ({"type": 1, "target": "GatewayLogout", "arguments": ["Other session"]}, "Other session"),
        (
            {"type": 1, "target": "GatewayUserOrder", "arguments": [{"data": {"id": 1}}]},
            "cannot be",
        ),
        ({"type": 1, "target": "GatewayUserOrder", "arguments": []}, "cannot be read"),
    ],
)
async def test_records_that_end_a_connection(
    server: HubServer, sink: UserNotes, record: dict[str, Any], said: str
) -> None:
    async with running(user_hub(server).run(IDS, sink)):
        await sink.count("connected")
        await server.served[0].send(record)
        assert await sink.count("connected", 2) == [1, 2]
    assert said in sink.of("lost")[0][1]


async def test_bytes_that_are_no_records_end_a_connection(
    server: HubServer, sink: UserNotes
) -> None:
    async with running(user_hub(server).run(IDS, sink)):
        await sink.count("connected")
        await server.served[0].socket.send("welcome\x1e")
        await sink.count("connected", 2)
    assert "unreadable" in sink.of("lost")[0][1]


async def test_a_silent_hub_is_given_up(server: HubServer, sink: UserNotes) -> None:
    timing = HubTiming(ping_s=0.02, silence_s=0.12, back_off_s=(0.0,), call_s=0.3)
    async with running(user_hub(server, timing=timing).run(IDS, sink)):
        await sink.count("connected", 2)
    assert "silent" in sink.of("lost")[0][1]
    assert server.served[0].pings >= 2


async def test_pings_of_the_hub_keep_it_alive(server: HubServer, sink: UserNotes) -> None:
    timing = HubTiming(ping_s=0.02, silence_s=0.6, back_off_s=(0.0,), call_s=0.3)
    async with running(user_hub(server, timing=timing).run(IDS, sink)):
        await sink.count("connected")
        served = server.served[0]
        for _ in range(45):
            await served.send({"type": 6})
            await asyncio.sleep(0.02)
        await sink_heard_after(served, sink, sink.heard)
    assert sink.of("lost") == []


async def test_a_subscription_that_is_refused_or_not_answered_is_no_connection(
    server: HubServer, sink: UserNotes
) -> None:
    server.refusals["SubscribeTrades"] = "no such account"
    async with running(user_hub(server).run(IDS, sink)):
        await sink.count("lost")
        server.refusals.clear()
        server.mute.add("SubscribeOrders")
        await sink.until(lambda: any("SubscribeOrders" in text for _, text in sink.of("lost")))
        assert sink.of("connected") == []
        server.mute.clear()
        await sink.count("connected")
    assert "no such account" in sink.of("lost")[0][1]


@pytest.mark.parametrize(
    "handshake", ['{"error":"Requested protocol is not available."}\x1e', '{"type":7}\x1e', ""]
)
async def test_a_refused_handshake(server: HubServer, sink: UserNotes, handshake: str) -> None:
    server.handshake = handshake
    async with running(user_hub(server).run(IDS, sink)):
        await sink.count("lost", 2)
        server.handshake = "{}\x1e"
        await sink.count("connected")


async def test_the_header_is_tried_first_and_the_query_where_it_is_not_read(
    server: HubServer, sink: UserNotes
) -> None:
    server.accepts = {"query"}
    tokens = Tokens()
    async with running(user_hub(server, tokens=tokens).run(IDS, sink)):
        await sink.count("connected")
        await server.served[0].socket.close()
        await sink.count("connected", 2)
    assert server.upgrades == [("token-1", ""), ("", "token-1"), ("", "token-1")]
    assert tokens.doubted == []


async def test_a_refused_token_is_doubted_and_the_next_one_fetched(
    server: HubServer, sink: UserNotes
) -> None:
    tokens = Tokens()
    async with running(user_hub(server, tokens=tokens).run(IDS, sink)):
        await sink.count("connected")
        server.good_tokens = {"token-2"}
        await server.served[0].socket.close()
        await sink.count("connected", 2)
    assert tokens.doubted == ["token-1"]
    assert server.upgrades == [("token-1", ""), ("token-1", ""), ("token-2", "")]
    assert len(sink.of("lost")) == 1


async def test_a_hub_that_takes_no_token_is_asked_with_patience(
    server: HubServer, sink: UserNotes
) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    server.accepts = set()
    timing = HubTiming(back_off_s=(0.0,), patient_s=5.0)
    hub = user_hub(server, timing=timing, sleep=sleep, jitter=lambda: 0.0)
    async with running(hub.run(IDS, sink)):
        await sink.count("lost", 3)
    assert set(pauses) == {3.75}
    assert "HTTP 401" in sink.of("lost")[0][1]


LOGOUT = {"type": 1, "target": "GatewayLogout", "arguments": [{"reason": "Elsewhere"}]}


@pytest.mark.parametrize("record", [LOGOUT, {"type": 7, "allowReconnect": False}])
async def test_two_sessions_that_put_each_other_out_meet_more_and_more_rarely(
    server: HubServer, sink: UserNotes, record: dict[str, Any]
) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    timing = HubTiming(back_off_s=(0.0,), patient_s=5.0, put_out_most_s=30.0)
    hub = user_hub(server, timing=timing, sleep=sleep, jitter=lambda: 0.5)
    async with running(hub.run(IDS, sink)):
        for times in range(1, 6):
            await sink.count("connected", times)
            await server.served[-1].send(record)
        await sink.count("connected", 6)
        await server.served[-1].socket.close()  # an ordinary loss is not held against the venue
        await sink.count("connected", 7)
    assert pauses == [5.0, 10.0, 20.0, 30.0, 30.0, 0.0]


async def test_a_quarrel_is_forgotten_when_a_connection_was_left_in_peace(
    server: HubServer, sink: UserNotes
) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    timing = HubTiming(back_off_s=(0.0,), patient_s=5.0, peace_s=0.0)
    hub = user_hub(server, timing=timing, sleep=sleep, jitter=lambda: 0.5)
    async with running(hub.run(IDS, sink)):
        for times in (1, 2, 3):
            await sink.count("connected", times)
            await server.served[-1].send(LOGOUT)
        await sink.count("connected", 4)
    assert pauses == [5.0, 5.0, 5.0]


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ({"reason": "Other", "message": "Another session began."}, "Another session began."),
        ({"reason": "Other session"}, "Other session"),
        ("Other session", "Other session"),
        ({"code": 7}, '[{"code": 7}]'),
        (None, "[null]"),
    ],
)
async def test_the_words_of_a_logout_are_told(
    server: HubServer, sink: UserNotes, payload: object, said: str
) -> None:
    async with running(user_hub(server).run(IDS, sink)):
        await sink.count("connected")
        await server.served[0].event("GatewayLogout", payload)
        await sink.count("lost")
    assert sink.of("lost")[0][1].endswith(f"uses the same login. It says: {said}")


async def test_a_redirect_is_not_followed(server: HubServer, sink: UserNotes) -> None:
    async with HubServer() as elsewhere:
        server.redirect_to = elsewhere.url.replace("http", "ws")
        async with running(user_hub(server).run(IDS, sink)):
            await sink.count("lost", 3)
        assert elsewhere.upgrades == []
    assert "302" in sink.of("lost")[0][1]


async def test_no_sign_in_yet_is_waited_for(server: HubServer, sink: UserNotes) -> None:
    class NotYet:
        ready = False

        async def usable(self) -> str:
            if not self.ready:
                raise AuthError("Not signed in yet.")
            return "t"

        def doubt(self, token: str) -> None:
            raise AssertionError(token)

    tokens: Any = NotYet()
    async with running(user_hub(server, tokens=tokens).run(IDS, sink)):
        await sink.count("lost", 2)
        tokens.ready = True
        await sink.count("connected")
    assert sink.of("lost")[0][1] == "Not signed in yet."


async def test_a_hub_that_is_not_there(sink: UserNotes) -> None:
    async with HubServer() as server:
        pass
    async with running(user_hub(server).run(IDS, sink)):
        await sink.count("lost", 2)
    assert "No connection" in sink.of("lost")[0][1]


async def test_pauses_grow_and_are_spread(sink: UserNotes) -> None:
    async with HubServer() as server:
        pass
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    timing = HubTiming(back_off_s=(0.0, 1.0, 4.0))
    hub = user_hub(server, timing=timing, sleep=sleep, jitter=lambda: 1.0)
    async with running(hub.run(IDS, sink)):
        await sink.count("lost", 5)
    assert pauses[:4] == [0.0, 1.25, 5.0, 5.0]


async def test_an_unknown_contract_is_a_loss_not_a_silence(
    server: HubServer, sink: UserNotes
) -> None:
    async def broken(contract_id: str) -> Instrument:
        raise GatewayError("HTTP 503")

    async with running(UserHub(link_to(server), broken).run(IDS, sink)):
        await sink.count("connected")
        await server.served[0].event("GatewayUserOrder", ORDER)
        await sink.count("connected", 2)
    assert "HTTP 503" in sink.of("lost")[0][1]
    assert sink.of("order") == []


async def test_unknown_events_and_completions_are_passed_over(
    server: HubServer, sink: UserNotes
) -> None:
    async with running(user_hub(server).run(IDS, sink)):
        await sink.count("connected")
        served = server.served[0]
        await served.event("GatewayNews", {"text": "hello"})
        await served.send({"type": 3, "invocationId": "999", "result": 1}, {"type": 2})
        await served.event("GatewayUserOrder", ORDER)
        await sink.count("order")
    assert sink.of("lost") == []


def _module(task: asyncio.Task[Any]) -> str:
    """Where the coroutine of a task was written."""
    frame = getattr(task.get_coro(), "cr_frame", None)
    return "" if frame is None else str(frame.f_globals["__name__"])


async def test_cancelling_says_goodbye_and_leaves_nothing(
    server: HubServer, sink: UserNotes
) -> None:
    async with running(user_hub(server).run(IDS, sink)):
        await sink.count("connected")
        served = server.served[0]
    await asyncio.wait_for(served.socket.wait_closed(), 5)
    assert served.socket.close_code == 1000
    assert not [task for task in asyncio.all_tasks() if _module(task).startswith("tradedesk.")]


async def test_a_failing_sink_is_not_hidden(server: HubServer) -> None:
    class Broken(UserNotes):
        def on_order(self, order: Any, mono_ns: int) -> None:
            raise ZeroDivisionError

    sink = Broken()
    task = asyncio.create_task(user_hub(server).run(IDS, sink))
    await sink.count("connected")
    await server.served[0].event("GatewayUserOrder", ORDER)
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(task, 5)


@pytest.mark.parametrize("accepts", [{"header"}, {"query"}])
async def test_the_token_is_in_no_log_line(
    server: HubServer, sink: UserNotes, caplog: pytest.LogCaptureFixture, accepts: set[str]
) -> None:
    server.accepts = accepts
    # The server of the test writes its own requests down; only the client is looked at.
    logging.getLogger("websockets.server").setLevel(logging.WARNING)
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    async with running(user_hub(server, timing=QUICK).run(IDS, sink)):
        await sink.count("connected")
        server.good_tokens = set()
        await server.served[0].socket.close()
        await sink.count("lost", 2)
    assert "token-" not in caplog.text
    assert all("token-" not in reason for _, reason in sink.of("lost"))
