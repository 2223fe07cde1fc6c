"""uvicorn on a listener that can be shut for a while, with the venue's protocols."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from tradedesk.practice.http_protocol import HttpProtocol
from tradedesk.practice.http_websocket import HubProtocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradedesk.practice.gate import Gate

HOST: Final = "127.0.0.1"
_REST_S: Final = 0.02


class Server(uvicorn.Server):
    """uvicorn without its signal handling: who starts the venue decides what ends it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self._bound: socket.socket | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield

    async def shut(self, port: int) -> None:
        """Refuse connections from now on; the port stays ours, and what is open stays open."""
        for server in self.servers:
            server.close()
        if self._bound is None:
            self._bound = bound(port)

    async def reopen(self) -> None:
        """Listen again."""
        if self._bound is not None:
            listener, self._bound = self._bound, None
            await super().startup([listener])

    def close(self) -> None:
        """Give up a port that is held shut."""
        if self._bound is not None:
            self._bound.close()
            self._bound = None


def bound(port: int) -> socket.socket:
    """A socket that has a port of the loopback and does not listen yet.

    Raises
    ------
    OSError
        If the port cannot be had.
    """
    # With the protocol named, asyncio turns Nagle's algorithm off; else replies wait 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener


def server_config(gate: Gate) -> uvicorn.Config:
    """How uvicorn serves the venue."""
    limits: Any = gate.connections.config
    return uvicorn.Config(
        gate,
        http=partial(HttpProtocol, gate.connections),  # type: ignore[arg-type]
        ws=partial(HubProtocol, gate.connections),  # type: ignore[arg-type]
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        ws_max_size=limits.most_frame_bytes,
        h11_max_incomplete_event_size=limits.most_head_bytes,
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="warning",  # below it uvicorn writes addresses with the token in them
        server_header=False,
        date_header=False,  # the gate writes the venue's own time
        timeout_keep_alive=limits.keep_alive_s,
        timeout_graceful_shutdown=1,
    )


class FaultWatch:
    """Lets faults strike that go by the clock: on open hub sockets and on the listener.

    Parameters
    ----------
    gate : Gate
        Knows the sockets and what is armed.
    server : Server
        Listens.
    port : int
        Where the venue listens.
    """

    def __init__(self, gate: Gate, server: Server, port: int) -> None:
        self._lines = gate.lines
        self._faults = gate.faults
        self._server = server
        self._port = port
        self._armed = asyncio.Event()
        self._reopen_at_s: float | None = None
        self._faults.register.on_armed = self._armed.set

    async def run(self) -> None:
        """Watch until cancelled; sleeps while there is nothing to watch for."""
        while True:
            await self._armed.wait()
            self._armed.clear()
            while self._faults.watched() or self._reopen_at_s is not None:
                await self._tick()
                await asyncio.sleep(_REST_S)

    async def _tick(self) -> None:
        now_s = asyncio.get_running_loop().time()
        if self._reopen_at_s is not None:
            if now_s >= self._reopen_at_s:
                self._reopen_at_s = None
                await self._server.reopen()
        elif (hit := self._faults.refusal()) is not None:
            await self._server.shut(self._port)
            self._reopen_at_s = now_s + (hit.seconds or 0.0)
        await self._lines.tick()
