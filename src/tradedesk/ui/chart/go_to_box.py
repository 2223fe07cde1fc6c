"""A small box for typing a date or a time to go to."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt

from tradedesk.ui.theme.fonts import ui_font
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.widgets.layout import column, small
from tradedesk.ui.widgets.line_box import LineBox

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

_WIDTH = 300


class GoToBox(LineBox):
    """Return goes there, Esc or clicking elsewhere closes it.

    Below what is typed stands which moment that is, or how to write one.

    Parameters
    ----------
    parent : QWidget
        The chart; takes the keys again when the box closes.
    read : callable
        Tells of a text whether it can be read, and the words below it.
    go : callable
        Goes to what a text says.
    """

    def __init__(
        self, parent: QWidget, read: Callable[[str], tuple[bool, str]], go: Callable[[str], None]
    ) -> None:
        super().__init__(parent)
        self._read, self._go = read, go
        self.line.setProperty("kind", "interval")
        self.line.setFont(ui_font(16))
        self.line.setPlaceholderText("28 Nov 14:30")
        self.line.setMaxLength(40)
        self.line.setAccessibleName("Date or time to go to")
        self.line.textChanged.connect(lambda _text: self._judge())
        self.hint = small(wrap=True)
        layout = column(self.line, self.hint, spacing=6)
        layout.setContentsMargins(10, 10, 10, 8)
        self.setLayout(layout)
        self.entered.connect(self._take)
        self.closed.connect(lambda: parent.setFocus(Qt.FocusReason.OtherFocusReason))

    def open(self) -> None:
        """Show in the upper part of the chart, with what was typed last."""
        parent = cast("QWidget", self.parentWidget())
        self._judge()
        self.setFixedWidth(min(_WIDTH, parent.width() - 8))
        self.adjustSize()
        self.move((parent.width() - self.width()) // 2, max(4, parent.height() // 3 - 40))
        self.show()
        self.raise_()
        self.line.selectAll()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self) -> None:
        text = self.line.text()
        if self._judge() and text.strip():
            self.dismiss()
            self._go(text)

    def _judge(self) -> bool:
        text = self.line.text()
        readable, words = self._read(text)
        self.hint.setText(words)
        restyle(self.line, "wrong", bool(text.strip()) and not readable)
        return readable
