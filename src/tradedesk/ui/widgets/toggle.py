"""A painted on/off switch and a painted check box, in the colours of the tokens."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.focus_ring import PROPERTY


class Toggle(QAbstractButton):
    """Switch with a knob; amber when on, because what it switches on can cost money."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(36, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(1, 1, 34, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        on = self.isChecked()
        ground = color("warn") if on else color("line")
        painter.setBrush(ground if self.isEnabled() else color("bg3"))
        painter.drawRoundedRect(box, 9, 9)
        painter.setBrush(color("bg0") if on else color("tx3"))
        painter.drawEllipse(
            QPointF(box.right() - 9 if on else box.left() + 9, box.center().y()), 6, 6
        )
        painter.end()


class CheckBox(QAbstractButton):
    """Check box with its text to the right."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFont(fonts.body())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(16 + 8 + self.fontMetrics().horizontalAdvance(self.text()) + 4, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0.5, (self.height() - 15) / 2, 15, 15)
        on = self.isChecked()
        edge = color("accent") if on or self.property(PROPERTY) else color("tx3")
        painter.setPen(QPen(edge, 2 if self.property(PROPERTY) else 1))
        painter.setBrush(color("accent") if on else color("bg0"))
        painter.drawRoundedRect(box, 3, 3)
        if on:
            painter.setPen(QPen(color("bg0"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            x, y = box.left(), box.top()
            tick = ((3.5, 7.8), (6.4, 10.6), (11.5, 4.8))
            painter.drawPolyline(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in tick]))
        painter.setPen(color("tx"))
        text_box = QRectF(box.right() + 8, 0, self.width(), self.height())
        painter.drawText(text_box, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()
