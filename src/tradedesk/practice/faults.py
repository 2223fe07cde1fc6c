"""Faults to drill against: what goes wrong, where, how often."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

ANY: Final = "any"
PATHS: Final = {
    "place": "/api/Order/place",
    "modify": "/api/Order/modify",
    "cancel": "/api/Order/cancel",
    "close": "/api/Position/closeContract",
    "partial_close": "/api/Position/partialCloseContract",
    "login": "/api/Auth/loginKey",
    "validate": "/api/Auth/validate",
    "accounts": "/api/Account/search",
    "orders": "/api/Order/search",
    "open_orders": "/api/Order/searchOpen",
    "order": "/api/Order/searchById",
    "query": "/api/Order/v2/query",
    "positions": "/api/Position/searchOpen",
    "trades": "/api/Trade/search",
    "bars": "/api/History/retrieveBars",
}
Kind = Literal["hold_reply", "lose_reply", "500_before", "500_after", "429", "refuse", "cut"]
REFUSED_CODES: Final = {
    "/api/Order/cancel": 3,
    "/api/Order/modify": 3,
    "/api/Position/closeContract": 5,
    "/api/Position/partialCloseContract": 6,
}
REFUSED: Final = 2


class Fault(msgspec.Struct, forbid_unknown_fields=True):
    """One fault.

    Parameters
    ----------
    on : str
        Short name of an endpoint, its path, or ``any`` (the control endpoint is never meant).
    kind : str
        ``hold_reply``: carried out, answered `seconds` later. ``lose_reply``: carried out, then
        the connection is cut without an answer. ``500_before``: HTTP 500 and nothing done.
        ``500_after``: carried out, then HTTP 500. ``429``: too many calls, nothing done.
        ``refuse``: answered with ``success: false`` and the endpoint's code for a rejected
        order, nothing done. ``cut``: the connection is cut and nothing is done.
    times : int, default 1
        How many calls it strikes.
    seconds : float, default 0
        How long ``hold_reply``, ``lose_reply`` and ``cut`` wait before they answer or cut.
    """

    on: str
    kind: Kind
    times: int = 1
    seconds: float = 0.0

    def strikes(self, path: str) -> bool:
        """Whether a call of `path` is meant."""
        return self.times > 0 and (self.on == ANY or PATHS.get(self.on, self.on) == path)


class Faults:
    """Faults that are armed, oldest first."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        """Let a fault strike from now on."""
        self._armed.append(fault)

    def clear(self) -> None:
        """Disarm everything."""
        self._armed.clear()

    def take(self, path: str) -> Fault | None:
        """The fault that strikes a call, used up by one; None for a healthy call."""
        for fault in self._armed:
            if fault.strikes(path):
                fault.times -= 1
                if not fault.times:
                    self._armed.remove(fault)
                return fault
        return None
