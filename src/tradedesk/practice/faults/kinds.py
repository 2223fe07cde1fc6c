"""Every kind of fault: where it may strike and what it takes; refuses what fits nowhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.domain.errors import InputError
from tradedesk.practice.faults.delays import LONGEST_S
from tradedesk.practice.faults.model import ANY, CONNECT, EXIT, HUBS, PATHS, ROLES, USER_HUB

if TYPE_CHECKING:
    from tradedesk.practice.faults.model import Fault

CALL, CONNECTION, SOCKET, EVENT, DATA, ORDER = (
    *("call", "connection", "socket", "event", "data", "order"),
)
ANSWERED_5XX: Final = {
    f"{status}_{when}": (status, when == "after")
    for status in (500, 502, 503)
    for when in ("before", "after")
}
"""Status, and whether the call is carried out."""


class Kind(NamedTuple):
    """What a kind belongs to, what it takes beyond what all take, and what it cannot do without."""

    group: str
    takes: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


def _kind(group: str, takes: str = "", needs: str = "") -> Kind:
    needed = frozenset(needs.split())
    return Kind(group, frozenset(takes.split()) | needed, needed)


_TIME: Final = "seconds delay"
_CALLS: Final = {
    "latency": _kind(CALL, _TIME),
    "hold_reply": _kind(CALL, _TIME),
    "lose_reply": _kind(CALL, _TIME),
    "cut": _kind(CALL, _TIME),
    "reset": _kind(CALL, _TIME),
    "black_hole": _kind(CALL, "seconds"),
    "cut_at": _kind(CALL, "", "bytes"),
    "stall": _kind(CALL, f"{_TIME} bytes"),
    "fill_first": _kind(CALL, "seconds"),
    "429": _kind(CALL, "retry_after"),
    "401": _kind(CALL),
    "expire_tokens": _kind(CALL),
    "html_before": _kind(CALL, "status"),
    "html_after": _kind(CALL, "status"),
    "garble": _kind(CALL),
    "duplicate": _kind(CALL),
    "refuse": _kind(CALL, "code message"),
    **{name: _kind(CALL, "retry_after") for name in ANSWERED_5XX},
}
_CONNECTIONS: Final = {
    "refuse": _kind(CONNECTION, "", "seconds"),
    "reset": _kind(CONNECTION),
    "black_hole": _kind(CONNECTION, "seconds"),
}
_SOCKETS: Final = {
    "drop": _kind(SOCKET, "message reconnect"),
    "reset": _kind(SOCKET),
    "silent": _kind(SOCKET, "seconds"),
    "slow": _kind(SOCKET, _TIME),
    "refuse_negotiate": _kind(SOCKET, "status"),
    "refuse_upgrade": _kind(SOCKET, "status"),
}
_EVENTS: Final = {
    "lose": _kind(EVENT, "event"),
    "double": _kind(EVENT, "event"),
    "late": _kind(EVENT, f"event {_TIME}"),
    "reorder": _kind(EVENT, "event count seconds"),
    "hold": _kind(EVENT, "event seconds"),
}
_DATA: Final = {
    "freeze": _kind(DATA, "data seconds"),
    "gap": _kind(DATA, "data count"),
    "stale": _kind(DATA, "data", "seconds"),
    "crossed": _kind(DATA, "seconds ticks"),
}
_ORDERS: Final = {
    "reject": _kind(ORDER),
    "partial": _kind(ORDER, "size"),
}
_NEED_TIME: Final = frozenset({"latency", "hold_reply", "slow"})
"""Kinds that are nothing without a time."""
_BODILESS: Final = (204, 205, 304)
_ALL_TAKE: Final = frozenset({"on", "kind", "id", "times", "after", "chance", "at", "until"})
_FILTERS: Final = {
    CALL: frozenset({"account", "contract"}),
    EVENT: frozenset({"account", "contract"}),
    DATA: frozenset({"contract"}),
    ORDER: frozenset({"account", "contract"}),
}


def kinds_on(where: str) -> dict[str, Kind]:
    """Kinds that are possible somewhere; empty if there is no such place."""
    if where == CONNECT:
        return _CONNECTIONS
    if where in HUBS:
        return _SOCKETS | (_EVENTS if where == USER_HUB else _DATA)
    if where == EXIT:
        return _CALLS | _ORDERS
    if where in ROLES:
        return _ORDERS
    if where == "place":
        return _CALLS
    if where == ANY or where in PATHS or where.startswith("/"):
        return {name: kind for name, kind in _CALLS.items() if name != "fill_first"}
    return {}


def group_of(fault: Fault) -> str:
    """The group of a fault that was checked."""
    return kinds_on(fault.on)[fault.kind].group


class WrongFaultError(InputError):
    """A fault that cannot be armed.

    Parameters
    ----------
    field : str
        Its member.
    text : str
        What is wrong and how to mend it, without a full stop.
    """

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"'{field}': {text}")
        self.field = field
        self.text = text


def check(fault: Fault) -> None:
    """Refuse a fault that cannot strike as it is written.

    Raises
    ------
    WrongFaultError
        Names the member and the fix.
    """
    possible = kinds_on(fault.on)
    if not possible:
        places = ", ".join((*PATHS, ANY, *ROLES, CONNECT, *HUBS))
        raise WrongFaultError(
            "on", f"there is no place '{fault.on}'; use a path or one of {places}"
        )
    kind = possible.get(fault.kind)
    if kind is None:
        names = ", ".join(sorted(possible))
        raise WrongFaultError(
            "kind", f"'{fault.kind}' is not possible on '{fault.on}'; use one of {names}"
        )
    given = fault.given().keys()
    takes = _ALL_TAKE | kind.takes | _FILTERS.get(kind.group, frozenset())
    if extra := sorted(given - takes):
        raise WrongFaultError(extra[0], f"'{fault.kind}' does not take it; leave it out")
    if missing := sorted(kind.needs - given):
        raise WrongFaultError(missing[0], f"'{fault.kind}' needs it; add it")
    if fault.kind in _NEED_TIME and fault.seconds is None and fault.delay is None:
        raise WrongFaultError("seconds", f"'{fault.kind}' needs it, or 'delay'; add one of them")
    _check_numbers(fault)


def _check_numbers(fault: Fault) -> None:
    _within("chance", fault.chance, 0, 1)
    _within("seconds", fault.seconds, 0, LONGEST_S)
    _within("at", fault.at, 0, 1e9)
    _within("until", fault.until, 0, 1e9)
    _within("bytes", fault.bytes, 0, 2**31)
    _within("status", fault.status, 200, 599)
    _within("retry_after", fault.retry_after, 0, 86_400)
    if fault.status in _BODILESS:
        raise WrongFaultError("status", f"{fault.status} has no body; use another")
    for name in ("times", "after"):
        _within(name, getattr(fault, name), 0, 10**9)
    for name in ("count", "ticks", "size"):
        _within(name, getattr(fault, name), 1, 10**6)
    if fault.at is not None and fault.until is not None and fault.until <= fault.at:
        raise WrongFaultError(
            "until", f"{fault.until:g} is not after 'at', {fault.at:g}; make it later"
        )
    if fault.seconds is not None and fault.delay is not None:
        raise WrongFaultError("delay", "'seconds' is given too; leave one of them out")
    if fault.delay is not None:
        try:
            fault.delay.check()
        except InputError as error:
            raise WrongFaultError("delay", str(error)) from error


def _within(name: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not (math.isfinite(value) and low <= value <= high):
        raise WrongFaultError(
            name, f"{value:g} is out of range; use a number from {low:g} to {high:g}"
        )
