"""Which cuts and which wrong replies are tried, for each kind of order change."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, NamedTuple

from reliability.cut_wire import How, Plan
from tradedesk.gateway.rest import outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDPOINTS = {
    "place": outcomes.PLACE,
    "cancel": outcomes.CANCEL,
    "modify": outcomes.MODIFY,
    "close": outcomes.CLOSE,
}
KINDS = tuple(ENDPOINTS)
PATHS = {kind: endpoint.path for kind, endpoint in ENDPOINTS.items()}


class Case(NamedTuple):
    """One try.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    plan : Plan
        What happens to its request.
    cold : bool
        Whether it opens a connection of its own; otherwise it uses a warm one.
    name : str
        For the report.
    lies : bool
        Whether the reply says something untrue, so that only the next look can tell.
    """

    kind: str
    plan: Plan
    cold: bool
    name: str
    lies: bool = False


def reply_faults(kind: str) -> Iterator[Case]:
    """Whole replies that are wrong, before and after the request was carried out."""
    made = {f"http {status}": _http(status, b"") for status in (500, 501, 502, 503, 504)}
    made |= {
        "429": _http(429, b"", "Retry-After: 0\r\n"),
        "401": _http(401, b""),
        "302": _http(302, b"", "Location: http://127.0.0.1:1/\r\n"),
        "html": _http(200, b"<html><body>maintenance</body></html>", kind="text/html"),
        "html 400": _http(400, b"<html>bad gateway</html>", kind="text/html"),
        "half a json": _http(200, b'{"orderId":12,"succ'),
        "empty": _http(200, b""),
        "json that is no object": _http(200, b"[]"),
        "yes without an id": _answer(None, True, 0),
        "yes with a code": _answer(1, True, 7),
    }
    made |= {f"code {code}": _answer(None, False, code) for code in (4, 5, 6, 7, 99)}
    path = PATHS[kind]
    definite = {f"code {code}" for code in ENDPOINTS[kind].refusals}
    for side, (name, reply) in itertools.product(("before", "after"), made.items()):
        lies = side == "after" and name in definite
        yield Case(kind, Plan(path, side, made=reply), False, f"{name}, {side}", lies)
    refused = _answer(None, False, 2, "Order rejected.")
    yield Case(kind, Plan(path, "before", made=refused), False, "code 2, before")
    yield Case(kind, Plan(path, "after", made=refused), False, "code 2, after", lies=True)
    taken = _answer(None, False, 2, "Specified custom tag is already in use")
    if kind == "place":
        yield Case(kind, Plan(path, "after", made=taken), False, "tag in use, after")
        wrong = _answer(4_242, True, 0)
        yield Case(kind, Plan(path, "after", made=wrong), False, "wrong id, after", lies=True)
        yield Case(kind, Plan(path, "before", made=wrong), False, "wrong id, before", lies=True)
    yield Case(kind, Plan(path, "twice"), False, "the reply twice")


def byte_cuts(kind: str, lengths: tuple[int, int], *, cold: bool) -> Iterator[Case]:
    """Every byte of request and reply, with every end."""
    path = PATHS[kind]
    for side, length in zip(("request", "reply"), lengths, strict=True):
        for at, how in itertools.product(range(length + 1), How):
            name = f"{side} cut at {at}, {how}{', new connection' if cold else ''}"
            yield Case(kind, Plan(path, side, at, how), cold, name)


def all_cases(kind: str, lengths: tuple[int, int], least: int) -> list[Case]:
    """Wrong replies and all bytes over warm connections; new connections to fill up."""
    cases = [*reply_faults(kind), *byte_cuts(kind, lengths, cold=False)]
    more = list(byte_cuts(kind, lengths, cold=True))
    missing = max(least - len(cases), 0)
    if missing:
        cases += more[:: max(len(more) // missing, 1)]
    return cases


def sample(cases: list[Case], count: int) -> list[Case]:
    """Some of them, spread over all, and every reply that lies about an order's number."""
    step = max(len(cases) // count, 1)
    return [
        case
        for number, case in enumerate(cases)
        if number % step == 0 or case.name.startswith("wrong id")
    ]


def _answer(order_id: int | None, success: bool, code: int, message: str | None = None) -> bytes:
    return _http(
        200,
        json.dumps(
            {
                "orderId": order_id,
                "success": success,
                "errorCode": code,
                "errorMessage": message,
            }
        ).encode(),
    )


def _http(status: int, body: bytes, more: str = "", kind: str = "application/json") -> bytes:
    head = (
        f"HTTP/1.1 {status} Made Up\r\nContent-Type: {kind}\r\n{more}"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
