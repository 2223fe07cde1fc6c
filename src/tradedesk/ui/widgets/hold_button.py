"""A button that acts only when it was held down for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from tradedesk.domain.clock import Clock

HOLD_NS = 600 * NS_PER_MS
_TICK_MS = 16
_MOST_A_TICK_NS = 50 * NS_PER_MS


class HoldButton(QPushButton):
    """Fills while it is held and fires when it is full; a click does nothing.

    Held time is counted in small steps. A window that was frozen between press and release has
    both waiting when it wakes, and must not take a click for a long hold.

    Signals
    -------
    fired(object)
        Monotonic nanoseconds at which it was full, once, while the button is still down.
    let_go()
        Released too soon; nothing was done.
    """

    fired = Signal(object)
    let_go = Signal()

    def __init__(self, text: str, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._clock = clock
        self._holding = False
        self._seen_ns = 0
        self._held_ns = 0
        self.setProperty("kind", "kill")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._count)

    @property
    def share(self) -> float:
        """How much of the time it was held, from 0 to 1."""
        return min(1.0, self._held_ns / HOLD_NS)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and self.isEnabled():
            self._holding, self._seen_ns = True, self._clock.mono_ns()
            self._held_ns = 0
            self._timer.start()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Sliding off it drops the press."""
        super().mouseMoveEvent(event)
        if self._holding and not self.rect().contains(event.position().toPoint()):
            self._stop()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._holding:
            self._stop()
            self.let_go.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._held_ns:
            painter = QPainter(self)
            bar = QRectF(2, self.height() - 5, (self.width() - 4) * self.share, 3)
            painter.fillRect(bar, color("danger"))
            painter.end()

    def _count(self) -> None:
        now = self._clock.mono_ns()
        self._held_ns += min(max(0, now - self._seen_ns), _MOST_A_TICK_NS)
        self._seen_ns = now
        if self._held_ns >= HOLD_NS:
            self._stop()
            self.fired.emit(now)
        self.update()

    def _stop(self) -> None:
        self._timer.stop()
        self._holding = False
        self._held_ns = 0
        self.update()
