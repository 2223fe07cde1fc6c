"""Four linked charts in one window: how many frames of a pan fit into a 144 Hz one."""

from __future__ import annotations

import gc
import time

import numpy as np
from bench.chart_data import SIZE, random_bars
from bench.chart_ours import OurChart, settle
from bench.timing import Target, figure, table
from PySide6.QtWidgets import QGridLayout, QWidget

FRAME_MS = 1e3 / 144
CHARTS = 4
TURN = 32
"""Frames in a row: one drag there and back."""


class FourCharts:
    """One window with two rows of two charts."""

    def __init__(self, rows: int, visible: int, *, extras: bool) -> None:
        self.window = QWidget()
        self.window.resize(*SIZE)
        layout = QGridLayout(self.window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        bars = random_bars(rows)
        size = (SIZE[0] // 2, SIZE[1] // 2)
        self._charts = [
            OurChart(bars, extras=extras, size=size, parent=self.window) for _ in range(CHARTS)
        ]
        for number, chart in enumerate(self._charts):
            layout.addWidget(chart.panel, number // 2, number % 2)
        self.window.show()
        settle()
        for chart in self._charts:
            chart.show(visible)

    def pan(self) -> None:
        """One step of a drag in one of them; the others go with it, and all are painted."""
        first, *others = self._charts
        first.move()
        for chart in others:
            chart.panel.navigator.go_with(first.panel.navigator)
        settle()

    def close(self) -> None:
        """Take the window away."""
        self.window.close()
        self.window.deleteLater()
        settle()


def linked(*, quick: bool) -> list[Target]:
    """Share of the frames in time; charts of all kinds take turns."""
    rows, turns = 100_000, 5 if quick else 40
    kinds = [(visible, extras) for visible in (200, 2_000) for extras in (False, True)]
    windows = {kind: FourCharts(rows, kind[0], extras=kind[1]) for kind in kinds}
    frames: dict[tuple[int, bool], list[float]] = {kind: [] for kind in kinds}
    gc.collect()
    gc.disable()
    try:
        for turn in range(turns + 1):
            for kind, window in windows.items():
                found = _turn(window)
                frames[kind] += found if turn else []
    finally:
        gc.enable()
    for window in windows.values():
        window.close()
    cells, targets = [], []
    for (visible, extras), times in frames.items():
        share = float((np.array(times) <= FRAME_MS).mean())
        p50, p99 = (float(np.percentile(times, q)) for q in (50, 99))
        name = "all on" if extras else "candles and volume"
        cells.append([f"{visible:,}", name, figure(p50), figure(p99), f"{share:.1%}"])
        what = f"four linked charts, {visible:,} bars in view, {name}: a pan within 6.94 ms, p50"
        targets.append(Target(what, p50, FRAME_MS, at_least=False, unit=" ms"))
    head = ["in view, each", "charts", "pan of all four, ms, p50", "p99", "frames within 6.94 ms"]
    table(f"Four linked charts in one window, {SIZE[0]} x {SIZE[1]}", head, cells)
    return targets


def _turn(window: FourCharts) -> list[float]:
    """Milliseconds of each frame of one drag there and back."""
    found = []
    for _ in range(TURN):
        start = time.perf_counter()
        window.pan()
        found.append((time.perf_counter() - start) * 1e3)
    return found
