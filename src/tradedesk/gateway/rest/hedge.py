"""A question that gets no answer is asked again beside the first time, before its deadline."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

T = TypeVar("T")

HEDGE_S: Final = 1.0
"""Several times what an answer takes. A reply that was lost would hold up a stop or a proof for the
whole deadline otherwise."""
MOST: Final = 4
"""Attempts beside one another. One that has failed makes room: in a bad network the next one may be
answered, while the first hangs on to its deadline."""


async def hedged(attempt: Callable[[], Coroutine[Any, Any, T]], after_s: float = HEDGE_S) -> T:
    """The answer of an attempt or, if it takes long, of one begun later, whichever comes first.

    As long as one hangs, another begins after each pause. Where the first attempt fails early it is
    not repeated here: a fault that answers is no lost reply.

    Parameters
    ----------
    attempt : callable
        Begins one attempt; each has to have a deadline of its own.
    after_s : float
        How long after one the next begins, in seconds.

    Raises
    ------
    Exception
        What the first attempt raised, if all others failed as well.

    Notes
    -----
    Ends with the deadline of the last attempt. The pauses run from one attempt to the next, so that
    faults which answer at once do not multiply them.
    """
    tasks: list[asyncio.Task[T]] = []

    def begin() -> None:
        task = asyncio.create_task(attempt())
        task.add_done_callback(_heard)
        tasks.append(task)

    begin()
    loop = asyncio.get_running_loop()
    next_s = loop.time() + after_s
    try:
        while pending := [task for task in tasks if not task.done()]:
            room = len(pending) < MOST
            await asyncio.wait(
                pending,
                timeout=max(next_s - loop.time(), 0) if room else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in tasks:
                if task.done() and task.exception() is None:
                    return task.result()
            hangs = any(not task.done() for task in tasks)
            if room and hangs and loop.time() >= next_s:
                begin()
                next_s = loop.time() + after_s
        return tasks[0].result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def _heard(task: asyncio.Task[T]) -> None:
    """The loser's fault interests nobody, and must not be reported as one that nobody saw."""
    if not task.cancelled():
        task.exception()
