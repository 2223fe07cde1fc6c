"""Orders on the wire: what is sent, and what each answer is taken to mean."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.gateway.conftest import config_for
from tests.gateway.rest_server import HANG_UP, PING, Answer, ok, refused
from tests.gateway.samples import ORDER

from tradedesk.domain.errors import (
    GatewayError,
    NotSentError,
    OutcomeUnknownError,
    VenueRefusedError,
)
from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.price import TickSize
from tradedesk.domain.urgency import on_the_way_out
from tradedesk.gateway.order_side import build_order_side

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gateway.clocks import FakeClock
    from tests.gateway.rest_server import RestServer

    from tradedesk.gateway.rest.gateway import ProjectXGateway

PLACE = "/api/Order/place"
MODIFY = "/api/Order/modify"
CANCEL = "/api/Order/cancel"
CLOSE = "/api/Position/closeContract"
PARTIAL = "/api/Position/partialCloseContract"
ACCOUNT = AccountId(50012345)
MNQ = Instrument(
    ContractId("CON.F.US.MNQ.Z25"),
    "MNQZ5",
    "",
    TickSize(Decimal("0.25")),
    Decimal("0.5"),
    "F.US.MNQ",
)
YEN = Instrument(
    ContractId("CON.F.US.JY6.Z25"), "6JZ5", "", TickSize(Decimal("0.0000005")), Decimal("6.25"), ""
)


async def place(gateway: ProjectXGateway, **changes: Any) -> OrderId:
    order: dict[str, Any] = {
        "account_id": ACCOUNT,
        "instrument": MNQ,
        "side": Side.BUY,
        "type": OrderType.LIMIT,
        "size": 2,
        "limit_ticks": 99801,
        "stop_ticks": None,
        "stop_loss_ticks": None,
        "take_profit_ticks": None,
        "tag": Tag("dt-7f3a"),
        "on_written": lambda: None,
    }
    return await gateway.place(**(order | changes))


def working(type: OrderType = OrderType.STOP) -> Order:
    return Order(OrderId(9100271), ACCOUNT, MNQ.contract_id, Side.SELL, type, 2, OrderStatus.OPEN)


async def mutate(
    gateway: ProjectXGateway, path: str, on_written: Callable[[], None] = lambda: None
) -> object:
    """One call of each kind."""
    if path == PLACE:
        return await place(gateway, on_written=on_written)
    if path == MODIFY:
        await gateway.modify(
            account_id=ACCOUNT, order=working(), instrument=MNQ, size=None, limit_ticks=None,
            stop_ticks=99700, on_written=on_written,
        )  # fmt: skip
    elif path == CANCEL:
        await gateway.cancel(account_id=ACCOUNT, order_id=OrderId(9100271), on_written=on_written)
    else:
        size = 1 if path == PARTIAL else None
        await gateway.close_contract(
            account_id=ACCOUNT, contract_id=MNQ.contract_id, size=size, on_written=on_written
        )
    return None


@pytest.mark.parametrize("path", [PLACE, MODIFY, CANCEL, CLOSE, PARTIAL])
async def test_the_last_byte_of_every_mutation_is_told_once(
    path: str, server: RestServer, gateway: ProjectXGateway
) -> None:
    server.on(path, ok(orderId=9100271))
    written: list[int] = []
    await mutate(gateway, path, lambda: written.append(len(server.asked_at(path))))
    assert len(written) == 1


async def test_a_bracket_order_on_the_wire(server: RestServer, gateway: ProjectXGateway) -> None:
    server.on(PLACE, ok(orderId=9100271))
    written: list[int] = []
    order_id = await place(
        gateway, stop_loss_ticks=40, take_profit_ticks=80, on_written=lambda: written.append(1)
    )
    assert order_id == 9100271
    assert written == [1]
    (asked,) = server.asked_at(PLACE)
    assert asked.token == "token-1"
    assert asked.json == {
        "accountId": 50012345,
        "contractId": "CON.F.US.MNQ.Z25",
        "type": 1,
        "side": 0,
        "size": 2,
        "limitPrice": 24950.25,
        "customTag": "dt-7f3a",
        "stopLossBracket": {"ticks": -40, "type": 4},
        "takeProfitBracket": {"ticks": 80, "type": 1},
    }


async def test_bracket_signs_of_a_short(server: RestServer, gateway: ProjectXGateway) -> None:
    server.on(PLACE, ok(orderId=1))
    await place(gateway, side=Side.SELL, stop_loss_ticks=40, take_profit_ticks=80)
    body = server.asked_at(PLACE)[0].json
    assert body["stopLossBracket"]["ticks"] == 40
    assert body["takeProfitBracket"]["ticks"] == -80


@pytest.mark.parametrize(
    ("order_type", "prices"),
    [
        (OrderType.MARKET, {}),
        (OrderType.STOP, {"stopPrice": 24900.0}),
        (OrderType.STOP_LIMIT, {"limitPrice": 24950.25, "stopPrice": 24900.0}),
        (OrderType.TRAILING_STOP, {"trailPrice": 24900.0}),
    ],
)
async def test_prices_by_type(
    server: RestServer, gateway: ProjectXGateway, order_type: OrderType, prices: dict[str, float]
) -> None:
    server.on(PLACE, ok(orderId=1))
    await place(
        gateway,
        type=order_type,
        limit_ticks=99801 if "limitPrice" in prices else None,
        stop_ticks=None if order_type is OrderType.MARKET else 99600,
    )
    body = server.asked_at(PLACE)[0].json
    assert {name: value for name, value in body.items() if name.endswith("Price")} == prices


async def test_small_ticks_have_no_float_noise(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    server.on(PLACE, ok(orderId=1))
    await place(gateway, instrument=YEN, limit_ticks=13217)
    assert server.asked_at(PLACE)[0].json["limitPrice"] == 0.0066085


@pytest.mark.parametrize("order_id", [9100271, "9100271"])
async def test_order_ids_come_as_number_or_text(
    server: RestServer, gateway: ProjectXGateway, order_id: int | str
) -> None:
    server.on(PLACE, ok(orderId=order_id))
    assert await place(gateway) == 9100271


async def test_modify_leaves_out_what_stays(server: RestServer, gateway: ProjectXGateway) -> None:
    server.on(MODIFY, ok())
    await mutate(gateway, MODIFY)
    assert server.asked_at(MODIFY)[0].json == {
        "accountId": 50012345,
        "orderId": 9100271,
        "stopPrice": 24925.0,
    }


async def test_a_modify_that_changes_nothing_is_not_sent(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    with pytest.raises(NotSentError, match="changes nothing"):
        await gateway.modify(
            account_id=ACCOUNT, order=working(), instrument=MNQ, size=None, limit_ticks=None,
            stop_ticks=None,
        )  # fmt: skip
    assert not server.asked_at(MODIFY)


async def test_closing_all_or_part(server: RestServer, gateway: ProjectXGateway) -> None:
    server.on(CLOSE, ok())
    server.on(PARTIAL, ok())
    await mutate(gateway, CLOSE)
    await mutate(gateway, PARTIAL)
    position = {"accountId": 50012345, "contractId": "CON.F.US.MNQ.Z25"}
    assert server.asked_at(CLOSE)[0].json == position
    assert server.asked_at(PARTIAL)[0].json == position | {"size": 1}


DEFINITE = {
    PLACE: {1, 2, 3, 4, 5, 8, 9, 10},
    MODIFY: {1, 2, 3, 6, 7},
    CANCEL: {1, 2, 3, 6},
    CLOSE: {1, 2, 3, 4, 5, 8},
    PARTIAL: {1, 2, 3, 4, 5, 6, 9},
}


@pytest.mark.parametrize("path", DEFINITE)
@pytest.mark.parametrize("code", range(1, 13))
async def test_each_code_is_refused_or_unknown(
    server: RestServer, gateway: ProjectXGateway, path: str, code: int
) -> None:
    server.on(path, refused(code, "Because of this."))
    definite = code in DEFINITE[path]
    with pytest.raises(VenueRefusedError if definite else OutcomeUnknownError) as caught:
        await mutate(gateway, path)
    assert "Because of this." in str(caught.value)
    if isinstance(caught.value, VenueRefusedError):
        assert (caught.value.endpoint, caught.value.code) == (path, code)
    assert len(server.asked_at(path)) == 1


async def test_a_refusal_can_carry_the_id_of_a_rejected_row(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    text = "Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets."
    server.on(PLACE, refused(2, text, orderId=9100300))
    with pytest.raises(VenueRefusedError, match="Auto OCO") as caught:
        await place(gateway)
    assert caught.value.order_id == 9100300


@pytest.mark.parametrize(
    "text", ["Specified custom tag is already in use", "customTag must be unique"]
)
async def test_a_taken_tag_means_that_an_earlier_copy_arrived(
    server: RestServer, gateway: ProjectXGateway, text: str
) -> None:
    server.on(PLACE, refused(2, text))
    with pytest.raises(OutcomeUnknownError, match=r"(?i)tag"):
        await place(gateway)


PROBLEM = {
    "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
    "title": "One or more validation errors occurred.",
    "status": 400,
    "errors": {"$.type": ["The JSON value could not be converted."]},
    "traceId": "00-0f-00",
}


@pytest.mark.parametrize("path", DEFINITE)
async def test_a_malformed_request_was_not_carried_out(
    server: RestServer, gateway: ProjectXGateway, path: str
) -> None:
    server.on(path, Answer(PROBLEM, 400))
    with pytest.raises(VenueRefusedError, match="could not be converted") as caught:
        await mutate(gateway, path)
    assert caught.value.code == 400


UNKNOWN = {
    "400 of a proxy": Answer(b"<html>Bad Request</html>", 400),
    "401": Answer(b"", 401),
    "403": Answer({}, 403),
    "404": Answer({}, 404),
    "408": Answer({}, 408),
    "429": Answer(b"", 429),
    "301": Answer(b"", 301, {"Location": "/elsewhere"}),
    "307": Answer(b"", 307, {"Location": "/elsewhere"}),
    "500": Answer({}, 500),
    "502": Answer(b"<html>busy</html>", 502),
    "503": Answer({}, 503),
    "504": Answer({}, 504),
    "204": Answer(b"", 204),
    "HTML": Answer(b"<html>welcome</html>"),
    "cut JSON": Answer(b'{"orderId":91,"success":tr'),
    "empty": Answer(b""),
    "list": Answer([]),
    "null": Answer(b"null"),
    "no success member": Answer({"orderId": 91}),
    "success with a code": Answer({"orderId": 91, "success": True, "errorCode": 7}),
    "no answer": HANG_UP,
}


@pytest.mark.parametrize("path", DEFINITE)
@pytest.mark.parametrize("answer", UNKNOWN.values(), ids=UNKNOWN.keys())
async def test_everything_else_is_unknown_and_sent_once(
    server: RestServer, gateway: ProjectXGateway, path: str, answer: Answer
) -> None:
    server.on(path, answer)
    server.on("/elsewhere", ok(orderId=1))
    with pytest.raises(OutcomeUnknownError):
        await mutate(gateway, path)
    assert len(server.asked_at(path)) == 1
    assert not server.asked_at("/elsewhere")


@pytest.mark.parametrize("order_id", [None, 0, -1, "", "x"])
async def test_success_without_an_order_id_is_unknown(
    server: RestServer, gateway: ProjectXGateway, order_id: object
) -> None:
    server.on(PLACE, ok(orderId=order_id))
    with pytest.raises(OutcomeUnknownError, match="without an order id"):
        await place(gateway)


async def test_a_401_makes_the_next_question_sign_in_again_but_not_the_order(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    server.on("/api/Auth/loginKey", ok(token="token-2"))
    server.on(PLACE, Answer(b"", 401))
    with pytest.raises(OutcomeUnknownError, match="sign-in"):
        await place(gateway)
    assert len(server.asked_at("/api/Auth/loginKey")) == 1
    await gateway.accounts()
    assert server.asked_at("/api/Account/search")[-1].token == "token-2"
    assert len(server.asked_at(PLACE)) == 1


async def test_a_429_closes_entries_but_not_exits(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    server.on(PLACE, Answer(b"", 429, {"Retry-After": "20"}), ok(orderId=5))
    server.on(CANCEL, ok())
    with pytest.raises(OutcomeUnknownError, match="429"):
        await place(gateway)
    clock.advance(19)
    with pytest.raises(NotSentError, match="1 s"):
        await place(gateway)
    await mutate(gateway, CANCEL)
    clock.advance(1)
    assert await place(gateway) == 5


async def test_entries_never_queue_and_all_of_them_can_be_cancelled_at_once(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    """What is let through can be got out of in the same minute, and nothing waits meanwhile."""
    server.on(PLACE, ok(orderId=1))
    server.on(CANCEL, ok())
    for _ in range(50):
        await place(gateway)
    with pytest.raises(NotSentError, match="50 orders and positions may be open"):
        await place(gateway)
    for _ in range(10):
        await place(gateway, type=OrderType.STOP, limit_ticks=None, stop_ticks=99600)
    with pytest.raises(NotSentError, match="60 orders"):
        await place(gateway, type=OrderType.STOP, limit_ticks=None, stop_ticks=99600)
    for _ in range(60):
        await mutate(gateway, CANCEL)
    await look_on_the_way_out(server, gateway)
    assert clock.slept == []
    assert len(server.asked_at(PLACE)) == 60
    assert len(server.asked_at(CANCEL)) == 60


async def look_on_the_way_out(server: RestServer, gateway: ProjectXGateway) -> None:
    """One question of a flatten; the venue has nothing open."""
    server.on("/api/Order/v2/query", ok(orders=[], totalCount=0))

    async def ask() -> None:
        on_the_way_out()
        await gateway.working_orders(ACCOUNT)

    await asyncio.create_task(ask())


async def test_entries_are_refused_at_once_when_the_minute_is_used_up_and_exits_still_go(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    server.on(PLACE, ok(orderId=1))
    server.on(CANCEL, ok())
    server.on(CLOSE, ok())
    for orders in (*[10] * 13, 6):  # with the log-in and the looks: 151 calls
        for _ in range(orders):
            await place(gateway)
        await look_on_the_way_out(server, gateway)
    with pytest.raises(NotSentError, match="exits still go"):
        await place(gateway)
    for _ in range(13):  # more would leave too little room to cancel them
        await place(gateway, type=OrderType.STOP, limit_ticks=None, stop_ticks=99600)
    with pytest.raises(NotSentError, match="exits still go"):
        await place(gateway, type=OrderType.STOP, limit_ticks=None, stop_ticks=99600)
    for _ in range(21):
        await mutate(gateway, CANCEL)
    for _ in range(5):  # closes may have the very last calls
        await mutate(gateway, CLOSE)
    assert clock.slept == []
    assert len(server.asked_at(CANCEL)) + len(server.asked_at(CLOSE)) == 26


async def test_an_exit_waits_for_its_turn_while_the_venue_would_refuse_it(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    """Never refused by us; held back only until the venue's own window lets it through."""
    server.on(CANCEL, ok())
    for _ in range(184):
        await mutate(gateway, CANCEL)
    assert clock.slept == []
    began_ns = clock.now_ns
    await mutate(gateway, CANCEL)
    assert len(server.asked_at(CANCEL)) == 185
    assert 60 <= (clock.now_ns - began_ns) / 1e9 < 61


