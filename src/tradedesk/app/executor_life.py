"""How long an executor lives: while a desk is attached, and after that while it is needed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S

if TYPE_CHECKING:
    from tradedesk.app.executor_server import ExecutorServer
    from tradedesk.domain.clock import Clock
    from tradedesk.trading.live.executor import Executor

FIRST_DESK_S = 15.0
"""A desk that starts an executor attaches within this time."""
DESK_BACK_S = 3.0
VENUE_GONE_S = 60.0
"""A practice venue that has not answered for this long took its orders along."""
_LOOK_S = 0.25


class ExecutorLife:
    """Ends an executor that nobody is attached to once nothing is open any more.

    Parameters
    ----------
    executor : Executor
        Whose life it is.
    clock : Clock
        Measures how long it has been alone.
    live : bool
        False on practice, where nothing is open any more once the venue is gone.
    """

    def __init__(self, executor: Executor, clock: Clock, *, live: bool) -> None:
        self._executor = executor
        self._live = live
        self._clock = clock
        self._alone_ns = clock.mono_ns()
        self._patience_s = FIRST_DESK_S

    def changed(self) -> None:
        """A desk came or went."""
        self._alone_ns = self._clock.mono_ns()
        self._patience_s = DESK_BACK_S

    async def watch(self, server: ExecutorServer) -> None:
        """Ask for the end when it is time; until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_S)
            alone_s = (self._clock.mono_ns() - self._alone_ns) / NS_PER_S
            if server.has_company or alone_s < self._patience_s:
                continue
            if self._executor.may_leave or self._venue_is_gone():
                self._executor.stop_asked.set()

    def _venue_is_gone(self) -> bool:
        heard_ns = self._executor.parts.calls.heard_ns
        if self._live or heard_ns is None:
            return False
        return self._clock.mono_ns() - heard_ns > VENUE_GONE_S * NS_PER_S
