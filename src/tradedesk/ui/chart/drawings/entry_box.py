"""A small field over the chart for what is typed into a drawing: its text, levels or risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from tradedesk.domain.errors import InputError
from tradedesk.ui.theme.current import palette
from tradedesk.ui.theme.fonts import ui_font

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

_WIDTH = 300
_T = TypeVar("_T")


class EntryField(QLineEdit):
    """Return and Esc end it; so does a click elsewhere."""

    def __init__(self, box: EntryBox) -> None:
        super().__init__(box)
        self._box = box
        self.setFont(ui_font(14))
        self.setMinimumHeight(32)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep what was typed, or leave it."""
        if event.key() == Qt.Key.Key_Escape:
            self._box.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._box.keep()
        else:
            super().keyPressEvent(event)


class EntryBox(QWidget):
    """Asks for one line; a sentence below says what is wrong with it.

    Parameters
    ----------
    parent : QWidget
        What it lies over; gets the keys back afterwards.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.field = EntryField(self)
        self.hint = QLabel(self)
        self.hint.setFont(ui_font(12))
        self.hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.field)
        layout.addWidget(self.hint)
        self.field.textEdited.connect(lambda _text: self._judge())
        self.field.editingFinished.connect(self._lost)
        self._read: Callable[[str], Any] = str
        self._done: Callable[[Any], None] = lambda _value: None
        self._hint = ""
        self.hide()

    def ask(
        self,
        at: QPoint,
        text: str,
        hint: str,
        read: Callable[[str], _T],
        done: Callable[[_T], None],
    ) -> None:
        """Ask near a point of the parent.

        Parameters
        ----------
        read : callable
            Turns the text into a value; raises `InputError` with the sentence that helps.
        done : callable
            Told the value; not called when the box is left.
        """
        self._read, self._done, self._hint = read, done, hint
        self.field.setAccessibleName(hint)
        self.field.setText(text)
        self.field.selectAll()
        parent = self.parentWidget()
        if parent is None:
            return
        self.setFixedWidth(min(_WIDTH, max(120, parent.width() - 8)))
        self._judge()
        x = min(max(4, at.x() - self.width() // 2), parent.width() - self.width() - 4)
        y = min(max(4, at.y() - 22), parent.height() - self.height() - 4)
        self.move(max(0, x), max(0, y))
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep(self) -> None:
        """Hand the value on, if it can be read."""
        if self._judge():
            value, done = self._read(self.field.text()), self._done
            self.leave()
            done(value)

    def leave(self) -> None:
        """Close without a value."""
        self._done = lambda _value: None
        self.hide()
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lost(self) -> None:
        """A click elsewhere keeps what can be read, as a person who typed it expects."""
        if self.isVisible() and not self.field.hasFocus():
            if self._judge():
                self.keep()
            else:
                self.leave()

    def _judge(self) -> bool:
        colours = palette()
        wrong = ""
        try:
            self._read(self.field.text())
        except InputError as error:
            wrong = str(error)
        border, ink = (colours.warn, colours.warn) if wrong else (colours.accent, colours.tx2)
        self.setStyleSheet(
            f"EntryBox {{ background: {colours.bg2}; border: 1px solid {colours.line}; "
            f"border-radius: 6px; }} QLabel {{ color: {ink}; }} "
            f"QLineEdit {{ background: {colours.bg0}; color: {colours.tx}; "
            f"border: 1px solid {border}; border-radius: 4px; padding: 0 6px; }}"
        )
        self.hint.setText(wrong or self._hint)
        self.adjustSize()
        return not wrong
