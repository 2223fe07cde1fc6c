"""POST /practice/control: what tests and demonstrations do to the venue; no real client does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from tradedesk.gateway.wire.base import Envelope
from tradedesk.practice import openapi
from tradedesk.practice.rest import control_clock, control_drill, control_faults, control_venue
from tradedesk.practice.rest.control_actions import REFUSED
from tradedesk.practice.rest.envelope import json_response, route, token_of, unauthorized

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest

    from tradedesk.practice.rest.control_actions import Action, Outcome
    from tradedesk.practice.world import World

PATH: Final = "/practice/control"
ACTIONS: Final[dict[str, Action]] = {
    **control_venue.ACTIONS,
    **control_faults.ACTIONS,
    **control_clock.ACTIONS,
    **control_drill.ACTIONS,
}
"""Every action by name: each family is a table in a module of its own."""


def routes(world: World) -> list[Route]:
    """Control, and the description of the wire, which anybody may read."""
    description = openapi.encoded()

    async def describe(request: HttpRequest) -> Response:
        return Response(description, media_type="application/json")

    async def serve(request: HttpRequest) -> Response:
        if token_of(world, request) is None:
            return unauthorized()
        return json_response(answer(control(world, await request.body())))

    return [Route(PATH, serve, methods=["POST"]), route(openapi.PATH, describe, "GET")]


def answer(outcome: Outcome) -> Envelope:
    """The envelope of an outcome."""
    if isinstance(outcome, Envelope):
        return outcome
    code = REFUSED if outcome else 0
    return Envelope(success=not outcome, error_code=code, error_message=outcome)


def control(world: World, body: bytes) -> Outcome:
    """Carry out the action that a body asks for."""
    try:
        members = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return f"The body is no JSON object: {error}."
    name = members.pop("action", None)
    action = ACTIONS.get(name) if isinstance(name, str) else None
    if action is None:
        return f"There is no action '{name}': use one of {', '.join(ACTIONS)}."
    try:
        asked = msgspec.convert(members, action.members)
    except msgspec.ValidationError as error:
        return f"The action '{name}' cannot be carried out: {error}."
    return action.act(world, asked)
