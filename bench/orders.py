"""From the press to the venue: how long an order takes while the window repaints.

Run it as ``python bench/orders.py [--quick] [--idle SECONDS]``. A click is stamped in a Qt timer
of a window that repaints four plots; the venue (a process of its own) stamps the arrival of the
last byte. The executor as a process is compared with the same executor on the window's own loop,
and the first click after a pause with the clicks before it. Cells run in turn, in fresh processes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.timing import Target, machine, table

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve()
MODES = ("process", "inline")
LOADS = {"60 Hz": 16, "flat out": 0}
"""Milliseconds between repaints."""
REPLY_S = 0.09
"""What a round trip to the venue is made to take when the first click is measured."""


@contextmanager
def venue(delay_s: float) -> Iterator[tuple[int, int]]:
    """The stamping venue; gives its HTTP and its hub port."""
    server = subprocess.Popen(
        [sys.executable, str(HERE.with_name("order_venue.py")), str(delay_s)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert server.stdout is not None
    try:
        http, hub = json.loads(server.stdout.readline())
        yield http, hub
    finally:
        server.communicate(timeout=10)


def noted(port: int) -> dict[str, Any]:
    """What the venue noted so far."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/arrivals") as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


# --- one cell: a window with an executor ------------------------------------------------------


class Desk:
    """The window's side: clicks, and what it is told."""

    def __init__(self, mode: str, http: int, hub: int, home: Path) -> None:
        import msgspec

        from tradedesk.app.executor_config import ExecutorConfig, GivenCredentials
        from tradedesk.app.executor_inline import InlineExecutor
        from tradedesk.app.system_clock import SystemClock
        from tradedesk.domain.safety import RiskRules, TradingRules
        from tradedesk.services.executor_process import ExecutorProcess

        config = ExecutorConfig(
            home=str(home),
            venue="bench",
            live=False,
            rest_url=f"http://127.0.0.1:{http}",
            user_hub_url=f"http://127.0.0.1:{hub}/hubs/user",
            market_hub_url=f"http://127.0.0.1:{hub}/hubs/market",
            credentials=GivenCredentials("bench", "bench-key"),
            rules=TradingRules(risk=RiskRules(max_position_size=10**6)),
        )
        clock = SystemClock()
        self.intents: dict[str, Any] = {}
        self.holds_ns: list[int] = []
        self.ready = asyncio.Event()
        self.known = asyncio.Event()
        self.answered = asyncio.Event()
        self.port: Any
        if mode == "inline":
            self.port = InlineExecutor(config, self.take, clock)
        else:
            self.port = ExecutorProcess(
                msgspec.json.encode(config), config.runtime_file, self.take, clock
            )

    def take(self, event: Any) -> None:
        """Take one event."""
        from tradedesk.domain import events

        if isinstance(event, events.SessionChanged) and event.phase is events.Phase.READY:
            self.ready.set()
        elif isinstance(event, events.InstrumentResolved):
            self.known.set()
        elif isinstance(event, events.IntentChanged):
            self.intents[event.intent.command.click_id] = event.intent
            if event.intent.stamps.reply is not None:
                self.answered.set()
            elif event.intent.state in {"denied", "not_sent"}:
                raise SystemExit(f"A click was not sent: {event.intent.reason}")

    async def start(self) -> None:
        """Ready and armed."""
        from tradedesk.domain.commands import SetArmed, TrackContract

        await self.port.start()
        async with asyncio.timeout(30):
            await self.ready.wait()
            self.port.send(TrackContract(click_id="t", press_ns=0, symbol="MNQ"))
            await self.known.wait()
        self.port.send(SetArmed(click_id="a", press_ns=0, armed=True))

    def click(self, number: int) -> None:
        """What the press handler does."""
        from tradedesk.domain.commands import PlaceOrder
        from tradedesk.domain.ids import AccountId, ContractId
        from tradedesk.domain.order import OrderType, Side

        press_ns = time.perf_counter_ns()
        self.answered.clear()
        self.port.send(
            PlaceOrder(
                click_id=f"c{number}",
                press_ns=press_ns,
                account_id=AccountId(50012345),
                contract_id=ContractId("CON.F.US.MNQ.Z26"),
                side=Side(number % 2),
                type=OrderType.MARKET,
                size=1,
                stop_loss_ticks=40,
                take_profit_ticks=80,
            )
        )
        self.holds_ns.append(time.perf_counter_ns() - press_ns)

    def report(self, arrivals: dict[str, int], first: int) -> dict[str, list[float]]:
        """Milliseconds of every click from number ``first`` on."""
        wire, shown = [], []
        for number in range(first, len(self.holds_ns)):
            intent = self.intents[f"c{number}"]
            press_ns = intent.command.press_ns
            wire.append((arrivals[intent.tag] - press_ns) / 1e6)
            shown.append((intent.stamps.reply - press_ns) / 1e6)
        return {"wire": wire, "shown": shown, "hold": [ns / 1e6 for ns in self.holds_ns[first:]]}


