"""A small box for typing a bar size: opened by a digit on the chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BarSpecError
from tradedesk.ui.theme.fonts import ui_font
from tradedesk.ui.theme.style import restyle

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QKeyEvent


class IntervalBox(QLineEdit):
    """Return asks for the bar size, Esc or clicking elsewhere closes it.

    What cannot be read turns the border to the warning colour; the tool tip says why.
    """

    def __init__(self, parent: QWidget, asked: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._asked = asked
        self.setProperty("kind", "interval")
        self.setFont(ui_font(16))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setPlaceholderText("5m")
        self.setMaxLength(9)
        self.resize(104, 36)
        self.hide()
        self.textEdited.connect(lambda _text: self._judge())

    def open(self, first: str) -> None:
        """Show in the middle of the parent with one character typed."""
        parent = self.parentWidget()
        if parent is None:
            return
        self.move((parent.width() - self.width()) // 2, (parent.height() - self.height()) // 3)
        self.setText(first)
        self._judge()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return asks, Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._judge():
                text = str(BarSpec.parse(self._completed()))
                self._close()
                self._asked(text)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Clicking elsewhere closes."""
        super().focusOutEvent(event)
        self.hide()

    def _completed(self) -> str:
        """Digits alone are minutes."""
        text = self.text().strip()
        return f"{text}m" if text.isdigit() else text

    def _judge(self) -> bool:
        try:
            BarSpec.parse(self._completed())
        except BarSpecError as error:
            self.setToolTip(str(error))
            restyle(self, "wrong", True)
            return False
        self.setToolTip("")
        restyle(self, "wrong", False)
        return True

    def _close(self) -> None:
        self.hide()
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus(Qt.FocusReason.OtherFocusReason)
