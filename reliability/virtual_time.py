"""An event loop whose time jumps to the next timer: hours pass in moments, in a fixed order.

It knows timers and callbacks only, no sockets, no threads and no signals, and takes a tenth of the
time that asyncio's own loop takes for them; tasks, futures and timeouts are asyncio's own.
"""

from __future__ import annotations

import asyncio
import heapq
from asyncio import events
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")

_MOST_TURNS = 100_000
"""More rounds than this at one moment are a loop that never waits."""

WALL_0 = 1_795_350_000_000_000_000


class _Handle:
    """One callback to run; satisfies what asyncio asks of its handles."""

    __slots__ = ("args", "callback", "due")

    def __init__(self, due: float, callback: Callable[..., object], args: tuple[Any, ...]) -> None:
        self.due = due
        self.callback: Callable[..., object] | None = callback
        self.args = args

    def cancel(self) -> None:
        self.callback = None
        self.args = ()

    def cancelled(self) -> bool:
        return self.callback is None

    def when(self) -> float:
        return self.due


class VirtualLoop(asyncio.AbstractEventLoop):
    """A loop for what only waits for timers."""

    def __init__(self) -> None:
        self.now = 0.0
        self._ready: deque[_Handle] = deque()
        self._timers: list[tuple[float, int, _Handle]] = []
        self._count = 0
        self._turns = 0
        self._running = False
        self._closed = False

    # --- what tasks, futures and timeouts ask for --------------------------------------------

    def time(self) -> float:
        return self.now

    def call_soon(  # type: ignore[override]  # looser about arguments, on purpose
        self, callback: Any, *args: Any, context: Any = None
    ) -> Any:
        if context is not None:  # a task keeps what is set in it to itself
            callback, args = context.run, (callback, *args)
        handle = _Handle(self.now, callback, args)
        self._ready.append(handle)
        return handle

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Any, *args: Any, context: Any = None
    ) -> Any:
        return self.call_at(self.now + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Any, *args: Any, context: Any = None
    ) -> Any:
        if context is not None:
            callback, args = context.run, (callback, *args)
        handle = _Handle(when, callback, args)
        self._count += 1
        heapq.heappush(self._timers, (when, self._count, handle))
        return handle

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, *, name: Any = None, context: Any = None) -> asyncio.Task[Any]:
        return asyncio.Task(coro, loop=self, name=name)

    def get_debug(self) -> bool:
        return False

    def set_debug(self, enabled: bool) -> None:
        """Asked for by ``asyncio.Runner``; there is nothing to switch."""

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """What nobody awaited fails the run: it is a fault of the simulation or of the product."""
        raise RuntimeError(context["message"]) from context.get("exception")

    # --- running ----------------------------------------------------------------------------

    def run_until_complete(self, future: Any) -> Any:
        task = asyncio.ensure_future(future, loop=self)
        self._running = True
        before = events._get_running_loop()
        events._set_running_loop(self)
        try:
            while not task.done():
                self._turn()
        finally:
            events._set_running_loop(before)
            self._running = False
        return task.result()

    def is_running(self) -> bool:
        return self._running

    def is_closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        self._closed = True
        self._ready.clear()
        self._timers.clear()

    async def shutdown_asyncgens(self) -> None:
        """Asked for by ``asyncio.Runner``."""

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Asked for by ``asyncio.Runner``."""

    def _turn(self) -> None:
        """Run what is ready; when nothing is, jump to the next timer first."""
        ready, timers = self._ready, self._timers
        self._turns += 1
        if self._turns > _MOST_TURNS:
            raise RuntimeError("time stands still: something goes round without ever waiting")
        if not ready:
            while timers and timers[0][2].callback is None:
                heapq.heappop(timers)
            if not timers:
                raise RuntimeError("everybody waits and no timer is set: this would hang for ever")
            if timers[0][0] > self.now:
                self.now = timers[0][0]
                self._turns = 0
        while timers and timers[0][0] <= self.now:
            ready.append(heapq.heappop(timers)[2])
        for _ in range(len(ready)):
            handle = ready.popleft()
            if handle.callback is not None:
                handle.callback(*handle.args)


class VirtualClock:
    """The clock that belongs to the running virtual loop."""

    def mono_ns(self) -> int:
        return round(asyncio.get_running_loop().time() * 1e9)

    def wall_ns(self) -> int:
        return WALL_0 + self.mono_ns()


def run_virtual(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on a fresh virtual loop."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())
