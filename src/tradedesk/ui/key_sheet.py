"""The overlay that lists the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.widgets.layout import card_title, chip, column, small

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

KEYS = (
    ("Esc", "Drop the gesture under way; with none, disarm. Never trades"),
    ("Ctrl+Shift+F", "Flatten the contract on the chart: cancel its orders, close its position"),
    ("Ctrl+Shift+X", "Cancel working orders; stops and targets of open positions stay"),
    ("… again within 1 s", "Cancel those stops and targets as well"),
    ("Ctrl+Shift+K twice", "Kill switch: cancel and close everything, entries off until released"),
    ("Ctrl+Shift+E", "Move the stop to the entry price, once the market is beyond it"),
    ("Ctrl+Shift+L", "Risk limits of the day, and locking trading for a while"),
    ("B or S held", "Aim on the chart: a click places what the label says"),
    ("… with Ctrl, Shift, Alt", "Force a stop, force a limit, turn the bracket on or off for it"),
    (
        "↑ ↓ on a clicked line",
        "One tick; with Shift four, with Alt all exits. Del cancels the order",
    ),
    ("A on the chart", "Alert at the price under the pointer"),
    ("Space", "Chart to the newest bar"),
    ("Ctrl+Tab", "The next chart becomes the active one: ticket and keys act on its contract"),
    ("1 … 9", "Type another bar size on the chart"),
    ("/", "Search indicators and add them to the chart"),
    ("1 … 5 over the ticket", "Take that size"),
    ("↑ ↓ in a field", "One tick or one contract; with Shift four"),
    ("Del in a table", "Cancel the selected order, close the selected position"),
    ("?", "Show or hide this sheet"),
)


class KeySheet(QFrame):
    """Lies over the window until it is clicked or the key is pressed again."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "sheet")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for at, (key, text) in enumerate(KEYS):
            sign = chip(key)
            sign.setFont(fonts.ui_font(12, fonts.MEDIUM))
            sign.setFixedHeight(22)
            grid.addWidget(sign, at, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(QLabel(text), at, 1)
        layout = column(card_title("KEYS"), spacing=12)
        layout.addLayout(grid)
        layout.addWidget(small("No key places an order by itself."))
        layout.setContentsMargins(20, 16, 20, 16)
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
