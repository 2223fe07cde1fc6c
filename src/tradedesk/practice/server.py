"""The venue on its sockets: starts, serves, lingers, stops."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import uvicorn
from starlette.applications import Starlette

from tradedesk.domain.errors import StartError
from tradedesk.practice import auth, hub_routes
from tradedesk.practice.gate import CuttableHttp, Gate
from tradedesk.practice.rest import accounts, contracts, control, orders, problems
from tradedesk.practice.rest import auth as auth_routes
from tradedesk.practice.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from tradedesk.practice.clock import VenueClock
    from tradedesk.practice.config import VenueConfig
    from tradedesk.practice.market.source import Market

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
_START_S = 10.0
_STOP_S = 0.8


class _Server(uvicorn.Server):
    """uvicorn without its signal handling: who starts the venue decides what ends it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


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

    Raises
    ------
    StartError
        On entering, if the port cannot be had.
    """

    def __init__(
        self, config: VenueConfig, clock: VenueClock, market: Market, port: int = 0
    ) -> None:
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
        self.world = World(self._config, self._clock, self._market)
        self._gate = gate = Gate(self.world, _application(self.world))
        self._server = _Server(_uvicorn_config(gate))
        self._tasks = [
            asyncio.create_task(self._serve(listener), name="practice-serve"),
            asyncio.create_task(self._guarded(self.world.run()), name="practice-market"),
            asyncio.create_task(self._guarded(self._linger()), name="practice-linger"),
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
        self._gate.close()
        for hub in (self.world.user_hub, self.world.market_hub):
            for connection in tuple(hub.connections):
                connection.end()
        for task in self._tasks[1:]:
            task.cancel()
        _, late = await asyncio.wait(self._tasks[:1], timeout=_STOP_S)
        if late:
            self._server.force_exit = True
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.world.close()

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
            "accounts": [{"id": id_, "name": name} for id_, name in self.world.names.items()],
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
    # With the protocol named, asyncio turns Nagle's algorithm off; else replies wait 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise StartError(
            f"Port {port} on {HOST} is in use or not allowed: choose another with --port, "
            f"or 0 for any free one."
        ) from error
    return listener


def _application(world: World) -> Starlette:
    families = (auth_routes, accounts, contracts, orders, control)
    rest = [route for family in families for route in family.routes(world)]
    return Starlette(
        routes=[*rest, *hub_routes.routes(world)], exception_handlers=problems.HANDLERS
    )


def _uvicorn_config(gate: Gate) -> uvicorn.Config:
    return uvicorn.Config(
        gate,
        http=partial(CuttableHttp, gate.transports),  # type: ignore[arg-type]
        ws="websockets-sansio",
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="warning",  # below it uvicorn writes addresses with the token in them
        server_header=False,
        date_header=False,  # the gate writes the venue's own time
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
