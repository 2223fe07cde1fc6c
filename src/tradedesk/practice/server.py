"""The venue on its sockets: starts, serves, lingers, stops."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from typing import TYPE_CHECKING, Any, Self

from starlette.applications import Starlette

from tradedesk.domain.errors import StartError
from tradedesk.practice import auth, hub_routes
from tradedesk.practice.exchange_hours import AlwaysOpen
from tradedesk.practice.gate import Gate
from tradedesk.practice.http_server import HOST, FaultWatch, Server, bound, server_config
from tradedesk.practice.rest import accounts, contracts, control, orders, problems
from tradedesk.practice.rest import auth as auth_routes
from tradedesk.practice.world import World, the_accounts

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator
    from types import TracebackType

    from tradedesk.practice.clock import VenueClock
    from tradedesk.practice.config import VenueConfig
    from tradedesk.practice.hours import Hours
    from tradedesk.practice.market.source import Market
    from tradedesk.practice.world import Accounts

log = logging.getLogger(__name__)

_START_S = 10.0
_STOP_S = 0.8


class Venue:
    """A practice venue that listens; an async context manager.

    Parameters
    ----------
    config : VenueConfig
        Knobs.
    clock : VenueClock
        Venue time.
    market : Market
        Contracts and tapes.
    port : int, default 0
        Where to listen; 0 takes any free port.
    accounts : Accounts, optional
        Who trades here; one practice account if left out.
    hours : Hours, optional
        When products trade; around the clock if left out.

    Raises
    ------
    StartError
        On entering, if the port cannot be had.
    """

    def __init__(
        self,
        config: VenueConfig,
        clock: VenueClock,
        market: Market,
        port: int = 0,
        accounts: Accounts | None = None,
        hours: Hours | None = None,
    ) -> None:
        self._accounts = accounts or the_accounts(config=config)
        self._hours = hours or AlwaysOpen()
        self._port = port
        self._clock = clock
        self._config = config
        self._market = market
        self._tasks: list[asyncio.Task[None]] = []
        self._ended = asyncio.Event()
        self.failed = False

    async def __aenter__(self) -> Self:
        listener = _listen(self._port)
        self.port: int = listener.getsockname()[1]
        self.world = World(self._config, self._clock, self._market, self._accounts, self._hours)
        self.gate = gate = Gate(self.world, application(self.world))
        self._server = Server(server_config(gate))
        watch = FaultWatch(gate, self._server, self.port)
        self._tasks = [
            asyncio.create_task(self._serve(listener), name="practice-serve"),
            asyncio.create_task(self._guarded(self.world.floor.run()), name="practice-market"),
            asyncio.create_task(self._guarded(self._linger()), name="practice-linger"),
            asyncio.create_task(self._guarded(watch.run()), name="practice-faults"),
        ]
        async with asyncio.timeout(_START_S):
            await self._server.ready.wait()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self.gate.close()
        for hub in (self.world.user_hub, self.world.market_hub):
            for connection in tuple(hub.connections):
                connection.end()
        for task in self._tasks[1:]:
            task.cancel()
        _, late = await asyncio.wait(self._tasks[:1], timeout=_STOP_S)
        if late:
            self._server.force_exit = True
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._server.close()
        self.world.faults.user.close()
        self.world.floor.close()

    @contextlib.asynccontextmanager
    async def unlistened(self) -> AsyncIterator[World]:
        """The venue without its sockets, for whoever moves it by hand."""
        world = self._world()
        try:
            yield world
        finally:
            world.faults.user.close()
            world.floor.close()

    def _world(self) -> World:
        return World(self._config, self._clock, self._market, self._accounts, self._hours)

    async def ended(self) -> None:
        """Wait until the venue ends by itself, having been left alone for long enough."""
        await self._ended.wait()

    def description(self) -> dict[str, Any]:
        """What a client needs to connect, and the process id; the line printed when ready."""
        base = f"{HOST}:{self.port}"
        return {
            "rest": f"http://{base}",
            "user_hub": f"http://{base}/hubs/user",
            "market_hub": f"http://{base}/hubs/market",
            "username": auth.USER_NAME,
            "api_key": auth.API_KEY,
            "accounts": [{"id": one.id, "name": one.name} for one in self.world.accounts.values()],
            "pid": os.getpid(),
            "seed": self._config.seed,
        }

    async def _serve(self, listener: socket.socket) -> None:
        try:
            await self._server.serve(sockets=[listener])
        finally:
            listener.close()
            self._ended.set()

    async def _guarded(self, work: Any) -> None:
        """Let the venue end with a part of it that fails, rather than go on half alive."""
        try:
            await work
        except Exception:
            log.exception("A part of the practice venue failed; it ends.")
            self.failed = True
            self._ended.set()
            raise

    async def _linger(self) -> None:
        linger_s = self._config.linger_s
        if linger_s is None:
            return
        while True:
            if self.world.in_use:
                self.world.touch()
            left_s = self.world.last_use_s + linger_s - self._clock.mono_s()
            if left_s <= 0:
                log.info("Nobody used the practice venue for %g s; it ends.", linger_s)
                self._ended.set()
                return
            await asyncio.sleep(min(max(left_s, 0.05), 1.0))


def _listen(port: int) -> socket.socket:
    try:
        return bound(port)
    except OSError as error:
        raise StartError(
            f"Port {port} on {HOST} is in use or not allowed: choose another with --port, "
            f"or 0 for any free one."
        ) from error


def application(world: World) -> Starlette:
    """All routes of a venue, without the gate in front of them."""
    families = (auth_routes, accounts, contracts, orders, control)
    rest = [route for family in families for route in family.routes(world)]
    return Starlette(
        routes=[*rest, *hub_routes.routes(world)], exception_handlers=problems.HANDLERS
    )
