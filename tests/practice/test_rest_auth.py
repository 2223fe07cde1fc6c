"""Log-in, tokens, malformed requests."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.practice.clients import Rest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tradedesk.practice.server import Venue


JSON = {"Content-Type": "application/json"}


async def test_wrong_key_is_code_3_with_http_200(venue: Venue) -> None:
    async with Rest(venue.description()["rest"]) as rest:
        for name, key in (("practice", "wrong"), ("somebody", "practice-key-0000")):
            assert await rest("Auth/loginKey", userName=name, apiKey=key) == {
                "token": None,
                "success": False,
                "errorCode": 3,
                "errorMessage": None,
            }


async def test_user_name_is_not_case_sensitive(venue: Venue) -> None:
    async with Rest(venue.description()["rest"]) as rest:
        key = venue.description()["api_key"]
        assert (await rest("Auth/loginKey", userName="PRACTICE", apiKey=key))["success"]


async def test_login_app_takes_the_key_as_the_password(venue: Venue) -> None:
    async with Rest(venue.description()["rest"]) as rest:
        body = {"userName": "practice", "password": venue.description()["api_key"]}
        answer = await rest("Auth/loginApp", **body, deviceId="", appId="", verifyKey="")
        assert answer["token"]


async def test_token_is_a_jwt_good_for_a_day(rest: Rest) -> None:
    payload = rest.token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["exp"] - time.time() == pytest.approx(86_400, abs=60)


@pytest.mark.parametrize("content", [None, b"", b"{}"])
async def test_validate_gives_a_new_token_whatever_the_body(
    rest: Rest, content: bytes | None
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await rest.http.post("/api/Auth/validate", content=content, headers=headers)
    fresh = answer.json()["newToken"]
    assert fresh != rest.token
    rest.use(fresh)
    assert (await rest("Account/search", onlyActiveAccounts=True))["success"]


async def test_logout_ends_the_token(rest: Rest) -> None:
    assert (await rest("Auth/logout"))["success"]
    answer = await rest.http.post("/api/Account/search", json={"onlyActiveAccounts": True})
    assert answer.status_code == 401


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Bearer a.b.c", "Basic eHg6eXk="])
async def test_401_without_a_good_token(venue: Venue, header: str | None) -> None:
    async with httpx.AsyncClient(base_url=venue.description()["rest"]) as http:
        headers = {} if header is None else {"Authorization": header}
        for path in ("/api/Account/search", "/api/Auth/validate", "/practice/control"):
            answer = await http.post(path, json={}, headers=headers)
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert answer.content == b""


async def test_expired_tokens_are_refused_everywhere(venue: Venue, rest: Rest) -> None:
    await rest.control("expire_tokens")
    answer = await rest.http.post("/api/Account/search", json={"onlyActiveAccounts": True})
    assert answer.status_code == 401
    url = venue.description()["market_hub"]
    negotiation = await rest.http.post(f"{url}/negotiate", params={"access_token": rest.token})
    assert negotiation.status_code == 401
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"{url.replace('http', 'ws')}?access_token={rest.token}", proxy=None)
    assert refused.value.response.status_code == 401
    await rest.login(venue)
    assert (await rest("Account/search", onlyActiveAccounts=True))["success"]


async def test_a_token_ends_with_its_life(start_venue: Callable[..., Awaitable[Venue]]) -> None:
    venue = await start_venue(token_life_s=0)
    async with Rest(venue.description()["rest"]) as rest:
        await rest.login(venue)
        answer = await rest.http.post("/api/Auth/validate")
        assert answer.status_code == 401


@pytest.mark.parametrize(
    ("path", "body", "member"),
    [
        ("Auth/loginKey", b'{"userName":"practice"}', "$.apiKey"),
        ("Order/place", b'{"contractId":"x","type":2,"side":0,"size":1}', "$.accountId"),
        ("Order/place", b'{"accountId":1,"contractId":"x","type":"Market"}', "$.type"),
        ("Order/searchOpen", b'{"accountId":"50012345"}', "$.accountId"),
        ("Order/searchOpen", b'{"accountId":null}', "$.accountId"),
        ("Order/searchOpen", b"", ""),
        ("Order/searchOpen", b"{", "$"),
        ("Order/searchOpen", b"\xff\xfe", "$"),
        ("Order/v2/query", b'{"filter":{"accountId":"x"}}', "$.filter.accountId"),
    ],
)
async def test_400_names_the_member(rest: Rest, path: str, body: bytes, member: str) -> None:
    answer = await rest.http.post(f"/api/{path}", content=body, headers=JSON)
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (400, 400)
    assert problem["title"] == "One or more validation errors occurred."
    assert list(problem["errors"]) == [member, "request"]


async def test_a_price_sent_as_text_is_refused(rest: Rest) -> None:
    body = {"accountId": 1, "contractId": "x", "type": 1, "side": 0, "size": 1, "limitPrice": "1"}
    answer = await rest.http.post("/api/Order/place", json=body)
    assert answer.status_code == 400
    assert "$.limitPrice" in answer.json()["errors"]


async def test_unknown_members_are_ignored_and_null_is_absent(rest: Rest) -> None:
    body = {"live": False, "searchText": None, "somethingElse": [1]}
    assert len((await rest("Contract/search", **body))["contracts"]) == 20


async def test_wrong_verb_is_405(rest: Rest) -> None:
    assert (await rest.http.get("/api/Account/search")).status_code == 405
    assert (await rest.http.post("/api/Status/ping")).status_code == 405


async def test_ping_is_negotiated(venue: Venue) -> None:
    async with httpx.AsyncClient(base_url=venue.description()["rest"]) as http:
        plain = await http.get("/api/Status/ping", headers={"Accept": "*/*"})
        quoted = await http.get("/api/Status/ping", headers={"Accept": "application/json"})
        assert (plain.content, quoted.content) == (b"pong", b'"pong"')
