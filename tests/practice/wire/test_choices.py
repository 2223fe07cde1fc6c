"""What production is not known to do, and the knobs that choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.practice.clients import EARLY, LATE, Rest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tradedesk.practice.server import Venue

    Start = Callable[..., Awaitable[Venue]]

BARS = {
    "live": False,
    "startTime": EARLY,
    "endTime": LATE,
    "unit": 2,
    "unitNumber": 1,
    "includePartialBar": False,
}


async def mnq(rest: Rest) -> str:
    rows = (await rest("Contract/search", searchText="MNQ", live=False))["contracts"]
    found: str = rows[0]["id"]
    return found


async def place(rest: Rest, venue: Venue, **more: Any) -> dict[str, Any]:
    """A limit far below the market: it rests."""
    body = {"accountId": venue.world.config.account_id, "contractId": await mnq(rest)}
    order = {"type": 1, "side": 0, "size": 1, "limitPrice": 100.0}
    return await rest("Order/place", **body, **order, **more)


async def test_history_is_cut_at_a_cap_without_a_word(start_venue: Start) -> None:
    venue = await start_venue(most_bars=1_000)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        contract = await mnq(rest)
        cut = await rest("History/retrieveBars", contractId=contract, limit=1_500, **BARS)
        assert (cut["success"], len(cut["bars"])) == (True, 1_000)
        newest = await rest("History/retrieveBars", contractId=contract, limit=10, **BARS)
        assert cut["bars"][:9] == newest["bars"][:9]
        assert cut["bars"][0]["t"] > cut["bars"][-1]["t"]
        for limit in (0, -1, 20_001):
            answer = await rest("History/retrieveBars", contractId=contract, limit=limit, **BARS)
            assert (answer["errorCode"], answer["bars"]) == (4, None)


@pytest.mark.parametrize(("knob", "code", "bars"), [("empty", 0, []), ("not_found", 1, None)])
async def test_the_live_tier_is_silent_or_not_found(
    start_venue: Start, knob: str, code: int, bars: list[Any] | None
) -> None:
    venue = await start_venue(live_bars=knob)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        asked = {**BARS, "live": True, "limit": 5}
        answer = await rest("History/retrieveBars", contractId=await mnq(rest), **asked)
        assert (answer["errorCode"], answer["bars"]) == (code, bars)


async def test_both_ends_of_a_history_window_belong_to_it(rest: Rest) -> None:
    contract = await mnq(rest)
    rows = (await rest("History/retrieveBars", contractId=contract, limit=4, **BARS))["bars"]
    first, last = rows[3]["t"], rows[1]["t"]
    window = {**BARS, "startTime": first, "endTime": last}
    again = await rest("History/retrieveBars", contractId=contract, limit=10, **window)
    assert again["bars"] == rows[1:4]
    fewer = await rest("History/retrieveBars", contractId=contract, limit=2, **window)
    assert fewer["bars"] == rows[1:3]


async def test_linked_order_ids_are_ignored_unless_one_is_strict(start_venue: Start) -> None:
    for strict in (False, True):
        venue = await start_venue(strict_linked_order_id=strict)
        async with Rest(venue.description()["rest"]) as rest:
            await rest.login(venue)
            assert (await place(rest, venue))["success"]
            for linked in (None, 5):
                answer = await place(rest, venue, linkedOrderId=linked)
                assert answer["success"] is not strict
                assert answer["errorCode"] == (2 if strict else 0)
                assert (answer["orderId"] is None) is strict


async def test_the_text_for_a_tag_that_is_taken(start_venue: Start) -> None:
    venue = await start_venue(duplicate_tag_text="Tag already in use")
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        assert (await place(rest, venue, customTag="once"))["success"]
        again = await place(rest, venue, customTag="once")
        assert (again["errorCode"], again["errorMessage"]) == (2, "Tag already in use")


async def test_pages_of_the_order_query(start_venue: Start) -> None:
    asked = {"page_default": 2, "page_most": 3, "query_newest_first": False}
    venue = await start_venue(page_offset_in="pages", **asked)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        ids = [(await place(rest, venue))["orderId"] for _ in range(5)]
        mine = {"accountId": venue.world.config.account_id}

        async def page(**query: Any) -> list[int]:
            answer = await rest("Order/v2/query", filter=mine, **query)
            assert answer["totalCount"] is None
            return [row["id"] for row in answer["orders"]]

        assert await page() == ids[:2]
        assert await page(pageOffset=1) == ids[2:4]
        assert await page(pageSize=3, pageOffset=1) == ids[3:]
        assert await page(pageOffset=9) == []
        assert await page(sortDirection=1, sortBy=1, pageSize=3) == ids[:1:-1]
        counted = await rest("Order/v2/query", filter=mine, includeTotalCount=True)
        assert counted["totalCount"] == 5


@pytest.mark.parametrize(
    ("query", "wanted", "detail"),
    [
        ({"pageSize": 0}, {}, "pageSize must be between 1 and 1000."),
        ({"pageSize": 1_001}, {}, "pageSize must be between 1 and 1000."),
        ({"pageOffset": -1}, {}, "pageOffset must not be negative."),
        ({"sortBy": 2}, {}, "sortBy must be 0 (CreatedAt) or 1 (Id)."),
        ({"sortDirection": 2}, {}, "sortDirection must be 0 (ascending) or 1 (descending)."),
        ({}, {"statuses": [1, 9]}, "The status 9 does not exist."),
        (
            {},
            {"createdAfter": LATE, "createdBefore": EARLY},
            "createdAfter must not be later than createdBefore.",
        ),
    ],
)
async def test_bad_filters_are_plain_problem_details(
    rest: Rest, venue: Venue, query: dict[str, Any], wanted: dict[str, Any], detail: str
) -> None:
    mine = {"accountId": venue.world.config.account_id, **wanted}
    answer = await rest.http.post("/api/Order/v2/query", json={"filter": mine, **query})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json() == {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        "title": "Bad Request",
        "status": 400,
        "detail": detail,
        "instance": "/api/Order/v2/query",
    }


async def test_order_and_trade_windows_include_both_ends(rest: Rest, venue: Venue) -> None:
    placed = (await place(rest, venue))["orderId"]
    mine = {"accountId": venue.world.config.account_id}
    row = (await rest("Order/searchById", **mine, orderId=placed))["order"]
    at = row["creationTimestamp"]
    window = {"startTimestamp": at, "endTimestamp": at}
    await rest("Order/cancel", **mine, orderId=placed)
    found = (await rest("Order/search", **mine, **window))["orders"]
    assert [order["id"] for order in found] == [placed]
    assert found[0]["status"] == 3
    after = {"startTimestamp": LATE, "endTimestamp": None}
    assert (await rest("Order/search", **mine, **after))["orders"] == []
    assert (await rest("Trade/search", **mine, **after))["trades"] == []
    assert (await rest("Trade/search", **mine))["trades"] == []
