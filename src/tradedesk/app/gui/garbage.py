"""Cyclic garbage is collected on the window's thread alone."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import asyncio

_PAUSE_S: Final = 0.1
_FULL_PAUSE_S: Final = 10.0
_FULL_SHARE: Final = 0.002
"""Of the thread's time, at most, goes into looking at everything there is."""


class GarbageRounds:
    """Collects garbage in the loop's thread while it is entered, instead of wherever it arises.

    Python collects in whatever thread makes the object that is one too many, which under a fast
    market is the market's. A closed dialog in a cycle would be destroyed there, and Qt does not
    outlive that: its objects belong to the window's thread. Between frames is the better moment
    besides than in the middle of one.

    Parameters
    ----------
    loop : AbstractEventLoop
        Runs in the thread that Qt's objects belong to.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._next: asyncio.TimerHandle | None = None
        self._full_from_s = 0.0
        self._was_on = False

    def __enter__(self) -> GarbageRounds:
        self._was_on = gc.isenabled()
        gc.disable()
        self._wait()
        return self

    def __exit__(self, *_raised: object) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None
        if self._was_on:
            gc.enable()

    def _wait(self) -> None:
        self._next = self._loop.call_later(_PAUSE_S, self._round)

    def _round(self) -> None:
        """Collect what Python would have collected by itself, by its own thresholds."""
        young, middle, old = (
            count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)
        )
        if old and self._loop.time() >= self._full_from_s:
            began_s = self._loop.time()
            gc.collect()
            ended_s = self._loop.time()
            pause_s = max(_FULL_PAUSE_S, (ended_s - began_s) / _FULL_SHARE)
            self._full_from_s = ended_s + pause_s
        elif middle:
            gc.collect(1)
        elif young:
            gc.collect(0)
        self._wait()
