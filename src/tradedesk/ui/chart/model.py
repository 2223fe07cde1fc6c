"""Everything the chart's items read while they paint."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QPoint, QRectF

from tradedesk.engine import BarSeries
from tradedesk.ui.chart.columns import ShapeMaker, Shapes, XMap, YMap
from tradedesk.ui.chart.exposure import Exposure
from tradedesk.ui.chart.kept_marks import KeptTimeMarks
from tradedesk.ui.chart.marks import FillMark, Market, Spot
from tradedesk.ui.chart.panes import VOLUME, Panes, PaneWish
from tradedesk.ui.chart.price_scale import marked_prices
from tradedesk.ui.chart.stamps import Stamps
from tradedesk.ui.chart.time_zone import LocalTime
from tradedesk.ui.chart.viewport import Viewport

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QPointF

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.instrument import Instrument
    from tradedesk.services.trips import Trip
    from tradedesk.ui.chart.time_scale import TimeMark

_PRICE_LABEL_PX = 40
_TIME_LABEL_PX = 96
_KEPT_TEXTS = 4_096


class PriceMark(NamedTuple):
    """A label of the price axis: its pixel row and its text."""

    y: int
    text: str


class Extremes(NamedTuple):
    """Lowest and highest price in ticks and largest volume of the bars in view."""

    low: int
    high: int
    volume: int

    def hold_newest(self, bars: BarSeries) -> bool:
        """Whether the prices of the newest bar lie between them; a bar only ever grows."""
        return int(bars.high[-1]) <= self.high and int(bars.low[-1]) >= self.low


@dataclass(slots=True)
class ChartModel:
    """Bars, view and market of one chart. Changed by the stage, read by items.

    `stamp` rises whenever the view changes. `style_mark` is what the legend says of the way bars
    are drawn; `reach` are prices that what is drawn reaches beyond them; `extent` is the lowest and
    the highest price drawn, None where it is that of the bars.
    """

    series: BarSeries = field(default_factory=BarSeries)
    instrument: Instrument | None = None
    spec: BarSpec | None = None
    viewport: Viewport = field(default_factory=Viewport)
    shape_maker: ShapeMaker = field(default_factory=ShapeMaker)
    exposure: Exposure = field(default_factory=Exposure)
    stamps: Stamps = field(default_factory=Stamps)
    zone: LocalTime = field(default_factory=LocalTime)
    market: Market = field(default_factory=Market)
    panes: Panes = field(default_factory=lambda: Panes.of(1, 1))
    pane_wishes: tuple[PaneWish, ...] = (PaneWish(VOLUME),)
    ratio: float = 1.0
    fills: tuple[FillMark, ...] = ()
    trips: tuple[Trip, ...] = ()
    hovered_row: int | None = None
    style_mark: str = ""
    reach: tuple[float, ...] = ()
    extent: tuple[int, int] | None = None
    stamp: int = 0
    _price_marks: list[PriceMark] | None = None
    _time_marks: list[TimeMark] | None = None
    _kept_marks: KeptTimeMarks = field(default_factory=KeptTimeMarks)
    _xmap: XMap | None = None
    _ymap: YMap | None = None
    _price_texts: dict[int, str] = field(default_factory=dict)
    _shapes: tuple[tuple[int, int], Shapes | None] | None = None
    _extremes: tuple[Extremes | None] | None = None

    # --- shared by several items, worked out once a frame -------------------------------------

    def forget(self) -> None:
        """The view changed: marks and shapes are worked out anew when they are next asked for."""
        self._price_marks = self._time_marks = self._shapes = None
        self._xmap = self._ymap = self._extremes = None
        self.stamp += 1

    def show(self, series: BarSeries, instrument: Instrument | None, spec: BarSpec | None) -> None:
        """Other bars."""
        self.series, self.instrument, self.spec = series, instrument, spec
        self.hovered_row = None
        self._price_texts.clear()

    def forget_bars(self) -> None:
        """A bar changed, the view did not."""
        self._shapes = self._extremes = None

    def shapes(self, span: tuple[int, int]) -> Shapes | None:
        """Bars in a span of device pixel columns."""
        if self._shapes is None or self._shapes[0] != span:
            self._shapes = (span, self.shape_maker.shapes(self.xmap, span, self.ratio))
        return self._shapes[1]

    @property
    def xmap(self) -> XMap:
        """Bars to device pixel columns of the present view."""
        if self._xmap is None:
            self._xmap = self.viewport.xmap(self.ratio)
        return self._xmap

    @property
    def ymap(self) -> YMap:
        """Ticks to device pixel rows of the present view."""
        if self._ymap is None:
            self._ymap = self.viewport.ymap(self.ratio)
        return self._ymap

    def price_marks(self) -> list[PriceMark]:
        """Round prices in view."""
        if self._price_marks is None:
            view = self.viewport
            if self.instrument is None:
                return []
            found = marked_prices(view, self.instrument.tick.size, _PRICE_LABEL_PX)
            self._price_marks = [PriceMark(self.y_line(t), self.price_text(t)) for t in found]
        return self._price_marks

    def time_marks(self) -> list[TimeMark]:
        """Round times in view."""
        if self._time_marks is None:
            view = self.viewport
            self._time_marks = self._kept_marks.get(
                self.series,
                (view.bar_at(0), view.right),
                _TIME_LABEL_PX / view.spacing,
                self.period_ns,
                self.zone,
            )
        return self._time_marks

    # --- readings -----------------------------------------------------------------------------

    @property
    def period_ns(self) -> int | None:
        """Length of a bar; None where bars differ in length."""
        return None if self.spec is None else self.spec.period_ns

    def y_line(self, ticks: float) -> int:
        """Pixel row of a price: the same one in which candles end."""
        return floor(self.ymap.row(ticks) / self.ratio)

    def x_line(self, row: float) -> int:
        """Pixel column of a bar: the one in which its wick stands."""
        return floor(self.xmap.column(row) / self.ratio)

    def bar_strip(self, row: int, area: QRectF) -> QRectF:
        """The strip of `area` that a bar can touch."""
        half = max(self.viewport.spacing / 2, 1.0) + 1
        x = self.x_line(row)
        return QRectF(x - half, area.top(), 2 * half, area.height()) & area

    def snapped_ticks(self, y: float) -> int:
        """The whole tick nearest to a pixel."""
        return round(self.viewport.ticks_at(y))

    def extremes(self) -> Extremes | None:
        """Of the bars in view; None if there are none."""
        if self._extremes is None:
            self._extremes = (self._find_extremes(),)
        return self._extremes[0]

    def _find_extremes(self) -> Extremes | None:
        if self.viewport.spacing * self.ratio < 1.0:
            found = self.shapes((0, ceil(self.panes.price.width() * self.ratio)))
            if found is None:
                return None
            return Extremes(int(found.low.min()), int(found.high.max()), int(found.volume.max()))
        bars = self.series
        start, stop = self.viewport.visible_rows()
        stop = min(stop, len(bars))
        if stop <= start:
            return None
        return Extremes(
            int(bars.low[start:stop].min()),
            int(bars.high[start:stop].max()),
            int(bars.volume[start:stop].max()),
        )

    def point_of(self, price_ticks: int, share: float) -> QPoint:
        """Where a price is drawn, at a share of the plot's width from the left."""
        plot = self.panes.price
        return QPoint(round(plot.left() + share * plot.width()), self.y_line(price_ticks))

    def row_at(self, x: float) -> int | None:
        """The bar at a pixel; None for none, and for one that is gone since the view was made."""
        row = self.viewport.row_at(x)
        return None if row is None or row >= len(self.series) else row

    def spot(self, at: QPointF | None) -> Spot | None:
        """Price and bar at a point."""
        if at is None:
            return None
        row = self.row_at(at.x())
        moment = None if row is None else int(self.series.ts_ns[row])
        return Spot(self.snapped_ticks(at.y()), row, moment)

    def price_text(self, ticks: int) -> str:
        """Price as shown to people."""
        found = self._price_texts.get(ticks)
        if found is None:
            if len(self._price_texts) >= _KEPT_TEXTS:
                self._price_texts.clear()
            found = str(ticks) if self.instrument is None else self.instrument.tick.text(ticks)
            self._price_texts[ticks] = found
        return found


def moment_at(ts_ns: NDArray[np.int64], bar: float) -> tuple[float, float]:
    """Time at a bar position, and by how many bars the position is behind the newest one."""
    last = len(ts_ns) - 1
    inside = min(max(bar, 0.0), float(last))
    row = int(inside)
    here = int(ts_ns[row])
    after = int(ts_ns[min(row + 1, last)])
    return here + (inside - row) * (after - here), bar - inside


def bar_at_moment(ts_ns: NDArray[np.int64], moment: tuple[float, float]) -> float:
    """Bar position of what `moment_at` gave, in other bars."""
    at, beyond = moment
    row = int(np.searchsorted(ts_ns, int(at), side="right")) - 1
    if row < 0:
        return beyond
    last = len(ts_ns) - 1
    if row >= last:
        return last + beyond
    step = int(ts_ns[row + 1]) - int(ts_ns[row])
    return row + (at - int(ts_ns[row])) / step + beyond
