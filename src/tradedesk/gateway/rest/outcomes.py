"""What an answer to a mutation means: done, refused, or nobody knows. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import msgspec

from tradedesk.domain.errors import OutcomeUnknownError, VenueRefusedError
from tradedesk.gateway.wire.base import UNREADABLE, Envelope
from tradedesk.gateway.wire.rest import ProblemDetails

if TYPE_CHECKING:
    from collections.abc import Mapping

Answer = TypeVar("Answer", bound=Envelope)


class Endpoint(NamedTuple):
    """One mutation.

    Parameters
    ----------
    path : str
        Where it is sent.
    noun : str
        What sentences call it: ``The order``.
    refusals : mapping of int to str
        The codes that prove that nothing was done. Every other code, known or new, leaves the
        outcome open. Codes mean different things on different endpoints.
    """

    path: str
    noun: str
    refusals: Mapping[int, str]


_NO_ACCOUNT: Final = "the venue does not know this account"
_NO_CHANGE: Final = "this account must not be traded through the API"
_CONTRACT_OVER: Final = "this contract is no longer traded; choose the active expiry"

PLACE: Final = Endpoint(
    "/api/Order/place",
    "The order",
    {
        1: _NO_ACCOUNT,
        2: "the venue rejected it",
        3: "the account has not enough money for it",
        4: "the account's rules forbid it",
        5: "the market is closed",
        8: "the venue does not know this contract",
        9: _CONTRACT_OVER,
        10: "this account may not trade",
    },
)
MODIFY: Final = Endpoint(
    "/api/Order/modify",
    "The change",
    {
        1: _NO_ACCOUNT,
        2: "the venue does not know this order",
        3: "the venue rejected it; the order may be done already",
        6: _NO_CHANGE,
        7: "the venue does not know this contract",
    },
)
CANCEL: Final = Endpoint(
    "/api/Order/cancel",
    "The cancel",
    {
        1: _NO_ACCOUNT,
        2: "the venue does not know this order",
        3: "the venue rejected it; the order may be done already",
        6: _NO_CHANGE,
    },
)
CLOSE: Final = Endpoint(
    "/api/Position/closeContract",
    "The close",
    {
        1: _NO_ACCOUNT,
        2: "there is no such position",
        3: "the venue does not know this contract",
        4: _CONTRACT_OVER,
        5: "the venue rejected the closing order",
        8: _NO_CHANGE,
    },
)
PARTIAL_CLOSE: Final = Endpoint(
    "/api/Position/partialCloseContract",
    "The partial close",
    {
        1: _NO_ACCOUNT,
        2: "there is no such position",
        3: "the venue does not know this contract",
        4: _CONTRACT_OVER,
        5: "the size is larger than the position",
        6: "the venue rejected the closing order: the market is closed or has no price",
        9: _NO_CHANGE,
    },
)


def judge(endpoint: Endpoint, status: int, body: bytes, answer_type: type[Answer]) -> Answer:
    """Turn status and body into the answer of a mutation that was carried out.

    Raises
    ------
    VenueRefusedError
        If it was definitely not carried out.
    OutcomeUnknownError
        In every other case.
    """
    if status == 400:
        raise _malformed(endpoint, body)
    if status != 200:
        raise _unknown(endpoint, _HTTP_REASONS.get(status, f"the venue answered HTTP {status}"))
    try:
        answer = msgspec.json.decode(body, type=answer_type)
    except UNREADABLE:
        raise _unknown(endpoint, "the venue's answer cannot be read") from None
    if answer.success and answer.error_code == 0:
        return answer
    if answer.success:
        raise _unknown(endpoint, f"the venue said success with error code {answer.error_code}")
    raise _refused_or_unknown(endpoint, answer)


def unknown_after(endpoint: Endpoint, reason: str) -> OutcomeUnknownError:
    """The error for a mutation whose answer never came."""
    return _unknown(endpoint, reason)


_HTTP_REASONS: Final = {
    401: "the venue no longer accepts this sign-in (HTTP 401)",
    429: "the venue said too many requests (HTTP 429)",
}


def _unknown(endpoint: Endpoint, reason: str) -> OutcomeUnknownError:
    return OutcomeUnknownError(f"{endpoint.noun} may or may not have been carried out: {reason}.")


def _refused_or_unknown(
    endpoint: Endpoint, answer: Envelope
) -> VenueRefusedError | OutcomeUnknownError:
    said = (answer.error_message or "").strip()
    sentence = endpoint.refusals.get(answer.error_code)
    if sentence is None or (endpoint is PLACE and _is_tag_taken(said)):
        # A taken tag proves that an earlier copy of this very order arrived: it must be found.
        reason = f"the venue answered code {answer.error_code}"
        return _unknown(endpoint, f"{reason} ({said})" if said else reason)
    text = f"{endpoint.noun} was refused: {sentence}."
    if said:
        text += f" The venue says: {said}"
    order_id = getattr(answer, "order_id", None)
    return VenueRefusedError(text, endpoint.path, answer.error_code, id_or_none(order_id))


def _malformed(endpoint: Endpoint, body: bytes) -> VenueRefusedError | OutcomeUnknownError:
    """HTTP 400: a refusal only in the form of the venue's own check of the request's members.

    That check runs before the request reaches the code that places orders, so nothing was done.
    Any other 400 may come from a machine in between and proves nothing.
    """
    try:
        problem = msgspec.json.decode(body, type=ProblemDetails)
    except UNREADABLE:
        return _unknown(endpoint, "it was answered with HTTP 400 by something else")
    if problem.status != 400 or not problem.errors:
        return _unknown(endpoint, "HTTP 400 came without naming what was wrong")
    parts = [problem.detail or problem.title]
    parts += [text for texts in problem.errors.values() for text in texts]
    return VenueRefusedError(
        f"{endpoint.noun} was refused: the venue cannot read it. The venue says: {' '.join(parts)}",
        endpoint.path,
        400,
    )


def _is_tag_taken(text: str) -> bool:
    lowered = text.lower()
    words = ("in use", "already", "unique", "duplicate", "exists")
    return "tag" in lowered and any(word in lowered for word in words)


def id_or_none(value: int | str | None) -> int | None:
    """An order id as a positive integer, whether it came as number or text."""
    try:
        number = int(value) if value is not None else 0
    except ValueError:
        return None
    return number if number > 0 else None
