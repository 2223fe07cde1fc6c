"""The chart against an empty plot and against peers, offscreen.

A pan of the whole chart (volume, axes, grid, order lines on) is compared with the pan of an empty
stock pyqtgraph plot, a live tick until it is painted with finplot's. All candidates are
interleaved in one run, so that the ratios hold where the absolute times do not.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
os.environ.setdefault("QT_API", "pyside6")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pyqtgraph as pg
from bench.timing import Target, Timings, figure, interleaved, machine, table
from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QApplication

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.ids import ContractId
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.order import Side
from tradedesk.domain.price import TickSize
from tradedesk.engine import Bars, BarSeries
from tradedesk.services.chart_line import ChartLine, LineKind, LinePart
from tradedesk.ui.chart.panel import ChartPanel

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = (1600, 900)
BURST = 25
"""Steps a candidate takes in a row, so that it is measured running, not waking up."""
MINUTE_NS = 60_000_000_000
OURS, EMPTY, FINPLOT = "tradedesk", "empty stock plot", "finplot"


def random_bars(rows: int) -> Bars:
    """A walk in ticks with wicks and volume."""
    rng = np.random.default_rng(5)
    close = 85_900 + np.cumsum(rng.integers(-8, 9, rows))
    opened = np.concatenate(([85_900], close[:-1]))
    high = np.maximum(opened, close) + rng.integers(0, 9, rows)
    low = np.minimum(opened, close) - rng.integers(0, 9, rows)
    volume = rng.integers(100, 2_500, rows)
    bought = (volume * rng.random(rows)).astype(np.int64)
    ts_ns = 1_700_000_040_000_000_000 + np.arange(rows) * MINUTE_NS
    return Bars(ts_ns, opened, high, low, close, volume, bought, volume * close, volume)


def settle() -> None:
    """Run until nothing is pending: some plots ask for a second paint from inside the first."""
    for _ in range(3):
        QApplication.processEvents()


class OurChart:
    """The product's chart with everything switched on."""

    def __init__(self, bars: Bars) -> None:
        self.series = BarSeries(bars)
        self.panel = ChartPanel(time.perf_counter_ns)
        self.panel.resize(*SIZE)
        self.panel.show()
        instrument = Instrument(
            ContractId("CON.F.US.MNQ.Z26"),
            "MNQZ6",
            "Micro E-mini Nasdaq-100: December 2026",
            TickSize(Decimal("0.25")),
            Decimal("0.50"),
            "F.US.MNQ",
        )
        self.panel.set_series(self.series, instrument, BarSpec.parse("1m"))
        rows, self.last = len(bars), int(bars.close[-1])
        self.panel.set_lines([_line(n, self.last + n * 15) for n in (-2, -1, 1, 2)])
        self._newest = [_closing_at(bars[rows - 1 :], shift) for shift in (-1, 1)]
        self._market(self.last)
        settle()

    def show(self, visible: int) -> None:
        """About so many bars in view, the newest one among them."""
        self.panel.navigator.show_bars(visible)
        settle()

    def pan(self, step: int) -> None:
        """One step of a drag."""
        self.panel.navigator.pan(7.0 if step % 2 else -7.0)
        settle()

    def tick(self, step: int) -> None:
        """The newest bar changes, its price chip as well."""
        changed = self._newest[step % 2]
        self.series.apply_tail(changed)
        price = int(changed.close[0])
        self._market(price)
        settle()

    def close(self) -> None:
        """Take the window away."""
        self.panel.close()
        self.panel.deleteLater()
        settle()

    def _market(self, price: int) -> None:
        side = Side.BUY if price % 2 else Side.SELL
        self.panel.set_market(price, price - 1, price + 1, side, stale=False)
        self.panel.refresh(int(self.series.ts_ns[-1]) + 20_000_000_000)


class EmptyPlot:
    """pyqtgraph's own plot widget with its own axes and nothing in it."""

    def __init__(self) -> None:
        self.plot = pg.PlotWidget()
        self.plot.resize(*SIZE)
        self.plot.getViewBox().disableAutoRange()
        self.plot.setYRange(85_000, 86_000)
        self.plot.show()
        settle()
        self._left = 0.0
        self._across = 200.0

    def show(self, visible: int) -> None:
        """An x range of this length."""
        self._across = float(visible)
        self.plot.setXRange(0, self._across, padding=0)
        settle()

    def pan(self, step: int) -> None:
        """One step of a drag."""
        self._left += (7 if step % 2 else -7) * self._across / SIZE[0]
        self.plot.setXRange(self._left, self._left + self._across, padding=0)
        settle()

    def close(self) -> None:
        """Take the window away."""
        self.plot.close()
        settle()


