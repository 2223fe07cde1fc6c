"""The same executor on the desk's own loop, for comparison and debugging."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.app.executor_build import build_executor

if TYPE_CHECKING:
    from tradedesk.app.executor_config import ExecutorConfig
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.commands import AnyCommand
    from tradedesk.domain.events import AnyEvent
    from tradedesk.domain.ports import EventSink


class InlineExecutor:
    """Satisfies ``ExecutorPort`` without a process: it does not survive the window.

    Parameters
    ----------
    config : ExecutorConfig
        As for the process.
    on_event : EventSink
        Called with every event, in a turn of the loop of its own.
    clock : Clock
        Wall and monotonic time.
    """

    def __init__(self, config: ExecutorConfig, on_event: EventSink, clock: Clock) -> None:
        self._executor, self._journal = build_executor(config, clock)
        self._on_event = on_event
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start signing in; what comes of it arrives as events."""
        self._executor.attach(self._tell, controller=True)
        self._running = self._executor.parts.owner.start(self._executor.run(), "executor")

    def send(self, command: AnyCommand) -> None:
        """See ``ExecutorPort``."""
        self._executor.handle(command)

    async def close(self, *, shutdown: bool) -> None:
        """See ``ExecutorPort``. It ends with the desk in any case; the venue keeps its orders."""
        if self._running is None:
            return
        self._running = None
        self._executor.stop_asked.set()
        await self._executor.close()
        # what was told last still waits for its turn
        await asyncio.sleep(0)
        self._journal.close()

    def _tell(self, event: AnyEvent) -> None:
        asyncio.get_running_loop().call_soon(self._on_event, event)