def repaint_load(every_ms: int) -> Any:
    """Four plots of 2,000 points, set and repainted over and over; keep what is returned."""
    import numpy as np
    import pyqtgraph as pg
    from PySide6.QtCore import QTimer

    window = pg.GraphicsLayoutWidget()
    window.resize(1400, 900)
    data = np.random.default_rng(7).normal(size=(64, 2_000)).cumsum(axis=1)
    curves = [window.addPlot(row=i // 2, col=i % 2).plot() for i in range(4)]
    window.show()
    frame = 0

    def paint() -> None:
        nonlocal frame
        frame += 1
        for i, curve in enumerate(curves):
            curve.setData(data[(frame + i) % len(data)])
        window.viewport().repaint()

    timer = QTimer()
    timer.timeout.connect(paint)
    timer.start(every_ms)
    return window, timer


async def clicking(desk: Desk, clicks: int, http: int) -> dict[str, Any]:
    """Click at odd moments, each after the answer to the last one."""
    warm_up = 10
    dice = random.Random(7)
    for number in range(clicks + warm_up):
        await asyncio.sleep(dice.uniform(0.02, 0.06))
        desk.click(number)
        async with asyncio.timeout(10):
            await desk.answered.wait()
    return desk.report(noted(http)["arrivals"], warm_up)


async def resting(desk: Desk, clicks: int, http: int, idle_s: float) -> dict[str, Any]:
    """Some clicks, a pause, one click."""
    before = await clicking(desk, clicks, http)
    count = len(desk.holds_ns)
    await asyncio.sleep(idle_s)
    connections = noted(http)["connections"]
    desk.click(count)
    async with asyncio.timeout(10):
        await desk.answered.wait()
    found = noted(http)
    return {
        "warm": before["shown"],
        "first": desk.report(found["arrivals"], count)["shown"][0],
        # one of them is the question after the arrivals
        "opened": found["connections"] - connections - 1,
    }


def cell(mode: str, every_ms: int, clicks: int, idle_s: float) -> None:
    """Measure in this process; prints JSON."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # finplot brings a second Qt, which qasync would take if it were not told.
    os.environ["QT_API"] = "pyside6"
    os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"
    import qasync
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    load = repaint_load(every_ms)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)

    async def main(http: int, hub: int, home: str) -> dict[str, Any]:
        desk = Desk(mode, http, hub, Path(home))
        await desk.start()
        try:
            if idle_s:
                return await resting(desk, clicks, http, idle_s)
            return await clicking(desk, clicks, http)
        finally:
            await desk.port.close(shutdown=True)

    with (
        venue(REPLY_S if idle_s else 0.0) as (http, hub),
        tempfile.TemporaryDirectory(prefix="td-") as home,
        loop,
    ):
        found = loop.run_until_complete(main(http, hub, home))
    load[1].stop()
    print(json.dumps(found))


# --- the whole ------------------------------------------------------------------------------


def run_cell(mode: str, every_ms: int, clicks: int, idle_s: float = 0.0) -> dict[str, Any]:
    """One cell in a fresh process."""
    asked = [mode, str(every_ms), str(clicks), str(idle_s)]
    answer = subprocess.run(
        [sys.executable, str(HERE), "--cell", *asked], check=True, stdout=subprocess.PIPE
    )
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def percentile(values: list[float], percent: int) -> float:
    """Nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def click_to_wire(rounds: int, clicks: int) -> list[Target]:
    """Process against inline under each load."""
    rows, targets = [], []
    for load, every_ms in LOADS.items():
        runs: dict[str, list[dict[str, Any]]] = {mode: [] for mode in MODES}
        for _ in range(rounds):
            for mode in MODES:
                runs[mode].append(run_cell(mode, every_ms, clicks))
        p99: dict[str, float] = {}
        for mode in MODES:
            pooled = {
                what: [ms for run in runs[mode] for ms in run[what]]
                for what in ("wire", "shown", "hold")
            }
            p99[mode] = percentile(pooled["wire"], 99)
            figures = [f"{percentile(pooled[w], p):.2f}" for w in pooled for p in (50, 99)]
            rows.append([load, mode, *figures, f"{p99[mode] / p99['process']:.1f}"])
        targets.append(
            Target(
                f"the window's loop takes 2x the process's p99, repainting {load}",
                p99["inline"] / p99["process"],
                2.0,
            )
        )
    heads = ["load", "executor", "wire p50", "p99", "shown p50", "p99", "handler p50", "p99"]
    table(f"Click to wire, ms, {clicks * rounds} clicks a row", [*heads, "p99 ratio"], rows)
    return targets


def first_click(idle_s: float, clicks: int) -> list[Target]:
    """The first click after a pause against the ones before it."""
    found = run_cell("process", LOADS["60 Hz"], clicks, idle_s)
    warm = statistics.median(found["warm"])
    ratio = found["first"] / warm
    table(
        f"First click after {idle_s:.0f} s, the venue answering after {REPLY_S * 1e3:.0f} ms",
        ["warm p50, ms", "first click, ms", "ratio", "connections opened by it"],
        [[f"{warm:.1f}", f"{found['first']:.1f}", f"{ratio:.3f}", found["opened"]]],
    )
    return [
        Target(f"first click after {idle_s:.0f} s within 1.05x of a warm one", ratio, 1.05, False)
    ]


def main() -> int:
    """Measure and report; 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="fewer clicks, a pause of 6 s")
    parser.add_argument("--idle", type=float, metavar="SECONDS", help="the pause (60)")
    parser.add_argument("--cell", nargs=4, metavar=("MODE", "MS", "CLICKS", "IDLE"))
    chosen = parser.parse_args()
    if chosen.cell:
        mode, every_ms, clicks, idle_s = chosen.cell
        cell(mode, int(every_ms), int(clicks), float(idle_s))
        return 0
    quick: bool = chosen.quick
    print(f"# Orders\n\n{machine()}")
    rounds, clicks = (1, 50) if quick else (3, 100)
    targets = click_to_wire(rounds, clicks)
    targets += first_click(chosen.idle or (6.0 if quick else 60.0), 10 if quick else 30)
    title = "Targets, which are set for the full run" if quick else "Targets"
    table(title, ["promise", "this run", ""], [target.row() for target in targets])
    return int(not quick and any(target.met is False for target in targets))


if __name__ == "__main__":
    sys.exit(main())
