"""Orders, positions and trades over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.practice.clients import EARLY, LATE, Trader

if TYPE_CHECKING:
    from collections.abc import Callable

BUY, SELL = 0, 1
LIMIT, MARKET, STOP, TRAIL = 1, 2, 4, 5
BRACKET = {
    "stopLossBracket": {"ticks": -40, "type": 4},
    "takeProfitBracket": {"ticks": 40, "type": 1},
}


async def test_a_bracketed_market_order_lives_as_in_production(trader: Trader) -> None:
    contract = await trader.contract()
    answer = await trader.place(
        contract, type=MARKET, side=BUY, size=2, customTag="dt-1", **BRACKET
    )
    entry = answer["orderId"]
    stop, target = entry + 1, entry + 2
    for leg in (stop, target):
        await trader.until_status(leg, 1)
    told = [(o["id"], o["status"]) for o in trader.user.user("Order")]
    assert told == [(stop, 8), (entry, 6), (target, 8), (entry, 2), (target, 1), (stop, 1)]
    suspended = {o["id"]: o for o in trader.user.user("Order") if o["status"] == 8}
    for id_, tag, ticks in ((stop, "dt-1-SL", -40), (target, "dt-1-TP", 40)):
        leg = suspended[id_]
        assert (leg["parentOrderId"], leg["customTag"], leg["trailDistance"]) == (entry, tag, ticks)
        assert (leg["trailPrice"], leg["limitPrice"], leg["stopPrice"]) == (ticks / 4, None, None)
    assert suspended[target]["linkedOrderId"] == stop
    working = await trader.rest("Order/searchOpen", accountId=trader.account)
    assert [order["id"] for order in working["orders"]] == [stop, target]
    filled = await trader.order(entry)
    near = round(filled["filledPrice"] * 4) / 4
    assert {o["stopPrice"] or o["limitPrice"] for o in working["orders"]} == {near - 10, near + 10}
    (position,) = await trader.positions()
    assert (position["type"], position["size"]) == (1, 2)
    assert position["averagePrice"] == pytest.approx(filled["filledPrice"])
    assert position["contractDisplayName"] == "MNQ" + contract[-3:]


async def test_nudged_to_the_target_the_stop_is_cancelled(trader: Trader) -> None:
    contract = await trader.contract()
    await trader.market.subscribe("ContractTrades", contract)
    answer = await trader.place(contract, type=MARKET, side=SELL, **_mirrored(BRACKET))
    entry = answer["orderId"]
    await trader.until_status(entry + 2, 1)
    await trader.rest.control("nudge", contractId=contract, ticks=-200, seconds=0.2)
    target = await trader.until_status(entry + 2, 2)
    await trader.until_status(entry + 1, 3)
    await trader.user.until(lambda: len(trader.user.user("Account")) == 2)
    assert await trader.positions() == []
    trades = (await trader.rest("Trade/search", accountId=trader.account, startTimestamp=EARLY))[
        "trades"
    ]
    assert [trade["orderId"] for trade in trades] == [entry + 2, entry]
    assert [trade["profitAndLoss"] is None for trade in trades] == [False, True]
    assert {trade["fees"] for trade in trades} == {0.37}
    gained = (trades[1]["price"] - target["filledPrice"]) / 0.25 * 0.5
    assert trades[0]["profitAndLoss"] == pytest.approx(gained)
    balance = (await trader.rest("Account/search", onlyActiveAccounts=True))["accounts"][0][
        "balance"
    ]
    assert balance == pytest.approx(150_000 + gained - 0.74)
    assert trader.user.user("Account")[-1]["balance"] == balance


async def test_user_events_are_wrapped_and_flat_is_size_0(trader: Trader) -> None:
    contract = await trader.contract("ES")
    await trader.place(contract, type=MARKET, side=BUY)
    await trader.user.until(lambda: trader.user.events("GatewayUserAccount"))
    closing = await trader.rest(
        "Position/closeContract", accountId=trader.account, contractId=contract
    )
    assert closing == {"success": True, "errorCode": 0, "errorMessage": None}
    await trader.user.until(lambda: len(trader.user.events("GatewayUserAccount")) == 2)
    wrapped = [arguments[0] for arguments in trader.user.events("GatewayUserPosition")]
    assert [set(one) for one in wrapped] == [{"action", "data"}] * 2
    assert [(w["action"], w["data"]["type"], w["data"]["size"]) for w in wrapped] == [
        (1, 1, 1),
        (2, 0, 0),
    ]
    targets = [r["target"] for r in trader.user.records if "target" in r]
    assert targets[:5] == [
        *("GatewayUserOrder", "GatewayUserOrder", "GatewayUserTrade"),
        *("GatewayUserPosition", "GatewayUserAccount"),
    ]


def _mirrored(bracket: dict[str, Any]) -> dict[str, Any]:
    return {name: {**leg, "ticks": -leg["ticks"]} for name, leg in bracket.items()}


def bracket(stop: int, target: int) -> dict[str, Any]:
    return {
        "stopLossBracket": {"ticks": stop, "type": 4},
        "takeProfitBracket": {"ticks": target, "type": 1},
    }


REFUSALS: list[tuple[Callable[[dict[str, Any]], dict[str, Any]], str, bool]] = [
    (
        lambda q: {"type": STOP, "side": BUY, "stopPrice": q["bestBid"] - 20},
        "above best bid.",
        True,
    ),
    (
        lambda q: {"type": STOP, "side": SELL, "stopPrice": q["bestAsk"] + 20},
        "below best ask.",
        True,
    ),
    (
        lambda q: {"type": LIMIT, "side": BUY, "limitPrice": q["bestBid"] + 0.1},
        "Invalid price",
        True,
    ),
    (
        lambda q: {"type": STOP, "side": BUY, "stopPrice": q["bestAsk"] + 20.1},
        "Invalid price",
        True,
    ),
    (lambda q: {"type": LIMIT, "side": BUY}, "Invalid price", False),
    (lambda q: {"type": LIMIT, "side": BUY, "limitPrice": 1e300}, "Invalid price", False),
    (lambda q: {"type": MARKET, "side": BUY, "size": 0}, "invalid order size", False),
    (lambda q: {"type": MARKET, "side": BUY, "size": -1}, "invalid order size", False),
    (lambda q: {"type": 9, "side": BUY}, "invalid order type", False),
    (lambda q: {"type": MARKET, "side": 2}, "invalid order side", False),
    (lambda q: {"type": 3, "side": BUY}, "invalid order type", False),
    (lambda q: {"type": TRAIL, "side": BUY}, "Trail Distance not set.", False),
    (
        lambda q: {"type": TRAIL, "side": SELL, "trailPrice": q["lastPrice"] - 10.1},
        "Invalid trail price. Price is not aligned to tick size.",
        True,
    ),
    (
        lambda q: {"type": TRAIL, "side": SELL, "trailPrice": q["lastPrice"] - 300},
        "Trail Distance exceeds maximum (1000)",
        True,
    ),
    (
        lambda q: {"type": MARKET, "side": BUY, "stopLossBracket": {"ticks": -40, "type": 1}},
        "invalid order type",
        False,
    ),
    (
        lambda q: {"type": MARKET, "side": BUY, **bracket(40, 80)},
        "Invalid stop loss ticks (40). Ticks should be less than zero when longing.",
        True,
    ),
    (
        lambda q: {"type": MARKET, "side": SELL, **bracket(40, 80)},
        "Invalid take profit ticks (80). Ticks should be less than zero when going short",
        True,
    ),
    (
        lambda q: {"type": MARKET, "side": BUY, **bracket(-3, 80)},
        "Invalid stop loss ticks (-3). Price should be at least 4 ticks away.",
        True,
    ),
]


@pytest.mark.parametrize(("order", "text", "row"), REFUSALS)
async def test_refused_orders_say_why_and_may_leave_a_row(
    trader: Trader, order: Callable[[dict[str, Any]], dict[str, Any]], text: str, row: bool
) -> None:
    contract = await trader.contract()
    quote = await trader.quote(contract)
    answer = await trader.place(contract, **order(quote))
    assert (answer["success"], answer["errorCode"]) == (False, 2)
    assert text in answer["errorMessage"]
    assert (answer["orderId"] is not None) == row
    if row:
        rejected = await trader.until_status(answer["orderId"], 5)
        assert rejected["fillVolume"] == 0


async def test_unknown_account_contract_and_expired_contract(trader: Trader) -> None:
    contract = await trader.contract()
    for account, wanted, code in (
        (1, contract, 1),
        (trader.account, "CON.F.US.XXX.Z26", 8),
        (trader.account, "CON.F.US.MNQ.Z20", 9),
    ):
        answer = await trader.place(wanted, accountId=account, type=MARKET, side=BUY)
        assert (answer["errorCode"], answer["orderId"]) == (code, None)


async def test_a_tag_is_good_for_one_order_only(trader: Trader) -> None:
    contract = await trader.contract()
    order = {"type": LIMIT, "side": BUY, "limitPrice": 100.0, "customTag": "once"}
    first = await trader.place(contract, **order)
    again = await trader.place(contract, **order)
    assert first["success"]
    assert (again["success"], again["errorCode"], again["orderId"]) == (False, 2, None)
    found = await trader.rest("Order/search", accountId=trader.account, startTimestamp=EARLY)
    await trader.until_status(first["orderId"], 1)
    assert [order["customTag"] for order in found["orders"]].count("once") <= 1
    await trader.rest("Order/cancel", accountId=trader.account, orderId=first["orderId"])
    assert not (await trader.place(contract, **order))["success"]


async def test_position_brackets_mode_refuses_brackets_and_leaves_a_row(trader: Trader) -> None:
    contract = await trader.contract()
    await trader.rest.control("bracket_mode", mode="position")
    refused = await trader.place(contract, type=MARKET, side=BUY, **BRACKET)
    assert refused["errorMessage"] == (
        "Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets."
    )
    assert (await trader.order(refused["orderId"]))["status"] == 5
    await trader.rest.control("bracket_mode", mode="auto_oco")
    assert (await trader.place(contract, type=MARKET, side=BUY, **BRACKET))["success"]


async def test_a_limit_order_rests_is_modified_and_cancelled(trader: Trader) -> None:
    contract = await trader.contract()
    quote = await trader.quote(contract)
    answer = await trader.place(
        contract,
        type=LIMIT,
        side=BUY,
        size=2,
        limitPrice=quote["bestBid"] - 200,
        linkedOrderId=None,
    )
    order = answer["orderId"]
    await trader.until_status(order, 1)

    async def modify(**change: Any) -> tuple[int, str | None]:
        body = {"accountId": trader.account, "orderId": order, **change}
        said = await trader.rest("Order/modify", **body)
        return said["errorCode"], said["errorMessage"]

    assert await modify(limitPrice=quote["bestBid"] - 100, size=3, stopPrice=None) == (0, None)
    row = await trader.order(order)
    assert (row["limitPrice"], row["size"]) == (quote["bestBid"] - 100, 3)
    code, text = await modify(limitPrice=quote["bestBid"] - 100.1)
    assert (code, "Invalid price" in str(text)) == (3, True)
    assert (await modify(size=0))[0] == 3
    assert await modify(size=10_001) == (
        3,
        "Order rejected: invalid order size specified. Give 1 to 10000.",
    )
    assert await modify(orderId=1) == (2, None)
    assert await modify(accountId=1) == (1, None)
    assert await modify(limitPrice=quote["bestAsk"] + 50) == (0, None)
    filled = await trader.until_status(order, 2)
    assert (filled["fillVolume"], filled["size"]) == (3, 3)
    assert (await modify(size=5))[0] == 3


async def test_cancel_codes(trader: Trader) -> None:
    contract = await trader.contract()
    order = (await trader.place(contract, type=LIMIT, side=BUY, limitPrice=100.0))["orderId"]

    async def cancel(**body: int) -> int:
        said = await trader.rest("Order/cancel", **body)
        code: int = said["errorCode"]
        return code

    assert await cancel(accountId=1, orderId=order) == 1
    assert await cancel(accountId=trader.account, orderId=1) == 2
    assert await cancel(accountId=trader.account, orderId=order) == 0
    await trader.until_status(order, 3)
    assert await cancel(accountId=trader.account, orderId=order) == 3


async def test_where_orders_can_be_found(trader: Trader) -> None:
    contract = await trader.contract()
    order = {"type": LIMIT, "side": BUY, "limitPrice": 100.0}
    entry = (await trader.place(contract, **order, **BRACKET))["orderId"]
    await trader.until_status(entry, 1)
    other = (await trader.place(contract, **order))["orderId"]
    await trader.until_status(other, 1)

    async def ids(endpoint: str, **body: Any) -> list[int]:
        return [row["id"] for row in (await trader.rest(endpoint, **body))["orders"]]

    window = {"startTimestamp": EARLY, "endTimestamp": LATE}
    assert await ids("Order/searchOpen", accountId=trader.account) == [entry, other]
    assert await ids("Order/search", accountId=trader.account, **window) == [entry, other]
    assert await ids("Order/search", accountId=trader.account, startTimestamp=LATE) == []
    mine = {"accountId": trader.account}
    trio = [entry, entry + 1, entry + 2]
    assert await ids("Order/v2/query", filter=mine, sortDirection=0) == [*trio, other]
    assert await ids("Order/v2/query", filter=mine) == [other, *reversed(trio)]
    assert await ids("Order/v2/query", filter=mine, pageSize=2, pageOffset=1) == [*trio[:0:-1]]
    suspended = await ids("Order/v2/query", filter={**mine, "statuses": [8]}, sortBy=1)
    assert suspended == [entry + 2, entry + 1]
    assert await ids("Order/v2/query", filter={**mine, "contractId": "x"}) == []
    assert await ids("Order/v2/query", filter={**mine, "createdAfter": LATE}) == []
    counted = await trader.rest("Order/v2/query", filter=mine, pageSize=1, includeTotalCount=True)
    assert (len(counted["orders"]), counted["totalCount"]) == (1, 4)


async def test_unknown_accounts_give_code_1_and_null(trader: Trader) -> None:
    for endpoint, member, more in (
        ("Order/search", "orders", {"startTimestamp": EARLY}),
        ("Order/searchOpen", "orders", {}),
        ("Order/searchById", "order", {"orderId": 1}),
        ("Position/searchOpen", "positions", {}),
        ("Trade/search", "trades", {"startTimestamp": EARLY}),
    ):
        answer = await trader.rest(endpoint, accountId=1, **more)
        assert (answer["success"], answer["errorCode"], answer[member]) == (False, 1, None)
    answer = await trader.rest("Order/v2/query", filter={"accountId": 1})
    assert (answer["errorCode"], answer["orders"]) == (1, None)


async def test_close_codes(trader: Trader) -> None:
    contract = await trader.contract()

    async def close(**body: Any) -> int:
        said = await trader.rest("Position/partialCloseContract", **body)
        code: int = said["errorCode"]
        return code

    mine = {"accountId": trader.account, "contractId": contract}
    assert await close(accountId=1, contractId=contract, size=1) == 1
    assert await close(**mine, size=1) == 2
    assert await close(accountId=trader.account, contractId="x", size=1) == 3
    order = (await trader.place(contract, type=MARKET, side=SELL, size=3))["orderId"]
    await trader.until_status(order, 2)
    for size in (0, -1, 4):
        assert await close(**mine, size=size) == 5
    assert await close(**mine, size=2) == 0
    await trader.user.until(
        lambda: [p["size"] for p in trader.user.user("Position")] == [3, 1] or None
    )
    (position,) = await trader.positions()
    assert (position["type"], position["size"]) == (2, 1)


async def test_a_trailing_stop_follows_the_market(trader: Trader) -> None:
    contract = await trader.contract()
    quote = await trader.quote(contract)
    answer = await trader.place(
        contract, type=TRAIL, side=SELL, trailPrice=quote["lastPrice"] - 25, customTag="trail"
    )
    order = answer["orderId"]
    working = await trader.until_status(order, 1)
    assert working["trailDistance"] == pytest.approx(100, abs=60)
    assert working["trailPrice"] == working["trailDistance"] / 4
    await trader.rest.control("nudge", contractId=contract, ticks=120, seconds=0.5)
    await trader.user.until(
        lambda: any(o["stopPrice"] >= working["stopPrice"] + 10 for o in _working(trader, order))
    )
    stops = [row["stopPrice"] for row in _working(trader, order)]
    assert stops == sorted(stops)
    await trader.rest.control("nudge", contractId=contract, ticks=-400, seconds=0.5)
    filled = await trader.until_status(order, 2)
    assert filled["filledPrice"] <= filled["stopPrice"]
    assert filled["stopPrice"] >= stops[-1]


def _working(trader: Trader, order: int) -> list[dict[str, Any]]:
    return [o for o in trader.user.user("Order") if o["id"] == order and o["status"] == 1]
