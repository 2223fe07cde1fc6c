"""Knobs of the venue, and how they are read from ``NAME=VALUE``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, inspect

from tradedesk.domain.errors import InputError
from tradedesk.practice.auth import DAY_S

if TYPE_CHECKING:
    from collections.abc import Iterable

_DAYS_S: Final = 1e7
_MOST_DOLLARS: Final = 10**12
Seconds = Annotated[float, Meta(ge=0, le=_DAYS_S)]
LoginRefusal = Literal[
    "none",
    "user_not_found",
    "password_failed",
    "invalid_credentials",
    "app_not_found",
    "app_verification_failed",
    "invalid_device",
    "agreements_not_signed",
    "unknown_error",
    "no_subscription",
    "key_disabled",
]
"""Why every log-in is refused, in the order of their codes 1 to 10; ``none`` lets the user in."""


class VenueConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What can be set; the defaults are what a stranger's client meets in production.

    Where production's behaviour is not known the default is our choice; docs/practice/wire.md
    says which ones are.

    Parameters
    ----------
    seed : int
        Makes the market, and the ids of connections and traces.
    pace : float
        Speed of the generated market: 4 makes it as busy and as wild as four at once.
    linger_s : float or None
        End by itself when nobody has used it for so long; None never.
    balance : Decimal
        What an account of the kind ``practice`` begins with; the default leaves it to the rules.
    account_id, account_name : int, str or None
        Id of the first account, from which the others count on, and its name; None lets the name
        follow from its kind.
    token_life_s : int
        Life of a token.
    expiry_closes_sockets : bool
        Whether a hub socket is closed when its token ends; otherwise it lives on.
    login_refusal : str
        Refuses every log-in with this reason.
    unknown_user : str
        How a user name that does not exist is refused: ``invalid_credentials`` (3) or
        ``user_not_found`` (1).
    validate_renews : bool
        Whether validate gives a new token.
    validate_refusal : str
        How validate refuses a token that is no good: ``http_401``, or by ``code`` with HTTP 200.
    logout_ends : str
        ``token``: the one that logs out; ``all``: every token of the user.
    limits, limits_per, retry_after : bool, str, bool
        Whether to answer 429 above production's call rates; whether a ``login`` (the user, across
        tokens) or each ``token`` has its own window; whether 429 says when to come again.
    most_bars : int
        Most bars in an answer; a ``limit`` above 20,000 is refused whatever this is.
    live_bars : str
        What ``live: true`` gives on retrieveBars: ``empty``, or code 1 (``not_found``).
    page_default, page_most : int
        Rows of a page of v2/query when it asks for none, and the most it may ask for.
    page_offset_in : str
        What ``pageOffset`` counts: ``rows`` or ``pages``, both from 0.
    query_newest_first : bool
        How v2/query sorts when not told.
    strict_linked_order_id : bool
        Refuse a place that carries ``linkedOrderId``, null included.
    duplicate_tag_text : str
        Message of a refusal for a tag that is taken.
    accept_s, wake_s : float
        Venue seconds until a new order works, and from a first fill until bracket legs work.
    joins_follow : bool
        Whether join orders go along with the best price after they joined it.
    tag_for_ever : bool
        Whether a tag stays taken when its order has ended.
    leg_cancel_takes_twin : bool
        Whether cancelling one leg of a bracket cancels the other.
    handshake_s, ping_s, silence_s : float
        Hub timers.
    sessions_per_hub : int
        Connections a user may have on a hub; one more takes the place of the oldest. 0: any number.
    most_record_bytes : int
        Largest record a client may send on a hub.
    quote_every_s, quotes_full_every_s : float
        A quote is sent at least so often even if nothing changed; one with all members is
        repeated so often, 0 never.
    depth_levels, depth_every_s : int, float
        Levels a side that depth records show, 0 all that there are; seconds between two of them.
    dom_types : str
        Sides of DomType 1 and 2: ``docs`` ask and bid, ``swapped`` bid and ask.
    stamps_z : bool
        Whether times end in ``Z`` in place of ``+00:00``.
    most_body_bytes, most_head_bytes, most_frame_bytes : int
        Above it: 413, 431, and WebSocket close code 1009.
    head_s, keep_alive_s, stuck_s : float
        How long a request's head may take to arrive (408), a connection may wait for the next
        request, and a hub socket may leave what it was sent unread.
    body_grace_s, body_bytes_per_s : float, int
        A body may take the grace and its bytes at this rate (408).
    most_connections : int
        Open connections at once; one more takes the place of the one that idles longest.
    """

    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 7
    pace: Annotated[float, Meta(gt=0, le=1_000)] = 1.0
    linger_s: Seconds | None = None
    balance: Decimal = Decimal(150_000)
    account_id: Annotated[int, Meta(ge=1, le=2**31 - 1)] = 50_012_345
    account_name: str | None = None

    token_life_s: Annotated[int, Meta(ge=0, le=10_000_000)] = DAY_S
    expiry_closes_sockets: bool = False
    login_refusal: LoginRefusal = "none"
    unknown_user: Literal["invalid_credentials", "user_not_found"] = "invalid_credentials"
    validate_renews: bool = True
    validate_refusal: Literal["http_401", "code"] = "http_401"
    logout_ends: Literal["token", "all"] = "token"

    limits: bool = True
    limits_per: Literal["login", "token"] = "login"
    retry_after: bool = False

    most_bars: Annotated[int, Meta(ge=1, le=20_000)] = 20_000
    live_bars: Literal["empty", "not_found"] = "empty"

    page_default: Annotated[int, Meta(ge=1, le=1_000_000)] = 100
    page_most: Annotated[int, Meta(ge=1, le=1_000_000)] = 1_000
    page_offset_in: Literal["rows", "pages"] = "rows"
    query_newest_first: bool = True
    strict_linked_order_id: bool = False
    duplicate_tag_text: str = "Order rejected: an order with this custom tag already exists."
    accept_s: Seconds = 0.008
    wake_s: Seconds = 0.018
    joins_follow: bool = False
    tag_for_ever: bool = True
    leg_cancel_takes_twin: bool = False

    handshake_s: Seconds = 15.0
    ping_s: Seconds = 15.0
    silence_s: Seconds = 30.0
    sessions_per_hub: Annotated[int, Meta(ge=0, le=1_000_000)] = 1
    most_record_bytes: Annotated[int, Meta(ge=1_024, le=2**30)] = 16 * 1024 * 1024
    quote_every_s: Seconds = 9.0
    quotes_full_every_s: Seconds = 0.0
    depth_levels: Annotated[int, Meta(ge=0, le=100_000)] = 0
    depth_every_s: Seconds = 0.0
    dom_types: Literal["docs", "swapped"] = "docs"
    stamps_z: bool = False

    most_body_bytes: Annotated[int, Meta(ge=1_024, le=2**31)] = 30_000_000
    most_head_bytes: Annotated[int, Meta(ge=1_024, le=2**24)] = 32_768
    most_frame_bytes: Annotated[int, Meta(ge=1_024, le=2**30)] = 1_048_576
    head_s: Seconds = 30.0
    keep_alive_s: Seconds = 130.0
    stuck_s: Seconds = 10.0
    body_grace_s: Seconds = 5.0
    body_bytes_per_s: Annotated[int, Meta(ge=1, le=2**30)] = 240
    most_connections: Annotated[int, Meta(ge=16, le=1_000_000)] = 4_096


