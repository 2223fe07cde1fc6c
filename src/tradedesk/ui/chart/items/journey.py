"""Going to a date: where it is once it is there, and what is being done until then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QLineF, QRectF

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.panes import LEGEND_ROOM
from tradedesk.ui.chart.primitives import Texts, mixed, pen
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_PX: Final = 12
_HEIGHT: Final = 22.0
_PAD: Final = 9.0
_INK: Final = 0.28
_LEAST_BAND: Final = 5.0
_ROW: Final = 28.0
"""Below the row in which the chart says what is loading or missing."""


class MomentMark(PaneItem):
    """A band behind one bar, for a short while."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._ts_ns: int | None = None
        self.hide()
        self.dress()

    def dress(self) -> None:
        """Take the colours of the palette in use."""
        self._ink, self._edge = mixed("bg0", "accent", _INK), pen("accent")

    def area_in(self, panes: Panes) -> QRectF:
        """All panes."""
        return panes.plot

    @property
    def ts_ns(self) -> int | None:
        """Opening time of the marked bar; None while there is none."""
        return self._ts_ns

    def show_at(self, ts_ns: int | None) -> None:
        """Mark the bar that opens then; None for none."""
        if ts_ns != self._ts_ns:
            self._ts_ns = ts_ns
            self.setVisible(ts_ns is not None)
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Fill the band and draw its edges."""
        band = self.band()
        if band is None or not self.model.exposure.touches(band):
            return
        painter.fillRect(band, self._ink)
        painter.setPen(self._edge)
        for x in (band.left(), band.right() - 1):
            painter.drawLine(QLineF(x, band.top(), x, band.bottom() - 1))

    def band(self) -> QRectF | None:
        """Where the band stands; None out of view."""
        series, view = self.model.series, self.model.viewport
        if self._ts_ns is None or not len(series):
            return None
        row = int(np.searchsorted(series.ts_ns, self._ts_ns, side="right")) - 1
        wide = max(_LEAST_BAND, float(round(view.spacing)))
        left = self.model.x_line(row) - round(wide / 2)
        # Below the legend, whose figures are read on the plain ground.
        area = self.area.adjusted(0, LEGEND_ROOM, 0, 0)
        found = QRectF(left, area.top(), wide, area.height()) & area
        return None if found.isEmpty() else found


class JourneyNote(PaneItem):
    """A plate below the legend while bars are loaded back to a date."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._texts_in: tuple[str, ...] = ()
        self.hide()
        self.dress()

    def dress(self) -> None:
        """Take the fonts of the palette in use."""
        self._texts = Texts(ui_font(_PX, MEDIUM))

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says, from the fullest to the shortest; empty for nothing."""
        return self._texts_in

    def say(self, *texts: str) -> None:
        """Say the first of these for which there is room."""
        if texts != self._texts_in:
            self._texts_in = texts
            self.setVisible(bool(texts))
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the plate in the middle."""
        found = self.plate()
        if found is not None and self.model.exposure.touches(found[0]):
            painter.setFont(self._texts.font)
            paint_box(painter, found[0], "bg2", "line")
            painter.setPen(pen("tx"))
            self._texts.draw_centred(painter, *found)

    def plate(self) -> tuple[QRectF, str] | None:
        """Where it stands and what it says; None where there is no room even for the shortest."""
        area = self.area
        top = area.top() + LEGEND_ROOM + _ROW
        for text in self._texts_in:
            width = round(self._texts.width(text) + 2 * _PAD)
            left = round(area.left() + (area.width() - width) / 2)
            if left >= area.left() + 4 and top + _HEIGHT < area.bottom():
                return QRectF(left, top, width, _HEIGHT), text
        return None
