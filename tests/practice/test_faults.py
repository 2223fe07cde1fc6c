"""Faults that are armed strike where and as often as they should."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.practice.clients import EARLY

if TYPE_CHECKING:
    from tests.practice.clients import Trader

ORDER = {"type": 1, "side": 0, "limitPrice": 100.0}


async def arm(trader: Trader, on: str, kind: str, **more: object) -> None:
    await trader.rest.control("fault", on=on, kind=kind, **more)


async def tags(trader: Trader) -> list[str]:
    """Tags of all orders once none is pending any more."""
    body = {"filter": {"accountId": trader.account}, "sortDirection": 0}
    rows = (await trader.rest("Order/v2/query", **body))["orders"]
    return [row["customTag"] for row in rows]


async def test_a_held_reply_is_late_but_the_order_is_not(trader: Trader) -> None:
    contract = await trader.contract()
    await arm(trader, "place", "hold_reply", seconds=30)
    reply = asyncio.create_task(trader.place(contract, **ORDER, customTag="held"))
    await trader.user.until(lambda: trader.user.user("Order"))
    assert not reply.done()
    assert await tags(trader) == ["held"]
    assert (await trader.place(contract, **ORDER, customTag="next"))["success"]
    reply.cancel()
    await asyncio.gather(reply, return_exceptions=True)


async def test_a_held_reply_comes_in_the_end(trader: Trader) -> None:
    contract = await trader.contract()
    await arm(trader, "place", "hold_reply", seconds=0.1)
    answer = await trader.place(contract, **ORDER, customTag="held")
    assert answer["success"]
    heard = [o["id"] for o in trader.user.user("Order")]
    assert answer["orderId"] in heard


@pytest.mark.parametrize(("kind", "carried_out"), [("lose_reply", True), ("cut", False)])
async def test_a_cut_connection_gives_no_answer(
    trader: Trader, kind: str, carried_out: bool
) -> None:
    contract = await trader.contract()
    await arm(trader, "place", kind)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await trader.place(contract, **ORDER, customTag="lost")
    assert await tags(trader) == (["lost"] if carried_out else [])
    assert (await trader.place(contract, **ORDER, customTag="next"))["success"]


@pytest.mark.parametrize(
    ("kind", "status", "carried_out"),
    [("500_before", 500, False), ("500_after", 500, True), ("429", 429, False)],
)
async def test_statuses(trader: Trader, kind: str, status: int, carried_out: bool) -> None:
    contract = await trader.contract()
    await arm(trader, "place", kind)
    body = {"accountId": trader.account, "contractId": contract, "size": 1, **ORDER}
    answer = await trader.rest.http.post("/api/Order/place", json={**body, "customTag": "one"})
    assert answer.status_code == status
    assert await tags(trader) == (["one"] if carried_out else [])


async def test_refuse_gives_the_code_of_a_rejected_order(trader: Trader) -> None:
    contract = await trader.contract()
    order = (await trader.place(contract, **ORDER))["orderId"]
    for on in ("place", "cancel"):
        await arm(trader, on, "refuse")
    assert (await trader.place(contract, **ORDER))["errorCode"] == 2
    mine = {"accountId": trader.account, "orderId": order}
    assert (await trader.rest("Order/cancel", **mine))["errorCode"] == 3
    assert (await trader.rest("Order/cancel", **mine))["success"]


async def test_a_fault_strikes_so_often_and_only_there(trader: Trader) -> None:
    await arm(trader, "orders", "500_before", times=2)
    body = {"accountId": trader.account, "startTimestamp": EARLY}
    codes = [
        (await trader.rest.http.post("/api/Order/search", json=body)).status_code for _ in range(3)
    ]
    assert codes == [500, 500, 200]
    await arm(trader, "any", "500_before", times=9)
    await trader.rest.control("clear_faults")
    assert (await trader.rest("Order/search", **body))["success"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"action": "dance"}, "no action 'dance'"),
        ({"action": "fault", "on": "place", "kind": "odd"}, "cannot be armed"),
        ({"action": "nudge", "contractId": "x"}, "No active contract"),
        ({"action": "nudge"}, "missing required field `contractId`"),
        ({"action": "limits", "on": True}, "unknown field `on`"),
        ({"action": "drop_hubs", "hub": "left"}, "no hub 'left'"),
        ({"action": "bracket_mode", "mode": "odd"}, "no bracket mode"),
    ],
)
async def test_control_says_what_is_wrong(
    trader: Trader, body: dict[str, object], text: str
) -> None:
    answer = await trader.rest.post("/practice/control", body)
    assert not answer["success"]
    assert text in answer["errorMessage"]
