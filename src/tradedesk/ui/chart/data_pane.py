"""Where pyqtgraph items of others, such as curves, are shown over the candles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg

if TYPE_CHECKING:
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.view import ChartView


class DataPane:
    """A pyqtgraph view box over the price pane: x counts bars, y ticks.

    It is made with the first item; a chart without any pays nothing for it.
    """

    def __init__(self, model: ChartModel, view: ChartView, z: float) -> None:
        self._model, self._view, self._z = model, view, z
        self._box: Any = None

    def add(self, item: Any) -> None:
        """Show an item."""
        if self._box is None:
            box = self._box = pg.ViewBox(enableMouse=False, enableMenu=False)
            box.setZValue(self._z)
            box.disableAutoRange()
            self._view.scene().addItem(box)
        self._box.addItem(item, ignoreBounds=True)
        self.sync()

    def remove(self, item: Any) -> None:
        """Take an item away."""
        if self._box is not None:
            self._box.removeItem(item)

    def sync(self) -> None:
        """Follow the chart's view."""
        if self._box is None:
            return
        view = self._model.viewport
        self._box.setGeometry(self._model.panes.price)
        # A bar's centre is half a pixel right of its column's left edge.
        shift = 0.5 / view.spacing
        self._box.setRange(
            xRange=(view.bar_at(0) - shift, view.right - shift),
            yRange=(view.y_low, view.y_high),
            padding=0,
            disableAutoRange=False,
        )
        # Otherwise it happens inside the paint and schedules a second one.
        self._box.updateMatrix()
