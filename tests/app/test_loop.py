"""asyncio on Qt goes on when Qt processes events inside a callback."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt

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


class _Repaint(QObject):
    """Stands for a window that is to be painted: Qt serves such requests last."""

    def __init__(self, order: list[str], done: asyncio.Event) -> None:
        super().__init__()
        self._order, self._done = order, done

    def customEvent(self, event: QEvent) -> None:
        self._order.append("repaint")
        self._done.set()


def test_calls_of_another_thread_run_in_order_and_before_a_repaint_that_is_due(
    qapp: QApplication,
) -> None:
    order: list[str] = []
    done = asyncio.Event()
    repaint = _Repaint(order, done)

    def ask(loop: DeskLoop) -> None:
        for number in range(3):
            loop.call_soon_threadsafe(order.append, f"call {number}")

    async def main(loop: DeskLoop) -> None:
        event = QEvent(QEvent.Type(QEvent.registerEventType()))
        QCoreApplication.postEvent(repaint, event, Qt.EventPriority.LowEventPriority.value)
        asker = threading.Thread(target=ask, args=(loop,))
        asker.start()
        asker.join()
        async with asyncio.timeout(5):
            await done.wait()

    loop = DeskLoop(qapp)
    with loop:
        loop.run_until_complete(main(loop))
    assert order == ["call 0", "call 1", "call 2", "repaint"]


def test_a_call_of_another_thread_can_be_taken_back_and_may_fail(qapp: QApplication) -> None:
    told: list[object] = []
    failed: list[BaseException] = []

    def fail() -> None:
        raise ValueError("this one fails")

    async def main(loop: DeskLoop) -> None:
        loop.set_exception_handler(lambda _, context: failed.append(context["exception"]))
        handle = loop.call_soon_threadsafe(told.append, "taken back")
        handle.cancel()
        loop.call_soon_threadsafe(fail)
        done = asyncio.Event()
        loop.call_soon_threadsafe(done.set)
        async with asyncio.timeout(5):
            await done.wait()

    loop = DeskLoop(qapp)
    with loop:
        loop.run_until_complete(main(loop))
    assert told == []
    assert [str(error) for error in failed] == ["this one fails"]


def test_calls_of_another_thread_wait_for_the_callback_in_which_qt_processes_events(
    qapp: QApplication,
) -> None:
    order: list[str] = []

    async def main(loop: DeskLoop) -> None:
        done = asyncio.Event()
        loop.call_soon_threadsafe(order.append, "call")
        loop.call_soon_threadsafe(done.set)
        for _ in range(20):
            qapp.processEvents()
        order.append("callback")
        async with asyncio.timeout(5):
            await done.wait()

    loop = DeskLoop(qapp)
    with loop:
        loop.run_until_complete(main(loop))
    assert order == ["callback", "call"]
