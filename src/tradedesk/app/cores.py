"""Keeps the window's thread and the executor on different processors of a small machine.

A click wakes the executor. With two or three processors the kernel often wakes it on the one that
the window is running on, and the handler of the click then waits until the order is out: 2 to 9 ms
for a third of all clicks, measured. With more processors the kernel finds a free one by itself.
"""

from __future__ import annotations

import functools
import os
import sys

SMALL = range(2, 4)
"""Numbers of processors that need help."""


def executor_cores() -> tuple[int, ...]:
    """The processors an executor should keep to; empty where nothing needs to be done."""
    cores = _at_first()
    return cores[-1:] if len(cores) in SMALL else ()


def take_window_cores() -> None:
    """Keep the calling thread, which is the window's, off the executor's processors.

    What it starts from now on inherits that, an executor excepted.
    """
    rest = set(_at_first()) - set(executor_cores())
    if executor_cores() and rest:
        _keep_to(rest)


def take_executor_cores(cores: tuple[int, ...]) -> None:
    """Keep the calling thread, which is the executor's loop, to its processors."""
    if cores:
        _keep_to(set(cores))


@functools.cache
def _at_first() -> tuple[int, ...]:
    """The processors this process was given, whatever its threads kept to since."""
    if sys.platform != "linux":
        return ()
    return tuple(sorted(os.sched_getaffinity(0)))


def _keep_to(cores: set[int]) -> None:
    if sys.platform != "linux":
        return
    try:
        os.sched_setaffinity(0, cores)
    except OSError:
        pass  # the machine forbids it or took the processor away: slower, not wrong
