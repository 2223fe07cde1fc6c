"""WebSocket connections of the hubs, for clients that send nonsense or never read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from tradedesk.practice.http_protocol import LINGER_S, calm_logger
from tradedesk.practice.http_valve import Valve

if TYPE_CHECKING:
    import asyncio

    from tradedesk.practice.http_connections import Connections

_INVALID_TEXT = 1007
_log = calm_logger(__name__)


class HubProtocol(WebSocketsSansIOProtocol):
    """One connection that speaks WebSocket.

    Parameters
    ----------
    connections : Connections
        Where it is entered; knows the limits.
    """

    def __init__(self, connections: Connections, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn.logger = _log
        self._all = connections
        self._stuck_timer: asyncio.TimerHandle | None = None
        self._deaf = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection over from HTTP."""
        assert isinstance(transport, Valve)
        self._valve = transport
        self._peer = transport.get_extra_info("peername")
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self._stuck_timer is not None:
            self._stuck_timer.cancel()
        self._all.leave(self._peer, self._valve)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes in, unless the connection is half open or on its way out."""
        if self._deaf or self._valve.mute:
            return
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self._say_goodbye()

    def send_receive_event_to_app(self) -> None:
        """Hand a message on; text that is no UTF-8 ends the connection."""
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self.frames = []
                self.conn.send_close(_INVALID_TEXT)
                self.handle_parser_exception()
                return
        super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        """End a connection that speaks no WebSocket, with the close code that says why."""
        closed = self.conn.close_sent
        code = 1006 if closed is None else closed.code
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        self.close_sent = True
        self._say_goodbye()

    def pause_writing(self) -> None:
        """The client does not read: it has so long to begin again."""
        super().pause_writing()
        if self._stuck_timer is None:
            self._stuck_timer = self.loop.call_later(self._all.config.stuck_s, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads again."""
        super().resume_writing()
        if self._stuck_timer is not None:
            self._stuck_timer.cancel()
            self._stuck_timer = None

    def _say_goodbye(self) -> None:
        """Send what is left to say and let the client read it before the connection ends."""
        self._deaf = True
        self.transport.write(b"".join(self.conn.data_to_send()))
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self._valve.write_eof()
        # With this timer set, the end of the application does not close the connection.
        self.close_timer = self.loop.call_later(LINGER_S, self.transport.close)
