"""From the press to the venue: how long an order takes while the window repaints.

Run it as ``python bench/orders.py [--quick] [--idle SECONDS]``. The comparison is the one that
``tradedesk bench orders`` makes, over TLS: a click is stamped in a window under load, the venue's
kernel stamps the arrival of the last byte; the executor as a process, the same executor on the
window's own loop, and bare HTTP libraries take turns, each in fresh processes. Then the first click
after a pause is compared with the clicks before it, and the part of the executor that comes before
the HTTP library is measured alone.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.timing import Target, machine, table

from tradedesk.app import bench_orders
from tradedesk.app.bench_orders_plan import CellPlan, Load, percentile

HERE = Path(__file__).resolve()
REPLY_MS = 90.0
"""What a round trip to the venue is made to take when the first click is measured."""
INSIDE_CLICKS = 60
"""As many as the venue's limit leaves room for in one go."""
LOADS: tuple[Load, ...] = ("60hz", "flatout", "python")


def compare(clicks: int) -> list[Target]:
    """Everybody under every load."""
    options = bench_orders.BenchOptions(loads=LOADS, clicks=clicks, tls=True)
    cells = bench_orders.run(options, lambda line: print(line, file=sys.stderr, flush=True))
    print(f"\n## Click to wire and back, ms, {clicks} clicks a row, TLS\n")
    print("\n".join(bench_orders.table(options, cells)), flush=True)
    return [
        Target(
            f"{promise.text}: {'at least' if promise.at_least else 'at most'} "
            f"{promise.limit:g}{promise.unit}",
            promise.measured,
            promise.limit,
            promise.at_least,
            promise.unit,
        )
        for promise in bench_orders.promises(cells)
    ]


def first_clicks(pauses_s: list[float], clicks: int) -> list[Target]:
    """The first click after each pause against the ones before it."""
    rows, targets = [], []
    with tempfile.TemporaryDirectory(prefix="td-") as folder:
        certificate, key = bench_orders.make_certificate(Path(folder))
        for idle_s in pauses_s:
            found = bench_orders.run_cell(
                CellPlan(
                    sender="process",
                    load="60hz",
                    clicks=clicks,
                    round_trip_ms=REPLY_MS,
                    idle_s=idle_s,
                    certificate=certificate,
                    key=key,
                )
            )
            assert found.first is not None
            warm = statistics.median(found.shown)
            ratio = found.first / warm
            rows.append(
                [f"{idle_s:g}", f"{warm:.1f}", f"{found.first:.1f}", f"{ratio:.3f}", found.opened]
            )
            promise = f"first click after {idle_s:g} s: at most 1.05x a warm one"
            targets.append(Target(promise, ratio, 1.05, at_least=False))
    table(
        f"First click after a pause, the venue answering after {REPLY_MS:g} ms, TLS",
        ["pause, s", "warm p50, ms", "first click, ms", "ratio", "connections opened by it"],
        rows,
    )
    return targets


def before_the_wire(rounds: int) -> list[Target]:
    """Gate, journal and encoding: from a command's arrival to the HTTP library's turn.

    Once with orders as a person sends them, after a rest in which others have used the processor's
    caches, and once with each order right behind the answer to the one before.
    """
    rows, targets = [], []
    for words, rest in (("after 20 to 60 ms of rest", True), ("back to back", False)):
        spent: list[float] = []
        for _ in range(rounds):
            command = [sys.executable, str(HERE), "--inside", str(INSIDE_CLICKS)]
            answer = subprocess.run(
                command if rest else [*command, "--no-rest"], check=True, stdout=subprocess.PIPE
            )
            spent += json.loads(answer.stdout.splitlines()[-1])
        p50, p99 = percentile(spent, 50), percentile(spent, 99)
        rows.append([words, len(spent), f"{p50:.3f}", f"{p99:.3f}"])
        what = f"gate, journal, encode, {words}"
        targets += [
            Target(f"{what}, p50: at most 0.15 ms", p50, 0.15, False, " ms"),
            Target(f"{what}, p99: at most 0.5 ms", p99, 0.5, False, " ms"),
        ]
    table(
        "Command received to request handed to the HTTP library, ms",
        ["orders", "number", "p50", "p99"],
        rows,
    )
    return targets


async def inside(clicks: int, *, rest: bool) -> list[float]:
    """An executor on a loop of its own, as in its process, with real journal and real venue."""
    from tradedesk.app.bench_orders_senders import DeskSender
    from tradedesk.app.bench_orders_venue import VenueOptions
    from tradedesk.app.bench_orders_venue_process import venue_process
    from tradedesk.app.system_clock import SystemClock
    from tradedesk.gateway.rest.pool import ConnectionPool
    from tradedesk.trading.live.executor import Executor

    clock = SystemClock()
    spent: list[float] = []
    received_ns = 0
    handle, order = Executor.handle, ConnectionPool.order

    def stamped_handle(self: Executor, command: Any) -> None:
        nonlocal received_ns
        received_ns = clock.mono_ns()
        handle(self, command)

    async def stamped_order(self: ConnectionPool, *given: Any, **named: Any) -> Any:
        spent.append((clock.mono_ns() - received_ns) / 1e6)
        return await order(self, *given, **named)

    Executor.handle = stamped_handle  # type: ignore[method-assign]
    ConnectionPool.order = stamped_order  # type: ignore[method-assign]
    dice, warm_up = random.Random(7), 10
    with tempfile.TemporaryDirectory(prefix="td-") as home, venue_process(VenueOptions()) as venue:
        plan = CellPlan(sender="inline", load="idle", clicks=clicks)
        sender = DeskSender(plan, venue.ports, Path(home), clock)
        await sender.start()
        gc.collect()
        gc.freeze()
        for number in range(clicks + warm_up):
            if number % 12 == 11:
                await sender.settle()
            if rest:
                await asyncio.sleep(dice.uniform(0.02, 0.06))
            sender.answered.clear()
            async with asyncio.timeout(10):
                sender.click(number, clock.mono_ns())
                await sender.answered.wait()
            if sender.refused:
                raise SystemExit(f"A click was not sent: {sender.refused}")
        await sender.close()
    return spent[warm_up:]


def main() -> int:
    """Measure and report; 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="fewer clicks, pauses of 1 and 6 s")
    parser.add_argument("--idle", type=float, metavar="SECONDS", help="this pause only")
    parser.add_argument("--inside", type=int, metavar="CLICKS", help=argparse.SUPPRESS)
    parser.add_argument("--no-rest", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        print(json.dumps(asyncio.run(inside(chosen.inside, rest=not chosen.no_rest))))
        return 0
    quick: bool = chosen.quick
    print(f"# Orders\n\n{machine()}")
    pauses_s = [1.0, 6.0] if quick else [1.0, 60.0, 600.0]
    targets = compare(40 if quick else 300)
    targets += first_clicks([chosen.idle] if chosen.idle else pauses_s, 10 if quick else 30)
    targets += before_the_wire(1 if quick else 4)
    title = "Targets, which are set for the full run" if quick else "Targets"
    table(title, ["promise", "this run", ""], [target.row() for target in targets])
    return int(not quick and any(target.met is False for target in targets))


if __name__ == "__main__":
    sys.exit(main())
