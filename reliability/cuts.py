"""The wire cut at every byte of every kind of change, on real sockets, plain and under TLS.

The shipped executor and gateway client against a practice venue; each case is judged by the
venue's own book. Ends with 1 if anything was doubled or wrongly believed.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reliability.certificates import make_contexts
from reliability.cut_cases import KINDS, PATHS, Case, all_cases, sample
from reliability.cut_trials import try_case
from reliability.cut_wire import CutWire, Plan
from reliability.lane import Lane
from tradedesk.app.practice_main import VenueOptions, make_venue
from tradedesk.domain.ids import AccountId

if TYPE_CHECKING:
    import ssl

    from reliability.cut_trials import Verdict
    from tradedesk.practice.server import Venue

LEAST = 3_000
QUICK = 150
LANES = 12
"""Executors at a time in one process, every fourth of them with a hub that tells nothing."""
FEW_LANES = 4
"""Enough for a sample: opening a lane costs as much as some cases."""
WIRES = ("plain", "tls")
_SETTINGS = ("limits=false", "sessions_per_hub=0", "pace=0.05", "accept_s=0", "wake_s=0")


class Share(NamedTuple):
    """What one process does."""

    kind: str
    wire: str
    first: int
    step: int
    least: int
    about: int | None


class Result(NamedTuple):
    """What came of one share."""

    cases: int
    duplicates: int
    wrong: int
    undecided: int
    said: Counter[str]
    faults: list[str]


def main(arguments: list[str]) -> int:
    """Run the cuts that are asked for; 1 if anything was wrong."""
    options = _options().parse_args(arguments)
    count = QUICK if options.quick else options.cases
    print(f"{'kind':<8}{'wire':<7}{'cases':>7}{'duplicate':>11}{'wrong':>7}{'open':>6}{'s':>7}")
    failed = False
    for kind in options.kind or KINDS:
        for wire in options.wire or WIRES:
            started = time.perf_counter()
            result = run(kind, wire, count=count, processes=options.processes)
            print(
                f"{kind:<8}{wire:<7}{result.cases:>7,}{result.duplicates:>11}{result.wrong:>7}"
                f"{result.undecided:>6}{time.perf_counter() - started:>7.0f}   "
                + ", ".join(f"{said} {n:,}" for said, n in result.said.most_common()),
                flush=True,
            )
            for text in result.faults[:20]:
                print(f"    {text}")
            failed = failed or bool(result.duplicates or result.wrong or result.undecided)
    return int(failed)


def run(
    kind: str, wire: str, *, least: int = LEAST, count: int | None = None, processes: int = 1
) -> Result:
    """Try all cases of a kind on one sort of wire, or a sample of about ``count``."""
    shares = [Share(kind, wire, nth, processes, least, count) for nth in range(processes)]
    if processes == 1:
        results = [work(shares[0])]
    else:
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            results = pool.map(work, shares)
    total: Counter[str] = Counter()
    for result in results:
        total.update(result.said)
    return Result(
        sum(one.cases for one in results),
        sum(one.duplicates for one in results),
        sum(one.wrong for one in results),
        sum(one.undecided for one in results),
        total,
        [text for one in results for text in one.faults],
    )


def work(share: Share) -> Result:
    """Do one share; the entry point of a worker."""
    logging.disable(logging.WARNING)  # each case is a fault, and each is logged
    with tempfile.TemporaryDirectory(prefix="cuts-") as folder:
        return asyncio.run(_work(share, Path(folder)))


async def _work(share: Share, folder: Path) -> Result:
    server, trust = make_contexts(folder)
    lane_count = LANES if share.about is None else FEW_LANES
    venue = make_venue(VenueOptions(accounts=("practice",) * lane_count, settings=_SETTINGS))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(venue)
        context = server if share.wire == "tls" else None
        lanes = [
            await _open_lane(stack, venue, context, trust, folder, AccountId(account_id), nth)
            for nth, account_id in enumerate(venue.world.accounts)
        ]
        lengths = await _measure(lanes[0], share.kind)
        cases = all_cases(share.kind, lengths, share.least)
        if share.about is not None:
            cases = sample(cases, share.about)
        return await _sweep(lanes, cases[share.first :: share.step])


async def _open_lane(
    stack: AsyncExitStack,
    venue: Venue,
    context: ssl.SSLContext | None,
    trust: ssl.SSLContext,
    folder: Path,
    account_id: AccountId,
    nth: int,
) -> Lane:
    wire = CutWire(venue.port, context)
    await wire.start()
    stack.push_async_callback(wire.close)
    file = folder / f"lane-{nth}.sqlite3"
    lane = Lane(venue, wire, account_id, file, trust, deaf=nth % 4 == 3)
    stack.push_async_callback(lane.close)
    await lane.start()
    return lane


async def _measure(lane: Lane, kind: str) -> tuple[int, int]:
    """Bytes on the wire of the longest request and reply of a kind."""
    longest = (0, 0)
    for _ in range(3):
        await try_case(lane, _clean(kind))
        request, reply = lane.wire.lengths[PATHS[kind]]
        longest = (max(longest[0], request), max(longest[1], reply))
    return longest


def _clean(kind: str) -> Case:
    return Case(kind, Plan("nowhere", "request"), False, "clean")


async def _sweep(lanes: list[Lane], cases: list[Case]) -> Result:
    left = list(reversed(cases))
    results: list[tuple[Case, Verdict]] = []
    broken: list[str] = []

    async def serve(lane: Lane) -> None:
        while left:
            case = left.pop()
            try:
                results.append((case, await try_case(lane, case)))
            except AssertionError as error:
                broken.append(f"{case.kind}, {case.name}: {error}")

    async with asyncio.TaskGroup() as group:
        for lane in lanes:
            group.create_task(serve(lane))
    faults = [
        f"{case.kind}, {case.name}: {verdict.wrong or verdict.said}, {verdict.duplicates} too many"
        for case, verdict in results
        if verdict.wrong or verdict.duplicates or verdict.undecided
    ]
    return Result(
        len(results) + len(broken),
        sum(verdict.duplicates for _, verdict in results),
        sum(bool(verdict.wrong) for _, verdict in results) + len(broken),
        sum(verdict.undecided for _, verdict in results),
        Counter(str(verdict.said) for _, verdict in results),
        faults + broken,
    )


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reliability cuts", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"about {QUICK} cases of each")
    parser.add_argument("--cases", type=int, help="about so many cases of each, not all")
    parser.add_argument("--kind", action="append", choices=KINDS)
    parser.add_argument("--wire", action="append", choices=WIRES)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
