"""One hub socket: handshake, invocations, pings, and the end of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from starlette.websockets import WebSocketDisconnect, WebSocketState

from tradedesk.practice import stamps
from tradedesk.practice.hubs import framing

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from starlette.websockets import WebSocket

    from tradedesk.gateway.wire.hub import HubRecord
    from tradedesk.practice.hubs.sessions import Sessions

log = logging.getLogger(__name__)

MOST_WAITING_BYTES: Final = 32 * 1024 * 1024
GOODBYE_S: Final = 2.0
"""How long a client has to take the last record."""
TOKEN_LOOK_S: Final = 0.25
"""How often a token is looked at where sockets end with their tokens."""


class Rules(Protocol):
    """How long a hub waits, in seconds, and how much it takes."""

    @property
    def handshake_s(self) -> float:
        """For the first record."""

    @property
    def ping_s(self) -> float:
        """Until it says that it is still there."""

    @property
    def silence_s(self) -> float:
        """Until a silent client is dropped."""

    @property
    def most_record_bytes(self) -> int:
        """Largest record of a client."""

    @property
    def stamps_z(self) -> bool:
        """Whether times end in ``Z``."""

    @property
    def expiry_closes_sockets(self) -> bool:
        """Whether a connection ends with its token."""


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


class Entry(NamedTuple):
    """How a connection came in.

    Parameters
    ----------
    user : str
        Whose token it showed.
    sessions : Sessions
        The user's other connections to the hub.
    good : callable
        Whether the token is still good; asked only if sockets end with their tokens.
    """

    user: str
    sessions: Sessions
    good: Callable[[], bool]


class Connection:
    """One client of a hub.

    Parameters
    ----------
    socket : WebSocket
        Accepted already.
    hub : Hub
        Whom to ask.
    rules : Rules
        How long to wait for what.
    entry : Entry
        Who it is.
    """

    def __init__(self, socket: WebSocket, hub: Hub, rules: Rules, entry: Entry) -> None:
        self.user = entry.user
        self._entry = entry
        self._socket = socket
        self._hub = hub
        self._rules = rules
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._wake = asyncio.Event()
        self._ending: bytes | None = None
        self._over = asyncio.Event()

    def send(self, record: bytes) -> None:
        """Queue a record; records that are waiting together travel in one frame."""
        if self._ending is not None:
            return
        self._waiting.append(record)
        self._waiting_bytes += len(record)
        if self._waiting_bytes > MOST_WAITING_BYTES:
            self.end("The client reads too slowly.")
        self._wake.set()

    def end(
        self, error: str | None = None, allow_reconnect: bool = True, last: bytes = b""
    ) -> None:
        """Say goodbye and close; what was queued before is dropped.

        Parameters
        ----------
        error, allow_reconnect : str or None, bool
            Members of the record that announces the end.
        last : bytes, optional
            A record to send right before it.
        """
        if self._ending is None:
            self._ending = last + framing.closing(error, allow_reconnect)
            self._waiting, self._waiting_bytes = [], 0
        self._over.set()
        self._wake.set()

    async def run(self) -> None:
        """Serve until either side ends it."""
        splitter = framing.Splitter(self._rules.most_record_bytes)
        try:
            first = await self._handshake(splitter)
        except WebSocketDisconnect:
            return
        if first is None:
            return
        self._hub.joined(self)
        self._entry.sessions.enter(self.user, self)
        tasks = [
            asyncio.create_task(part)
            for part in (self._write(), self._read(splitter, first), self._watch())
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._hub.left(self)
            self._entry.sessions.leave(self.user, self)
            for task in tasks:
                task.cancel()
            for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect):
                    log.error("A hub connection failed.", exc_info=outcome)
            await self._close()

    async def _handshake(self, splitter: framing.Splitter) -> list[bytes] | None:
        """Answer the first record; returns those that came along with it, None if refused.

        Raises ``WebSocketDisconnect`` if the client leaves before it has the answer.
        """
        records: list[bytes] = []
        try:
            async with asyncio.timeout(self._rules.handshake_s):
                while not records:
                    records = splitter.feed(await self._frame())
        except (TimeoutError, framing.FramingError):
            await self._transmit(framing.handshake_refused(framing.HANDSHAKE_TIMEOUT))
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
                async with asyncio.timeout(self._rules.silence_s):
                    records = splitter.feed(await self._frame())
        except TimeoutError:
            log.info("A hub client was silent for %g s and is dropped.", self._rules.silence_s)
        except WebSocketDisconnect:
            log.debug("A hub client left.")
        except framing.FramingError as error:
            self.end(f"Connection closed with an error. {error}")
            await asyncio.sleep(GOODBYE_S)

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
                async with asyncio.timeout(self._rules.ping_s):
                    await self._wake.wait()
            except TimeoutError:
                await self._transmit(framing.PING)
                continue
            self._wake.clear()
            if self._ending is not None:
                await self._transmit(self._ending)
                return
            records, self._waiting, self._waiting_bytes = self._waiting, [], 0
            data = b"".join(records)
            await self._transmit(stamps.zulu(data) if self._rules.stamps_z else data)

    async def _watch(self) -> None:
        """End with the token, if told to; give a client that does not read no long goodbye."""
        while not self._over.is_set():
            pause_s = TOKEN_LOOK_S if self._rules.expiry_closes_sockets else None
            try:
                async with asyncio.timeout(pause_s):
                    await self._over.wait()
            except TimeoutError:
                if not self._entry.good():
                    self.end("Connection closed with an error.")
        await asyncio.sleep(GOODBYE_S)

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
            with contextlib.suppress(TimeoutError, WebSocketDisconnect):
                async with asyncio.timeout(GOODBYE_S):
                    await self._socket.close()