async def test_an_order_is_not_risked_on_a_sign_in_that_was_refused_until_the_new_one_is_proven(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    server.on(PLACE, Answer(b"", 401), ok(orderId=5))
    server.on(CANCEL, ok())
    server.on("/api/Auth/loginKey", ok(token="token-2"))
    with pytest.raises(OutcomeUnknownError):
        await place(gateway)
    with pytest.raises(NotSentError, match="exits still go"):
        await place(gateway)
    await mutate(gateway, CANCEL)
    await gateway.login()
    with pytest.raises(NotSentError, match="exits still go"):
        await place(gateway)
    await gateway.accounts()
    assert await place(gateway) == 5
    assert [asked.token for asked in server.asked_at(PLACE)] == ["token-1", "token-2"]


async def test_an_order_is_not_risked_on_a_token_past_its_life(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    server.on(PLACE, ok(orderId=5))
    clock.wall_offset_ns += 90_000 * 10**9  # a clock that is set closes no gate
    assert await place(gateway) == 5
    clock.advance(86_400)
    with pytest.raises(NotSentError, match="sign-in"):
        await place(gateway)


async def test_without_a_sign_in_nothing_is_sent(server: RestServer, clock: FakeClock) -> None:
    gateway = build_order_side(config_for(server.url), lambda: ("t", "k"), clock).gateway
    with pytest.raises(NotSentError, match="not signed in"):
        await place(gateway)
    await gateway.aclose()
    assert not server.asked


async def test_after_closing_nothing_is_sent(server: RestServer, gateway: ProjectXGateway) -> None:
    await gateway.aclose()
    for path in DEFINITE:
        with pytest.raises(NotSentError, match="closed"):
            await mutate(gateway, path)


async def test_a_venue_that_cannot_be_reached_got_nothing(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    await server.__aexit__(None, None, None)
    with pytest.raises(NotSentError, match="no connection"):
        await place(gateway)


@pytest.mark.parametrize("distance", [0, -4])
async def test_bracket_distances_are_positive(
    server: RestServer, gateway: ProjectXGateway, distance: int
) -> None:
    with pytest.raises(NotSentError, match="1 tick or more"):
        await place(gateway, stop_loss_ticks=distance)
    assert not server.asked_at(PLACE)


async def test_an_idle_connection_that_the_venue_closed_costs_a_reconnect_and_no_order(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    server.on(PLACE, ok(orderId=1))
    await gateway.ping()
    await server.drop_connections()
    before = server.connections
    assert await place(gateway) == 1
    assert server.connections == before + 1
    assert len(server.asked_at(PLACE)) == 1


async def test_a_connection_that_was_not_used_for_long_is_not_trusted(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    server.on(PLACE, ok(orderId=1))
    await gateway.ping()
    before = server.connections
    await place(gateway)
    assert server.connections == before
    clock.wall_offset_ns += 3_600 * 10**9  # the machine slept: only the wall clock went on
    await place(gateway)
    assert server.connections == before + 1


async def test_orders_and_questions_have_connections_of_their_own(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    server.on(PLACE, ok(orderId=1))
    await gateway.ping()
    assert server.connections == 3
    await place(gateway)
    await gateway.accounts()
    assert server.connections == 3
    order, question = server.asked_at(PLACE)[0], server.asked_at("/api/Account/search")[0]
    assert order.connection != question.connection


async def test_pings_leave_one_connection_free_for_an_order_and_reach_them_all(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    server.on(PLACE, ok(orderId=1))
    await gateway.ping()
    pinged: list[set[int]] = []
    for _ in range(2):
        before = len(server.asked)
        clock.advance(15)
        await gateway.ping()
        pinged.append({asked.connection for asked in server.asked[before:]})
    await asyncio.gather(place(gateway), gateway.ping())
    await asyncio.gather(gateway.ping(), place(gateway))
    assert [len(connections) for connections in pinged] == [2, 2]
    assert pinged[0] | pinged[1] == {1, 2, 3}
    assert server.connections == 3


async def test_a_failed_ping_replaces_the_connection(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    await gateway.ping()
    before = server.connections
    server.on(PING, HANG_UP, Answer("pong"))
    await gateway.ping()
    assert server.connections == before + 1
    assert gateway.health.replies == 1 + 3 + 2


async def test_a_venue_that_is_gone_fails_the_ping(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    await gateway.ping()
    await server.__aexit__(None, None, None)
    with pytest.raises(GatewayError, match="does not answer"):
        await gateway.ping()


def test_the_sample_order_is_the_one_that_is_cancelled() -> None:
    assert working().order_id == ORDER["id"]
