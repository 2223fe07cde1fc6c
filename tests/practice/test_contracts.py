"""The catalogue: which contracts there are, and which expiry trades when."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import date
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.practice.clients import SEPARATOR
from websockets.asyncio.client import connect

from tradedesk.practice.products import PRODUCTS, active_contract
from tradedesk.practice.stamps import plain

if TYPE_CHECKING:
    from tests.practice.clients import Rest

    from tradedesk.practice.server import Venue

BY_SYMBOL = {product.symbol: product for product in PRODUCTS}


@pytest.mark.parametrize(
    ("symbol", "day", "contract_id", "name"),
    [
        ("MNQ", date(2026, 11, 22), "CON.F.US.MNQ.Z26", "MNQZ6"),
        ("MES", date(2026, 3, 15), "CON.F.US.MES.H26", "MESH6"),
        ("MES", date(2026, 3, 16), "CON.F.US.MES.M26", "MESM6"),
        ("ES", date(2026, 12, 14), "CON.F.US.EP.H27", "ESH7"),
        ("NQ", date(2025, 9, 1), "CON.F.US.ENQ.U25", "NQU5"),
        ("GC", date(2026, 11, 22), "CON.F.US.GCE.Z26", "GCZ6"),
        ("GC", date(2026, 11, 25), "CON.F.US.GCE.G27", "GCG7"),
        ("CL", date(2026, 8, 17), "CON.F.US.CLE.U26", "CLU6"),
        ("CL", date(2026, 8, 18), "CON.F.US.CLE.V26", "CLV6"),
        ("CL", date(2026, 12, 31), "CON.F.US.CLE.G27", "CLG7"),
    ],
)
def test_active_expiry(symbol: str, day: date, contract_id: str, name: str) -> None:
    contract = active_contract(BY_SYMBOL[symbol], day)
    assert (contract.contract_id, contract.name) == (contract_id, name)


@pytest.mark.parametrize(
    ("symbol", "tick", "value", "fee"),
    [
        ("MNQ", "0.25", "0.50", "0.37"),
        ("NQ", "0.25", "5.00", "1.40"),
        ("MES", "0.25", "1.25", "0.37"),
        ("ES", "0.25", "12.50", "1.40"),
        ("GC", "0.1", "10.00", "1.62"),
        ("CL", "0.01", "10.00", "1.62"),
    ],
)
def test_money(symbol: str, tick: str, value: str, fee: str) -> None:
    product = BY_SYMBOL[symbol]
    assert (str(product.tick.size), str(product.tick_value), str(product.fee)) == (tick, value, fee)


async def found(rest: Rest, text: str | None, live: bool = False) -> list[str]:
    """Roots of what a text finds, as they come."""
    rows = (await rest("Contract/search", searchText=text, live=live))["contracts"]
    assert all(row["activeContract"] for row in rows)
    return [row["symbolId"].removeprefix("F.US.") for row in rows]


async def test_search_finds_what_production_finds(rest: Rest) -> None:
    """The two lists that are on record; ES stands in Japanese, Peso and Notes."""
    assert await found(rest, "NQ") == ["ENQ", "MNQ", "NQG", "NQM"]
    assert await found(rest, "ES") == ["EP", "MES", "FVA", "JY6", "MX6", "TYA"]


async def test_search_is_fuzzy_and_knows_only_active_expiries(rest: Rest) -> None:
    assert await found(rest, "es") == await found(rest, " ES ")
    assert await found(rest, "nasdaq") == ["ENQ", "MNQ"]
    assert await found(rest, "MNQ") == ["MNQ"]
    (row,) = (await rest("Contract/search", searchText="MNQ", live=False))["contracts"]
    for text in (row["name"], row["name"].lower(), row["id"], row["description"]):
        assert await found(rest, text) == ["MNQ"]
    assert await found(rest, "nothing like it") == []
    assert await found(rest, "NQ", live=True) == []


async def test_search_gives_20_rows_and_no_more(rest: Rest) -> None:
    assert len(PRODUCTS) > 20
    for text in (None, "", "e"):
        assert len(await found(rest, text)) == 20


async def test_available_lists_all_of_the_simulated_tier(rest: Rest) -> None:
    rows = (await rest("Contract/available", live=False))["contracts"]
    assert [row["name"][:-2] for row in rows] == [product.symbol for product in PRODUCTS]
    assert (await rest("Contract/available", live=True))["contracts"] == []


async def test_small_prices_are_printed_without_an_exponent(rest: Rest) -> None:
    body = {"contractId": "CON.F.US.JY6.Z26"}
    answer = await rest.http.post("/api/Contract/searchById", json=body)
    assert b'"tickSize":0.0000005,"tickValue":6.25' in answer.content
    available = await rest.http.post("/api/Contract/available", json={"live": False})
    assert not re.search(rb":-?[0-9.]+e", available.content)


async def test_search_by_id_finds_expired_contracts_too(rest: Rest) -> None:
    answer = await rest("Contract/searchById", contractId="CON.F.US.MNQ.Z25")
    assert answer["contract"] == {
        "id": "CON.F.US.MNQ.Z25",
        "name": "MNQZ5",
        "description": "Micro E-mini Nasdaq-100: December 2025",
        "tickSize": 0.25,
        "tickValue": 0.5,
        "activeContract": False,
        "symbolId": "F.US.MNQ",
    }
    for unknown in ("CON.F.US.MNQ.Z99", "CON.F.US.MNQ.F25", "CON.F.US.XX.Z25", "MNQ", ""):
        answer = await rest("Contract/searchById", contractId=unknown)
        assert (answer["success"], answer["errorCode"], answer["contract"]) == (False, 1, None)


async def test_quotes_of_the_yen_are_printed_without_an_exponent(venue: Venue, rest: Rest) -> None:
    (yen,) = (await rest("Contract/search", searchText="6J", live=False))["contracts"]
    url = f"{venue.description()['market_hub'].replace('http', 'ws', 1)}?access_token={rest.token}"
    async with connect(url, proxy=None) as socket:
        call = {"type": 1, "target": "SubscribeContractQuotes", "arguments": [yen["id"]]}
        for record in ({"protocol": "json", "version": 1}, call):
            await socket.send(json.dumps(record) + SEPARATOR)
        text = ""
        async with asyncio.timeout(10):
            while "GatewayQuote" not in text:
                text += str(await socket.recv())
    assert '"change":' in text
    assert not re.search(r":-?[0-9.]+e", text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-6e-6, "-0.000006"),
        (5e-7, "0.0000005"),
        (1.05e-05, "0.0000105"),
        (0.0, "0.0"),
        (1e-4, "0.0001"),
        (6335.25, "6335.25"),
        (1e17, "100000000000000000"),
        (None, "null"),
    ],
)
def test_numbers_without_exponents(value: float | None, text: str) -> None:
    assert msgspec.json.encode(plain(value)).decode() == text
