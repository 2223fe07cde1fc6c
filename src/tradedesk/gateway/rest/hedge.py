"""A question that gets no answer is asked a second time beside the first, before its deadline."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

T = TypeVar("T")

HEDGE_S: Final = 1.5
"""Several times what an answer takes. A reply that was lost would hold up a stop or a proof for the
whole deadline otherwise."""


async def hedged(attempt: Callable[[], Coroutine[Any, Any, T]], after_s: float = HEDGE_S) -> T:
    """The answer of an attempt or, if it takes long, of a second one, whichever comes first.

    An attempt that fails early is not repeated here: a fault that answers is no lost reply.

    Parameters
    ----------
    attempt : callable
        Begins one attempt; each has to have a deadline of its own.
    after_s : float
        When the second one begins, in seconds.

    Raises
    ------
    Exception
        What the first attempt raised, if the second one failed as well.
    """
    tasks: list[asyncio.Task[T]] = []

    def begin() -> None:
        task = asyncio.create_task(attempt())
        task.add_done_callback(_heard)
        tasks.append(task)

    begin()
    try:
        if not (await asyncio.wait(tasks, timeout=after_s))[0]:
            begin()
        pending = set(tasks)
        while pending:
            _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done() and task.exception() is None:
                    return task.result()
        return tasks[0].result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def _heard(task: asyncio.Task[T]) -> None:
    """The loser's fault interests nobody, and must not be reported as one that nobody saw."""
    if not task.cancelled():
        task.exception()
