"""HTTP/1.1 as the venue speaks it to clients that it cannot trust: limits, deadlines, calm."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from tradedesk.practice.http_valve import Valve

if TYPE_CHECKING:
    import asyncio

    from tradedesk.practice.faults.desk import Hit
    from tradedesk.practice.http_connections import Connections

LINGER_S: Final = 1.0
"""How long what a refused client still sends is thrown away, so that it gets to read why."""


class CalmLogger(logging.Logger):
    """Takes what a client does wrong for what it is: nothing that the venue need warn of."""

    def warning(self, msg: object, *args: Any, **more: Any) -> None:
        """Log as information."""
        self.info(msg, *args, **more)


def calm_logger(name: str) -> logging.Logger:
    """A logger of one's own below the named one."""
    logger = CalmLogger(f"{name}.calm")
    logger.parent = logging.getLogger(name)
    return logger


_log = calm_logger(__name__)


class HttpProtocol(H11Protocol):
    """One connection that speaks HTTP/1.1.

    Parameters
    ----------
    connections : Connections
        Where it is entered; knows the limits.
    """

    def __init__(self, connections: Connections, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.valve: Valve
        self.logger = _log
        self._all = connections
        self._limits = connections.config
        self._head_timer: asyncio.TimerHandle | None = None
        self._end_timer: asyncio.TimerHandle | None = None
        self._deaf = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Enter the connection; it must not idle for ever."""
        self.valve = Valve(transport)
        self._peer = transport.get_extra_info("peername")
        super().connection_made(self.valve)
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )
        hit = self._all.enter(self._peer, self)
        if hit is not None:
            self._suffer(hit)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_timers()
        self._unset_keepalive_if_required()
        self._all.leave(self._peer, self.valve)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes in; a head that has begun must end in time."""
        if self._deaf:
            return
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self.conn.their_state is h11.IDLE:
            if self._head_timer is None:
                self._head_timer = self.loop.call_later(self._limits.head_s, self._head_is_late)
        else:
            self._all.busy(self._peer)
            self._stop_head_timer()

    def eof_received(self) -> bool | None:  # type: ignore[override]
        """Let a client that has said all it had to say have its answer, and then close."""
        cycle: RequestResponseCycle | None = self.cycle
        if self._deaf or cycle is None or cycle.response_complete or cycle.more_body:
            return None
        cycle.keep_alive = False
        return True

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection to a hub."""
        self._stop_timers()
        self._all.upgraded(self._peer)
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._all.idles(self._peer)
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, or too much of it."""
        too_long = len(self.conn.trailing_data[0]) > self._limits.most_head_bytes
        self.refuse(431 if too_long else 400)

    def refuse(self, status: int) -> None:
        """Answer with a bare status, whatever the client is still sending, and close."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
            if cycle.response_started:
                self.transport.abort()
                return
        phrase = HTTPStatus(status).phrase
        head = f"HTTP/1.1 {status} {phrase}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        self.transport.write(head.encode())
        self._deaf = True
        self._stop_timers()
        self.flow.resume_reading()
        self.valve.write_eof()
        self._end_timer = self.loop.call_later(LINGER_S, self.transport.close)

    def _head_is_late(self) -> None:
        self._head_timer = None
        if not self._deaf:
            self.refuse(408)

    def _suffer(self, hit: Hit) -> None:
        if hit.fault.kind == "reset":
            self.valve.reset()
            return
        self._deaf = True
        self.valve.silence()
        self._unset_keepalive_if_required()
        if hit.seconds is not None:
            self._end_timer = self.loop.call_later(hit.seconds, self.valve.reset)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_timers(self) -> None:
        self._stop_head_timer()
        if self._end_timer is not None:
            self._end_timer.cancel()
            self._end_timer = None
