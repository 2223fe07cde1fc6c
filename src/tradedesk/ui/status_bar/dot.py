"""The dot before an age."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tradedesk.ui.status_bar.view_model import Health
from tradedesk.ui.theme.current import color

_DOTS = {Health.GOOD: "ok", Health.OLD: "warn", Health.BAD: "danger_fill", Health.NONE: "tx3"}


class Dot(QWidget):
    """A dot in the colour of a health: full, a ring or a cross, so that hue is not alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._health = Health.NONE
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def health(self) -> Health:
        """What it shows."""
        return self._health

    def show_health(self, health: Health) -> None:
        """Show another health."""
        if health is not self._health:
            self._health = health
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint = color(_DOTS[self._health])
        hollow = self._health in (Health.OLD, Health.NONE)
        if self._health is Health.BAD:
            painter.setPen(QPen(paint, 2))
            painter.drawLine(QPointF(2, 2), QPointF(8, 8))
            painter.drawLine(QPointF(2, 8), QPointF(8, 2))
        else:
            painter.setPen(QPen(paint, 1.4) if hollow else Qt.PenStyle.NoPen)
            painter.setBrush(Qt.BrushStyle.NoBrush if hollow else paint)
            painter.drawEllipse(QPointF(5, 5), 3.5, 3.5)
        painter.end()
