"""The desk's end of the socket to its executor."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.errors import StartError
from tradedesk.services.frames import (
    MAX_TO_DESK,
    FrameError,
    FrameSplitter,
    Hello,
    Refused,
    decode_event,
    decode_greeting,
    frame,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.commands import AnyCommand
    from tradedesk.domain.ports import EventSink

GREETING_S = 3.0


class NobodyThereError(StartError):
    """No executor listens at the address."""


class ExecutorAddress(msgspec.Struct, frozen=True):
    """Where an executor listens; the content of its runtime file.

    Parameters
    ----------
    socket : str
        Path of a Unix socket, or empty.
    port : int
        Loopback TCP port where there are no Unix sockets, or 0.
    cookie_file : str
        File with the secret that opens it.
    pid : int
        Its process.
    venue : str
        What it trades at.
    """

    socket: str
    port: int
    cookie_file: str
    pid: int
    venue: str


def find_executor(runtime_file: Path) -> tuple[ExecutorAddress, bytes] | None:
    """Read where an executor says it listens, and its cookie; None where there is none.

    It may be gone all the same: that is found out by connecting.
    """
    try:
        address = msgspec.json.decode(runtime_file.read_bytes(), type=ExecutorAddress)
        return address, Path(address.cookie_file).read_bytes()
    except (OSError, msgspec.DecodeError):
        return None


class ExecutorLink(asyncio.Protocol):
    """One connection to an executor.

    Parameters
    ----------
    on_event : EventSink
        Called with every event, on the loop that the link was opened on.
    on_lost : callable
        Called once with a reason when an open connection ends.
    """

    def __init__(self, on_event: EventSink, on_lost: Callable[[str], None]) -> None:
        self._on_event = on_event
        self._on_lost = on_lost
        self._splitter = FrameSplitter(MAX_TO_DESK)
        self._transport: asyncio.Transport | None = None
        self._greeted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._closing = False
        self._gone = asyncio.Event()

    @classmethod
    async def open(
        cls,
        address: ExecutorAddress,
        cookie: bytes,
        on_event: EventSink,
        on_lost: Callable[[str], None],
        *,
        role: str = "desk",
    ) -> ExecutorLink:
        """Connect and shake hands.

        Raises
        ------
        NobodyThereError
            If nobody listens or answers.
        StartError
            If the executor refuses; its sentence.
        """
        loop = asyncio.get_running_loop()
        link = cls(on_event, on_lost)
        try:
            async with asyncio.timeout(GREETING_S):
                if address.socket:
                    await loop.create_unix_connection(lambda: link, address.socket)
                else:
                    await loop.create_connection(lambda: link, "127.0.0.1", address.port)
                assert link._transport is not None
                link._transport.write(frame(Hello(cookie=cookie, role=role)))
                await link._greeted
        except (OSError, TimeoutError) as error:
            await link.close()
            why = str(error) or f"no answer within {GREETING_S:g} s"
            raise NobodyThereError(
                f"The executor (process {address.pid}) is not there: {why}."
            ) from None
        except StartError:
            await link.close()
            raise
        return link

    @property
    def is_open(self) -> bool:
        """Whether commands can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def send(self, command: AnyCommand) -> bool:
        """Hand one command to the kernel; False if the connection is gone. Never waits."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return False
        transport.write(frame(command))
        return True

    async def until_lost(self, deadline_s: float) -> bool:
        """Wait until the other end closes; False when the deadline passes first."""
        self._closing = True
        try:
            async with asyncio.timeout(deadline_s):
                await self._gone.wait()
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """End the connection; safe to call twice."""
        self._closing = True
        if not self._greeted.done():
            self._greeted.cancel()
        if self._transport is not None:
            self._transport.close()
            await self._gone.wait()

    # --- asyncio.Protocol -------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Bytes of events."""
        try:
            for body in self._splitter.feed(data):
                if self._greeted.done():
                    self._on_event(decode_event(body))
                else:
                    self._take_greeting(body)
        except (FrameError, msgspec.DecodeError) as error:
            assert self._transport is not None
            self._fail(f"The executor said something unreadable: {error}")
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The executor is gone."""
        was_open = self._greeted.done() and not self._greeted.cancelled()
        refused = was_open and self._greeted.exception() is not None
        self._fail("The executor ended before it answered.")
        self._gone.set()
        if was_open and not refused and not self._closing:
            self._on_lost(str(exc) if exc is not None else "the executor closed the connection")

    def _take_greeting(self, body: bytes) -> None:
        greeting = decode_greeting(body)
        if isinstance(greeting, Refused):
            self._fail(greeting.reason)
        else:
            self._greeted.set_result(None)

    def _fail(self, reason: str) -> None:
        if not self._greeted.done():
            self._greeted.set_exception(StartError(reason))
