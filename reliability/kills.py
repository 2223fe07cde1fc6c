"""Executor and window killed in the middle of a change, and the journal cut, anywhere.

Ends with 1 if an order was doubled, lost or wrongly believed, or if entries stayed closed for
longer than 2 seconds and three round trips after a kill.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

from reliability import journal_cuts, journal_speed, kill_points, kill_window

POINTS = {"place": 500, "cancel": 60, "modify": 60, "close": 60, "flatten": 60}
WINDOWS = 100
OPEN_S = 2.0
"""Three round trips on loopback are a few milliseconds."""
LANES = 2
PARTS = ("executor", "journal", "window", "speed")


def main(arguments: list[str]) -> int:
    """Run the parts that are asked for; 1 if anything was wrong."""
    options = _options().parse_args(arguments)
    failed = False
    for part in options.part or PARTS:
        failed |= PLAY[part](options)
    return int(failed)


def _executor(options: argparse.Namespace) -> bool:
    print(
        f"{'executor killed during':<24}{'lines':>7}{'kills':>7}{'doubled':>9}{'wrong':>7}"
        f"{'ready p50 s':>13}{'open p50 s':>12}{'open max s':>12}{'s':>6}"
    )
    failed = False
    for kind in options.kind or kill_points.KINDS:
        points = 12 if options.quick else options.points or POINTS[kind]
        started = time.perf_counter()
        found = kill_points.run(kind, points, LANES)
        opened = found.open_s or [0.0]
        print(
            f"{kind:<24}{found.lines:>7,}{found.kills:>7}{found.duplicates:>9}"
            f"{len(found.wrong):>7}{statistics.median(found.ready_s or [0.0]):>13.2f}"
            f"{statistics.median(opened):>12.2f}{max(opened):>12.2f}"
            f"{time.perf_counter() - started:>6.0f}",
            flush=True,
        )
        _tell(found.wrong)
        late = sum(one > OPEN_S for one in opened)
        if late:
            print(f"    {late} of {len(opened)} took longer than {OPEN_S:.0f} s")
        failed |= bool(found.duplicates or found.wrong or late)
    return failed


def _journal(options: argparse.Namespace) -> bool:
    started = time.perf_counter()
    found = journal_cuts.run(29 if options.quick else 1)
    print(
        f"journal cut at {found.cuts:,} bytes: {found.set_aside:,} times set aside and salvaged, "
        f"{len(found.wrong)} wrong, {time.perf_counter() - started:.0f} s",
        flush=True,
    )
    _tell(found.wrong)
    return bool(found.wrong)


def _window(options: argparse.Namespace) -> bool:
    started = time.perf_counter()
    found = kill_window.run(3 if options.quick else WINDOWS)
    print(
        f"window killed {found.kills} times mid-order: {found.orders} orders at the venue, "
        f"{found.duplicates} doubled, {len(found.wrong)} lost or wrong, "
        f"{time.perf_counter() - started:.0f} s",
        flush=True,
    )
    _tell(found.wrong)
    return bool(found.duplicates or found.wrong)


def _speed(options: argparse.Namespace) -> bool:
    for line in journal_speed.lines(200 if options.quick else 1_500):
        print(line, flush=True)
    return False


PLAY = {"executor": _executor, "journal": _journal, "window": _window, "speed": _speed}


def _tell(wrong: list[str]) -> None:
    for text in wrong[:20]:
        print(f"    {text[:300]}")


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reliability kills", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a sample of each")
    parser.add_argument("--part", action="append", choices=PARTS)
    parser.add_argument("--kind", action="append", choices=kill_points.KINDS)
    parser.add_argument("--points", type=int, help="kills of each kind of change")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
