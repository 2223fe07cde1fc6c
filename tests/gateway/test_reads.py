"""Questions are asked again while that can help, inside a deadline."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from tests.gateway.rest_server import HANG_UP, Answer, ok, refused
from tests.gateway.samples import ACCOUNT, ORDER, POSITION, TRADE

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import (
    AuthError,
    GatewayError,
    RateLimitedError,
    UnknownSymbolError,
    VenueRefusedError,
)
from tradedesk.domain.ids import AccountId
from tradedesk.domain.order import OrderStatus

if TYPE_CHECKING:
    from tests.gateway.clocks import FakeClock
    from tests.gateway.rest_server import Asked, RestServer

    from tradedesk.gateway.rest.gateway import ProjectXGateway

ACCOUNTS = "/api/Account/search"
QUERY = "/api/Order/v2/query"
OPEN = "/api/Order/searchOpen"
ID = AccountId(50012345)


@pytest.mark.parametrize(
    "trouble", [HANG_UP, Answer({}, 500), Answer({}, 503), Answer(b"<html>"), Answer(b"", 429)]
)
async def test_trouble_is_asked_again_with_back_off(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock, trouble: Answer
) -> None:
    server.on(ACCOUNTS, trouble, trouble, trouble, ok(accounts=[ACCOUNT]))
    assert len(await gateway.accounts()) == 1
    first_s = 0.75 if trouble.status == 429 else 0.25
    assert clock.slept == [first_s, 1.0, 3.0]


async def test_four_times_at_most(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    server.on(ACCOUNTS, Answer({}, 502))
    with pytest.raises(GatewayError, match="HTTP 502"):
        await gateway.accounts()
    assert len(server.asked_at(ACCOUNTS)) == 4
    assert clock.slept == [0.25, 1.0, 3.0]


async def test_retry_after_is_honoured(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    server.on(ACCOUNTS, Answer(b"", 429, {"Retry-After": "4"}), ok(accounts=[]))
    assert await gateway.accounts() == []
    assert clock.slept == [4.0]


async def test_a_retry_after_beyond_the_deadline_is_not_waited_for(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    server.on(ACCOUNTS, Answer(b"", 429, {"Retry-After": "60"}))
    with pytest.raises(RateLimitedError) as caught:
        await gateway.accounts()
    assert caught.value.retry_after_s == 60
    assert clock.slept == []
    assert len(server.asked_at(ACCOUNTS)) == 1


@pytest.mark.parametrize("status", [301, 400, 403, 404, 415])
async def test_what_will_not_get_better_is_asked_once(
    server: RestServer, gateway: ProjectXGateway, status: int
) -> None:
    server.on(ACCOUNTS, Answer({}, status))
    with pytest.raises(GatewayError, match=f"HTTP {status}"):
        await gateway.accounts()
    assert len(server.asked_at(ACCOUNTS)) == 1


async def test_success_false_is_an_answer(server: RestServer, gateway: ProjectXGateway) -> None:
    server.on("/api/Position/searchOpen", refused(1, None, positions=None))
    with pytest.raises(VenueRefusedError) as caught:
        await gateway.positions(ID)
    assert caught.value.code == 1
    assert len(server.asked_at("/api/Position/searchOpen")) == 1


async def test_a_401_signs_in_and_asks_once_more(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    server.on("/api/Auth/loginKey", ok(token="token-2"))
    server.on(ACCOUNTS, Answer(b"", 401), ok(accounts=[ACCOUNT]))
    assert len(await gateway.accounts()) == 1
    assert [asked.token for asked in server.asked_at(ACCOUNTS)] == ["token-1", "token-2"]


async def test_a_second_401_is_final(server: RestServer, gateway: ProjectXGateway) -> None:
    server.on("/api/Auth/loginKey", ok(token="token-2"), ok(token="token-3"))
    server.on(ACCOUNTS, Answer(b"", 401))
    with pytest.raises(AuthError, match="sign in again"):
        await gateway.accounts()
    assert len(server.asked_at(ACCOUNTS)) == 2


@pytest.mark.parametrize("rows", [None, []])
async def test_null_and_an_empty_list_are_alike(
    server: RestServer, gateway: ProjectXGateway, rows: list[Any] | None
) -> None:
    server.on("/api/Position/searchOpen", ok(positions=rows))
    server.on("/api/Trade/search", ok(trades=rows))
    server.on("/api/Order/search", ok(orders=rows))
    server.on(QUERY, ok(orders=rows, totalCount=0))
    assert await gateway.positions(ID) == []
    assert await gateway.fills_since(ID, 0) == []
    assert await gateway.orders_since(ID, 0) == []
    assert await gateway.working_orders(ID) == []


async def test_rows_come_oldest_first_and_in_domain_values(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    later = ORDER | {"id": 9100272, "creationTimestamp": "2025-11-20T15:04:00+00:00", "status": 8}
    server.on("/api/Order/search", ok(orders=[later, ORDER]))
    newer = TRADE | {"id": 8800406, "creationTimestamp": "2025-11-20T16:00:00Z"}
    server.on("/api/Trade/search", ok(trades=[newer, TRADE]))
    server.on("/api/Position/searchOpen", ok(positions=[POSITION]))
    start = 1_763_650_000 * NS_PER_S
    orders = await gateway.orders_since(ID, start)
    assert [order.order_id for order in orders] == [9100271, 9100272]
    assert orders[0].limit_ticks == 99801
    assert [fill.trade_id for fill in await gateway.fills_since(ID, start)] == [8800405, 8800406]
    assert [position.net_size for position in await gateway.positions(ID)] == [2]
    asked = server.asked_at("/api/Order/search")[0].json
    assert asked == {"accountId": 50012345, "startTimestamp": "2025-11-20T14:46:40Z"}


def paged(total: int, *, by_page: bool, cap: int = 100) -> Any:
    """A query of so many working orders; offsets count rows or pages."""
    rows = [ORDER | {"id": 1000 + i, "status": 1} for i in range(total)]

    def answer(asked: Asked) -> Answer:
        wanted = asked.json
        assert wanted["filter"] == {"accountId": 50012345, "statuses": [1, 6, 7, 8]}
        size = min(cap, wanted["pageSize"])
        first = wanted["pageOffset"] * (size if by_page else 1)
        return ok(orders=rows[first : first + size], totalCount=total)

    return answer


@pytest.mark.parametrize("by_page", [False, True])
@pytest.mark.parametrize(("total", "cap"), [(0, 100), (3, 100), (100, 100), (250, 100), (250, 40)])
async def test_working_orders_of_all_pages(
    server: RestServer, gateway: ProjectXGateway, total: int, cap: int, *, by_page: bool
) -> None:
    server.on(QUERY, paged(total, by_page=by_page, cap=cap))
    orders = await gateway.working_orders(ID)
    assert [order.order_id for order in orders] == list(range(1000, 1000 + total))


async def test_an_incomplete_answer_is_no_answer(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    server.on(QUERY, ok(orders=[ORDER | {"status": 1}], totalCount=3))
    with pytest.raises(GatewayError, match="only 1"):
        await gateway.working_orders(ID)


async def test_without_a_total_the_pages_end_where_nothing_new_comes(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    server.on(QUERY, ok(orders=[ORDER | {"status": 8}]), ok(orders=[]))
    (order,) = await gateway.working_orders(ID)
    assert order.status is OrderStatus.SUSPENDED


async def test_without_the_query_the_open_orders_have_to_do(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    server.on(OPEN, ok(orders=[ORDER | {"status": 1}]))
    assert len(await gateway.working_orders(ID)) == 1
    assert len(await gateway.working_orders(ID)) == 1
    assert len(server.asked_at(QUERY)) == 1
    assert len(server.asked_at(OPEN)) == 2


async def test_a_working_order_of_an_unknown_contract_is_not_hidden(
    server: RestServer, gateway: ProjectXGateway, expect_log: Any
) -> None:
    strange = ORDER | {"contractId": "CON.F.US.XX.Z25"}
    server.on(QUERY, ok(orders=[strange | {"status": 1}], totalCount=1))
    with pytest.raises(UnknownSymbolError, match="XX"):
        await gateway.working_orders(ID)
    expect_log("done order 9100271 is left out")
    server.on("/api/Order/search", ok(orders=[strange]))
    assert await gateway.orders_since(ID, 0) == []


async def test_health_figures(server: RestServer, gateway: ProjectXGateway) -> None:
    health = gateway.health
    assert health.replies == 1
    assert health.clock_skew_ms is None
    # The fake clock stands at 2025-11-20 15:03:20 UTC and does not move by itself.
    server.on(ACCOUNTS, ok(accounts=[])._replace(headers={"Date": "Thu, 20 Nov 2025 15:03:30 GMT"}))
    await gateway.accounts()
    assert health.clock_skew_ms == 10_500
    assert health.p50_ms == 0
    server.on(ACCOUNTS, ok(accounts=[])._replace(headers={"Date": "yesterday"}))
    await gateway.accounts()
    assert health.clock_skew_ms == 10_500
    assert health.replies == 3


@pytest.mark.parametrize("date", ["15:03:30", "15:03:10"])
async def test_a_search_for_orders_reaches_back_twice_as_far_as_the_clocks_differ(
    server: RestServer, gateway: ProjectXGateway, date: str
) -> None:
    answer = ok(accounts=[])._replace(headers={"Date": f"Thu, 20 Nov 2025 {date} GMT"})
    server.on(ACCOUNTS, answer)
    await gateway.accounts()
    skew_s = abs(gateway.health.clock_skew_ms or 0) / 1000
    assert skew_s in (10.5, 9.5)
    server.on("/api/Order/search", ok(orders=[]))
    start_ns = 1_763_650_000 * 10**9
    await gateway.orders_since(ID, start_ns)
    asked = server.asked_at("/api/Order/search")[-1].json["startTimestamp"]
    assert datetime.fromisoformat(asked).timestamp() == 1_763_650_000 - 2 * skew_s
