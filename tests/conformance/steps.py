"""What every client is asked to do, in this order."""

from __future__ import annotations

STEPS = {
    "login": "login",
    "wrong_key": "login with a wrong key",
    "ping": "ping",
    "validate": "renew the token",
    "accounts": "accounts",
    "contracts": "contracts, by search",
    "contract": "contract, by id",
    "available": "contracts, all",
    "history": "history",
    "market_hub": "market hub opens",
    "user_hub": "user hub opens",
    "quotes": "hub: quotes",
    "tape": "hub: trades",
    "depth": "hub: depth",
    "place": "place with brackets",
    "order_events": "hub: orders",
    "open_orders": "orders, working",
    "positions": "positions",
    "modify": "modify",
    "cancel": "cancel",
    "order_types": "other order types",
    "refusal": "a refused order",
    "partial_close": "close in part",
    "close": "close the position",
    "orders": "orders, all",
    "trades": "trades",
    "fill_events": "hub: fills",
    "position_events": "hub: positions",
    "account_events": "hub: accounts",
    "leave": "hubs and session end",
}
"""Key of each step and its name in the table."""

OK = "ok"
FAILED = "failed"
ABSENT = "not offered"
"""Outcomes of a step. Absent: the client has no such call, or a bug of its own hides the answer."""
