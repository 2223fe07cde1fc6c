"""A small box for typing a bar size: opened by a digit on the chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import Qt

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BarSpecError
from tradedesk.ui.theme.fonts import ui_font
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.widgets.line_box import LineBox

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

_SIZE: Final = (104, 36)


class IntervalBox(LineBox):
    """Nothing but the line. Return asks for the bar size.

    What cannot be read turns the border to the warning colour; the tool tip says why.

    Parameters
    ----------
    parent : QWidget
        The chart; takes the keys again when the box closes.
    asked : callable
        Told a text that `BarSpec.parse` accepts.
    """

    def __init__(self, parent: QWidget, asked: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._asked = asked
        self.setProperty("role", "")
        self.line.setProperty("kind", "interval")
        self.line.setFont(ui_font(16))
        self.line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.line.setPlaceholderText("5m")
        self.line.setMaxLength(9)
        self.line.setParent(self)  # without a layout, which would give it a field's usual height
        for each in (self, self.line):
            each.resize(*_SIZE)
        self.line.textEdited.connect(lambda _text: self._judge())
        self.entered.connect(self._take)
        self.closed.connect(lambda: parent.setFocus(Qt.FocusReason.OtherFocusReason))

    def open(self, first: str) -> None:
        """Show in the middle of the chart with one character typed."""
        parent = cast("QWidget", self.parentWidget())
        self.move((parent.width() - self.width()) // 2, (parent.height() - self.height()) // 3)
        self.line.setText(first)
        self._judge()
        self.show()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self) -> None:
        if self._judge():
            text = str(BarSpec.parse(self._completed()))
            self.dismiss()
            self._asked(text)

    def _completed(self) -> str:
        """Digits alone are minutes."""
        text = self.line.text().strip()
        return f"{text}m" if text.isdigit() else text

    def _judge(self) -> bool:
        wrong = ""
        try:
            BarSpec.parse(self._completed())
        except BarSpecError as error:
            wrong = str(error)
        self.setToolTip(wrong)
        restyle(self.line, "wrong", bool(wrong))
        return not wrong
