"""Quiet words in the plot: what is loading or missing, and the way back to the newest bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.panes import PILL, PILL_GAP
from tradedesk.ui.chart.primitives import Texts, pen
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel

_STATUS_PX = 13
_PILL_PX = 12


class StatusNote(PaneItem):
    """One sentence: in the middle of an empty plot, at the top of one with bars."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._text = ""
        self._dress()

    def _dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._texts = Texts(ui_font(_STATUS_PX))

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def say(self, text: str) -> None:
        """Show another sentence; empty for none."""
        if text != self._text:
            self._text = text
            self.setVisible(bool(text))
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the sentence, on a plate of its own where bars are behind it."""
        if not self._text:
            return
        width, height = self._texts.width(self._text) + 24, 26.0
        empty = not len(self.model.series)
        top = (self.area.height() - height) / 2 if empty else 36.0
        left = round((self.area.width() - width) / 2)
        box = QRectF(max(4, left), round(self.area.top() + top), round(width), height)
        if not empty:
            paint_box(painter, box, "bg2", "line")
        painter.setFont(self._texts.font)
        painter.setPen(pen("tx3" if empty else "tx2"))
        self._texts.draw_centred(painter, box, self._text)


class LivePill(PaneItem):
    """``▶| live`` at the bottom right while the newest bar is not being followed."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self.hide()
        self._hovered = False
        self._dress()

    def _dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._texts = Texts(ui_font(_PILL_PX, MEDIUM))

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
        ink = "tx" if self._hovered else "tx2"
        paint_box(painter, self.area, "bg3" if self._hovered else "bg2", "line")
        x, y = self.area.left() + 12, self.area.center().y()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(ink))
        painter.drawPolygon(QPolygonF([QPointF(x, y - 4), QPointF(x + 6, y), QPointF(x, y + 4)]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(QRectF(x + 7, y - 4, 2, 8), color(ink))
        painter.setPen(pen(ink))
        painter.setFont(self._texts.font)
        self._texts.draw(painter, x + 15, y - self._texts.height() / 2, "live")
