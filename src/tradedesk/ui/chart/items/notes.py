"""Quiet words in the plot: what is loading or missing, and the way back to the newest bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.label_places import rows_of
from tradedesk.ui.chart.panes import PILL, PILL_GAP
from tradedesk.ui.chart.primitives import Texts, pen
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_STATUS_PX = 13
_PILL_PX = 12
_STATUS_ROW = 20.0
_STATUS_PAD = 3.0
_ALARM_PAD = 14.0
_STATUS_WIDEST = 520.0


class StatusNote(PaneItem):
    """A sentence: in the middle of an empty plot, at the top of one with bars.

    An alarm stands in the middle in any case, on a plate with a border of warning.
    """

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._text = ""
        self._alarm = False
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._texts = Texts(ui_font(_STATUS_PX))

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def say(self, text: str, *, alarm: bool = False) -> None:
        """Show another sentence; empty for none."""
        if (text, alarm) != (self._text, self._alarm):
            self._text, self._alarm = text, alarm
            self.setVisible(bool(text))
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the sentence, on a plate of its own where bars are behind it."""
        if not self._text:
            return
        rows = rows_of(self._text, min(_STATUS_WIDEST, self.area.width() - 48), self._texts)
        empty = not len(self.model.series)
        pad = _ALARM_PAD if self._alarm else _STATUS_PAD
        width = max(self._texts.width(row) for row in rows) + 2 * (pad + 8)
        height = len(rows) * _STATUS_ROW + 2 * pad
        middle = empty or self._alarm
        top = (self.area.height() - height) / 2 if middle else 36.0
        left = round((self.area.width() - width) / 2)
        box = QRectF(max(4, left), round(self.area.top() + top), round(width), height)
        if self._alarm:
            paint_box(painter, box, "bg2", "warn")
        elif not empty:
            paint_box(painter, box, "bg2", "line")
        painter.setFont(self._texts.font)
        painter.setPen(pen("tx" if self._alarm else "tx3" if empty else "tx2"))
        for at, row in enumerate(rows):
            line = QRectF(box.left(), box.top() + pad + at * _STATUS_ROW, box.width(), _STATUS_ROW)
            self._texts.draw_centred(painter, line, row)


class LivePill(PaneItem):
    """``▶| live`` at the bottom right while the newest bar is not being followed."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self.hide()
        self._hovered = False
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._texts = Texts(ui_font(_PILL_PX, MEDIUM))

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane, of which `place` takes the corner."""
        return panes.price

    def place(self, area: QRectF) -> None:
        """Stand in the bottom right corner of `area`."""
        width, height = PILL
        super().place(
            QRectF(
                area.right() - width - PILL_GAP,
                area.bottom() - height - PILL_GAP,
                width,
                height,
            )
        )

    def holds(self, point: QPointF) -> bool:
        """Whether it is shown and under a point."""
        return self.isVisible() and self.area.contains(point)

    def hover(self, on: bool) -> None:
        """Show that a click would do something."""
        if on != self._hovered:
            self._hovered = on
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """A small plate with a triangle, a bar and the word."""
        shows = ("live pill", self._hovered)
        self.model.stamps.draw(painter, self.area, self.model.ratio, shows, self._paint_face)

    def _paint_face(self, painter: QPainter, box: QRectF) -> None:
        ink = "tx" if self._hovered else "tx2"
        paint_box(painter, box, "bg3" if self._hovered else "bg2", "line")
        x, y = box.left() + 12, box.center().y()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(ink))
        painter.drawPolygon(QPolygonF([QPointF(x, y - 4), QPointF(x + 6, y), QPointF(x, y + 4)]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(QRectF(x + 7, y - 4, 2, 8), color(ink))
        painter.setPen(pen(ink))
        painter.setFont(self._texts.font)
        self._texts.draw(painter, x + 15, y - self._texts.height() / 2, "live")
