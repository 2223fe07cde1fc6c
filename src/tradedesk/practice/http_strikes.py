"""Carries out what goes wrong with a call."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tradedesk.practice.faults.kinds import ANSWERED_5XX
from tradedesk.practice.http_replies import Reply, bare, garbled, html_page, refusal
from tradedesk.practice.rest.envelope import unauthorized

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from tradedesk.practice.faults.desk import Hit, Plan
    from tradedesk.practice.http_connections import Connections
    from tradedesk.practice.http_valve import Valve
    from tradedesk.practice.world import World

_BLACK_HOLE_S: Final = 300.0
_STALL_S: Final = 2.0
_FILL_S: Final = 10.0
_FILL_LEAD_S: Final = 0.05
"""How much earlier than the reply the fill is on its way."""
_AFTER: Final = frozenset(
    {"hold_reply", "lose_reply", "cut_at", "stall", "fill_first", "html_after", "garble"}
    | {"duplicate"}
    | {name for name, (_, carried_out) in ANSWERED_5XX.items() if carried_out}
)
"""Kinds that let the call be carried out first."""


class Striker:
    """Lets faults strike calls.

    Parameters
    ----------
    world : World
        Tokens, fills.
    app : ASGI application
        Carries calls out.
    connections : Connections
        Finds the connection of a call.
    closing : Event
        Set when the venue ends and nobody may wait any more.
    """

    def __init__(
        self, world: World, app: ASGIApp, connections: Connections, closing: asyncio.Event
    ) -> None:
        self._world = world
        self._app = app
        self._connections = connections
        self._closing = closing

    async def serve(self, plan: Plan, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a call whose body was read, as planned."""
        if plan.latency_s:
            await self._pause(plan.latency_s)
        if plan.hit is None:
            await self._app(scope, receive, send)
            return
        reply = Reply()
        if plan.hit.fault.kind in _AFTER:
            await self._app(scope, receive, reply.keep)
        valve = self._connections.valve(scope["client"])
        if valve is not None:
            await self._strike(plan.hit, reply, valve, scope, receive, send)

    async def _strike(
        self,
        hit: Hit,
        reply: Reply,
        valve: Valve,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        fault = hit.fault
        match fault.kind:
            case "lose_reply" | "cut" | "reset" | "black_hole":
                await self._no_reply(hit, valve, receive)
            case "hold_reply":
                await self._pause(hit.seconds or 0.0)
                await reply.give(send)
            case "fill_first":
                await self._fill(reply, _FILL_S if hit.seconds is None else hit.seconds)
                await reply.give(send)
            case "cut_at":
                valve.hold()
                await reply.give(send)
                valve.let(fault.bytes or 0)
                valve.finish()
            case "stall":
                await self._stall(hit, reply, valve, send)
            case "garble":
                await reply.give_with(garbled(reply.body), send)
            case "duplicate":
                await reply.give_with(reply.body * 2, send)
            case "expire_tokens":
                self._world.tokens.end_all()
                await self._app(scope, receive, send)
            case _:
                await self._instead(hit, scope, receive, send)

    async def _no_reply(self, hit: Hit, valve: Valve, receive: Receive) -> None:
        """Wait, then end the connection."""
        usual_s = _BLACK_HOLE_S if hit.fault.kind == "black_hole" else 0.0
        await self._until_gone(usual_s if hit.seconds is None else hit.seconds, receive)
        if hit.fault.kind == "reset":
            valve.reset()
        else:
            valve.abort()
        await _gone(receive)

    async def _instead(self, hit: Hit, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer something that the application did not say."""
        fault = hit.fault
        match fault.kind:
            case "refuse":
                response = refusal(scope["path"], fault)
            case "401":
                response = unauthorized()
            case "429":
                response = bare(429, fault)
            case "html_before" | "html_after":
                response = html_page(fault)
            case kind:
                response = bare(ANSWERED_5XX[kind][0], fault)
        await response(scope, receive, send)

    async def _fill(self, reply: Reply, seconds: float) -> None:
        """Wait for a fill of the order that was placed, but not longer than asked."""
        order_id, user = reply.order_id, self._world.faults.user
        if order_id is None:
            return
        try:
            async with asyncio.timeout(seconds):
                await user.filled(order_id)
        except TimeoutError:
            return
        finally:
            user.forget(order_id)
        await self._pause(_FILL_LEAD_S)

    async def _stall(self, hit: Hit, reply: Reply, valve: Valve, send: Send) -> None:
        valve.hold()
        await reply.give(send)
        count = hit.fault.bytes
        valve.let(valve.waiting // 2 if count is None else count)
        await self._pause(_STALL_S if hit.seconds is None else hit.seconds)
        valve.release()

    async def _pause(self, seconds: float) -> None:
        """Wait, whatever the client does, but not longer than the venue stands."""
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return

    async def _until_gone(self, seconds: float, receive: Receive) -> None:
        """Wait, but not longer than the client does."""
        try:
            async with asyncio.timeout(seconds):
                await _gone(receive)
        except TimeoutError:
            return


async def _gone(receive: Receive) -> None:
    """Wait for the end of a connection; what the client still says is of no interest."""
    while (await receive())["type"] != "http.disconnect":
        continue
