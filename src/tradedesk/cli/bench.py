"""``tradedesk bench``: measures this program on this machine, beside others."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tradedesk.app.bench_orders_plan import LOADS, SENDERS
from tradedesk.cli import values

if TYPE_CHECKING:
    import argparse

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

ORDERS = (
    "Click orders in a window under load and note when each reaches a venue on this machine: the "
    "executor as a process, the same on the window's loop, and bare HTTP libraries, in turn. "
    "Milliseconds; ends with 0 whether targets were met or not."
)


def add_bench(commands: Commands) -> None:
    """Add the command to the parser."""
    bench = commands.add_parser(
        "bench", help="measure this program on this machine, beside others", allow_abbrev=False
    )
    kinds = bench.add_subparsers(metavar="WHAT", required=True)
    orders = kinds.add_parser(
        "orders",
        help="how long a click takes to the wire and back",
        description=ORDERS,
        allow_abbrev=False,
    )
    orders.add_argument(
        "--rtt", type=values.milliseconds, default=0.0, metavar="MS",
        help="round trip that the venue is made to take (0)",
    )  # fmt: skip
    orders.add_argument(
        "--load", choices=LOADS, action="append", metavar="LOAD",
        help=f"what the window does meanwhile: {', '.join(LOADS)}; may be repeated (all)",
    )  # fmt: skip
    orders.add_argument(
        "--clicks", type=values.clicks, default=120, metavar="N", help="clicks of each (120)"
    )
    orders.add_argument("--tls", action="store_true", help="let the venue speak TLS")
    orders.add_argument(
        "--who", choices=SENDERS, action="append", metavar="NAME",
        help=f"who sends: {', '.join(SENDERS)}; may be repeated (all)",
    )  # fmt: skip
    orders.set_defaults(command=run_orders)


def run_orders(chosen: argparse.Namespace) -> int:
    """Compare and print."""
    from tradedesk.app import bench_orders as bench

    options = bench.BenchOptions(
        round_trip_ms=chosen.rtt,
        loads=tuple(chosen.load or LOADS),
        clicks=chosen.clicks,
        tls=chosen.tls,
        senders=tuple(chosen.who or SENDERS),
    )
    cells = bench.run(options, lambda line: print(line, file=sys.stderr, flush=True))
    print(
        f"Click to wire and back, ms, {options.clicks} clicks a row, round trip "
        f"{options.round_trip_ms:g} ms, {'TLS' if options.tls else 'plain HTTP'}\n"
    )
    print("\n".join(bench.table(options, cells)))
    promises = bench.promises(cells)
    if promises:
        print("\n| target | this run | limit | |\n| --- | --: | --: | --- |")
    for promise in promises:
        measured = "" if promise.measured is None else f"{promise.measured:.2f}{promise.unit}"
        sign = "≥" if promise.at_least else "≤"
        limit = f"{sign} {promise.limit:g}{promise.unit}"
        print(f"| {promise.text} | {measured} | {limit} | {promise.verdict} |")
    return 0
