"""The one place of the executor that starts tasks."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

log = logging.getLogger(__name__)


class TaskOwner:
    """Starts tasks, hears of their failures, and ends them.

    Parameters
    ----------
    on_failure : callable
        Told the name and the exception of a task that failed.
    """

    def __init__(self, on_failure: Callable[[str, BaseException], None]) -> None:
        # in the order in which they were started, so that a run can be repeated exactly
        self._tasks: dict[asyncio.Task[None], None] = {}
        self._on_failure = on_failure

    def start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Start a task; where Python can, its first step runs before this returns."""
        loop = asyncio.get_running_loop()
        if sys.version_info >= (3, 12):
            task = asyncio.Task(work, loop=loop, name=name, eager_start=True)
        else:
            task = loop.create_task(work, name=name)
        if not task.done():
            self._tasks[task] = None
        task.add_done_callback(self._ended)
        return task

    async def drain(self, deadline_s: float) -> int:
        """Wait for what is running; returns how many tasks did not end in time."""
        mine = self._others()
        if not mine:
            return 0
        _, late = await asyncio.wait(mine, timeout=deadline_s)
        return len(late)

    async def cancel(self) -> None:
        """End every task and wait for it."""
        mine = self._others()
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)

    def _others(self) -> list[asyncio.Task[None]]:
        current = asyncio.current_task()
        return [task for task in self._tasks if task is not current]

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            log.error("%s failed", task.get_name(), exc_info=error)
            self._on_failure(task.get_name(), error)
