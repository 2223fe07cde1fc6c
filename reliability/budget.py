"""``budget``: weeks of bursts on the shipped limiter; the venue's own count says who was right."""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from typing import TYPE_CHECKING, NamedTuple

from reliability.budget_desk import Desk
from reliability.budget_venue import GENERAL, HISTORY, CountingVenue
from reliability.virtual_time import VirtualLoop

if TYPE_CHECKING:
    from collections.abc import Callable

TRADING_WEEK_H = 115
"""Five days of 23 hours."""


class Result(NamedTuple):
    """What one run came to."""

    venue: CountingVenue
    desk: Desk
    hours: float

    @property
    def refused(self) -> int:
        """Calls that the venue refused for their number."""
        return sum(self.venue.refused.values())

    @property
    def exits_refused(self) -> int:
        """Exits that were refused by us, met a 429, or did not get their turn in ten seconds."""
        seen = self.desk.seen
        return seen["exits refused by us"] + seen["exits met by 429"] + seen["exits held 10 s"]


def run(hours: float, seed: int, every_s: float = 600.0) -> Result:
    """Play so many hours of virtual time; a trader goes wild every ``every_s`` on average."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_play(hours, seed, every_s))


async def _play(hours: float, seed: int, every_s: float) -> Result:
    venue = CountingVenue()
    desk = Desk(venue, random.Random(seed))
    work = (desk.executor(), desk.weather(), desk.charts(), desk.trader(every_s))
    tasks = [asyncio.get_running_loop().create_task(one) for one in work]
    done, _ = await asyncio.wait(tasks, timeout=hours * 3_600, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return Result(venue, desk, hours)


def table(result: Result) -> list[str]:
    """The figures as lines of text."""
    venue, desk = result.venue, result.desk
    rows: list[tuple[str, object]] = [
        ("simulated hours", f"{result.hours:g}"),
        ("calls that reached the venue", f"{sum(venue.calls.values()):,}"),
        (f"most in any {GENERAL[1]:.0f} s, of {GENERAL[0]}", venue.most[0]),
        (f"most bar calls in any {HISTORY[1]:.0f} s, of {HISTORY[0]}", venue.most[1]),
        ("HTTP 429", result.refused),
        ("exits asked for", f"{desk.seen['exits asked for']:,}"),
        ("exits refused, held 10 s or met by 429", result.exits_refused),
        ("longest look of a flatten, s", f"{desk.longest_look_s:.2f}"),
    ]
    shown = {"exits asked for", "exits refused by us", "exits met by 429", "exits held 10 s"}
    rows += [(name, f"{count:,}") for name, count in sorted(desk.seen.items()) if name not in shown]
    width = max(len(name) for name, _ in rows)
    return [f"{name:<{width}}  {value!s:>10}" for name, value in rows]


def main(arguments: list[str], say: Callable[[str], None] = print) -> int:
    """Entry point; 1 if the venue had to refuse a call or an exit was held back."""
    options = argparse.ArgumentParser(prog="python -m reliability budget", description=__doc__)
    options.add_argument("--hours", type=float, default=TRADING_WEEK_H)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--quick", action="store_true", help="two hours")
    chosen = options.parse_args(arguments)
    began = time.perf_counter()
    result = run(2.0 if chosen.quick else chosen.hours, chosen.seed)
    say("\n".join(table(result)))
    say(f"\nseed {chosen.seed}, {time.perf_counter() - began:.0f} s of real time")
    return 1 if result.refused or result.exits_refused else 0
