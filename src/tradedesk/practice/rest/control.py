"""POST /practice/control: what tests and demonstrations do to the venue; no real client does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from tradedesk.gateway.wire.base import Envelope, Request
from tradedesk.practice import openapi
from tradedesk.practice.faults import Fault
from tradedesk.practice.rest.envelope import post, route

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request as HttpRequest
    from starlette.routing import Route

    from tradedesk.practice.hubs.market import MarketHub
    from tradedesk.practice.hubs.user import UserHub
    from tradedesk.practice.world import World

PATH = "/practice/control"
REFUSED = 1


class ControlRequest(Request, kw_only=True):
    """One action with what it needs; see docs/practice-venue.md."""

    action: str
    contract_id: str | None = None
    ticks: int = 0
    seconds: float = 0.0
    on: str = ""
    kind: str = ""
    times: int = 1
    hub: str = "both"
    error: str | None = None
    mode: str = ""
    enabled: bool = True


def routes(world: World) -> list[Route]:
    """Control, and the description of the wire, which anybody may read."""
    description = openapi.encoded()

    async def describe(request: HttpRequest) -> Response:
        return Response(description, media_type="application/json")

    return [
        post(world, PATH, ControlRequest, control),
        route(openapi.PATH, describe, "GET"),
    ]


async def control(world: World, request: ControlRequest) -> Envelope:
    """Carry out one action; ``success: false`` says what is wrong with it."""
    action = _ACTIONS.get(request.action)
    if action is None:
        wrong: str | None = (
            f"There is no action '{request.action}': use one of {', '.join(_ACTIONS)}."
        )
    else:
        wrong = action(world, request)
    return Envelope(success=not wrong, error_code=REFUSED if wrong else 0, error_message=wrong)


def _nudge(world: World, request: ControlRequest) -> str | None:
    contract = world.find(request.contract_id or "")
    if contract is None or not world.is_active(contract):
        return f"No active contract has the id '{request.contract_id}'."
    if not world.nudge(contract, request.ticks, request.seconds):
        return "A recorded tape cannot be nudged."
    return None


def _expire_tokens(world: World, request: ControlRequest) -> str | None:
    world.tokens.end_all()
    return None


def _drop_hubs(world: World, request: ControlRequest) -> str | None:
    hubs: dict[str, UserHub | MarketHub] = {"user": world.user_hub, "market": world.market_hub}
    if request.hub not in (*hubs, "both"):
        return f"There is no hub '{request.hub}': use user, market or both."
    for name, hub in hubs.items():
        if request.hub in (name, "both"):
            for connection in tuple(hub.connections):
                connection.end(request.error or "Connection closed with an error.")
    return None


def _fault(world: World, request: ControlRequest) -> str | None:
    wanted = {
        "on": request.on,
        "kind": request.kind,
        "times": request.times,
        "seconds": request.seconds,
    }
    try:
        world.faults.arm(msgspec.convert(wanted, Fault))
    except msgspec.ValidationError as error:
        return f"The fault cannot be armed: {error}."
    return None


def _clear_faults(world: World, request: ControlRequest) -> str | None:
    world.faults.clear()
    return None


def _bracket_mode(world: World, request: ControlRequest) -> str | None:
    if request.mode not in ("position", "auto_oco"):
        return f"There is no bracket mode '{request.mode}': use position or auto_oco."
    world.exchange.position_brackets = request.mode == "position"
    return None


def _limits(world: World, request: ControlRequest) -> str | None:
    world.limits.enabled = request.enabled
    return None


_ACTIONS: dict[str, Callable[[World, ControlRequest], str | None]] = {
    "nudge": _nudge,
    "expire_tokens": _expire_tokens,
    "drop_hubs": _drop_hubs,
    "fault": _fault,
    "clear_faults": _clear_faults,
    "bracket_mode": _bracket_mode,
    "limits": _limits,
}
