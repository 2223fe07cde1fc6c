"""The window's loop: asyncio on Qt, safe against Qt loops that run inside a callback.

WORKAROUND for qasync 0.28: it kills a timer only after its callback has run. If the callback makes
Qt process events (a synthetic mouse event, a native dialog), the same timer fires again in there,
another task is entered while one is running, which asyncio refuses, and an id that Qt has given
out again is taken from its new owner: a wake-up is lost and its task waits for ever.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import qasync
from PySide6.QtCore import QObject, Qt, QTimerEvent

if TYPE_CHECKING:
    import asyncio

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
        if handle is None or self._stopped or handle.cancelled():
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


class DeskLoop(qasync.QEventLoop):  # type: ignore[misc]
    """qasync's loop with timers of our own."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._timer = _OneShotTimers()