def login_refusal_code(refusal: LoginRefusal) -> int:
    """Code of loginKey for a refusal; 0 for ``none``."""
    reasons: tuple[str, ...] = LoginRefusal.__args__  # type: ignore[attr-defined]
    return reasons.index(refusal)


def parse(settings: Iterable[str], base: VenueConfig | None = None) -> VenueConfig:
    """Read knobs that were given as ``NAME=VALUE``, the last one of a name counts.

    Parameters
    ----------
    settings : iterable of str
        Such as ``most_bars=1000``. ``none`` stands for no value where a knob may have none.
    base : VenueConfig, optional
        What the others are left at; the defaults if left out.

    Raises
    ------
    InputError
        If there is no such knob, or the value is none of those it takes.
    """
    types = {field.name: field.type for field in msgspec.structs.fields(VenueConfig)}
    changes: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        name = name.strip()
        if name not in types or not equals:
            raise InputError(
                f"'{setting}' is no setting: give NAME=VALUE with one of these names: "
                f"{', '.join(sorted(types))}."
            )
        changes[name] = _value(name, text.strip(), types[name])
    return msgspec.structs.replace(base or VenueConfig(), **changes)


def listed() -> str:
    """Every knob with its default and the values it takes, a line each."""
    lines = []
    for field in sorted(msgspec.structs.fields(VenueConfig), key=lambda field: field.name):
        default = str(field.default)
        default = default.lower() if default in ("True", "False", "None") else default
        lines.append(f"{field.name}={default}  ({_good(inspect.type_info(field.type))})\n")
    return "".join(lines)


def _value(name: str, text: str, kind: Any) -> Any:
    good = False
    for given in (text, "null") if text.lower() == "none" else (text,):
        try:
            value = msgspec.convert(given, kind, strict=False)
        except msgspec.ValidationError:
            continue
        good = not isinstance(value, Decimal) or 0 <= _finite(value) <= _MOST_DOLLARS
        break
    if not good:
        raise InputError(f"{name} cannot be '{text}': give {_good(inspect.type_info(kind))}.")
    return value


def _finite(dollars: Decimal) -> Decimal:
    """The amount, or one that is no good in place of NaN and infinity."""
    return dollars if dollars.is_finite() else Decimal(-1)


def _good(kind: inspect.Type) -> str:
    """The values a knob takes, in words."""
    match kind:
        case inspect.LiteralType(values=values):
            return f"one of {', '.join(map(str, values))}"
        case inspect.BoolType():
            return "true or false"
        case inspect.UnionType(types=types):
            return " or ".join(_good(one) for one in types)
        case inspect.NoneType():
            return "none"
        case inspect.IntType(ge=least, le=most):
            return f"a whole number from {least} to {most}"
        case inspect.FloatType(ge=least, gt=above, le=most):
            bound = f"above {above}" if least is None else f"from {least:g}"
            return f"a number {bound} to {most:.0f}"
        case inspect.DecimalType():
            return "an amount of dollars, such as 50000"
        case _:
            return "a text"
