"""The bytes of one HTTP connection, written without a detour.

The HTTP library's own backend takes a turn of the event loop for each write, and writes a request
in two parts. Each part wakes the venue's end, or whoever else waits, and on a busy machine the
second part of an order then waits for a whole time slice. Here the head of a request stays in
memory until its body follows, and both leave in one call to the kernel.
"""

from __future__ import annotations

import asyncio
import select
import sys
from typing import TYPE_CHECKING, Any

import httpcore

from tradedesk.gateway.rest.reply_bounds import ReplyBounds

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

CLOSE_S = 1.0
_END_OF_HEAD = b"\r\n\r\n"
_WRITES_A_BODY = (b"POST ", b"PUT ", b"PATCH ")


class _Wire(asyncio.Protocol):
    """What arrived and was not read yet, and whether the kernel takes more."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.arrived = bytearray()
        self.at_end = False
        self.fault: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._gone = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected, or TLS begun."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        # paused as soon as anything is left: written means that the kernel has all of it
        transport.set_write_buffer_limits(high=0)

    def data_received(self, data: bytes) -> None:
        """Bytes from the venue."""
        self.arrived += data
        self._wake()

    def eof_received(self) -> None:
        """The venue says no more."""
        self.at_end = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self.at_end = True
        self.fault = exc
        self._writable.set()
        self._gone.set()
        self._wake()

    def pause_writing(self) -> None:
        """The kernel did not take all."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """The kernel has all."""
        self._writable.set()

    async def until_arrived(self) -> None:
        """Wait for bytes or for the end."""
        if self.arrived or self.at_end:
            return
        self._reader = asyncio.get_running_loop().create_future()
        try:
            await self._reader
        finally:
            self._reader = None

    async def until_written(self) -> None:
        """Wait until the kernel has taken all, or the connection is gone."""
        if not self._writable.is_set():
            await self._writable.wait()

    async def until_gone(self) -> None:
        """Wait for the end of the connection."""
        await self._gone.wait()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)


class WireStream(httpcore.AsyncNetworkStream):
    """One open connection; writes the head of a request together with its body.

    Gives out one answer a request: what comes behind it is never read.
    """

    def __init__(self, wire: _Wire) -> None:
        self._wire = wire
        self._head = b""
        self._answer = ReplyBounds()
        self._answered = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Give what has arrived, or nothing at the end of the connection.

        Raises
        ------
        httpcore.ReadError, httpcore.ReadTimeout
        """
        wire = self._wire
        if self._head:
            await self._send(b"", timeout)
        if not wire.arrived and not wire.at_end:
            try:
                async with asyncio.timeout(timeout):
                    await wire.until_arrived()
            except TimeoutError as error:
                raise httpcore.ReadTimeout from error
        if not wire.arrived and wire.fault is not None:
            raise httpcore.ReadError(str(wire.fault))
        arrived = wire.arrived[:max_bytes]
        # what lies behind the answer stays: an idle connection with bytes left is closed
        data = bytes(arrived[: self._answer.take(arrived)])
        del wire.arrived[: len(data)]
        self._answered = True
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Hand bytes to the kernel; the head of a request waits for the body after it.

        Raises
        ------
        httpcore.WriteError, httpcore.WriteTimeout
            For a head: nothing of the request was or will be written.
        """
        if not buffer:
            return
        if buffer.endswith(_END_OF_HEAD) and buffer.startswith(_WRITES_A_BODY) and not self._head:
            self._check_open()
            self._head = buffer
            return
        await self._send(buffer, timeout)

    async def aclose(self) -> None:
        """Close; what was not written is dropped."""
        transport = self._wire.transport
        if transport is None:
            return
        transport.close()
        transport.abort()
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._wire.until_gone()
        except TimeoutError:
            pass  # the kernel has it

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Encrypt from here on.

        Raises
        ------
        httpcore.ConnectError, httpcore.ConnectTimeout
        """
        wire = self._wire
        assert wire.transport is not None
        try:
            async with asyncio.timeout(timeout):
                wrapped = await asyncio.get_running_loop().start_tls(
                    wire.transport, wire, ssl_context, server_hostname=server_hostname
                )
        except TimeoutError as error:
            await self.aclose()
            raise httpcore.ConnectTimeout from error
        except OSError as error:  # what ssl raises is one too
            await self.aclose()
            raise httpcore.ConnectError(str(error)) from error
        if wrapped is None:
            raise httpcore.ConnectError("the connection ended while it was encrypted")
        wire.connection_made(wrapped)
        return self

    def get_extra_info(self, info: str) -> Any:
        """See httpcore: ``is_readable`` on an idle connection means that it is at its end."""
        wire = self._wire
        if info == "is_readable":
            return (
                wire.at_end
                or bool(wire.arrived)
                or self._is_closing
                or _kernel_has_something(wire.transport)
            )
        if wire.transport is None:
            return None
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return wire.transport.get_extra_info(names.get(info, info))

    @property
    def _is_closing(self) -> bool:
        transport = self._wire.transport
        return transport is None or transport.is_closing()

    def _check_open(self) -> None:
        if self._is_closing or self._wire.at_end:
            raise httpcore.WriteError("the connection is closed")

    async def _send(self, buffer: bytes, timeout: float | None) -> None:
        data, self._head = self._head + buffer, b""
        self._check_open()
        if self._answered:
            self._answer, self._answered = ReplyBounds(), False
        wire = self._wire
        assert wire.transport is not None
        wire.transport.write(data)
        try:
            async with asyncio.timeout(timeout):
                await wire.until_written()
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error
        if wire.fault is not None:
            raise httpcore.WriteError(str(wire.fault))


class WireBackend(httpcore.AsyncNetworkBackend):
    """Opens such connections, over TCP only."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect.

        Raises
        ------
        httpcore.ConnectError, httpcore.ConnectTimeout
        """
        loop = asyncio.get_running_loop()
        local = (local_address, 0) if local_address is not None else None
        wire = _Wire()
        try:
            async with asyncio.timeout(timeout):
                await loop.create_connection(
                    lambda: wire, host, port, local_addr=local, happy_eyeballs_delay=0.25
                )
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        assert wire.transport is not None
        raw = wire.transport.get_extra_info("socket")
        for option in socket_options or ():
            raw.setsockopt(*option)
        return WireStream(wire)

    async def sleep(self, seconds: float) -> None:
        """Between attempts to connect; we make one."""
        await asyncio.sleep(seconds)


def _kernel_has_something(transport: asyncio.Transport | None) -> bool:
    """Whether bytes or the end arrived that the loop has not had a turn to tell of.

    On a busy loop an order would otherwise go into a connection that the venue has closed.
    """
    if transport is None:
        return True
    handle: int = transport.get_extra_info("socket").fileno()
    if sys.platform == "win32":
        return bool(select.select([handle], [], [], 0)[0])
    poll = select.poll()  # select() knows the first 1,024 files only
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(0))
