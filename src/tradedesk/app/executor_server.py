"""The executor's end of the local socket: who may connect, and what they are told."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tradedesk.app.socket_folder import socket_folder
from tradedesk.domain.changes import ChangeState
from tradedesk.domain.events import ChangeMoved, IntentChanged, IntentState
from tradedesk.services.executor_link import ExecutorAddress
from tradedesk.services.frames import (
    COOKIE_BYTES,
    MAX_TO_EXECUTOR,
    PROTOCOL,
    FrameError,
    FrameSplitter,
    Refused,
    Welcome,
    decode_command,
    decode_hello,
    frame,
)
from tradedesk.store.atomic import write_atomic

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.app.executor_config import ExecutorConfig
    from tradedesk.domain.events import AnyEvent
    from tradedesk.trading.live.executor import Executor

log = logging.getLogger(__name__)

HELLO_S = 2.0
CLOSE_S = 1.0
AFTER_SEND_S = 0.005
"""How long the word that an order is about to be sent may wait for the word that it was."""
MAX_UNREAD = 32 * 1024 * 1024
"""A desk that leaves this much unread is frozen for good; it gets a snapshot when it is back."""


class DeskConnection(asyncio.Protocol):
    """One desk (or panic command) on the socket."""

    def __init__(self, server: ExecutorServer) -> None:
        self._server = server
        self._splitter = FrameSplitter(MAX_TO_EXECUTOR)
        self._transport: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._outbox: list[AnyEvent] = []
        self._flushing: asyncio.Handle | None = None
        self._is_urgent = False
        self.role = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connected; the cookie must come soon."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.connections.add(self)
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(HELLO_S, self._drop, "no cookie in time")

    def data_received(self, data: bytes) -> None:
        """Commands, handled as they are read."""
        try:
            for body in self._splitter.feed(data):
                if self.role:
                    self._server.executor.handle(decode_command(body))
                else:
                    self._shake_hands(body)
        except (FrameError, msgspec.DecodeError) as error:
            self._drop(f"unreadable: {error}")

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone; a desk's absence turns entries off."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._server.connections.discard(self)
        if self.role:
            role, self.role = self.role, ""
            self._server.executor.detach(self.tell, controller=role == "desk")
            self._server.on_change()

    def tell(self, event: AnyEvent) -> None:
        """Send one event; written once per turn of the loop, after the sends that it is about.

        Waking the desk while an order is on its way to the wire can cost the order its processor:
        such news waits until the order has left.
        """
        self._outbox.append(event)
        urgent = not _is_before_send(event)
        if self._flushing is not None and (self._is_urgent or not urgent):
            return
        if self._flushing is not None:
            self._flushing.cancel()
        loop = asyncio.get_running_loop()
        self._is_urgent = urgent
        self._flushing = (
            loop.call_soon(self._flush) if urgent else loop.call_later(AFTER_SEND_S, self._flush)
        )

    def close(self) -> None:
        """End it in an orderly way: what was told is still delivered."""
        self._flush()
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """End it now."""
        if self._transport is not None:
            self._transport.abort()

    def _flush(self) -> None:
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        data, self._outbox = b"".join(frame(event) for event in self._outbox), []
        transport = self._transport
        if transport is None or transport.is_closing() or not data:
            return
        transport.write(data)
        if transport.get_write_buffer_size() > MAX_UNREAD:
            self._drop("it does not read")

    def _shake_hands(self, body: bytes) -> None:
        hello = decode_hello(body)
        if not hmac.compare_digest(hello.cookie, self._server.cookie):
            self._drop("wrong cookie")
            return
        reason = self._server.refuse(hello.role, hello.protocol)
        assert self._transport is not None
        if reason:
            self._transport.write(frame(Refused(reason=reason)))
            self._transport.close()
            return
        if self._deadline is not None:
            self._deadline.cancel()
        self.role = hello.role
        self._transport.write(frame(Welcome(pid=os.getpid())))
        self._server.executor.attach(self.tell, controller=self.role == "desk")
        self._server.on_change()

    def _drop(self, why: str) -> None:
        log.info("a connection was dropped: %s", why)
        self.abort()


def _is_before_send(event: AnyEvent) -> bool:
    match event:
        case IntentChanged(intent=intent):
            return intent.state is IntentState.ARMED
        case ChangeMoved(change=change):
            return change.state is ChangeState.ARMED
        case _:
            return False


class ExecutorServer:
    """Listens for desks.

    Parameters
    ----------
    executor : Executor
        Who does the work.
    config : ExecutorConfig
        Where the runtime files go.
    on_change : callable
        Called when a desk came or went.
    """

    def __init__(
        self, executor: Executor, config: ExecutorConfig, on_change: Callable[[], None]
    ) -> None:
        self.executor = executor
        self.cookie = secrets.token_bytes(COOKIE_BYTES)
        self.connections: set[DeskConnection] = set()
        self.on_change = on_change
        self._config = config
        self._server: asyncio.Server | None = None
        self.address: ExecutorAddress | None = None

    @property
    def has_desk(self) -> bool:
        """Whether a desk is attached."""
        return any(connection.role == "desk" for connection in self.connections)

    @property
    def has_company(self) -> bool:
        """Whether anybody is attached, a panic command included."""
        return any(connection.role for connection in self.connections)

    def refuse(self, role: str, protocol: int) -> str:
        """Why somebody with the right cookie may not attach, or nothing."""
        if protocol != PROTOCOL:
            return (
                f"The running executor speaks protocol {PROTOCOL} and this desk {protocol}: end "
                "the older program first."
            )
        if role not in {"desk", "panic"}:
            return f"Nobody attaches as {role!r}."
        if role == "desk" and self.has_desk:
            return "Another desk is attached to this executor; close that one first."
        return ""

    async def start(self) -> ExecutorAddress:
        """Listen, and leave the address where the next desk finds it.

        Raises
        ------
        StartError, StoreError
            If the socket or its files cannot be made.
        """
        loop = asyncio.get_running_loop()
        config = self._config
        config.runtime_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomic(config.cookie_file, self.cookie)
        socket, port = "", 0
        if sys.platform == "win32":
            self._server = await loop.create_server(lambda: DeskConnection(self), "127.0.0.1", 0)
            port = self._server.sockets[0].getsockname()[1]
        else:
            path = socket_folder(config.home) / f"{config.key[-10:]}.sock"
            path.unlink(missing_ok=True)  # ours: the journal's lock is held
            before = os.umask(0o177)
            try:
                self._server = await loop.create_unix_server(
                    lambda: DeskConnection(self), str(path)
                )
            finally:
                os.umask(before)
            socket = str(path)
        self.address = ExecutorAddress(
            socket=socket,
            port=port,
            cookie_file=str(config.cookie_file),
            pid=os.getpid(),
            venue=config.venue,
        )
        write_atomic(config.runtime_file, msgspec.json.encode(self.address))
        return self.address

    async def close(self) -> None:
        """Tell what is left to tell, and remove the traces."""
        for connection in list(self.connections):
            connection.close()
        if self._server is not None:
            self._server.close()
            try:
                async with asyncio.timeout(CLOSE_S):
                    await self._server.wait_closed()
            except TimeoutError:
                for connection in list(self.connections):
                    connection.abort()
        traces = [self._config.runtime_file, self._config.cookie_file]
        if self.address is not None and self.address.socket:
            traces.append(Path(self.address.socket))
        for trace in traces:
            trace.unlink(missing_ok=True)
