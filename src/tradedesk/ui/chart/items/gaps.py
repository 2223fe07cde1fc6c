"""Gaps in the bars: hatched bands under the bars, and a plate that says what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter

from tradedesk.ui.chart.gap_bands import GapBand, gap_bands
from tradedesk.ui.chart.items.base import LowerLayer, PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.panes import PILL_ROOM
from tradedesk.ui.chart.primitives import Texts, mixed, pen
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.services.chart_gap import GapRange
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_LABEL_PX = 12
_HEIGHT = 20.0
_PAD = 8.0
_GAP = 6.0
_LEAST_WIDTH = 8.0
_HATCH_INK = 0.42
_LIVE_INK = 0.16


class GapItem(PaneItem):
    """Plates at the bottom of the price pane; the bands are drawn by `below`.

    A band is hatched the other way than a plot on which nothing can be placed, and in the colour
    of warnings. Bars of live trades alone, which are not joined with history yet, stand on a
    fainter hatching up to the newest one.

    Attributes
    ----------
    below : LowerLayer
        To be put into the scene as well, under the bars.
    """

    def __init__(self, model: ChartModel, z: float, below_z: float) -> None:
        super().__init__(model, z)
        self.below = LowerLayer(self, below_z, self._paint_bands)
        self._gaps: tuple[GapRange, ...] = ()
        self.hide()
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._texts = Texts(ui_font(_LABEL_PX, MEDIUM))
        self._inks = (mixed("bg0", "warn", _HATCH_INK), mixed("bg0", "warn", _LIVE_INK))

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    @property
    def bands(self) -> tuple[GapBand, ...]:
        """All gaps in bar positions."""
        return gap_bands(self._gaps, self.model.series, self.model.zone)

    def show_gaps(self, gaps: tuple[GapRange, ...]) -> None:
        """Show other gaps; empty for none."""
        if gaps != self._gaps:
            self._gaps = gaps
            self.setVisible(bool(gaps))
            self.below.setVisible(bool(gaps))
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the plates, the newest one first; where there is no room, in fewer words."""
        painter.setFont(self._texts.font)
        for box, text in self.plates():
            paint_box(painter, box, "bg2", "warn")
            painter.setPen(pen("tx"))
            self._texts.draw_centred(painter, box, text)

    def plates(self) -> list[tuple[QRectF, str]]:
        """Where the plates of the gaps in view stand and what they say, the newest one first."""
        found: list[tuple[QRectF, str]] = []
        room, least = self.area.right() - _GAP, self.area.left() + _GAP
        pill = 0.0 if self.model.viewport.following else PILL_ROOM
        top = round(self.area.bottom() - _HEIGHT - max(_GAP, pill))
        for band in reversed(self.bands):
            place = self._span(band.left, band.right)
            if place is None:
                continue
            for text in band.texts:
                width = round(self._texts.width(text) + 2 * _PAD)
                left = round(min(max(place[0], least), room - width))
                if left >= least:
                    found.append((QRectF(left, top, width, _HEIGHT), text))
                    room = left - _GAP
                    break
        return found

    def _paint_bands(self, painter: QPainter) -> None:
        """Fill what is exposed; the pattern is anchored, so that parts fit together."""
        for band in self.bands:
            for left, right, ink in (
                (band.right, band.live_right, self._inks[1]),
                (band.left, band.right, self._inks[0]),
            ):
                place = self._span(left, right)
                if place is None:
                    continue
                strip = QRectF(place[0], self.area.top(), place[1] - place[0], self.area.height())
                dirty = self.model.exposure.within(self.area) & strip
                if not dirty.isEmpty():
                    painter.fillRect(dirty, QBrush(ink, Qt.BrushStyle.FDiagPattern))

    def _span(self, left: float, right: float) -> tuple[float, float] | None:
        """Pixels between two bar positions in whole columns; None out of view or for nothing."""
        if left >= right:
            return None
        view = self.model.viewport
        begin = round(view.x_of(left))
        if right == float("inf"):
            end = int(self.area.right())
        else:
            end = max(round(view.x_of(right)), begin + int(_LEAST_WIDTH))
        begin, end = max(begin, int(self.area.left())), min(end, int(self.area.right()))
        return (begin, end) if begin < end else None
