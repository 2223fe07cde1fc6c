"""Arming faults and reading the list of strikes, as a client does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.practice.clients import Rest

ORDER = {"type": 1, "side": 0, "limitPrice": 100.0}
MARKET_BUY = {"type": 2, "side": 0}
MARKET_SELL = {"type": 2, "side": 1}


async def arm(rest: Rest, on: str, kind: str, **more: Any) -> None:
    """Arm a fault."""
    await rest.control("fault", on=on, kind=kind, **more)


async def strikes(rest: Rest) -> list[dict[str, Any]]:
    """All strikes so far."""
    answer = await rest.post("/practice/control", {"action": "faults"})
    listed: list[dict[str, Any]] = answer["struck"]
    return listed


async def armed(rest: Rest) -> list[dict[str, Any]]:
    """What is armed."""
    answer = await rest.post("/practice/control", {"action": "faults"})
    listed: list[dict[str, Any]] = answer["armed"]
    return listed
