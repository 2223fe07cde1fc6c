"""asyncio on Qt goes on when Qt processes events inside a callback."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.app.gui.loop import DeskLoop

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

TASKS = 40
ROUNDS = 15


def test_no_wake_up_is_lost_to_a_loop_inside_a_callback(qapp: QApplication) -> None:
    done: list[int] = []

    async def sleeper(number: int) -> None:
        for _ in range(ROUNDS):
            await asyncio.sleep(0.001 * (number % 3))
        done.append(number)

    async def nester() -> None:
        for _ in range(ROUNDS * 3):
            for _ in range(20):
                qapp.processEvents()
            await asyncio.sleep(0.001)

    async def main() -> None:
        async with asyncio.timeout(20):
            await asyncio.gather(nester(), *(sleeper(n) for n in range(TASKS)))

    loop = DeskLoop(qapp)
    with loop:
        loop.run_until_complete(main())
    assert sorted(done) == list(range(TASKS))


def test_a_cancelled_task_ends_while_qt_processes_events(qapp: QApplication) -> None:
    async def main() -> None:
        task = asyncio.get_running_loop().create_task(asyncio.sleep(30))
        await asyncio.sleep(0)
        task.cancel()
        qapp.processEvents()
        async with asyncio.timeout(5):
            await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()

    loop = DeskLoop(qapp)
    with loop:
        loop.run_until_complete(main())
