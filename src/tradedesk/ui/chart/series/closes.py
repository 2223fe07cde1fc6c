"""The closes of a series as columns that shapes can be made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.engine import Bars, BarSeries
from tradedesk.ui.chart.columns import ShapeMaker

if TYPE_CHECKING:
    from tradedesk.ui.chart.columns import Shapes
    from tradedesk.ui.chart.model import ChartModel


class Closes:
    """Shapes whose highs and lows are those of the closes; follows the model's series."""

    def __init__(self, model: ChartModel) -> None:
        self._model = model
        self._maker = ShapeMaker()
        self._series = BarSeries()
        self._version = self._generation = -1
        self._rows = 0

    def shapes(self, span: tuple[int, int]) -> Shapes | None:
        """Closes in a span of device pixel columns; None if there are none."""
        self._sync(self._model.series)
        return self._maker.shapes(self._model.xmap, span, self._model.ratio)

    def _sync(self, series: BarSeries) -> None:
        if series is self._series and series.version == self._version:
            return
        anew = series is not self._series or series.generation != self._generation
        ts_ns, close, *rest = series.ts_ns, series.close, *series.bars.columns()[5:]
        closes = Bars.unchecked((ts_ns, close, close, close, close, *rest))
        self._maker.sync(closes, 0 if anew else max(0, self._rows - 1))
        self._series, self._rows = series, len(series)
        self._version, self._generation = series.version, series.generation
