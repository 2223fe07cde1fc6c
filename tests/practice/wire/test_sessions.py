"""Logging in, staying in and being put out: codes, knobs, and the second session on a hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.practice.clients import Hub, Rest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tradedesk.practice.server import Venue

    Start = Callable[..., Awaitable[Venue]]

AGREEMENTS = "Please log into the ProjectX platform and complete the required agreements"


async def login(venue: Venue, **changes: str) -> dict[str, Any]:
    who = venue.description()
    body = {"userName": who["username"], "apiKey": who["api_key"], **changes}
    async with Rest(who["rest"]) as rest:
        return await rest("Auth/loginKey", **body)


@pytest.mark.parametrize(
    ("refusal", "code", "message"),
    [
        ("user_not_found", 1, None),
        ("password_failed", 2, None),
        ("agreements_not_signed", 7, AGREEMENTS),
        ("no_subscription", 9, None),
        ("key_disabled", 10, None),
    ],
)
async def test_log_ins_refused_by_a_knob(
    start_venue: Start, refusal: str, code: int, message: str | None
) -> None:
    venue = await start_venue(login_refusal=refusal)
    assert await login(venue) == {
        "success": False,
        "errorCode": code,
        "errorMessage": message,
        "token": None,
    }


async def test_unknown_users_may_have_a_code_of_their_own(start_venue: Start) -> None:
    venue = await start_venue(unknown_user="user_not_found")
    assert (await login(venue, userName="somebody"))["errorCode"] == 1
    assert (await login(venue, apiKey="wrong"))["errorCode"] == 3


@pytest.mark.parametrize(("ends", "other"), [("token", 200), ("all", 401)])
async def test_log_out(start_venue: Start, ends: str, other: int) -> None:
    venue = await start_venue(logout_ends=ends)
    base = venue.description()["rest"]
    async with Rest(base) as one, Rest(base) as two:
        await one.login(venue)
        await two.login(venue)
        assert await one("Auth/logout") == {
            "success": True,
            "errorCode": 0,
            "errorMessage": None,
        }
        assert (await one.http.post("/api/Auth/validate")).status_code == 401
        assert (await one.http.post("/api/Auth/logout")).status_code == 401
        assert (await two.http.post("/api/Auth/validate")).status_code == other
        await one.login(venue)
        assert (await one("Auth/validate"))["success"]


async def test_validate_may_tell_by_code(start_venue: Start) -> None:
    venue = await start_venue(validate_refusal="code", validate_renews=False)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        assert await rest("Auth/validate") == {
            "success": True,
            "errorCode": 0,
            "errorMessage": None,
            "newToken": None,
        }
        await rest("Auth/logout")
        assert (await rest("Auth/validate"))["errorCode"] == 2
        rest.use(f"{rest.token}x")
        assert (await rest("Auth/validate"))["errorCode"] == 1
        del rest.http.headers["Authorization"]
        assert (await rest.http.post("/api/Auth/validate")).status_code == 401
    expired = await start_venue(validate_refusal="code", token_life_s=0)
    async with Rest(expired.description()["rest"]) as rest:
        await rest.login(expired)
        assert (await rest("Auth/validate"))["errorCode"] == 3


@pytest.mark.parametrize("hub", ["user_hub", "market_hub"])
async def test_a_second_session_takes_the_hub_over(start_venue: Start, hub: str) -> None:
    venue = await start_venue()
    who = venue.description()
    async with Rest(who["rest"]) as one, Rest(who["rest"]) as two:
        await one.login(venue)
        await two.login(venue)
        other = "market_hub" if hub == "user_hub" else "user_hub"
        async with Hub(who[hub], one.token) as old, Hub(who[other], one.token) as bystander:
            async with Hub(who[hub], two.token) as new:
                await old.until_closed()
                logout, goodbye = old.records[-2:]
                assert (logout["type"], logout["target"]) == (1, "GatewayLogout")
                (payload,) = logout["arguments"]
                assert "another session" in payload["message"]
                assert goodbye == {"type": 7, "allowReconnect": False}
                probe = "SubscribeAccounts" if hub == "user_hub" else "UnsubscribeContractQuotes"
                values = () if hub == "user_hub" else ("CON.F.US.MNQ.Z25",)
                assert (await new.invoke(probe, *values))["result"] == 0
            assert not bystander.closed
            assert bystander.events("GatewayLogout") == []


async def test_how_many_sessions_is_a_knob(start_venue: Start) -> None:
    venue = await start_venue(sessions_per_hub=2)
    who = venue.description()
    async with Rest(who["rest"]) as rest:
        await rest.login(venue)
        url = who["user_hub"]
        async with Hub(url, rest.token) as a, Hub(url, rest.token) as b, Hub(url, rest.token) as c:
            await a.until_closed()
            assert not b.closed
            await c.subscribe("Accounts")
            await b.subscribe("Accounts")
    assert venue.world.user_hub.connections == set()


async def test_a_connection_that_left_makes_room(start_venue: Start) -> None:
    venue = await start_venue()
    who = venue.description()
    async with Rest(who["rest"]) as rest:
        await rest.login(venue)
        for _ in range(3):
            async with Hub(who["user_hub"], rest.token) as hub:
                await hub.subscribe("Accounts")
                assert hub.events("GatewayLogout") == []


@pytest.mark.parametrize("closes", [False, True])
async def test_sockets_may_end_with_their_tokens(start_venue: Start, closes: bool) -> None:
    venue = await start_venue(expiry_closes_sockets=closes)
    who = venue.description()
    async with Rest(who["rest"]) as rest:
        await rest.login(venue)
        async with Hub(who["user_hub"], rest.token) as hub:
            await rest.control("expire_tokens")
            if closes:
                await hub.until_closed()
                assert hub.records[-1]["type"] == 7
            else:
                await hub.subscribe("Accounts")


async def test_times_may_end_in_z(start_venue: Start) -> None:
    venue = await start_venue(stamps_z=True)
    who = venue.description()
    async with Rest(who["rest"]) as rest:
        await rest.login(venue)
        found = await rest("Contract/search", searchText="MNQ", live=False)
        contract = found["contracts"][0]["id"]
        async with Hub(who["market_hub"], rest.token) as hub:
            await hub.subscribe("ContractQuotes", contract)
            ((_, quote),) = hub.events("GatewayQuote")[:1]
            assert quote["timestamp"].endswith("Z")
        bars = await rest(
            "History/retrieveBars",
            contractId=contract,
            live=False,
            startTime="2000-01-01T00:00:00Z",
            endTime="2100-01-01T00:00:00Z",
            unit=2,
            unitNumber=1,
            limit=1,
            includePartialBar=True,
        )
        assert bars["bars"][0]["t"].endswith("Z")
