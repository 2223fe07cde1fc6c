"""Timing that compares: candidates run A B C A B C ..., medians and paired ratios are reported.

A machine that slows down for a while slows all candidates alike, so ratios hold where absolute
times do not.
"""

from __future__ import annotations

import gc
import os
import platform
import statistics
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class TimesItself(Protocol):
    """A candidate in another process, which takes the time there."""

    def __call__(self) -> object:
        """Run once."""

    def timed(self, turn_s: float) -> float:
        """Return the mean time of a call in seconds; see `mean_of`."""


@dataclass
class Timings:
    """Seconds of each candidate in each round.

    Attributes
    ----------
    seconds : dict of str to list of float
        One entry per round; entries of one round belong together.
    """

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def median(self, name: str) -> float:
        """Return the median time of one candidate in seconds."""
        return statistics.median(self.seconds[name])

    def ratio(self, slow: str, fast: str) -> float:
        """Return how many times longer `slow` takes: median of the ratios of each round."""
        pairs = zip(self.seconds[slow], self.seconds[fast], strict=True)
        return statistics.median(a / b for a, b in pairs)

    def over(self, slow: str, fast: str) -> float | None:
        """Return the same; None when one of the two was left out."""
        return self.ratio(slow, fast) if slow in self and fast in self else None

    def scale(self, name: str, times: float) -> None:
        """Count a candidate that was given a part of the work as if it had done the whole."""
        if name in self:
            self.seconds[name] = [seconds * times for seconds in self.seconds[name]]

    def __contains__(self, name: str) -> bool:
        return name in self.seconds


def interleaved(
    candidates: Mapping[str, Callable[[], object] | TimesItself],
    *,
    rounds: int = 7,
    budget_s: float = 60.0,
    least_rounds: int = 3,
    turn_s: float = 0.0,
) -> Timings:
    """Run every candidate once to warm up, then all of them in turn, round after round.

    Parameters
    ----------
    candidates : mapping of str to callable
        Called without arguments; what they return is thrown away. One that `TimesItself` is asked.
    rounds : int, default 7
        Most rounds.
    budget_s : float, default 60.0
        No further round is begun after this time, once `least_rounds` are done.
    turn_s : float, default 0.0
        A candidate is called again within its turn until so much time has passed, and the mean
        counts. Without it a call of a tenth of a millisecond mostly measures how long the
        processor takes to wake up after somebody else's turn.
    """
    timings = Timings({name: [] for name in candidates})
    for run in candidates.values():
        run()
    gc.collect()
    gc.disable()
    try:
        begun = time.perf_counter()
        for done in range(rounds):
            if done >= least_rounds and time.perf_counter() - begun > budget_s:
                break
            for name, run in candidates.items():
                timed = getattr(run, "timed", None)
                seconds = mean_of(run, turn_s) if timed is None else timed(turn_s)
                timings.seconds[name].append(seconds)
    finally:
        gc.enable()
    return timings


def mean_of(run: Callable[[], object], turn_s: float) -> float:
    """Call until so much time has passed, once at least; the mean time of a call in seconds."""
    calls, start = 0, time.perf_counter()
    while True:
        run()
        calls += 1
        passed = time.perf_counter() - start
        if passed >= turn_s:
            return passed / calls


@dataclass(frozen=True)
class Target:
    """A promise that one run confirms or not.

    Attributes
    ----------
    text : str
        What is promised, with its limit.
    measured : float or None
        The figure of this run; None when it could not be measured.
    limit : float
        The figure promised.
    at_least : bool, default True
        True when more is better.
    unit : str, default "x"
        What stands behind the figure.
    """

    text: str
    measured: float | None
    limit: float
    at_least: bool = True
    unit: str = "x"

    @property
    def met(self) -> bool | None:
        """Whether the run kept the promise; None when it was not measured."""
        if self.measured is None:
            return None
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def row(self) -> list[str]:
        """Cells of a table: promise, figure, verdict."""
        verdict = {True: "met", False: "MISSED", None: "not measured"}[self.met]
        measured = "" if self.measured is None else f"{figure(self.measured)}{self.unit}"
        return [self.text, measured, verdict]


def figure(value: float) -> str:
    """Three significant digits, thousands with commas."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a markdown table."""
    print(f"\n## {title}\n")
    print("| " + " | ".join(head) + " |")
    print("|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")
    sys.stdout.flush()


def ratios(
    title: str, timings: Timings, rows: int, against: Sequence[str], what: str = "trade"
) -> None:
    """Print a table of nanoseconds a row, and of how many times longer than some of them."""
    bases = [base for base in against if base in timings]
    cells = [
        [name, figure(timings.median(name) / rows * 1e9)]
        + [figure(timings.ratio(name, base)) for base in bases]
        for name in timings.seconds
    ]
    table(title, ["candidate", f"ns a {what}", *(f"x {base}" for base in bases)], cells)


def machine() -> str:
    """One line about where this runs: system, Python, cores, load."""
    load = f", load {os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores{load}"
    )
