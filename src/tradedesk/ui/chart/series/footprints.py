"""Footprints: what was sold and bought at each price inside a bar, where there is room for it."""

from __future__ import annotations

from math import expm1, floor, log
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QRectF, Qt

from tradedesk.engine import imbalances
from tradedesk.ui.chart.columns import Shapes
from tradedesk.ui.chart.series.candles import Candles, bodies, wicks
from tradedesk.ui.chart.series.footprint_faces import (
    DELTA_ROOM,
    ROW_PX,
    Figures,
    FootprintFaces,
    Frame,
)
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from tradedesk.ui.chart.flow import KnownBars, TapeFlow
    from tradedesk.ui.chart.model import ChartModel

LEAST_SPACING: Final = 56.0
"""Logical pixels a bar from which on figures have room."""
_STEM: Final = 9
"""Logical pixels at the left of a bar that its small candle takes."""
_GAP: Final = 4
_WITHIN: Final = Qt.ClipOperation.IntersectClip
_STEPS: Final = (1, 2, 5)
_COARSEST: Final = 10**8


class Footprints(Candles):
    """Candles, and footprints of bars whose trades are known once bars are as wide as figures.

    Rows are joined to groups of 1, 2, 5, 10 ... ticks until each has the height of a text. The
    darker the ground of a row the more was traded there, in the colour of who traded more; the
    frame is the point of control, bold figures in colour overran the other side.
    """

    stays_within_bars = False

    def __init__(self, model: ChartModel, flow: TapeFlow) -> None:
        self._flow = flow
        self._faces = FootprintFaces()
        super().__init__(model)

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._faces.dress()

    def mark(self) -> str:
        """Say why candles are shown, if they are."""
        view = self.model.viewport
        if view.spacing < LEAST_SPACING:
            return "Footprint: zoom in"
        if not self._has_rows():
            return "Footprint: further from zero, or on a linear scale"
        if self._flow.known(*view.visible_rows()) is None:
            return "Footprint: where live trades are known"
        return "Footprint"

    def paint(self, painter: QPainter, span: tuple[int, int]) -> None:
        """Candles of the bars that are not known; footprints of those that are."""
        found = self.model.shapes(span)
        if found is None:
            return
        known, first = None, 0
        view = self.model.viewport
        if view.spacing >= LEAST_SPACING and self._has_rows():
            first = self._first_row(found)
            known = self._flow.known(first, first + len(found.x))
        if known is None:
            self.paint_shapes(painter, found, self.model.ymap)
            return
        other = np.ones(len(found.x), np.bool_)
        other[known.rows - first] = False
        self.paint_shapes(painter, _some(found, other), self.model.ymap)
        self._paint_stems(painter, _some(found, known.rows - first))
        # Soft text may lie under each pixel once; a bar between two spans is painted for both.
        painter.save()
        height = self.model.panes.price.height() * self.model.ratio
        painter.setClipRect(QRectF(span[0], 0, span[1] - span[0], height), _WITHIN)
        self._paint_known(painter, found.x[known.rows - first], known)
        painter.restore()

    def group(self) -> int:
        """Ticks that are joined to a row, so that its figures can be read."""
        view = self.model.viewport
        ticks, size = ROW_PX * (view.y_high - view.y_low) / view.height, 1
        if view.form.logarithmic:
            # Rows of as many ticks are the lower the higher their prices are.
            share = ROW_PX * log(view.y_high / view.y_low) / view.height
            ticks = view.y_high * expm1(share)
        while size < _COARSEST:
            for step in _STEPS:
                if step * size >= ticks:
                    return step * size
            size *= 10
        return size

    def _has_rows(self) -> bool:
        """Whether every row in view has the height of its figures.

        On a logarithmic scale prices below a tick all stand at one height.
        """
        view = self.model.viewport
        return not view.form.logarithmic or view.y_low >= self.group()

    def _first_row(self, found: Shapes) -> int:
        """The row of the first shape; bars are pixels apart here."""
        xmap = self.model.xmap
        return xmap.base + round((int(found.x[0]) - xmap.origin) / xmap.scale)

    def _paint_known(self, painter: QPainter, middles: NDArray[np.int32], known: KnownBars) -> None:
        model = self.model
        grouped = known.footprint.grouped(self.group())
        pocs, lit = grouped.points_of_control(), imbalances(grouped, minimum=2)
        ratio, half = model.ratio, model.xmap.scale / 2
        left = floor((_STEM + _GAP / 2) * ratio - half + 0.5)
        right = floor(half - _GAP / 2 * ratio + 0.5) - 1
        for middle, bar in zip(middles.tolist(), known.bars.tolist(), strict=True):
            rows = slice(int(grouped.offsets[bar]), int(grouped.offsets[bar + 1]))
            figures = Figures(
                grouped.px_ticks[rows],
                grouped.volume[rows],
                grouped.ask_volume[rows],
                lit.buy[rows],
                lit.sell[rows],
                grouped.row_ticks,
                int(pocs[bar]),
            )
            lowest = model.ymap.exact(int(figures.px_ticks[0]))
            above = self._delta_above(figures)
            frame = Frame(
                left,
                right,
                model.ymap.scale,
                lowest - floor(lowest),
                ratio,
                above=above,
                logarithmic=model.ymap.logarithmic,
            )
            self._faces.draw(painter, (middle, floor(lowest)), figures, frame)

    def _delta_above(self, figures: Figures) -> bool:
        """Whether the delta has room above the rows alone."""
        model = self.model
        one = model.y_line(int(figures.px_ticks[0]) - 0.5)
        other = model.y_line(int(figures.px_ticks[-1]) + figures.row_ticks - 0.5)
        below, above = max(one, other) + DELTA_ROOM, min(one, other) - DELTA_ROOM
        return below > model.panes.price.bottom() and above >= 0

    def _paint_stems(self, painter: QPainter, found: Shapes) -> None:
        """A narrow candle at the left end of each bar's room."""
        model = self.model
        ratio = model.ratio
        middle = found.x + floor((_STEM / 2 + _GAP / 2) * ratio - model.xmap.scale / 2)
        thin = max(1, int(ratio))
        for part, wide in ((wicks(found, model.ymap), thin), (bodies(found, model.ymap), 3 * thin)):
            part[:, 0] = middle - (wide - thin) // 2
            part[:, 2] = part[:, 0] + (wide - 1)
            self.buffer.fill_some(painter, part, found.rising, color("buy_fill"))
            self.buffer.fill_some(painter, part, ~found.rising, color("sell_fill"))


def _some(found: Shapes, which: NDArray[np.bool_] | NDArray[np.intp]) -> Shapes:
    return Shapes(
        found.x[which],
        found.open[which],
        found.high[which],
        found.low[which],
        found.close[which],
        found.volume[which],
        found.widths,
    )
