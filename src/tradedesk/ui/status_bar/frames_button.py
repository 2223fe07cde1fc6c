"""The end of the status bar that tells of the window's own frames and opens their sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from tradedesk.ui.theme.focus_ring import draw_ring
from tradedesk.ui.widgets.layout import row

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from tradedesk.ui.status_bar.dot import Dot
    from tradedesk.ui.widgets.number_label import NumberLabel


class FramesButton(QWidget):
    """A dot and figures that can be pressed.

    Signals
    -------
    pressed()
        By a click, Space or Enter.
    """

    pressed = Signal()

    def __init__(self, dot: Dot, text: NumberLabel) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Frames and stalls of this window; Space opens them")
        inside = row(dot, text, spacing=6)
        inside.setContentsMargins(4, 0, 4, 0)
        self.setLayout(inside)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pressed.emit()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_ring(self)
