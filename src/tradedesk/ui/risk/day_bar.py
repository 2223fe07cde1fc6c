"""A bar from the day's loss limit over zero to its profit limit."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tradedesk.ui import words
from tradedesk.ui.risk.view_model import DayView
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import color

_TRACK = 10
_HEIGHT = 34
_GAP = 6


class DayBar(QWidget):
    """Filled from zero to where the day stands; limits are strokes with their figure below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = DayView()
        self.setFont(fonts.label())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_view(self, view: DayView) -> None:
        """Show another day."""
        if view != self._view:
            self._view = view
            self.setToolTip(
                f"Closed {words.money(view.closed)}, open {words.money(view.open)}"
                + ("; the price of what is held is old" if view.stale else "")
            )
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, _HEIGHT)

    def x_of(self, dollars: float) -> float:
        """Where an amount stands on the bar, in pixels."""
        half = self.width() / 2
        return half + half * max(-1.0, min(1.0, dollars / float(self._view.reach)))

    def paintEvent(self, event: QPaintEvent) -> None:
        view, painter = self._view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("bg0"))
        painter.drawRoundedRect(QRectF(0, 0, self.width(), _TRACK), 3, 3)
        zero, now = self.x_of(0), self.x_of(float(view.total))
        ground = "loss_fill" if view.total < 0 else "profit_fill"
        painter.setBrush(color("tx3" if view.stale else ground))
        painter.drawRect(QRectF(min(zero, now), 2, abs(now - zero), _TRACK - 4))
        painter.setPen(QPen(color("tx2"), 1))
        painter.drawLine(QPointF(round(zero) + 0.5, 0), QPointF(round(zero) + 0.5, _TRACK))
        self._word(painter, zero, "0")
        for end, ink in ((view.low, "loss"), (view.high, "profit")):
            if end is not None:
                x = min(max(round(self.x_of(float(end))), 1), self.width() - 1)
                painter.setPen(QPen(color(ink), 2))
                painter.drawLine(QPointF(x, 0), QPointF(x, _TRACK))
                self._word(painter, x, words.money(end))
        painter.end()

    def _word(self, painter: QPainter, x: float, text: str) -> None:
        wide = painter.fontMetrics().horizontalAdvance(text)
        left = min(max(0.0, x - wide / 2), self.width() - wide)
        painter.setPen(color("tx3"))
        box = QRectF(left, _TRACK + _GAP, wide + 1, _HEIGHT - _TRACK - _GAP)
        painter.drawText(box, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, text)
