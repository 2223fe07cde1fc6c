"""The overlay that lists the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.widgets.layout import card_title, chip, column, row, small

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

_KEY_WIDTH = 142
Keys = tuple[tuple[str, str], ...]

SAFETY: Keys = (
    ("Esc", "Drop the gesture under way; with none, disarm. Never trades"),
    ("Ctrl+Shift+F", "Flatten the contract: cancel its orders, close its position"),
    ("Ctrl+Shift+X", "Cancel working orders; stops and targets stay"),
    ("… again within 1 s", "Cancel those stops and targets as well"),
    ("Ctrl+Shift+K twice", "Kill switch: cancel and close all, entries off"),
    ("Ctrl+Shift+E", "Stop to the entry price, once the market is beyond it"),
    ("Ctrl+Shift+L", "Risk limits of the day, and locking trading for a while"),
)
TICKET: Keys = (
    ("1 … 5 over the ticket", "Take that size"),
    ("↑ ↓ in a field", "One tick or one contract; with Shift four"),
    ("Del in a table", "Cancel the selected order, close the position"),
)
WINDOW: Keys = (
    ("Ctrl+Tab", "Next chart: ticket and keys act on its contract"),
    ("Tab, Shift+Tab", "From one control to the next, and back"),
    ("?", "Show or hide this sheet"),
)
ORDERS: Keys = (
    ("B or S held", "Aim: a click places what the label says"),
    ("… Ctrl, Shift, Alt", "Force a stop, force a limit, bracket on or off"),
    ("↑ ↓ on a clicked line", "One tick; Shift four, Alt all exits; Del cancels"),
    ("A", "Alert at the price under the pointer"),
)
CHART: Keys = (
    ("← →", "One bar; with Ctrl a screen, as Page Up and Page Down"),
    ("↑ ↓ or + −", "Wider and narrower bars"),
    ("Home", "The oldest bar; older ones are loaded in front of it"),
    ("End or Space", "The newest bar, and follow it"),
    ("1 … 9", "Type another bar size"),
    ("/", "Search indicators and add them"),
    ("Alt+G", "Go to a date or a time; Esc stops on the way"),
    ("Alt+R", "Reset the view"),
    ("Alt+L, Alt+I", "Logarithmic scale, inverted scale"),
    ("Alt+S", "Copy a picture of the chart"),
)
DRAWING: Keys = (
    ("Alt+T Y E H V F N P", "Trend, ray, extended, level, upright, Fibonacci, note, plan"),
    ("Alt+M, Alt+Shift+R", "Measure, as Shift+drag does; rectangle; Alt+D all tools"),
    ("Ctrl+Z, Ctrl+Y", "Undo, redo; Del removes, Ctrl+D copies, arrows nudge"),
)
COLUMNS = (
    (("SAFETY", SAFETY), ("TICKET AND TABLES", TICKET), ("WINDOW", WINDOW), ("DRAWING", DRAWING)),
    (("ORDERS ON THE CHART", ORDERS), ("CHART", CHART)),
)
"""Groups of keys by the columns in which they stand."""


class KeySheet(QFrame):
    """Lies over the window until it is clicked or the key is pressed again."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "sheet")
        both = row(*(_column(groups) for groups in COLUMNS), spacing=32)
        layout = column(both, small("No key places an order by itself."), spacing=12)
        layout.setContentsMargins(20, 16, 20, 14)
        self.setLayout(layout)
        self.hide()

    def toggle(self) -> None:
        """Show it in the middle of the window, or hide it."""
        if self.isVisible():
            self.hide()
            return
        self.adjustSize()
        window = self.window()
        self.move((window.width() - self.width()) // 2, (window.height() - self.height()) // 2)
        self.show()
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.hide()


def _column(groups: tuple[tuple[str, Keys], ...]) -> QVBoxLayout:
    made = column(spacing=14)
    for title, keys in groups:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, _KEY_WIDTH)
        grid.setColumnStretch(1, 1)
        for at, (key, text) in enumerate(keys):
            sign = chip(key)
            sign.setFont(fonts.ui_font(12, fonts.MEDIUM))
            sign.setFixedHeight(20)
            grid.addWidget(sign, at, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(QLabel(text), at, 1)
        made.addLayout(column(card_title(title), grid, spacing=8))
    made.addStretch(1)
    return made