class Finplot:
    """finplot's candles with its own axes."""

    def __init__(self, bars: Bars) -> None:
        fplt: Any = importlib.import_module("finplot")
        pandas: Any = importlib.import_module("pandas")
        self._frame = pandas.DataFrame(
            {name: getattr(bars, name) / 4 for name in ("open", "close", "high", "low")},
            index=pandas.to_datetime(bars.ts_ns),
        )
        self._close = self._frame.columns.get_loc("close")
        self._first = float(self._frame["open"].iloc[-1])
        axis = fplt.create_plot("bars", maximize=False, init_zoom_periods=200)
        self._candles = fplt.candlestick_ochl(self._frame, ax=axis)
        fplt.show(qt_exec=False)
        self._box = axis.vb
        self._box.win.resize(*SIZE)
        self._box.win.show()
        self._rows = len(bars)
        self._at = 0
        self._visible = 200
        settle()

    def show(self, visible: int) -> None:
        """About so many bars in view, the newest one among them."""
        self._visible = visible
        self._box.update_y_zoom(self._rows - visible, self._rows + 1)
        settle()

    def pan(self, step: int) -> None:
        """One step of a drag."""
        shift = (step % 2) * max(1, 7 * self._visible // SIZE[0])
        self._box.update_y_zoom(self._rows - self._visible - shift, self._rows + 1 - shift)
        settle()

    def tick(self, step: int) -> None:
        """The newest bar changes."""
        self._frame.iat[-1, self._close] = self._first + (0.25 if step % 2 else -0.25)
        self._candles.update_data(self._frame)
        settle()

    def close(self) -> None:
        """Take the window away."""
        self._box.win.close()
        settle()


def _closing_at(newest: Bars, shift: int) -> Bars:
    """The newest bar with another last price near its first one."""
    price = int(newest.open[0]) + shift
    return Bars(
        newest.ts_ns,
        newest.open,
        np.maximum(newest.high, price),
        np.minimum(newest.low, price),
        np.array([price]),
        newest.volume + shift,
        newest.buy_volume,
        newest.turnover,
        newest.count,
    )


def _line(number: int, ticks: int) -> ChartLine:
    kind = LineKind.TARGET if number > 0 else LineKind.STOP
    parts = (LinePart("TGT 1"), LinePart("+$20.00", 1), LinePart("+40t", 2))
    return ChartLine(
        f"order:{number}", kind, Side.SELL, ticks, 1, parts, draggable=True, cancellable=True
    )


def bursts(act: Callable[[int], None]) -> Callable[[], None]:
    """A candidate of several steps: drags and trades come in rows, not between other windows."""

    def run() -> None:
        for step in range(BURST):
            act(step)

    return run


def measure(charts: dict[str, Any], visible: int, *, quick: bool) -> tuple[Timings, Timings]:
    """Pan and live tick of all candidates with so many bars in view."""
    for chart in charts.values():
        chart.show(visible)
    rounds, budget_s = (8, 5.0) if quick else (25, 20.0)
    panning = {k: bursts(c.pan) for k, c in charts.items()}
    pans = interleaved(panning, rounds=rounds, budget_s=budget_s)
    for chart in charts.values():
        chart.show(visible)
    ticking = {k: bursts(c.tick) for k, c in charts.items() if hasattr(c, "tick")}
    return pans, interleaved(ticking, rounds=rounds, budget_s=budget_s)


def peers(bars: Bars) -> dict[str, Any]:
    """finplot if it is installed; a line says so if it is not."""
    try:
        return {FINPLOT: Finplot(bars)}
    except ImportError as missing:
        print(f"\nfinplot is skipped: {missing.name} is not installed.")
        return {}


def compare(rows: int, *, quick: bool) -> list[Target]:
    """One table for a chart of so many bars; returns what it promised."""
    bars = random_bars(rows)
    charts: dict[str, Any] = {OURS: OurChart(bars), EMPTY: EmptyPlot()}
    if rows <= 100_000:
        charts |= peers(bars)
    cells: list[list[str]] = []
    targets: list[Target] = []
    for visible in (200, 2_000, rows):
        pans, ticks = measure(charts, visible, quick=quick)
        cells += [_cells(f"{visible:,}", name, pans, ticks) for name in charts]
        pan = pans.ratio(OURS, EMPTY)
        promise = f"{rows:,} bars, {visible:,} in view: pan at most 1.0x an empty plot"
        targets.append(Target(promise, pan, 1.0, at_least=False))
        if FINPLOT in ticks:
            promise = f"{rows:,} bars, {visible:,} in view: pan at least 4x finplot"
            targets.append(Target(promise, pans.ratio(FINPLOT, OURS), 4.0))
            promise = f"{rows:,} bars, {visible:,} in view: live tick at least 50x finplot"
            targets.append(Target(promise, ticks.ratio(FINPLOT, OURS), 50.0))
    head = ["in view", "chart", "pan ms", "x ours", "live tick ms", "x ours", "pan of 6.9 ms"]
    table(f"{rows:,} bars, {SIZE[0]} x {SIZE[1]}, medians", head, cells)
    for chart in charts.values():
        chart.close()
    return targets


def _cells(visible: str, name: str, pans: Timings, ticks: Timings) -> list[str]:
    pan = pans.median(name) / BURST * 1e3
    cells = [visible, name, figure(pan), figure(pans.ratio(name, OURS))]
    if name in ticks:
        cells += [figure(ticks.median(name) / BURST * 1e3), figure(ticks.ratio(name, OURS))]
    else:
        cells += ["", ""]
    return [*cells, f"{pan / 6.944:.0%}"]


def main(arguments: list[str] | None = None) -> int:
    """Run all comparisons; returns 1 if a full run missed a target."""
    parser = argparse.ArgumentParser(description="The chart against peers.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, no 1,000,000 bars")
    quick: bool = parser.parse_args(arguments).quick
    app = QApplication.instance() or QApplication(["bench"])
    print(f"# Chart\n\n{machine()}, Qt {qVersion()}, pyqtgraph {pg.__version__}, offscreen")
    targets = compare(100_000, quick=quick)
    if not quick:
        targets += compare(1_000_000, quick=quick)
    title = "Targets, which are set for the full run" if quick else "Targets"
    table(title, ["promise", "this run", ""], [target.row() for target in targets])
    app.quit()
    return int(not quick and any(target.met is False for target in targets))


if __name__ == "__main__":
    sys.exit(main())
