"""One hub socket: handshake, invocations, pings, and the end of it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, Protocol

from starlette.websockets import WebSocketDisconnect, WebSocketState

from tradedesk.practice.hubs import framing

if TYPE_CHECKING:
    from typing import Any

    from starlette.websockets import WebSocket

    from tradedesk.gateway.wire.hub import HubRecord

log = logging.getLogger(__name__)

MOST_WAITING_BYTES: Final = 32 * 1024 * 1024


class Timers(Protocol):
    """How long a hub waits, in seconds."""

    @property
    def handshake_s(self) -> float:
        """For the first record."""

    @property
    def ping_s(self) -> float:
        """Until it says that it is still there."""

    @property
    def silence_s(self) -> float:
        """Until a silent client is dropped."""


class HubError(Exception):
    """An invocation that cannot be served; the text goes to the client."""


class Hub(Protocol):
    """What a hub does with a connection."""

    async def invoke(self, connection: Connection, target: str, values: list[Any]) -> None:
        """Serve an invocation; raises ``HubError``."""

    def joined(self, connection: Connection) -> None:
        """The handshake is done."""

    def left(self, connection: Connection) -> None:
        """The connection is over."""


class Connection:
    """One client of a hub.

    Parameters
    ----------
    socket : WebSocket
        Accepted already.
    hub : Hub
        Whom to ask.
    timers : Timers
        How long to wait for what.
    """

    def __init__(self, socket: WebSocket, hub: Hub, timers: Timers) -> None:
        self._socket = socket
        self._hub = hub
        self._timers = timers
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._wake = asyncio.Event()
        self._ending: bytes | None = None

    def send(self, record: bytes) -> None:
        """Queue a record; records that are waiting together travel in one frame."""
        if self._ending is not None:
            return
        self._waiting.append(record)
        self._waiting_bytes += len(record)
        if self._waiting_bytes > MOST_WAITING_BYTES:
            self.end("The client reads too slowly.")
        self._wake.set()

    def end(self, error: str | None = None, allow_reconnect: bool = True) -> None:
        """Say goodbye and close; what was queued before is dropped."""
        self._ending = framing.closing(error, allow_reconnect)
        self._wake.set()

    async def run(self) -> None:
        """Serve until either side ends it."""
        splitter = framing.Splitter()
        first = await self._handshake(splitter)
        if first is None:
            return
        self._hub.joined(self)
        writer = asyncio.create_task(self._write())
        reader = asyncio.create_task(self._read(splitter, first))
        try:
            await asyncio.wait((writer, reader), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._hub.left(self)
            for task in (writer, reader):
                task.cancel()
            for outcome in await asyncio.gather(writer, reader, return_exceptions=True):
                if isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect):
                    log.error("A hub connection failed.", exc_info=outcome)
            await self._close()

    async def _handshake(self, splitter: framing.Splitter) -> list[bytes] | None:
        """Answer the first record; returns those that came along with it, None if refused."""
        records: list[bytes] = []
        try:
            async with asyncio.timeout(self._timers.handshake_s):
                while not records:
                    records = splitter.feed(await self._frame())
        except (TimeoutError, WebSocketDisconnect):
            await self._close()
            return None
        refusal = framing.read_handshake(records[0])
        if refusal is None:
            await self._transmit(framing.HANDSHAKE_OK)
            return records[1:]
        await self._transmit(framing.handshake_refused(refusal))
        await self._close()
        return None

    async def _read(self, splitter: framing.Splitter, records: list[bytes]) -> None:
        try:
            while True:
                for record in records:
                    await self._serve(framing.read_record(record))
                async with asyncio.timeout(self._timers.silence_s):
                    records = splitter.feed(await self._frame())
        except TimeoutError:
            log.info("A hub client was silent for %g s and is dropped.", self._timers.silence_s)
        except WebSocketDisconnect:
            log.debug("A hub client left.")
        except framing.FramingError as error:
            self.end(f"Connection closed with an error. {error}")
            await asyncio.sleep(self._timers.handshake_s)

    async def _serve(self, record: HubRecord) -> None:
        if record.type == framing.CLOSE_TYPE:
            raise WebSocketDisconnect
        if record.type != framing.INVOCATION or record.target is None:
            return
        error: str | None = None
        try:
            await self._hub.invoke(self, record.target, framing.arguments(record))
        except HubError as problem:
            error = str(problem)
        if record.invocation_id is not None:
            self.send(framing.completion(record.invocation_id, error))

    async def _write(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._timers.ping_s):
                    await self._wake.wait()
            except TimeoutError:
                await self._transmit(framing.PING)
                continue
            self._wake.clear()
            if self._ending is not None:
                await self._transmit(self._ending)
                return
            records, self._waiting, self._waiting_bytes = self._waiting, [], 0
            await self._transmit(b"".join(records))

    async def _frame(self) -> bytes:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        text = message.get("text")
        return text.encode() if text is not None else message.get("bytes") or b""

    async def _transmit(self, data: bytes) -> None:
        if self._socket.application_state is WebSocketState.CONNECTED:
            await self._socket.send_text(data.decode())

    async def _close(self) -> None:
        if self._socket.application_state is WebSocketState.CONNECTED and (
            self._socket.client_state is WebSocketState.CONNECTED
        ):
            await self._socket.close()
