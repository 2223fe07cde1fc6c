"""A box with a line to type into, laid over what opened it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

_RETURN: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class LineBox(QFrame):
    """Return takes what was typed; Esc, or the keys going elsewhere, closes the box.

    Signals
    -------
    entered()
        Return was pressed.
    closed()
        It is about to hide, and the keys belong elsewhere. Not emitted when they are there
        already.

    Attributes
    ----------
    line : QLineEdit
        What is typed into.
    """

    entered = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "popup")
        self.line = QLineEdit()
        self.line.installEventFilter(self)
        self.hide()

    def dismiss(self) -> None:
        """Hide it; does nothing when it is hidden."""
        if self.isVisible():
            self.closed.emit()
            self.hide()

    def key_pressed(self, key: Qt.Key) -> bool:
        """A key, before the line gets it; False leaves it to the line."""
        if key is Qt.Key.Key_Escape:
            self.dismiss()
        elif key in _RETURN:
            self.entered.emit()
        else:
            return False
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the line, and its losing them."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self.key_pressed(Qt.Key(event.key()))
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()  # the user went elsewhere, and the keys are there already
        return super().eventFilter(watched, event)
