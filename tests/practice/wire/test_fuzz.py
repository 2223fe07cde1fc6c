"""Nonsense of every kind, after which the venue still serves and the account is unharmed."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.practice.wire.conftest import Caller
from tests.practice.wire.model import audit
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tradedesk.practice.endpoints import ENDPOINTS, Endpoint

SEPARATOR = b"\x1e"
HANDSHAKE = b'{"protocol":"json","version":1}' + SEPARATOR
PARTS = [one for one in ENDPOINTS if one.request is not None and not one.anybody]
OFTEN = [*PARTS, *(8 * [one for one in PARTS if one.path.startswith("/api/Order/place")])]
BOUNDED = settings(
    max_examples=250,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
NUMBERS = [0, 1, 2, 3, 4, 5, 6, 7, -1, -2, 20, 100, 10_000, 2**31 - 1, -(2**31), 2**31, 2**63, 1.5]
TIMES = ["2020-01-01T00:00:00Z", "2100-01-01T00:00:00", "9999-12-31", "0001-01-01T00:00:00Z", "x"]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from(NUMBERS)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(string.printable, max_size=8)
    | st.sampled_from(TIMES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def likely(name: str, account: int, contract: str) -> st.SearchStrategy[Any]:
    """Values with which a member often makes sense."""
    sensible: dict[str, st.SearchStrategy[Any]] = {
        "accountId": st.just(account),
        "contractId": st.just(contract),
        "live": st.just(False),
        "orderId": st.integers(9_100_001, 9_100_060),
        "size": st.integers(1, 3),
        "type": st.sampled_from([1, 2, 4, 5, 6, 7]),
        "side": st.sampled_from([0, 1]),
        "limit": st.integers(1, 50),
        "unit": st.integers(1, 6),
        "unitNumber": st.integers(1, 5),
        "includePartialBar": st.booleans(),
        "filter": st.fixed_dictionaries(
            {"accountId": st.just(account)}, optional={"statuses": st.lists(st.integers(0, 8))}
        ),
    }
    if name.endswith(("Time", "Timestamp")):
        return st.sampled_from(TIMES[:4])
    if name.endswith("Bracket"):
        leg = {"ticks": st.integers(-40, 40), "type": st.sampled_from([1, 4])}
        return st.none() | st.fixed_dictionaries(leg)
    if name.endswith("Price"):
        return st.none() | st.integers(85_000, 87_000).map(lambda ticks: ticks / 4)
    return sensible.get(name, st.none())


def bodies(endpoint: Endpoint, account: int, contract: str) -> st.SearchStrategy[bytes]:
    """Bodies of an endpoint, from good over one wrong member to noise."""
    assert endpoint.request is not None
    names = list(endpoint.request.__struct_encode_fields__)
    members = {name: likely(name, account, contract) for name in names}
    good = st.fixed_dictionaries(members)
    spoiled = st.builds(
        lambda body, name, value: {**body, name: value}, good, st.sampled_from(names), ANYTHING
    )
    thinned = st.builds(
        lambda body, name: {k: v for k, v in body.items() if k != name},
        good,
        st.sampled_from(names),
    )
    text = (good | good | spoiled | thinned | ANYTHING).map(lambda body: json.dumps(body).encode())
    cut = st.builds(lambda raw, at: raw[: at % (len(raw) + 1)], text, st.integers(0, 500))
    return text | text | text | cut | st.binary(max_size=40)


@pytest.fixture
def contract(caller: Caller) -> str:
    rows = caller("Contract/search", searchText="MNQ", live=False)["contracts"]
    found: str = rows[0]["id"]
    return found


def test_bodies(caller: Caller, contract: str) -> None:
    codes: set[tuple[str, int]] = set()

    @BOUNDED
    @given(data=st.data())
    def throw(data: st.DataObject) -> None:
        endpoint = data.draw(st.sampled_from(OFTEN))
        body = data.draw(bodies(endpoint, caller.account, contract))
        headers = {"Content-Type": "application/json"}
        answer = caller.http.post(endpoint.path, content=body, headers=headers)
        assert answer.status_code in (200, 400), (endpoint.path, body, answer.text)
        if answer.status_code == 400:
            assert answer.json()["status"] == 400
            return
        said = answer.json()
        assert 0 <= said["errorCode"] < len(endpoint.codes), (endpoint.path, body, said)
        assert said["success"] == (said["errorCode"] == 0)
        codes.add((endpoint.path, said["errorCode"]))

    throw()
    books = caller.books()
    audit(books)
    assert books["trades"], "nothing was traded, so nothing was tried"
    assert {("/api/Order/place", 0), ("/api/Order/place", 2)} <= codes


def test_hub_records(caller: Caller, contract: str) -> None:
    targets = [
        f"{verb}ubscribe{kind}"
        for verb in ("S", "Uns")
        for kind in (
            *("Accounts", "Orders", "Positions", "Trades"),
            *("ContractQuotes", "ContractTrades", "ContractMarketDepth"),
        )
    ]
    argument = st.sampled_from([caller.account, 1, str(caller.account), contract, "x"]) | ANYTHING
    call = st.fixed_dictionaries(
        {
            "type": st.just(1) | st.just(1) | st.sampled_from(NUMBERS),
            "target": st.sampled_from(targets) | st.text(max_size=8),
            "arguments": st.lists(argument, max_size=2),
        },
        optional={"invocationId": st.text(max_size=3), "headers": st.none()},
    )
    record = (call | call | ANYTHING).map(lambda value: json.dumps(value).encode()) | st.binary(
        max_size=20
    )

    @BOUNDED
    @given(
        hub=st.sampled_from(["user_hub", "market_hub"]),
        stream=st.lists(record, max_size=5).map(lambda rows: b"".join(r + SEPARATOR for r in rows)),
        step=st.integers(1, 60),
        binary=st.booleans(),
        shaken=st.booleans(),
    )
    def throw(hub: str, stream: bytes, step: int, binary: bool, shaken: bool) -> None:
        url = f"{caller.ready[hub].replace('http', 'ws', 1)}?access_token={caller.token}"
        with connect(url, proxy=None, ping_interval=None, max_size=None) as socket:
            try:
                if shaken:
                    socket.send(HANDSHAKE)
                    assert str(socket.recv(10)).startswith("{}")
                for start in range(0, len(stream), step):
                    piece = stream[start : start + step]
                    socket.send(piece if binary else piece.decode("latin-1"))
            except ConnectionClosed:
                return

    before = caller.books()
    throw()
    assert caller.books() == before
    audit(before)


def test_accounts_that_are_not_there(caller: Caller, contract: str) -> None:
    before = caller.books()
    known = {"accountId": 1, "contractId": contract, "orderId": 9_100_001, "size": 1}
    more = {"type": 2, "side": 0, "startTimestamp": TIMES[0], "filter": {"accountId": 1}}
    for endpoint in PARTS:
        if "AccountNotFound" in endpoint.codes or "OrderNotFound" in endpoint.codes:
            said = caller(endpoint.path.removeprefix("/api/"), **known, **more)
            assert (said["success"], said["errorCode"]) == (False, 1), endpoint.path
            assert {*said.values()} == {False, 1, None}
    assert caller.books() == before
