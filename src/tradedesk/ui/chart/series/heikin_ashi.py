"""Heikin-Ashi candles: averages that are drawn, while all figures stay those of the bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.engine import Bars, BarSeries, HeikinAshi, HeikinAshiFollower
from tradedesk.ui.chart.columns import ShapeMaker
from tradedesk.ui.chart.series.candles import Candles

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from tradedesk.ui.chart.model import ChartModel

_FINEST: Final = 256
_ROOM: Final = 2**30


class HeikinAshiCandles(Candles):
    """Averages in whole parts of a tick, so that they go the way of all bars from there."""

    stays_within_bars = False

    def __init__(self, model: ChartModel) -> None:
        self.averages = Averages(model)
        super().__init__(model)

    def mark(self) -> str:
        """Say that these are no prices."""
        return "Heikin-Ashi"

    def reach(self) -> tuple[float, ...]:
        """Lowest and highest average in view: an open may lie beyond its bar."""
        start, stop = self.model.viewport.visible_rows()
        if stop <= start or self.model.xmap.scale < 1.0:
            return ()
        series = self.averages.sync()
        low, high = series.low[start:stop].min(), series.high[start:stop].max()
        return float(low) / self.averages.parts, float(high) / self.averages.parts

    def paint(self, painter: QPainter, span: tuple[int, int]) -> None:
        """Draw candles of the averages."""
        self.averages.sync()
        model, parts = self.model, self.averages.parts
        found = self.averages.maker.shapes(model.xmap, span, model.ratio)
        if found is not None:
            self.paint_shapes(painter, found, model.ymap.of_parts(parts))


class Averages:
    """The candles of the model's series, kept current for the cost of what changed.

    Attributes
    ----------
    parts : int
        Into how many parts a tick is divided: 256, fewer where prices are so high that int32
        would not hold them.
    maker : ShapeMaker
        Makes shapes of the candles, whose prices are in such parts.
    """

    def __init__(self, model: ChartModel) -> None:
        self._model = model
        self._follower = HeikinAshiFollower()
        self._seen: tuple[BarSeries, int, int, int] | None = None
        self._candles = BarSeries()
        self.maker = ShapeMaker()
        self.parts = _FINEST

    def sync(self) -> BarSeries:
        """Take in what changed; returns the candles in parts of ticks."""
        series, seen = self._model.series, self._seen
        if seen is not None and seen[0] is series and seen[1] == series.version:
            return self._candles
        rows = 0
        if seen is not None and seen[0] is series and seen[2] == series.generation:
            rows = max(0, seen[3] - 1)
        if rows and not self._fits(series, rows):
            rows = 0
        self._follow(series, rows)
        self._seen = (series, series.version, series.generation, len(series))
        return self._candles

    def _follow(self, series: BarSeries, at: int) -> None:
        if not at:
            self.parts = _parts_for(series)
        bars = series.bars[at:]
        made = self._scaled(self._follower.follow(bars, at), bars)
        if at:
            self._candles.apply_tail(made, at)
        else:
            self._candles.replace(made)
        self.maker.sync(self._candles, at)

    def _fits(self, series: BarSeries, at: int) -> bool:
        return _largest(series, at) * self.parts < 2 * _ROOM

    def _scaled(self, made: HeikinAshi, bars: Bars) -> Bars:
        columns = (made.ha_open, made.ha_high, made.ha_low, made.ha_close)
        prices = (_rounded(column, self.parts) for column in columns)
        return Bars.unchecked((bars.ts_ns, *prices, *bars.columns()[5:]))


def _rounded(column: NDArray[np.float64], parts: int) -> NDArray[np.int32]:
    return np.rint(column * parts).astype(np.int32)


def _largest(series: BarSeries, at: int = 0) -> int:
    if len(series) <= at:
        return 0
    return max(abs(int(series.high[at:].max())), abs(int(series.low[at:].min())))


def _parts_for(series: BarSeries) -> int:
    parts, largest = _FINEST, _largest(series)
    while parts > 1 and largest * parts >= _ROOM:
        parts //= 2
    return parts
