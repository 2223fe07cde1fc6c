"""One fault as data: what goes wrong, where, when, how often."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from tradedesk.practice.faults.delays import Delay
from tradedesk.practice.products import PRODUCTS

Event = Literal["any", "order", "trade", "position", "account"]
Data = Literal["any", "quotes", "trades", "depth"]

ANY: Final = "any"
EXIT: Final = "exit"
CONNECT: Final = "connect"
USER_HUB, MARKET_HUB = "user_hub", "market_hub"
HUBS: Final = (USER_HUB, MARKET_HUB)
ROLES: Final = ("entry", EXIT, "stop_leg", "target_leg")
"""What an order is for: it opens or adds, it reduces a position, or it is a leg of a bracket."""
PATHS: Final = {
    "place": "/api/Order/place",
    "modify": "/api/Order/modify",
    "cancel": "/api/Order/cancel",
    "close": "/api/Position/closeContract",
    "partial_close": "/api/Position/partialCloseContract",
    "login": "/api/Auth/loginKey",
    "login_app": "/api/Auth/loginApp",
    "validate": "/api/Auth/validate",
    "logout": "/api/Auth/logout",
    "accounts": "/api/Account/search",
    "contracts": "/api/Contract/search",
    "contract": "/api/Contract/searchById",
    "available": "/api/Contract/available",
    "orders": "/api/Order/search",
    "open_orders": "/api/Order/searchOpen",
    "order": "/api/Order/searchById",
    "query": "/api/Order/v2/query",
    "positions": "/api/Position/searchOpen",
    "trades": "/api/Trade/search",
    "bars": "/api/History/retrieveBars",
    "ping": "/api/Status/ping",
}
_ROOTS: Final = {product.symbol: product.root for product in PRODUCTS}


class Fault(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One fault. docs/practice/faults.md has a table of all kinds and what each one takes.

    Parameters
    ----------
    on : str
        Where: the short name of an endpoint, its path, ``any`` call, ``exit`` (calls, or orders,
        that reduce a position), ``entry``, ``stop_leg``, ``target_leg``, ``connect``,
        ``user_hub`` or ``market_hub``. The control endpoint is never meant.
    kind : str
        What goes wrong.
    id : str
        Names the fault in the list of strikes; ``f1``, ``f2`` and so on if left out.
    times : int, default 1
        How often it strikes; 0 for ever.
    after : int, default 0
        How many opportunities it lets pass first.
    chance : float, default 1
        How likely it strikes at an opportunity, drawn from the fault's own stream.
    at, until : float, optional
        From when to when it may strike, in venue seconds since the start of the venue.
    account, contract : int, str, optional
        Strikes only there. A contract is an id, or a symbol such as ``ES`` for every expiry.
    event : str, default "any"
        User events: ``order``, ``trade``, ``position``, ``account``.
    data : str, default "any"
        Market data: ``quotes``, ``trades``, ``depth``.
    seconds, delay : float, Delay, optional
        How long it takes: a number, or a law to draw from.
    bytes : int, optional
        Bytes of a reply that reach the client, head included.
    count : int, default 1
        Events that are reordered or lost together.
    ticks : int, default 1
        Ticks by which a crossed book is crossed.
    size : int, default 1
        Contracts that a forced partial fill fills.
    status, retry_after : int, optional
        HTTP status and header of a refusal.
    code, message : int, str, optional
        Members of a business refusal.
    reconnect : bool, default True
        ``allowReconnect`` of a type 7 record.
    """

    on: str
    kind: str
    id: str = ""
    times: int = 1
    after: int = 0
    chance: float = 1.0
    at: float | None = None
    until: float | None = None
    account: int | None = None
    contract: str | None = None
    event: Event = "any"
    data: Data = "any"
    seconds: float | None = None
    delay: Delay | None = None
    bytes: int | None = None
    count: int = 1
    ticks: int = 1
    size: int = 1
    status: int | None = None
    retry_after: int | None = None
    code: int | None = None
    message: str | None = None
    reconnect: bool = True

    def means_account(self, account: int | None) -> bool:
        """Whether something about an account is meant; None is about no account."""
        return self.account is None or self.account == account

    def means_contract(self, contract_id: str | None) -> bool:
        """Whether something about a contract is meant; None is about no contract."""
        wanted = self.contract
        if wanted is None or wanted == contract_id:
            return True
        parts = (contract_id or "").split(".")
        return len(parts) > 3 and parts[3] == _ROOTS.get(wanted, wanted)

    def given(self) -> dict[str, Any]:
        """Members that are not at their defaults."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        defaults: dict[str, Any] = msgspec.to_builtins(Fault(on="", kind=""))
        return {
            name: value
            for name, value in plain.items()
            if name in ("on", "kind") or value != defaults[name]
        }
