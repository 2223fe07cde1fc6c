"""Pan and live tick of everybody who draws the same bars, taking turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.chart_data import SIZE, random_bars
from bench.chart_ours import OurChart
from bench.chart_peers import (
    BROWSER_DRAWN,
    BROWSER_SHOWN,
    DRESSED,
    EMPTY,
    FINPLOT,
    OURS,
    VNPY,
    VNPY_CANDLES,
    Field,
)
from bench.timing import Target, Timings, figure, interleaved, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TURN_S = 0.03
"""A candidate goes on for so long, so that it is measured running and not waking up."""
FRAME_S = 1 / 144
HEAD = [
    *("in view", "chart", "pan, ms", "x ours", "x ours, all on"),
    *("live tick, ms", "x ours", "x ours, all on", "pan of 6.9 ms"),
]


def compare(rows: int, visible: Sequence[int], *, peers: bool, quick: bool) -> list[Target]:
    """One table for charts of so many bars; returns what it promised."""
    field = Field(random_bars(rows), visible, slow=peers)
    cells: list[list[str]] = []
    targets: list[Target] = []
    try:
        for count in visible:
            pans, ticks = measure(field.charts, count, quick=quick)
            cells += [_cells(f"{count:,}", name, pans, ticks) for name in field.charts]
            targets += promises(rows, count, pans, ticks)
    finally:
        field.close()
    table(f"{rows:,} bars, {SIZE[0]} x {SIZE[1]}, medians", HEAD, cells)
    for note in field.notes:
        print(f"\n{note}")
    return targets


def measure(charts: Mapping[str, Any], visible: int, *, quick: bool) -> tuple[Timings, Timings]:
    """Pan and live tick of all candidates with so many bars in view."""
    rounds, budget_s = (5, 5.0) if quick else (25, 30.0)
    found = []
    for what in ("pan", "tick"):
        for chart in charts.values():
            chart.show(visible)
        steps = {k: getattr(c, what) for k, c in charts.items() if hasattr(c, what)}
        found.append(interleaved(steps, rounds=rounds, budget_s=budget_s, turn_s=TURN_S))
    return found[0], found[1]


def promises(rows: int, visible: int, pans: Timings, ticks: Timings) -> list[Target]:
    """What is promised of one number of bars in view."""
    where = f"{rows:,} bars, {visible:,} in view"
    found = [
        Target(f"{where}: pan at most 0.7x an empty plot", pans.over(OURS, EMPTY), 0.7, False),
        Target(
            f"{where}, all on: pan at most 1.0x an empty plot", pans.over(DRESSED, EMPTY), 1, False
        ),
    ]
    if FINPLOT in pans:
        found += [
            Target(f"{where}: pan at least 4x finplot", pans.over(FINPLOT, OURS), 4),
            Target(f"{where}: live tick at least 50x finplot", ticks.over(FINPLOT, OURS), 50),
        ]
    if VNPY in pans:
        # Its candles alone, which is the least it can draw, and so the hardest to beat.
        ratio = pans.over(VNPY_CANDLES, OURS)
        if visible == 2_000:
            found.append(Target(f"{where}: pan at least 20x vnpy", ratio, 20))
        ratio = ticks.over(VNPY_CANDLES, OURS)
        found.append(Target(f"{where}: live tick at least 60x vnpy", ratio, 60))
    for name in (BROWSER_DRAWN, BROWSER_SHOWN):
        if name in pans:
            found.append(Target(f"{where}: pan at least 2.5x {name}", pans.over(name, OURS), 2.5))
    return found


def flat(*, quick: bool) -> list[Target]:
    """Whether a pan costs the same whatever the chart holds and shows."""
    many, few = 1_000_000, 100_000
    targets: list[Target] = []
    cells: list[list[str]] = []
    for extras in (False, True):
        charts = {rows: OurChart(random_bars(rows), extras=extras) for rows in (few, many)}
        charts[few].show(200)
        charts[many].show(many)
        steps = {f"{rows:,}": chart.pan for rows, chart in charts.items()}
        timings = interleaved(steps, rounds=5 if quick else 40, budget_s=20.0, turn_s=TURN_S)
        for chart in charts.values():
            chart.close()
        ratio = timings.ratio(f"{many:,}", f"{few:,}")
        words = ", all on" if extras else ""
        what = f"pan of {many:,} bars, all in view, at most 1.6x of {few:,}, 200 in view{words}"
        targets.append(Target(what, ratio, 1.6, at_least=False))
        times = [figure(timings.median(name) * 1e3) for name in timings.seconds]
        cells.append([DRESSED if extras else OURS, *times, figure(ratio)])
    head = ["chart", f"{few:,} bars, 200 in view, ms", f"{many:,} bars, all in view, ms", "ratio"]
    table("A pan whatever the chart holds", head, cells)
    return targets


def _cells(visible: str, name: str, pans: Timings, ticks: Timings) -> list[str]:
    cells = [visible, name]
    for timings in (pans, ticks):
        if name in timings:
            ratios = [figure(timings.ratio(name, base)) for base in (OURS, DRESSED)]
            cells += [figure(timings.median(name) * 1e3), *ratios]
        else:
            cells += ["", "", ""]
    return [*cells, f"{pans.median(name) / FRAME_S:.0%}"]
