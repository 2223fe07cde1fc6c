"""The two big buttons: what they do, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QEnterEvent, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from tradedesk.domain.order import Side
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.tokens import METRICS

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock


class OrderButton(QAbstractButton):
    """Places an order on release; blocked, it says why instead of trading.

    A blocked button still takes the mouse, because a press on it is answered with the reason.

    Signals
    -------
    fired(object)
        Monotonic nanoseconds of the press; only when not blocked.
    refused(str)
        The reason, when pressed while blocked.
    hovered(bool)
        The pointer came or went.
    """

    fired = Signal(object)
    refused = Signal(str)
    hovered = Signal(bool)

    def __init__(self, side: Side, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._clock = clock
        self._press_ns: int | None = None
        self._detail = ""
        self._blocked = ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(side.word.upper())
        self.clicked.connect(self._fire)

    @property
    def detail(self) -> str:
        """The second line."""
        return self._detail

    @property
    def blocked(self) -> str:
        """Why it would not trade; empty if it would."""
        return self._blocked

    def show_state(self, title: str, detail: str, blocked: str) -> None:
        """Show title and consequence; ``blocked`` is the full sentence why not."""
        if (title, detail, blocked) == (self.text(), self._detail, self._blocked):
            return
        self._detail = detail
        self._blocked = blocked
        self.setText(title)
        self.setAccessibleName(f"{title}: {detail}")
        self.setToolTip(blocked)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, METRICS.order_button)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press_ns = self._clock.mono_ns()
        super().mousePressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered.emit(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(False)
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._blocked:
            self._paint_blocked(painter, box)
            pen = color("tx3")
        else:
            self._paint_ready(painter, box)
            pen = color("on_button")
        painter.setPen(pen)
        middle = box.center().y()
        painter.setFont(fonts.ui_font(15, fonts.SEMIBOLD))
        upper = QRectF(box.left(), middle - 21, box.width(), 22)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, self.text())
        small = fonts.label()
        painter.setFont(small)
        lower = QRectF(box.left() + 6, middle + 1, box.width() - 12, 18)
        detail = QFontMetricsF(small).elidedText(
            self._detail, Qt.TextElideMode.ElideRight, lower.width()
        )
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, detail)
        painter.end()

    def _paint_ready(self, painter: QPainter, box: QRectF) -> None:
        ground = color("buy_button" if self._side is Side.BUY else "sell_button")
        if self.isDown():
            ground = ground.darker(125)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 6, 6)
        if self.underMouse() and not self.isDown():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(color("on_button"))
            painter.drawRoundedRect(box, 6, 6)

    def _paint_blocked(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(color("line"))
        painter.setBrush(color("bg1"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(color("bg2"), Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(box, 6, 6)

    def _fire(self) -> None:
        press_ns = self._press_ns if self._press_ns is not None else self._clock.mono_ns()
        self._press_ns = None
        if self._blocked:
            self.refused.emit(self._blocked)
        else:
            self.fired.emit(press_ns)
