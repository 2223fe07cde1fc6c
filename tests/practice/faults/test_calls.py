"""Each kind of fault on a call, seen from the client's side."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.practice.faults.arming import MARKET_BUY, ORDER, arm, strikes
from tests.practice.faults.raw import call, dial, request

if TYPE_CHECKING:
    from tests.practice.clients import Trader

ACCOUNTS = "/api/Account/search"
ASK = {"onlyActiveAccounts": True}


async def ask(trader: Trader) -> httpx.Response:
    return await trader.rest.http.post(ACCOUNTS, json=ASK)


async def orders(trader: Trader) -> list[dict[str, Any]]:
    body = {"filter": {"accountId": trader.account}, "sortDirection": 0}
    rows: list[dict[str, Any]] = (await trader.rest("Order/v2/query", **body))["orders"]
    return rows


@pytest.mark.parametrize(
    "delay",
    [
        {"law": "constant", "seconds": 0.2},
        {"law": "uniform", "low": 0.15, "high": 0.25},
        {"law": "lognormal", "p50": 0.2, "p99": 0.21},
        {"law": "exponential", "mean": 0.15},
    ],
    ids=lambda delay: delay["law"],
)
async def test_latency_is_as_long_as_the_list_of_strikes_says(
    trader: Trader, delay: dict[str, Any]
) -> None:
    await arm(trader.rest, "accounts", "latency", delay=delay, times=3)
    took = []
    for _ in range(4):
        began = time.monotonic()
        assert (await ask(trader)).status_code == 200
        took.append(time.monotonic() - began)
    drawn = [strike["seconds"] for strike in await strikes(trader.rest)]
    assert len(drawn) == 3
    assert all(late >= seconds for late, seconds in zip(took, drawn, strict=False))
    if delay["law"] != "constant":
        assert len(set(drawn)) == 3


async def test_latency_delays_the_order_itself_and_adds_to_other_faults(trader: Trader) -> None:
    contract = await trader.contract()
    await arm(trader.rest, "place", "latency", seconds=0.3, id="slow")
    await arm(trader.rest, "any", "latency", seconds=0.1, id="slower")
    await arm(trader.rest, "place", "500_after", id="broken")
    body = {"accountId": trader.account, "contractId": contract, "size": 1, **ORDER}
    began = time.monotonic()
    answer = await trader.rest.http.post("/api/Order/place", json=body)
    assert answer.status_code == 500
    assert time.monotonic() - began >= 0.4
    assert [s["fault"] for s in await strikes(trader.rest)] == ["slow", "slower", "broken"]
    assert len(await orders(trader)) == 1


async def test_a_client_that_gives_up_has_ordered_all_the_same(trader: Trader) -> None:
    contract = await trader.contract()
    await arm(trader.rest, "place", "latency", seconds=0.5)
    body = {"accountId": trader.account, "contractId": contract, "size": 1, **ORDER}
    with pytest.raises(httpx.ReadTimeout):
        await trader.rest.http.post("/api/Order/place", json=body, timeout=0.1)
    assert await orders(trader) == []
    heard = await trader.user.until(lambda: trader.user.user("Order"))
    assert heard[0]["status"] == 6


async def test_a_black_hole_takes_the_call_and_says_nothing(trader: Trader) -> None:
    await arm(trader.rest, "accounts", "black_hole", seconds=0.6)
    line = await dial(trader.venue.description()["rest"])
    await line.send(request(ACCOUNTS, ASK, trader.rest.token))
    assert await line.silent_for(0.4)
    assert (await ask(trader)).status_code == 200
    assert await line.rest() == b""
    await line.close()


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_server_errors(trader: Trader, status: int, when: str) -> None:
    contract = await trader.contract()
    await arm(trader.rest, "place", f"{status}_{when}")
    body = {"accountId": trader.account, "contractId": contract, "size": 1, **ORDER}
    answer = await trader.rest.http.post("/api/Order/place", json=body)
    assert (answer.status_code, answer.content) == (status, b"")
    assert len(await orders(trader)) == (1 if when == "after" else 0)


async def test_a_reset_is_a_reset(trader: Trader) -> None:
    await arm(trader.rest, "accounts", "reset")
    line = await dial(trader.venue.description()["rest"])
    await line.send(request(ACCOUNTS, ASK, trader.rest.token))
    with pytest.raises(ConnectionResetError):
        await line.rest()
    await line.close()


async def whole_reply(trader: Trader) -> bytes:
    """The reply byte by byte, from a connection that the venue was asked to close."""
    line = await dial(trader.venue.description()["rest"])
    await line.send(request(ACCOUNTS, ASK, trader.rest.token, "Connection: close"))
    data = await line.rest()
    await line.close()
    assert data.count(b"Connection: close\r\n") == 1
    return data.replace(b"Connection: close\r\n", b"")


async def test_a_reply_is_cut_at_any_byte(trader: Trader) -> None:
    whole = await whole_reply(trader)
    head = whole.index(b"\r\n\r\n") + 4
    for count in (0, 1, head - 1, head, head + 1, len(whole) - 1):
        await arm(trader.rest, "accounts", "cut_at", bytes=count)
        data = await call(trader, ACCOUNTS, ASK)
        assert len(data) == count
        assert data[:9] == whole[:9][:count]


async def test_a_cut_reply_was_carried_out(trader: Trader) -> None:
    contract = await trader.contract()
    await arm(trader.rest, "place", "cut_at", bytes=40)
    with pytest.raises(httpx.RemoteProtocolError):
        await trader.place(contract, **ORDER)
    assert len(await orders(trader)) == 1


@pytest.mark.parametrize("count", [None, 5])
async def test_a_reply_stalls_in_the_middle_and_goes_on(trader: Trader, count: int | None) -> None:
    whole = await whole_reply(trader)
    first = len(whole) // 2 if count is None else count
    more = {} if count is None else {"bytes": count}
    await arm(trader.rest, "accounts", "stall", seconds=2, **more)
    line = await dial(trader.venue.description()["rest"])
    await line.send(request(ACCOUNTS, ASK, trader.rest.token))
    began = time.monotonic()
    data = await line.read(first)
    assert time.monotonic() - began < 1.5
    data += await line.read(len(whole) - first)
    assert time.monotonic() - began >= 1.9
    assert data.partition(b"\r\n\r\n")[2] == whole.partition(b"\r\n\r\n")[2]
    await line.close()


async def test_a_storm_of_429_with_and_without_retry_after(trader: Trader) -> None:
    await arm(trader.rest, "any", "429", times=3, retry_after=7)
    await arm(trader.rest, "any", "429", times=2)
    answers = [await ask(trader) for _ in range(6)]
    assert [a.status_code for a in answers] == [429] * 5 + [200]
    after = [a.headers.get("retry-after") for a in answers]
    assert after == ["7", "7", "7", None, None, None]


async def test_one_request_is_refused_its_token(trader: Trader) -> None:
    await arm(trader.rest, "accounts", "401")
    answer = await ask(trader)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert (await ask(trader)).status_code == 200


async def test_all_tokens_expire(trader: Trader) -> None:
    await arm(trader.rest, "accounts", "expire_tokens", after=1)
    assert [(await ask(trader)).status_code for _ in range(3)] == [200, 401, 401]
    await trader.rest.login(trader.venue)
    assert (await ask(trader)).status_code == 200


@pytest.mark.parametrize(("when", "status"), [("before", 200), ("after", 503)])
async def test_a_page_comes_in_place_of_json(trader: Trader, when: str, status: int) -> None:
    contract = await trader.contract()
    await arm(trader.rest, "place", f"html_{when}", status=status)
    body = {"accountId": trader.account, "contractId": contract, "size": 1, **ORDER}
    answer = await trader.rest.http.post("/api/Order/place", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")
    assert len(await orders(trader)) == (1 if when == "after" else 0)


async def test_json_is_garbled(trader: Trader) -> None:
    await arm(trader.rest, "accounts", "garble")
    answer = await ask(trader)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (
        200,
        "application/json",
    )
    with pytest.raises(ValueError, match=r"Expecting|Extra|utf-8|delimiter|control|Unterminated"):
        answer.json()


async def test_json_comes_twice(trader: Trader) -> None:
    await arm(trader.rest, "accounts", "duplicate")
    answer = await ask(trader)
    with pytest.raises(json.JSONDecodeError, match="Extra data"):
        answer.json()
    half = len(answer.text) // 2
    assert answer.text[:half] == answer.text[half:]
    assert json.loads(answer.text[:half])["success"]


async def test_a_refusal_says_what_it_was_told_to_say(trader: Trader) -> None:
    contract = await trader.contract()
    await arm(trader.rest, "place", "refuse", code=7, message="Account is not permitted.")
    answer = await trader.place(contract, **ORDER)
    assert (answer["success"], answer["errorCode"]) == (False, 7)
    assert answer["errorMessage"] == "Account is not permitted."
    assert await orders(trader) == []


async def test_cancels_are_refused_on_one_contract(trader: Trader) -> None:
    mnq, mes = await trader.contract(), await trader.contract("MES")
    one = (await trader.place(mnq, **ORDER))["orderId"]
    two = (await trader.place(mes, **ORDER))["orderId"]
    await arm(trader.rest, "cancel", "refuse", contract="MES", times=0)
    for order, code in ((one, 0), (two, 3), (two, 3)):
        answer = await trader.rest("Order/cancel", accountId=trader.account, orderId=order)
        assert answer["errorCode"] == code


async def test_exits_are_refused_and_entries_are_not(trader: Trader) -> None:
    contract = await trader.contract()
    await arm(trader.rest, "exit", "refuse", times=0)
    order = (await trader.place(contract, **MARKET_BUY))["orderId"]
    await trader.until_status(order, 2)
    sell = {"type": 2, "side": 1}
    assert (await trader.place(contract, **sell))["errorCode"] == 2
    mine = {"accountId": trader.account, "contractId": contract}
    assert (await trader.rest("Position/closeContract", **mine))["errorCode"] == 5
    partial = await trader.rest("Position/partialCloseContract", size=1, **mine)
    assert partial["errorCode"] == 6
    assert (await trader.place(contract, **MARKET_BUY))["success"]
    await trader.rest.control("clear_faults")
    assert (await trader.rest("Position/closeContract", **mine))["success"]
    assert {s["struck"] for s in await strikes(trader.rest)} == {
        "/api/Order/place",
        "/api/Position/closeContract",
        "/api/Position/partialCloseContract",
    }


async def test_the_fill_comes_before_the_reply_to_the_place(trader: Trader) -> None:
    contract = await trader.contract()
    await arm(trader.rest, "place", "fill_first")
    reply = asyncio.create_task(trader.place(contract, **MARKET_BUY))
    fill = await trader.user.until(lambda: trader.user.user("Trade"))
    assert not reply.done()
    assert (await reply)["orderId"] == fill[0]["orderId"]


async def test_the_reply_to_an_order_that_does_not_fill_comes_in_the_end(trader: Trader) -> None:
    contract = await trader.contract()
    await arm(trader.rest, "place", "fill_first", seconds=0.2)
    began = time.monotonic()
    assert (await trader.place(contract, **ORDER))["success"]
    assert time.monotonic() - began >= 0.2


async def test_filters_skip_other_accounts_and_the_first_calls(trader: Trader) -> None:
    contract = await trader.contract()
    await arm(trader.rest, "place", "500_before", account=1, times=0)
    await arm(trader.rest, "place", "429", account=trader.account, after=2)
    body = {"accountId": trader.account, "contractId": contract, "size": 1, **ORDER}
    codes = [
        (await trader.rest.http.post("/api/Order/place", json=body)).status_code for _ in range(4)
    ]
    assert codes == [200, 200, 429, 200]


async def test_a_fault_strikes_in_its_time_only(trader: Trader) -> None:
    await arm(trader.rest, "accounts", "429", at=100_000)
    await arm(trader.rest, "accounts", "503_before", until=0.000001)
    assert (await ask(trader)).status_code == 200
    assert [one["kind"] for one in await strikes(trader.rest)] == []
