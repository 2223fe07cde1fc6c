"""Garbage in cycles is collected by the window's thread, whoever makes the most objects."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest

from tradedesk.app.gui.garbage import GarbageRounds


class Widget:
    """Stands for one of Qt's, in a cycle; tells the thread that destroys it."""

    def __init__(self, destroyed_in: list[int]) -> None:
        self.me = self
        self._destroyed_in = destroyed_in

    def __del__(self) -> None:
        self._destroyed_in.append(threading.get_ident())


def make_many() -> None:
    """What a fast market does: many objects that stay, so that garbage is due again and again."""
    kept = [[each] for each in range(200_000)]
    assert len(kept) == 200_000


@pytest.mark.parametrize("rounds_outlived", [0, 1])
async def test_the_windows_thread_collects_what_a_busy_thread_would_have(
    rounds_outlived: int,
) -> None:
    destroyed_in: list[int] = []
    kept: list[list[int]] = []
    with GarbageRounds(asyncio.get_running_loop()):
        widget = Widget(destroyed_in)
        for _ in range(rounds_outlived):
            gc.collect(0)
        del widget
        async with asyncio.timeout(30):
            while not destroyed_in:
                await asyncio.to_thread(make_many)
                kept += [[each] for each in range(1_000)]
    assert destroyed_in == [threading.get_ident()]


async def test_without_it_a_busy_thread_collects() -> None:
    """Why it is there; a Python that does this no longer makes it needless."""
    destroyed_in: list[int] = []
    was_on = gc.isenabled()
    gc.enable()
    Widget(destroyed_in)
    await asyncio.to_thread(make_many)
    if not was_on:
        gc.disable()
    assert destroyed_in
    assert destroyed_in[0] != threading.get_ident()


@pytest.mark.parametrize("was_on", [False, True])
async def test_it_leaves_collecting_as_it_was(was_on: bool) -> None:
    before = gc.isenabled()
    (gc.enable if was_on else gc.disable)()
    with GarbageRounds(asyncio.get_running_loop()):
        assert not gc.isenabled()
    found = gc.isenabled()
    (gc.enable if before else gc.disable)()
    assert found is was_on
