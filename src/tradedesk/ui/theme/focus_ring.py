"""The focus ring: only where the keyboard brought the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPen

from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

PROPERTY = "ring"


class FocusRing(QObject):
    """Marks the focused widget with a property that the style sheet draws a ring for."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("focusRing")
        app.focusChanged.connect(self._moved)

    @classmethod
    def install(cls, app: QApplication) -> bool:
        """One for each application; tells whether this one is it."""
        if app.findChild(cls, "focusRing") is not None:
            return False
        cls(app)
        return True

    def _moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and old.property(PROPERTY):
            _mark(old, ring=False)
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if new is not None and not by_mouse:
            _mark(new, ring=True)


def draw_ring(widget: QWidget) -> None:
    """Draw the ring inside of a widget that has it; for those that no style sheet draws one for."""
    if widget.property(PROPERTY):
        painter = QPainter(widget)
        painter.setPen(QPen(color("accent"), 2))
        painter.drawRect(widget.rect().adjusted(1, 1, -1, -1))
        painter.end()


def _mark(widget: QWidget, *, ring: bool) -> None:
    widget.setProperty(PROPERTY, ring)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
