"""Finds threads, child processes and asyncio tasks that a test left behind."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

GRACE_S = 2.0
"""How long something that is already ending may take; a clean test never waits."""

KEPT_CHILDREN: set[int] = set()
"""Process ids that belong to a session-wide fixture, not to a test."""


def threads() -> set[threading.Thread]:
    """Threads alive now, without those that the interpreter's own pools keep."""
    return {t for t in threading.enumerate() if t.is_alive() and not t.name.startswith("asyncio_")}


def children() -> set[int]:
    """Process ids of running children of this process; empty where /proc is missing."""
    found: set[int] = set()
    for listing in Path("/proc/self/task").glob("*/children"):
        try:
            found.update(int(pid) for pid in listing.read_text().split())
        except OSError:
            continue  # that thread ended between the two calls
    return {pid for pid in found - KEPT_CHILDREN if not _is_zombie(pid)}


def _is_zombie(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def command_of(pid: int) -> str:
    """Command line of a process, for the message."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return "gone"
    return raw.replace(b"\0", b" ").decode(errors="replace").strip()[:160]


def left_behind(before: set[T], now: Callable[[], set[T]]) -> set[T]:
    """What is there and was not before, after a grace for what is ending."""
    deadline = time.monotonic() + GRACE_S
    while (extra := now() - before) and time.monotonic() < deadline:
        time.sleep(0.01)
    return extra


async def pending_tasks() -> list[asyncio.Task[object]]:
    """Tasks of the running loop that nobody awaited or cancelled, the caller's own left out."""
    own = asyncio.current_task()
    deadline = time.monotonic() + GRACE_S / 4
    while True:
        left = [t for t in asyncio.all_tasks() if t is not own and not t.done()]
        if not left or time.monotonic() > deadline:
            return left
        await asyncio.sleep(0.01)


def end_children(pids: set[int]) -> None:
    """Kill what a failed test left, so that it does not disturb the next one."""
    for pid in pids:
        try:
            os.kill(pid, 9)
        except ProcessLookupError:
            continue
