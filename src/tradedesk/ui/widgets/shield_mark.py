"""The sign for cover: one shape for each state, so that hue is not alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tradedesk.domain.safety import ShieldState
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

INKS = {
    ShieldState.COVERED: "covered",
    ShieldState.CHECKING: "tx2",
    ShieldState.BARE: "danger",
    ShieldState.PROTECTING: "warn",
    ShieldState.CLOSING: "warn",
}
"""Palette member of each state."""


def paint_shield(painter: QPainter, box: QRectF, state: ShieldState) -> None:
    """Draw the sign into a box of 12 by 14: full, open, crossed, half or barred."""
    ink = color(INKS[state])
    outline = _outline(box)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(ink, 1.4))
    painter.setBrush(ink if state is ShieldState.COVERED else Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)
    if state is ShieldState.PROTECTING:
        left = QRectF(box.left() - 1, box.top() - 1, box.width() / 2 + 1, box.height() + 2)
        painter.setClipRect(left, Qt.ClipOperation.IntersectClip)
        painter.fillPath(outline, ink)
    elif state is ShieldState.BARE:
        _cross(painter, box, ink)
    elif state is ShieldState.CLOSING:
        y = box.center().y() - 1
        painter.drawLine(QPointF(box.left() + 3, y), QPointF(box.right() - 3, y))
    painter.restore()


def _outline(box: QRectF) -> QPainterPath:
    left, right, top, bottom = box.left() + 1, box.right() - 1, box.top() + 1, box.bottom() - 1
    middle, waist = box.center().x(), box.top() + box.height() * 0.55
    path = QPainterPath(QPointF(left, top + 1.5))
    path.quadTo(QPointF(middle - 1, top + 1.5), QPointF(middle, top))
    path.quadTo(QPointF(middle + 1, top + 1.5), QPointF(right, top + 1.5))
    path.lineTo(right, waist)
    path.quadTo(QPointF(right, bottom - 2), QPointF(middle, bottom))
    path.quadTo(QPointF(left, bottom - 2), QPointF(left, waist))
    path.closeSubpath()
    return path


def _cross(painter: QPainter, box: QRectF, ink: QColor) -> None:
    painter.setPen(QPen(ink, 1.6))
    x, y, h = box.center().x(), box.center().y() - 0.8, 2.4
    painter.drawLine(QPointF(x - h, y - h), QPointF(x + h, y + h))
    painter.drawLine(QPointF(x - h, y + h), QPointF(x + h, y - h))


class ShieldMark(QWidget):
    """The sign as a widget of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: ShieldState | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def state(self) -> ShieldState | None:
        """What is shown; None for nothing."""
        return self._state

    def show_state(self, state: ShieldState | None) -> None:
        """Show another state."""
        if state is not self._state:
            self._state = state
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(16, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._state is None:
            return
        painter = QPainter(self)
        paint_shield(painter, QRectF(1, 1, 14, 16), self._state)
        painter.end()
