"""How much of one request has been handed to the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class SendTrace:
    """Follows one request through the HTTP library's trace events.

    A venue cannot carry out an order whose body it was never given, so a request that failed
    before its body was begun was provably not sent. From the first byte of the body on, only the
    venue knows.

    Parameters
    ----------
    on_written : callable, optional
        Called once, when the last byte of the body was handed to the kernel.
    """

    __slots__ = ("_on_written", "body_begun", "written")

    def __init__(self, on_written: Callable[[], None] | None = None) -> None:
        self.body_begun = False
        self.written = False
        self._on_written = on_written

    async def __call__(self, name: str, info: Mapping[str, Any]) -> None:
        """Receive one trace event."""
        if name == "http11.send_request_body.started":
            self.body_begun = True
        elif name == "http11.send_request_body.complete":
            self.written = True
            if self._on_written is not None:
                self._on_written()
