"""Whatever an answer holds, it is one of three outcomes, and a refusal is never guessed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.errors import OutcomeUnknownError, VenueRefusedError
from tradedesk.gateway.rest import outcomes
from tradedesk.gateway.rest.outcomes import Endpoint, id_or_none, judge
from tradedesk.gateway.wire.base import Envelope
from tradedesk.gateway.wire.orders import PlaceOrderResponse

ENDPOINTS = [
    outcomes.PLACE,
    outcomes.MODIFY,
    outcomes.CANCEL,
    outcomes.CLOSE,
    outcomes.PARTIAL_CLOSE,
]
REFUSALS = {  # gateway documentation, section 2: every code that is no "pending" and no "unknown"
    outcomes.PLACE.path: {1, 2, 3, 4, 5, 8, 9, 10},
    outcomes.MODIFY.path: {1, 2, 3, 6, 7},
    outcomes.CANCEL.path: {1, 2, 3, 6},
    outcomes.CLOSE.path: {1, 2, 3, 4, 5, 8},
    outcomes.PARTIAL_CLOSE.path: {1, 2, 3, 4, 5, 6, 9},
}
ODD = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "success": st.booleans() | ODD,
        "errorCode": st.integers(-2, 12) | ODD,
        "errorMessage": st.text(max_size=30) | ODD,
        "orderId": st.integers(-2, 99) | ODD,
        "type": ODD,
        "title": ODD,
        "status": ODD,
        "errors": JSON,
    },
)
TEXTS = (JSON | MEMBERS).map(lambda value: json.dumps(value).encode())
CUT = st.tuples(TEXTS, st.integers(0, 200)).map(lambda pair: pair[0][: pair[1]])
HTML = st.sampled_from([b"<html>busy</html>", b"<!doctype html>", b"\xff\xfe{}", b"[" * 5_000])
BODIES = st.binary(max_size=60) | TEXTS | CUT | HTML | st.tuples(TEXTS, TEXTS).map(b"".join)
STATUSES = st.sampled_from([200, 200, 200, 400, 400, 401, 429, 500]) | st.integers(100, 999)

MONSTERS = [
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"9" * 100_000,
    b"\xff",
    b'{"success":false,"errorCode":2,"errorMessage":"\xff"}',
    b'{"success":false,"errorCode":2,"errorMessage":"\\ud800"}',
]


def outcome(endpoint: Endpoint, status: int, body: bytes) -> str:
    answer_type: Any = PlaceOrderResponse if endpoint is outcomes.PLACE else Envelope
    try:
        judge(endpoint, status, body, answer_type)
    except VenueRefusedError:
        return "refused"
    except OutcomeUnknownError:
        return "unknown"
    return "done"


@given(st.sampled_from(ENDPOINTS), STATUSES, BODIES)
def test_any_answer_is_one_of_three_outcomes(endpoint: Endpoint, status: int, body: bytes) -> None:
    came = outcome(endpoint, status, body)
    if came == "done":
        assert status == 200
        said = json.loads(body)
        assert said["success"] is True
        assert said["errorCode"] == 0
    elif came == "refused" and status == 200:
        said = json.loads(body)
        assert said["success"] is False
        assert said["errorCode"] in REFUSALS[endpoint.path]
    elif came == "refused":
        assert status == 400
        assert json.loads(body)["errors"]


@given(st.sampled_from(ENDPOINTS), st.integers(-5, 40), st.text(max_size=30))
def test_a_refusal_needs_a_code_that_means_one(endpoint: Endpoint, code: int, text: str) -> None:
    body = json.dumps({"success": False, "errorCode": code, "errorMessage": text}).encode()
    tag_taken = endpoint is outcomes.PLACE and "tag" in text.lower()
    if code in REFUSALS[endpoint.path] and not tag_taken:
        assert outcome(endpoint, 200, body) == "refused"
    elif code not in REFUSALS[endpoint.path]:
        assert outcome(endpoint, 200, body) == "unknown"


@pytest.mark.parametrize("body", MONSTERS)
@pytest.mark.parametrize("status", [200, 400])
def test_a_monstrous_answer_is_unknown(status: int, body: bytes) -> None:
    assert outcome(outcomes.PLACE, status, body) == "unknown"


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.path)
@pytest.mark.parametrize(
    "problem",
    [
        {"type": "about:blank", "title": "Bad Request", "status": 400},
        {"type": "about:blank", "title": "Bad Request", "status": 400, "errors": {}},
        {"type": "x", "title": "x", "status": 502, "errors": {"a": ["b"]}},
    ],
)
def test_a_400_that_names_nothing_proves_nothing(
    endpoint: Endpoint, problem: dict[str, object]
) -> None:
    assert outcome(endpoint, 400, json.dumps(problem).encode()) == "unknown"


@given(st.none() | st.integers() | st.text(max_size=30) | st.just("9" * 5_000))
def test_an_order_id_is_positive_or_nothing(value: int | str | None) -> None:
    found = id_or_none(value)
    assert found is None or found > 0
