"""Bodies as ASP.NET reads them: media types, encodings, malformed JSON, wrong types, ranges."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.practice.clients import Rest

if TYPE_CHECKING:
    import httpx

    from tradedesk.practice.server import Venue

OPEN = "/api/Order/searchOpen"
JSON = {"Content-Type": "application/json"}
TRACE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00")


async def send(rest: Rest, path: str, body: bytes, media: str | None = "application/json") -> Any:
    headers = {} if media is None else {"Content-Type": media}
    return await rest.http.post(path, content=body, headers=headers)


def good_body(rest: Rest, venue: Venue) -> bytes:
    return b'{"accountId": %d}' % venue.world.first_account


def problem(answer: httpx.Response) -> tuple[str, str]:
    """Member at fault and what is wrong with it, from a validation body of the right shape."""
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json; charset=utf-8"
    body = answer.json()
    assert list(body) == ["type", "title", "status", "errors", "traceId"]
    assert body["type"] == "https://tools.ietf.org/html/rfc9110#section-15.5.1"
    assert (body["title"], body["status"]) == ("One or more validation errors occurred.", 400)
    assert TRACE.fullmatch(body["traceId"])
    (key, (text,)), note = body["errors"].items()
    assert note == ("request", ["The request field is required."])
    return key, text


@pytest.mark.parametrize(
    "media",
    [
        "application/json",
        "text/json",
        "application/vnd.firm+json",
        "APPLICATION/JSON; Charset=UTF-8",
        'application/json; charset="utf-8"',
    ],
)
async def test_media_types_that_are_read(venue: Venue, rest: Rest, media: str) -> None:
    answer = await send(rest, OPEN, good_body(rest, venue), media)
    assert answer.json()["success"] is True


@pytest.mark.parametrize(
    "media",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "application/json; charset=latin-1",
        "application/",
        "json",
    ],
)
async def test_other_media_types_are_415(venue: Venue, rest: Rest, media: str | None) -> None:
    answer = await send(rest, OPEN, good_body(rest, venue), media)
    assert answer.status_code == 415
    body = answer.json()
    assert (body["title"], body["status"]) == ("Unsupported Media Type", 415)
    assert TRACE.fullmatch(body["traceId"])


async def test_answers_come_in_the_media_type_asked_for(venue: Venue, rest: Rest) -> None:
    for accept, media in (
        ("*/*", "application/json"),
        ("text/json", "text/json"),
        ("application/json, text/json", "application/json"),
        ("application/xml", "application/json"),
        ("text/plain", "application/json"),
    ):
        headers = {**JSON, "Accept": accept}
        answer = await rest.http.post(OPEN, content=good_body(rest, venue), headers=headers)
        assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    for accept, body in (("text/json", b'"pong"'), ("text/html", b"pong"), ("*/*", b"pong")):
        answer = await rest.http.get("/api/Status/ping", headers={"Accept": accept})
        assert answer.content == body


async def test_byte_order_marks_and_utf_16_are_read(venue: Venue, rest: Rest) -> None:
    body = good_body(rest, venue)
    assert (await send(rest, OPEN, b"\xef\xbb\xbf" + body)).json()["success"] is True
    wide = body.decode().encode("utf-16")
    assert (await send(rest, OPEN, wide, "application/json; charset=utf-16")).json()["success"]


@pytest.mark.parametrize("body", [b"", b"  \n ", b"\xef\xbb\xbf"])
async def test_an_empty_body(rest: Rest, body: bytes) -> None:
    assert problem(await send(rest, OPEN, body)) == ("", "A non-empty request body is required.")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"{", "LineNumber: 0 | BytePositionInLine: 1."),
        (b'{"accountId":1', "LineNumber: 0 | BytePositionInLine: 14."),
        (b'{"accountId":}', "LineNumber: 0 | BytePositionInLine: 13."),
        (b'{\n "accountId": NaN}', "LineNumber: 1 | BytePositionInLine: 14."),
        (b'{"accountId": Infinity}', "LineNumber: 0 | BytePositionInLine: 14."),
        (b'{"accountId": 1} x', "LineNumber: 0 | BytePositionInLine: 18."),
        (b"{'accountId': 1}", "LineNumber: 0 | BytePositionInLine: 1."),
        (b"\xff\xfe{", "LineNumber: 0 | BytePositionInLine: 0."),
    ],
)
async def test_what_is_no_json(rest: Rest, body: bytes, where: str) -> None:
    key, text = problem(await send(rest, OPEN, body))
    assert key == "$"
    assert text.endswith(where)


async def test_bad_utf_8_inside_a_text(rest: Rest) -> None:
    body = b'{"live": false, "searchText": "\xff"}'
    assert problem(await send(rest, "/api/Contract/search", body))[0] == "$"


@pytest.mark.parametrize(("levels", "status"), [(31, 200), (32, 400), (100_000, 400)])
async def test_nesting_ends_at_32(venue: Venue, rest: Rest, levels: int, status: int) -> None:
    deep = b"[" * levels + b"]" * levels
    body = good_body(rest, venue).replace(b"}", b', "other": ' + deep + b"}")
    assert (await send(rest, OPEN, body)).status_code == status


async def test_brackets_inside_texts_are_no_nesting(venue: Venue, rest: Rest) -> None:
    body = good_body(rest, venue).replace(b"}", b', "other": "' + b'[{\\"' * 50 + b'"}')
    assert (await send(rest, OPEN, body)).json()["success"] is True


@pytest.mark.parametrize(
    ("member", "value", "kind"),
    [
        ("accountId", b'"1"', "System.Int32"),
        ("accountId", b"1.0", "System.Int32"),
        ("accountId", b"1e3", "System.Int32"),
        ("accountId", b"true", "System.Int32"),
        ("accountId", b"null", "System.Int32"),
        ("accountId", b"[1]", "System.Int32"),
        ("accountId", b"2147483648", "System.Int32"),
        ("accountId", b"-2147483649", "System.Int32"),
        ("size", b"99999999999999999999999999", "System.Int32"),
        ("type", b'"Market"', "System.Int32"),
        ("contractId", b"1", "System.String"),
        ("limitPrice", b'"1.25"', "System.Decimal"),
        ("limitPrice", b"1e400", "System.Decimal"),
        ("linkedOrderId", b"9223372036854775808", "System.Int64"),
        ("stopLossBracket", b'"x"', "PlaceOrderRequest"),
    ],
)
async def test_a_value_of_another_type(rest: Rest, member: str, value: bytes, kind: str) -> None:
    members = {"accountId": b"1", "contractId": b'"x"', "type": b"2", "side": b"0", "size": b"1"}
    members[member] = value
    body = b"{" + b",".join(b'"%s":%s' % (k.encode(), v) for k, v in members.items()) + b"}"
    key, text = problem(await send(rest, "/api/Order/place", body))
    assert key == f"$.{member}"
    assert text == f"The JSON value could not be converted to {kind}. Path: $.{member}"


async def test_a_missing_member_is_named(rest: Rest) -> None:
    key, text = problem(await send(rest, OPEN, b"{}"))
    assert key == "$.accountId"
    assert text == (
        "JSON deserialization for type 'OrderSearchOpenRequest' was missing required properties, "
        "including the following: accountId"
    )


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2025-11-20T15:00:00Z", True),
        ("2025-11-20T15:00:00", True),
        ("2025-11-20T15:00:00.1234567+05:30", True),
        ("2025-11-20T15:00Z", True),
        ("2025-11-20", True),
        ("0001-01-01T00:00:00", True),
        ("9999-12-31T23:59:59.9999999Z", True),
        ("2025-11-20 25:00:00", False),
        ("2025-13-20", False),
        ("20.11.2025", False),
        ("", False),
    ],
)
async def test_times(venue: Venue, rest: Rest, text: str, good: bool) -> None:
    account = venue.world.first_account
    for body in (
        {"accountId": account, "startTimestamp": text},
        {"accountId": account, "startTimestamp": "2020-01-01T00:00:00Z", "endTimestamp": text},
    ):
        for path in ("/api/Order/search", "/api/Trade/search"):
            answer = await rest.http.post(path, json=body)
            if good:
                assert answer.json()["success"] is True
            else:
                assert "System.DateTime" in problem(answer)[1]


async def test_paths_mind_neither_case_nor_a_slash_at_the_end(venue: Venue, rest: Rest) -> None:
    for path in ("/api/order/searchopen", "/API/Order/searchOpen/"):
        assert (await send(rest, path, good_body(rest, venue))).json()["success"] is True


async def test_unknown_paths_and_wrong_verbs_have_no_body(rest: Rest) -> None:
    unknown = await rest.http.post("/api/Order/flatten", json={})
    wrong = await rest.http.get(OPEN)
    assert (unknown.status_code, unknown.content) == (404, b"")
    assert (wrong.status_code, wrong.content, wrong.headers["allow"]) == (405, b"", "POST")


async def test_token_before_body_and_media_type(venue: Venue, rest: Rest) -> None:
    del rest.http.headers["Authorization"]
    assert (await send(rest, OPEN, b"{", "text/plain")).status_code == 401


async def test_ten_megabytes_are_read_and_answered(venue: Venue, rest: Rest) -> None:
    body = good_body(rest, venue).replace(b"}", b', "other": "' + b"x" * 10_000_000 + b'"}')
    assert (await send(rest, OPEN, body)).status_code in (200, 413)
    assert (await send(rest, OPEN, good_body(rest, venue))).json()["success"] is True


async def test_trace_ids_follow_from_the_seed(start_venue: Any) -> None:

    seen: list[list[str]] = []
    for seed in (5, 5, 6):
        venue = await start_venue(seed=seed)
        async with Rest(venue.description()["rest"]) as rest:
            await rest.login(venue)
            answers = [(await send(rest, OPEN, b"{}")).json()["traceId"] for _ in range(3)]
            url = venue.description()["user_hub"]
            hub = await rest.http.post(f"{url}/negotiate?negotiateVersion=1")
            answers += [hub.json()["connectionId"], hub.json()["connectionToken"]]
            seen.append(answers)
    assert seen[0] == seen[1]
    assert not set(seen[0]) & set(seen[2])
    assert len(set(seen[0])) == 5
