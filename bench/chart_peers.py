"""Everybody who draws the same bars, each behind the same few methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bench.chart_browser import NAME as BROWSER
from bench.chart_browser import lightweight_charts
from bench.chart_data import SIZE, TICK, columns_of
from bench.chart_finplot import Finplot
from bench.chart_ours import OurChart
from bench.chart_stock import ClassicPlot, EmptyPlot
from bench.foreign import Foreign, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradedesk.engine import Bars

OURS, DRESSED = "tradedesk", "tradedesk, all on"
EMPTY, CLASSIC = "empty stock plot", "pyqtgraph's example"
FINPLOT, VNPY, VNPY_CANDLES = "finplot", "vnpy", "vnpy, candles alone"
BROWSER_DRAWN, BROWSER_SHOWN = (f"{BROWSER}, {how}" for how in ("drawn", "shown"))


class Chart(Protocol):
    """A candidate; those that have ticks have a ``tick`` like ``pan``."""

    def show(self, visible: int) -> None:
        """About so many bars in view, the newest one among them."""

    @property
    def pan(self) -> Callable[[], object]:
        """One step of a drag until it is painted."""

    def close(self) -> None:
        """Take the window away."""


class VnpyChart:
    """One of the charts in vnpy's process."""

    def __init__(self, child: Foreign, kind: str) -> None:
        self._child = child
        self._kind = kind
        self.pan = child.candidate(f"pan {kind}")
        self.tick = child.candidate(f"tick {kind}")

    def show(self, visible: int) -> None:
        """About so many bars in view, the newest one among them."""
        self._child.seconds(f"show {self._kind} {visible}", 0.0)

    def close(self) -> None:
        """The child is closed by whoever made it."""


class Field:
    """All candidates for the same bars.

    Parameters
    ----------
    bars : Bars
        What they show.
    visible : sequence of int
        How many bars will be in view.
    slow : bool
        Whether to take those along whose cost grows with all bars.

    Attributes
    ----------
    charts : dict of str to Chart
        By name.
    notes : list of str
        Versions, for the foot of a table.
    """

    def __init__(self, bars: Bars, visible: Sequence[int], *, slow: bool) -> None:
        self.charts: dict[str, Chart] = {
            OURS: OurChart(bars, extras=False),
            DRESSED: OurChart(bars, extras=True),
            EMPTY: EmptyPlot(),
        }
        self.notes: list[str] = []
        self._closing: list[Callable[[], None]] = []
        if slow:
            self.charts[CLASSIC] = ClassicPlot(bars)
            self._add_finplot(bars)
            self._add_vnpy(bars, visible)
            self._add_browser(bars)

    def close(self) -> None:
        """Take all windows and processes away."""
        for close in (*(chart.close for chart in self.charts.values()), *self._closing):
            close()

    def _add_finplot(self, bars: Bars) -> None:
        try:
            self.charts[FINPLOT] = Finplot(bars)
        except ImportError as missing:
            print(f"- finplot is left out: {missing.name} is not installed")

    def _add_vnpy(self, bars: Bars, visible: Sequence[int]) -> None:
        interpreter = environment("vnpy")
        if interpreter is None:
            return
        options = {"size": SIZE, "tick": TICK, "visible": list(visible)}
        try:
            child = Foreign(interpreter, "bench.foreign_vnpy", columns_of(bars), options)
        except RuntimeError as error:
            print(f"- vnpy is left out: {error}")
            return
        self._closing.append(child.close)
        self.charts[VNPY] = VnpyChart(child, "whole")
        self.charts[VNPY_CANDLES] = VnpyChart(child, "candles")
        self.notes.append(f"vnpy {child.found['version']} on its own Qt {child.found['qt']}")

    def _add_browser(self, bars: Bars) -> None:
        page = lightweight_charts(bars)
        if page is not None:
            self._closing.append(page.close)
            self.charts |= page.candidates()
            self.notes.append(page.title)
