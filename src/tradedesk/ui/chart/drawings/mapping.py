"""Anchors to pixels of the present view, and pixels to anchors."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from tradedesk.services.drawings.drawing import Anchor, bounded_moment, bounded_ticks
from tradedesk.ui.chart.drawings.clip import Box
from tradedesk.ui.chart.drawings.time_map import TimeMap

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradedesk.ui.chart.model import ChartModel


class Mapping:
    """Where anchors stand. Pixels are logical and lie in the middle of device pixels.

    So a level line falls on one row of the screen at every scale, the one in which candles of its
    price end.
    """

    def __init__(self, model: ChartModel) -> None:
        self.model = model
        self._key: tuple[int | None, ...] | None = None
        self._times: TimeMap | None = None

    @property
    def times(self) -> TimeMap | None:
        """Moments among the bars on the chart; None while it has none."""
        series, period = self.model.series, self.model.period_ns
        rows = len(series)
        if not rows:
            return None
        ts_ns = series.ts_ns
        key = (id(series), series.generation, rows, int(ts_ns[0]), int(ts_ns[-1]), period)
        if key != self._key:
            self._key, self._times = key, TimeMap(ts_ns, period)
        return self._times

    @property
    def pane(self) -> Box:
        """The price pane."""
        pane = self.model.panes.price
        return Box(pane.left(), pane.top(), pane.right(), pane.bottom())

    # --- to pixels ----------------------------------------------------------------------------

    def x(self, ts_ns: int) -> float:
        """Column of a moment."""
        times = self.times
        bar = 0 if times is None else times.bar(ts_ns)
        return (self.model.xmap.column(bar) + 0.5) / self.model.ratio

    def y(self, ticks: float) -> float:
        """Row of a price, however far away."""
        return (floor(self.model.ymap.exact(ticks)) + 0.5) / self.model.ratio

    def point(self, anchor: Anchor) -> tuple[float, float]:
        """Column and row of an anchor."""
        return self.x(anchor.ts_ns), self.y(anchor.ticks)

    def columns(self, bars: NDArray[np.float64]) -> NDArray[np.float64]:
        """Columns of many bar positions."""
        xmap = self.model.xmap
        found: NDArray[np.float64] = (
            (bars - xmap.base) * xmap.scale + xmap.origin
        ) / self.model.ratio
        return found

    # --- from pixels --------------------------------------------------------------------------

    def anchor(self, at: QPointF, ticks: int | None = None) -> Anchor | None:
        """The bar and the whole tick at a point, the price unless given; None without bars."""
        times = self.times
        if times is None:
            return None
        view = self.model.viewport
        bar = floor(view.bar_at(at.x()) + 0.5)
        price = view.ticks_at(at.y()) if ticks is None else ticks
        return Anchor(bounded_moment(times.moment(bar)), bounded_ticks(price))

    def moved(self, anchor: Anchor, bars: int, ticks: int) -> Anchor:
        """An anchor so many bars and ticks elsewhere."""
        times = self.times
        moment = anchor.ts_ns if times is None else times.shifted(anchor.ts_ns, bars)
        return Anchor(bounded_moment(moment), bounded_ticks(anchor.ticks + ticks))

    def into_pane(self, at: QPointF) -> QPointF:
        """The point of the price pane nearest to a point."""
        pane = self.pane
        return QPointF(
            min(max(at.x(), pane.left), pane.right - 1),
            min(max(at.y(), pane.top), pane.bottom - 1),
        )
