"""One life of one hub connection: handshake, records, invocations, pings, the end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol

import msgspec
from websockets.exceptions import ConnectionClosed

from tradedesk.domain.clock import NS_PER_S
from tradedesk.gateway.errors import HubCallError, HubLostError
from tradedesk.gateway.signalr.framing import (
    CLOSE,
    COMPLETION,
    HANDSHAKE_RECORD,
    INVOCATION,
    PING_RECORD,
    RecordSplitter,
    invocation_record,
)
from tradedesk.gateway.wire.base import UNREADABLE
from tradedesk.gateway.wire.hub import HubRecord

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from websockets.asyncio.client import ClientConnection

    from tradedesk.domain.clock import Clock
    from tradedesk.gateway.signalr.timing import HubTiming

_LOGOUT: Final = "GatewayLogout"
_decode_record = msgspec.json.Decoder(HubRecord).decode


class HubSession(Protocol):
    """What a hub does with one connection. Made anew for every connection."""

    def on_heard(self, mono_ns: int) -> None:
        """Any record arrived; ``mono_ns`` is when its bytes were read."""

    def on_event(self, target: str, arguments: msgspec.Raw, mono_ns: int) -> None:
        """An event arrived. Must not wait."""

    async def serve(self, connection: HubConnection) -> None:
        """Subscribe and work; cancelled when the connection ends."""


class HubConnection:
    """Speaks SignalR over an open WebSocket.

    Parameters
    ----------
    socket : ClientConnection
        Open, nothing sent yet.
    session : HubSession
        Receives what arrives.
    clock : Clock
        Stamps and silence.
    timing : HubTiming
        Deadlines.

    Attributes
    ----------
    answered : bool
        True once an invocation succeeded, which proves the sign-in.
    """

    def __init__(
        self, socket: ClientConnection, session: HubSession, clock: Clock, timing: HubTiming
    ) -> None:
        self._socket = socket
        self._session = session
        self._clock = clock
        self._timing = timing
        self._splitter = RecordSplitter()
        self._early: list[bytes] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._calls = 0
        self._heard_ns = clock.mono_ns()
        self.answered = False

    async def run(self) -> NoReturn:
        """Shake hands, then read, ping and serve until the connection ends.

        Raises
        ------
        HubLostError
            Always, unless it is cancelled: says how the connection ended. The socket is closed and
            no task is left either way.
        """
        try:
            await self._shake_hands()
            await _first_failure(self._read(), self._keep_alive(), self._session.serve(self))
        finally:
            for future in self._waiting.values():
                future.cancel()
            await self._socket.close()
        raise AssertionError("a connection ends with a reason")

    async def call(self, target: str, *arguments: object) -> Any:
        """Invoke a hub method and wait for its completion; returns the result.

        Raises
        ------
        HubCallError
            If the hub answers with an error.
        HubLostError
            If it does not answer in time, or the connection is gone.
        """
        self._calls += 1
        invocation_id = str(self._calls)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[invocation_id] = future
        try:
            async with asyncio.timeout(self._timing.call_s):
                await self._send(invocation_record(invocation_id, target, arguments))
                return await future
        except TimeoutError:
            raise HubLostError(
                f"The hub did not answer {target} within {self._timing.call_s:g} s."
            ) from None
        finally:
            self._waiting.pop(invocation_id, None)

    async def _shake_hands(self) -> None:
        try:
            async with asyncio.timeout(self._timing.handshake_s):
                await self._send(HANDSHAKE_RECORD)
                records: list[bytes] = []
                while not records:
                    records = await self._receive()
        except TimeoutError:
            raise HubLostError("The hub did not answer the handshake.") from None
        answer = _record(records[0])
        if answer.error is not None or answer.type == CLOSE:
            raise HubLostError(f"The hub refused the handshake: {answer.error}", patient=True)
        # Events may ride in the frame of the handshake's answer.
        self._early = records[1:]

    async def _read(self) -> NoReturn:
        records = self._early
        while True:
            now = self._heard_ns = self._clock.mono_ns()
            for record in records:
                self._dispatch(_record(record), now)
            if records:
                self._session.on_heard(now)
            records = await self._receive()

    def _dispatch(self, record: HubRecord, now: int) -> None:
        if record.type == INVOCATION and record.target is not None:
            if record.target == _LOGOUT:
                raise HubLostError(_logout_text(record.arguments), put_out=True)
            self._session.on_event(record.target, record.arguments, now)
        elif record.type == COMPLETION:
            self._complete(record)
        elif record.type == CLOSE:
            raise HubLostError(
                f"The hub closed the connection: {record.error or 'no reason given'}",
                put_out=record.allow_reconnect is False,
            )

    def _complete(self, record: HubRecord) -> None:
        future = self._waiting.get(record.invocation_id or "")
        if future is None or future.done():
            return
        if record.error is None:
            self.answered = True
            future.set_result(record.result)
        else:
            future.set_exception(HubCallError(f"The hub answered: {record.error}"))

    async def _keep_alive(self) -> NoReturn:
        timing = self._timing
        pause_s = min(timing.ping_s, timing.silence_s / 4)
        pinged_ns = self._clock.mono_ns()
        while True:
            await asyncio.sleep(pause_s)
            now = self._clock.mono_ns()
            if now - self._heard_ns > timing.silence_s * NS_PER_S:
                raise HubLostError(f"The hub was silent for {timing.silence_s:g} s.")
            if now - pinged_ns >= (timing.ping_s - pause_s / 2) * NS_PER_S:
                pinged_ns = now
                await self._send(PING_RECORD)

    async def _send(self, record: bytes) -> None:
        try:
            await self._socket.send(record, text=True)
        except ConnectionClosed as error:
            raise HubLostError(_closed_text(error)) from None

    async def _receive(self) -> list[bytes]:
        try:
            return self._splitter.feed(await self._socket.recv(decode=False))
        except ConnectionClosed as error:
            raise HubLostError(_closed_text(error)) from None
        except ValueError as error:
            raise HubLostError(f"The hub sent something unreadable: {error}.") from None


def _record(data: bytes) -> HubRecord:
    try:
        return _decode_record(data)
    except UNREADABLE as error:
        raise HubLostError(f"The hub sent something unreadable: {error}.") from None


def _closed_text(error: ConnectionClosed) -> str:
    frame = error.rcvd or error.sent
    if frame is None:
        return "The connection to the hub broke."
    return f"The connection to the hub was closed (code {frame.code} {frame.reason}).".replace(
        " )", ")"
    )


def _logout_text(arguments: msgspec.Raw) -> str:
    return (
        "The venue signed this session out, usually because another program or the web platform "
        f"uses the same login. It says: {_said(arguments) or 'nothing'}"
    )


def _said(arguments: msgspec.Raw) -> str:
    """The words of a logout, whose payload nobody has described: its message, else all of it."""
    try:
        values = msgspec.json.decode(arguments)
    except UNREADABLE:
        values = []
    match values:
        case [str(text)] | [{"message": str(text)}] | [{"reason": str(text)}]:
            said = text
        case _:
            said = bytes(arguments).decode(errors="replace")
    return said.strip()[:200]


async def _first_failure(*parts: Coroutine[Any, Any, object]) -> None:
    """Run all until one ends; end the others, then raise what ended the first."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
    raise HubLostError("The hub session ended.")
