"""One run of the comparison: a window under load, clicks, and when each arrived.

Run as a process with a ``CellPlan`` as one line of JSON on standard input; prints a ``CellFound``
the same way, or ``{"error": ...}``. A process of its own, so that no run measures what another has
left behind.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tradedesk.app.bench_orders_plan import CellFound, CellPlan
from tradedesk.app.bench_orders_senders import make_sender
from tradedesk.app.bench_orders_venue import VenueOptions
from tradedesk.app.bench_orders_venue_process import venue_process
from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.clock import NS_PER_MS
from tradedesk.domain.errors import StartError, TradeDeskError

if TYPE_CHECKING:
    from tradedesk.app.bench_orders_senders import BareSender, DeskSender
    from tradedesk.app.bench_orders_venue_process import VenueProcess
    from tradedesk.domain.clock import Clock

ANSWER_S = 10.0
PAUSE_S = (0.02, 0.06)
"""Between an answer and the next click."""
SETTLE_EVERY = 12
"""Orders with two legs each, after which the executor is to look what is open."""
HOG_MS = 15
"""A slice of the load of pure Python."""
REPAINT_MS = {"60hz": 16, "flatout": 0}


class Clicks:
    """Clicks one after the other, and what became of them."""

    def __init__(self, sender: DeskSender | BareSender, clock: Clock, venue: VenueProcess) -> None:
        self._sender = sender
        self._clock = clock
        self._venue = venue
        self._dice = random.Random(7)  # noqa: S311 - odd moments, no secret
        self._pressed: list[int] = []
        self._told: list[int] = []
        self._held: list[int] = []

    async def some(self, count: int) -> None:
        """Click so often, each time after the answer to the last one."""
        for _ in range(count):
            if len(self._pressed) % SETTLE_EVERY == SETTLE_EVERY - 1:
                await self._sender.settle()
            await asyncio.sleep(self._dice.uniform(*PAUSE_S))
            await self.one()

    async def one(self) -> None:
        """Click, and wait for the answer.

        Raises
        ------
        StartError
            If it was not sent.
        """
        sender, clock = self._sender, self._clock
        sender.answered.clear()
        press_ns = clock.mono_ns()
        sender.click(len(self._pressed), press_ns)
        self._held.append(clock.mono_ns() - press_ns)
        self._pressed.append(press_ns)
        async with asyncio.timeout(ANSWER_S):
            await sender.answered.wait()
        self._told.append(clock.mono_ns())
        if sender.refused:
            raise StartError(f"A click was not sent: {sender.refused}")

    def found(self, first: int) -> CellFound:
        """Milliseconds of the clicks from number ``first`` on."""
        noted, found = self._venue.noted(), CellFound()
        for number in range(first, len(self._pressed)):
            press_ns = self._pressed[number]
            tag, reply_ns = self._sender.replies[number]
            arrived_ns = noted.arrivals[tag]
            found.wire.append((arrived_ns - press_ns) / NS_PER_MS)
            found.shown.append((reply_ns - press_ns) / NS_PER_MS)
            found.true.append((noted.replies[tag] - arrived_ns) / NS_PER_MS)
            found.handler.append(self._held[number] / NS_PER_MS)
            found.told.append((self._told[number] - press_ns) / NS_PER_MS)
        return found


async def measure(plan: CellPlan, venue: VenueProcess, home: Path, clock: Clock) -> CellFound:
    """Click as planned."""
    sender = make_sender(plan, venue.ports, home, clock)
    await sender.start()
    try:
        # What a desk does once its window is open.
        gc.collect()
        gc.freeze()
        clicks = Clicks(sender, clock, venue)
        await clicks.some(plan.warm_up + plan.clicks)
        found = clicks.found(plan.warm_up)
        if plan.idle_s:
            before = venue.noted().connections
            await asyncio.sleep(plan.idle_s)
            await clicks.one()
            found.first = clicks.found(plan.warm_up + plan.clicks).shown[0]
            found.opened = venue.noted().connections - before
        return found
    finally:
        await sender.close()


def run_cell(plan: CellPlan) -> CellFound:
    """Open a window offscreen, load it, and click.

    Raises
    ------
    StartError, TimeoutError
        If the sender cannot be used or a click is not answered.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # Another Qt in the environment, which a library brought, would be taken otherwise.
    os.environ["QT_API"] = "pyside6"
    os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"
    from tradedesk.app.gui.desk import application
    from tradedesk.app.gui.loop import DeskLoop

    app = application()
    load = _load(plan.load)
    clock = SystemClock()
    options = VenueOptions(plan.round_trip_ms, plan.certificate, plan.key)
    with (
        venue_process(options) as venue,
        tempfile.TemporaryDirectory(prefix="td-") as home,
        DeskLoop(app) as loop,
    ):
        asyncio.set_event_loop(loop)
        try:
            found: CellFound = loop.run_until_complete(measure(plan, venue, Path(home), clock))
        finally:
            for timer in load:
                timer.stop()
            asyncio.set_event_loop(None)
    return found


def _load(name: str) -> list[Any]:
    """Timers that keep the window's thread busy, the first with its window."""
    from PySide6.QtCore import QTimer

    from tradedesk.ui.chart.bench_load import repainter

    if name == "idle":
        return []
    timer = QTimer()
    if name == "python":
        timer.timeout.connect(_hog)
        timer.start(0)
    else:
        timer.timeout.connect(repainter())
        timer.start(REPAINT_MS[name])
    return [timer]


def _hog() -> None:
    """Hold the thread with pure Python, as a busy strategy or indicator would."""
    clock = SystemClock()
    until_ns, total = clock.mono_ns() + HOG_MS * NS_PER_MS, 0
    while clock.mono_ns() < until_ns:
        for number in range(200):
            total += number * number


def main() -> int:
    """Measure what standard input asks for."""
    plan = msgspec.json.decode(sys.stdin.buffer.readline(), type=CellPlan)
    try:
        found = run_cell(plan)
    except (TradeDeskError, TimeoutError) as error:
        sys.stdout.write(msgspec.json.encode({"error": str(error) or repr(error)}).decode() + "\n")
        return 1
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
