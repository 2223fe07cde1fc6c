"""The window's loop: asyncio on Qt, safe against Qt loops that run inside a callback.

WORKAROUND for qasync 0.28: it kills a timer only after its callback has run. If the callback makes
Qt process events (a synthetic mouse event, a native dialog), the same timer fires again in there,
another task is entered while one is running, which asyncio refuses, and an id that Qt has given
out again is taken from its new owner: a wake-up is lost and its task waits for ever.

What another thread asks for is run when Qt hears of it. qasync starts a timer for it instead, which
costs twice the time and lets a repaint that is due go first.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from typing import TYPE_CHECKING

import qasync
from PySide6.QtCore import QObject, Qt, QTimerEvent, Signal

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context
    from typing import Any

    from PySide6.QtWidgets import QApplication

_AGAIN_MS = 1


class _OneShotTimers(QObject):
    """Runs each handle once, and none while another one is running."""

    def __init__(self) -> None:
        super().__init__()
        self._handles: dict[int, asyncio.Handle] = {}
        self._running = False
        self._stopped = False

    def add_callback(self, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:
        """Run ``handle`` after ``delay`` seconds."""
        self._start(handle, math.ceil(max(0.0, delay) * 1_000))
        return handle

    def timerEvent(self, event: QTimerEvent) -> None:
        # First of all: from here on the id may belong to another timer.
        self.killTimer(event.timerId())
        handle = self._handles.pop(event.timerId(), None)
        if handle is not None:
            self.run(handle)

    def run(self, handle: asyncio.Handle) -> None:
        """Run ``handle`` now, or soon if another one is running."""
        if self._stopped or handle.cancelled():
            return
        if self._running:
            self._start(handle, _AGAIN_MS)
            return
        self._running = True
        try:
            handle._run()
        finally:
            self._running = False

    def stop(self) -> None:
        """Run nothing more."""
        self._stopped = True

    def set_debug(self, enabled: bool) -> None:
        """Part of what qasync asks of its timers; there is nothing to debug here."""

    def _start(self, handle: asyncio.Handle, delay_ms: int) -> None:
        self._handles[self.startTimer(delay_ms, Qt.TimerType.PreciseTimer)] = handle


class _Calls(QObject):
    """What other threads want run on the loop's; one queued signal for each."""

    asked = Signal()

    def __init__(self, timers: _OneShotTimers) -> None:
        super().__init__()
        self._timers = timers
        self._handles: deque[asyncio.Handle] = deque()
        self.asked.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def put(self, handle: asyncio.Handle) -> None:
        """Have ``handle`` run; from any thread."""
        self._handles.append(handle)
        self.asked.emit()

    def _run(self) -> None:
        self._timers.run(self._handles.popleft())


class DeskLoop(qasync.QEventLoop):  # type: ignore[misc]
    """qasync's loop with timers, and calls from other threads, of our own."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._timer = _OneShotTimers()
        self._calls = _Calls(self._timer)

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Run ``callback`` on the loop's thread, before a repaint that is due there."""
        handle = asyncio.Handle(callback, args, self, context)
        self._calls.put(handle)
        return handle
