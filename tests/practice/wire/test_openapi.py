"""The description of the wire: kept on file, true of every answer, and thrown at the venue."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.practice.wire.conftest import Caller, threaded_venue

from tradedesk.practice import openapi
from tradedesk.practice.endpoints import ENDPOINTS

if TYPE_CHECKING:
    from collections.abc import Iterator

ON_FILE = Path(__file__).parents[3] / "docs" / "openapi.json"
EXAMPLES = 25
CHECKS = (
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
    content_type_conformance,
)
PATHS = sorted(openapi.document()["paths"])


def test_the_file_is_the_description() -> None:
    """After a change of the wire write it anew, as docs/practice/wire.md says."""
    assert ON_FILE.read_bytes() == openapi.encoded()


def test_anybody_may_read_it(ready: dict[str, Any]) -> None:
    answer = httpx.get(f"{ready['rest']}{openapi.PATH}", trust_env=False)
    assert (answer.status_code, answer.content) == (200, openapi.encoded())


def test_every_endpoint_of_production_is_described_and_served(ready: dict[str, Any]) -> None:
    with httpx.Client(base_url=ready["rest"], trust_env=False) as http:
        for endpoint in ENDPOINTS:
            answer = http.post(endpoint.path, json={})
            assert answer.status_code == (400 if endpoint.anybody else 401), endpoint.path
    assert len(ENDPOINTS) + 1 == len(PATHS) == 21


def test_codes_are_numbered_as_the_sheet_has_them() -> None:
    names = {endpoint.path.removeprefix("/api/"): endpoint.codes for endpoint in ENDPOINTS}
    assert names["Order/place"].index("ContractNotFound") == 8
    assert names["Order/modify"].index("ContractNotFound") == 7
    assert names["Position/partialCloseContract"].index("InvalidCloseSize") == 5
    assert names["Position/partialCloseContract"].index("AccountRejected") == 9
    assert names["Position/closeContract"].index("AccountRejected") == 8
    assert names["Auth/loginKey"].index("ApiKeyAuthenticationDisabled") == 10


@pytest.fixture(scope="module")
def venue() -> Iterator[dict[str, Any]]:
    with threaded_venue(limits=False, logout_ends="token") as description:
        yield description


@pytest.fixture(scope="module")
def schema(venue: dict[str, Any]) -> Any:
    return schemathesis.openapi.from_url(f"{venue['rest']}{openapi.PATH}")


@pytest.mark.parametrize("path", PATHS)
def test_generated_calls_are_answered_as_described(
    venue: dict[str, Any], schema: Any, path: str
) -> None:
    verb = "GET" if path.endswith("ping") else "POST"
    operation = schema[path][verb]
    with Caller(venue) as user, Caller(venue) as other:
        token = other.token if path.endswith("logout") else user.token
        before = user.books()
        answered: set[int] = set()

        @hypothesis.settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy())
        def throw(case: Case[Any]) -> None:
            answer = case.call(
                base_url=venue["rest"], headers={"Authorization": f"Bearer {token}"}, timeout=10
            )
            answered.add(answer.status_code)
            case.validate_response(answer, checks=list(CHECKS))

        throw()
        assert answered <= {200, 400, 401, 415}
        assert user.books() == before
        assert re.fullmatch(r"\d+", str(user.account))
