"""Minute bars to longer ones, against plain Python, polars and both versions of pandas."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

from bench import bar_frames as frames
from bench import bar_peers as peers
from bench import bar_python as python
from bench.bar_data import Columns, make_minutes
from bench.foreign import Foreign
from bench.timing import Target, Timings, figure, interleaved, table

from tradedesk.engine import Bars, BarSpec, resample

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

LONGER = {"5m": 5, "15m": 15, "1h": 60, "1d": 1_440}
OURS, PYTHON = "ours", "Python"
TURN_S = 0.01
MOST_OBJECTS = 100_000
"""Plain Python is given so many bars at most, and its time is counted for all."""


def minutes_to_longer(found: peers.Peers, *, rows: int, quick: bool) -> list[Target]:
    """Time each size; the worst ratio over the sizes counts."""
    minutes = make_minutes(rows)
    worst: dict[str, float] = {}
    cells = []
    with _pandas_2(found, minutes) as foreign:
        for text in LONGER:
            timings = _one_size(found, foreign, minutes, text, quick=quick)
            names = [name for name in timings.seconds if name != OURS]
            times = {name: timings.ratio(name, OURS) for name in names}
            worst = {name: min(ratio, worst.get(name, ratio)) for name, ratio in times.items()}
            shown = [f"{figure(timings.median(n) * 1e3)} ({figure(times[n])}x)" for n in names]
            cells.append([text, figure(timings.median(OURS) * 1e3), *shown])
    head = ["to", "ours, ms", *(f"{name}, ms (x ours)" for name in worst)]
    table(f"{rows:,} minute bars to longer ones", head, cells)
    return targets(rows, worst)


def targets(rows: int, worst: dict[str, float]) -> list[Target]:
    """Limits for few bars, where the calls count, and for many."""
    least = f"{rows:,} minute bars to any size: at least"
    if rows > MOST_OBJECTS:
        return [
            Target(f"{least} 50x naive Python", worst.get(PYTHON), 50),
            Target(f"{least} 2.5x pandas 3", worst.get(peers.PANDAS), 2.5),
            Target(f"{least} 2.5x pandas 2", worst.get(peers.PANDAS_2), 2.5),
        ]
    return [
        Target(f"{least} 30x naive Python", worst.get(PYTHON), 30),
        Target(f"{least} 12x pandas 3", worst.get(peers.PANDAS), 12),
        Target(f"{least} 12x pandas 2", worst.get(peers.PANDAS_2), 12),
        Target(f"{least} 3x polars", worst.get(peers.POLARS), 3),
    ]


def _one_size(
    found: peers.Peers, foreign: Foreign | None, minutes: Columns, text: str, *, quick: bool
) -> Timings:
    spec, size = BarSpec.parse(text), LONGER[text]
    bars = Bars(**minutes)
    objects = python.minute_objects(
        {name: column[:MOST_OBJECTS] for name, column in minutes.items()}
    )
    naive = python.python_resample(objects, size)
    ours = resample(bars[: len(objects)], spec)
    if [bar.high for bar in naive] != ours.high.tolist():
        raise AssertionError("the Python version makes other bars than the engine")
    candidates: dict[str, Callable[[], object]] = {
        OURS: partial(resample, bars, spec),
        PYTHON: partial(python.python_resample, objects, size),
    }
    if found.polars is not None:
        candidates[peers.POLARS] = frames.polars_resample(found.polars, minutes, size)
    if found.pandas is not None:
        candidates[peers.PANDAS] = frames.pandas_resample(found.pandas, minutes, size)
    if foreign is not None:
        if foreign.found[str(size)] != len(resample(bars, spec)):
            raise AssertionError("pandas 2 makes other bars than the engine")
        candidates[peers.PANDAS_2] = foreign.candidate(str(size))
    timings = interleaved(
        candidates, rounds=11 if quick else 41, budget_s=1.0 if quick else 5.0, turn_s=TURN_S
    )
    timings.scale(PYTHON, len(bars) / len(objects))
    return timings


def _pandas_2(found: peers.Peers, minutes: Columns) -> AbstractContextManager[Foreign | None]:
    if found.nautilus is None:
        return nullcontext()
    options = {"sizes": list(LONGER.values())}
    return Foreign(found.nautilus, "bench.foreign_pandas", minutes, options)
