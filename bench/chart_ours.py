"""The product's chart as a candidate."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from bench.chart_data import MNQ, SIZE
from bench.drag import Drag
from PySide6.QtWidgets import QApplication

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.order import Side
from tradedesk.engine import Bars, BarSeries
from tradedesk.services.chart_line import ChartLine, LineKind, LinePart
from tradedesk.ui.chart.panel import ChartPanel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def settle() -> None:
    """Run until nothing is pending: some plots ask for a second paint from inside the first."""
    for _ in range(3):
        QApplication.processEvents()


INDICATORS = ("vwap", "ema(21)", "rsi(14)")
"""Two over the bars, one in a pane of its own."""


class OurChart:
    """Candles and volume; with `extras` three indicators and four order lines as well."""

    def __init__(
        self,
        bars: Bars,
        *,
        extras: bool,
        size: tuple[int, int] = SIZE,
        parent: QWidget | None = None,
    ) -> None:
        self.series = BarSeries(bars)
        self.panel = ChartPanel(time.perf_counter_ns, parent)
        self.panel.resize(*size)
        self.panel.show()
        self.panel.set_series(self.series, MNQ, BarSpec.parse("1m"))
        self._drag = Drag()
        self._ticks = 0
        self._newest = [_closing_at(bars[len(bars) - 1 :], shift) for shift in (-1, 1)]
        self._market(int(bars.close[-1]))
        dress(self.panel, int(bars.close[-1]), extras=extras)
        settle()

    def show(self, visible: int) -> None:
        """About so many bars in view, the newest one among them."""
        self._drag = Drag()
        self.panel.navigator.show_bars(visible)
        settle()

    def pan(self) -> None:
        """One step of a drag, painted."""
        self.move()
        settle()

    def move(self) -> None:
        """One step of a drag, painted when the loop next runs."""
        self.panel.navigator.pan(float(self._drag.step()))

    def tick(self) -> None:
        """The newest bar changes, its price chip as well."""
        self._ticks += 1
        changed = self._newest[self._ticks % 2]
        self.series.apply_tail(changed)
        self._market(int(changed.close[0]))
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


def dress(panel: ChartPanel, last_ticks: int, *, extras: bool) -> None:
    """Switch on what a trader has on the chart, or all of it off."""
    lines = [_line(n, last_ticks + n * 15) for n in (-2, -1, 1, 2)] if extras else []
    panel.set_lines(lines)
    for text in panel.studies.list():
        panel.studies.remove(text)
    for text in INDICATORS if extras else ():
        panel.studies.add(text)


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
