"""A symbol means one contract, exactly, and is asked for once an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.gateway.rest_server import ok, refused
from tests.gateway.samples import ES, MES, MNQ

from tradedesk.domain.errors import UnknownSymbolError

if TYPE_CHECKING:
    from tests.gateway.clocks import FakeClock
    from tests.gateway.rest_server import RestServer

    from tradedesk.gateway.rest.gateway import ProjectXGateway

SEARCH = "/api/Contract/search"
BY_ID = "/api/Contract/searchById"
AVAILABLE = "/api/Contract/available"


@pytest.mark.parametrize(
    ("text", "contract_id"),
    [
        ("ES", ES["id"]),
        ("es ", ES["id"]),
        ("MES", MES["id"]),
        ("ESZ5", ES["id"]),
        ("F.US.EP", ES["id"]),
        ("EP", ES["id"]),
        ("MNQ", MNQ["id"]),
        ("CON.F.US.MNQ.Z25", MNQ["id"]),
    ],
)
async def test_exact_matches_only(
    server: RestServer, gateway: ProjectXGateway, text: str, contract_id: str
) -> None:
    assert (await gateway.resolve(text)).contract_id == contract_id


async def test_what_is_known_is_not_asked_again(
    server: RestServer, gateway: ProjectXGateway, clock: FakeClock
) -> None:
    first = await gateway.resolve("MNQ")
    assert await gateway.resolve("mnq") is first
    assert await gateway.resolve(MNQ["id"]) is first
    assert len(server.asked_at(SEARCH)) == 1
    assert not server.asked_at(BY_ID)
    clock.advance(3_601)
    rolled = MNQ | {"id": "CON.F.US.MNQ.H26", "name": "MNQH6"}
    server.on(SEARCH, ok(contracts=[rolled]))
    assert (await gateway.resolve("MNQ")).name == "MNQH6"


async def test_the_active_expiry_wins(server: RestServer, gateway: ProjectXGateway) -> None:
    old = MNQ | {"id": "CON.F.US.MNQ.U25", "name": "MNQU5", "activeContract": False}
    server.on(SEARCH, ok(contracts=[old, MNQ]))
    assert (await gateway.resolve("MNQ")).name == "MNQZ5"


async def test_a_search_that_is_full_of_others_is_not_the_last_word(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    server.on(SEARCH, ok(contracts=[MES] * 20))
    assert (await gateway.resolve("ES")).contract_id == ES["id"]
    assert len(server.asked_at(AVAILABLE)) == 1


async def test_an_unknown_symbol_names_the_nearest(
    server: RestServer, gateway: ProjectXGateway
) -> None:
    with pytest.raises(UnknownSymbolError, match="MNQ"):
        await gateway.resolve("MNX")


@pytest.mark.parametrize("text", ["", "  "])
async def test_nothing_is_no_symbol(
    server: RestServer, gateway: ProjectXGateway, text: str
) -> None:
    with pytest.raises(UnknownSymbolError):
        await gateway.resolve(text)
    assert not server.asked_at(SEARCH)


async def test_an_unknown_id(server: RestServer, gateway: ProjectXGateway) -> None:
    server.on(BY_ID, refused(1, None, contract=None))
    with pytest.raises(UnknownSymbolError, match=r"CON\.F\.US\.XX\.Z25"):
        await gateway.resolve("CON.F.US.XX.Z25")
