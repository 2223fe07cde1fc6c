"""Lets a task wait until the books say something, with a deadline."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Watchers:
    """Wakes waiting tasks after each event, so that they can look again."""

    def __init__(self) -> None:
        # in the order in which they came, so that a run can be repeated exactly
        self._waiting: dict[asyncio.Event, None] = {}

    def wake(self) -> None:
        """Something changed."""
        for event in self._waiting:
            event.set()

    async def until(self, holds: Callable[[], bool], deadline_s: float) -> bool:
        """Wait until ``holds()`` is true; False when the deadline passes first."""
        if holds():
            return True
        event = asyncio.Event()
        self._waiting[event] = None
        try:
            async with asyncio.timeout(deadline_s):
                while not holds():
                    event.clear()
                    await event.wait()
        except TimeoutError:
            return False
        finally:
            self._waiting.pop(event, None)
        return True
