"""A transport that can be held, cut at a byte, silenced and reset."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import Any, Final

_AT_ONCE: Final = struct.pack("ii", 1, 0)


class Valve(asyncio.Transport):
    """Stands before the transport of a connection; lets everything through unless told not to.

    Parameters
    ----------
    transport : Transport
        The real one.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport
        self._held: bytearray | None = None
        self._closing = False
        self.mute = False

    @property
    def waiting(self) -> int:
        """Bytes that are held."""
        return 0 if self._held is None else len(self._held)

    def hold(self) -> None:
        """Keep back what is written from now on, and the end of the connection too."""
        self._held = bytearray()

    def let(self, count: int) -> None:
        """Let the first `count` bytes of what is held go."""
        assert self._held is not None
        self._transport.write(bytes(self._held[:count]))
        del self._held[:count]

    def release(self) -> None:
        """Let everything that is held go, and hold no more."""
        held, self._held = self._held, None
        if held:
            self._transport.write(bytes(held))
        if self._closing:
            self._transport.close()

    def finish(self) -> None:
        """Drop what is held and close once the peer has what was let through."""
        self._held = None
        self._transport.close()

    def silence(self) -> None:
        """Send nothing more and stay open, whoever wants to close, until the peer has gone."""
        self.mute = True
        self._transport.resume_reading()

    def reset(self) -> None:
        """End the connection so that the peer sees a reset."""
        end = self._transport.get_extra_info("socket")
        if end is not None:
            # Gone already, or a platform that has no such option: it is cut all the same.
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self._transport.abort()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send, hold or drop."""
        if self.mute:
            return
        if self._held is None:
            self._transport.write(data)
        else:
            self._held += data

    def close(self) -> None:
        """Close, now or when what is held has gone."""
        if self.mute:
            return
        self._closing = True
        if self._held is None:
            self._transport.close()

    def write_eof(self) -> None:
        """Say that nothing more will be sent, once everything is; go on reading."""
        if not self.mute and self._held is None and not self._transport.is_closing():
            with contextlib.suppress(OSError):  # the other side is gone already
                self._transport.write_eof()

    def is_closing(self) -> bool:
        """Whether it is closed or about to be."""
        return self._closing or self._transport.is_closing()

    def abort(self) -> None:
        """Close without sending the rest."""
        self._transport.abort()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What the real transport knows."""
        return self._transport.get_extra_info(name, default)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand the connection to another protocol."""
        self._transport.set_protocol(protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """The protocol in charge."""
        return self._transport.get_protocol()

    def pause_reading(self) -> None:
        """Read no more for now."""
        if not self.mute:
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read again."""
        self._transport.resume_reading()

    def is_reading(self) -> bool:
        """Whether it reads."""
        return self._transport.is_reading()

    def get_write_buffer_size(self) -> int:
        """Bytes that the peer has not taken yet."""
        return self._transport.get_write_buffer_size() + self.waiting
