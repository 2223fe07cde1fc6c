"""The sheet above the status bar: each age with what it means, and what the bar leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from tradedesk.ui.status_bar.dot import Dot
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import card_title, column, small

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from tradedesk.ui.status_bar.view_model import StatusView

_WIDTH = 620
_NAMES = 190


class StatusSheet(QFrame):
    """Lies over the window until it or the bar is clicked."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "sheet")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnMinimumWidth(1, _NAMES)
        self._grid.setColumnStretch(2, 1)
        self.rows: list[tuple[Dot, QLabel, QLabel]] = []
        layout = column(card_title("HOW OLD EVERYTHING IS"), spacing=12)
        layout.addLayout(self._grid)
        layout.addWidget(
            small("Old prices keep entries off. Exits, cancels and flatten always go.", "soft")
        )
        layout.setContentsMargins(20, 16, 20, 16)
        self.setLayout(layout)
        self.setFixedWidth(_WIDTH)
        self.hide()

    def show_view(self, view: StatusView) -> None:
        """Show every entry of the bar and then the details."""
        lines = [(entry.text, entry.tip) for _name, entry in view.entries]
        lines += view.details
        while len(self.rows) < len(lines):
            self._add()
        for at, (name, text) in enumerate(lines):
            dot, head, tail = self.rows[at]
            known = at < len(view.entries)
            dot.setVisible(known)
            if known:
                dot.show_health(view.entries[at][1].health)
            for label, shown in ((head, name), (tail, text)):
                if label.text() != shown:
                    label.setText(shown)

    def stand_above(self, bar: QWidget) -> None:
        """Show it at the left, just above the bar."""
        self.adjustSize()
        corner = bar.mapTo(self.window(), QPoint(12, -self.height() - 8))
        self.move(corner)
        self.show()
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.hide()

    def _add(self) -> None:
        at = len(self.rows)
        dot, name, text = Dot(), QLabel(), QLabel()
        for label in (name, text):
            label.setFont(fonts.ui_font(METRICS.title_px))
            label.setTextFormat(Qt.TextFormat.PlainText)
        text.setProperty("tone", "soft")
        text.setWordWrap(True)
        self._grid.addWidget(dot, at, 0)
        self._grid.addWidget(name, at, 1)
        self._grid.addWidget(text, at, 2)
        self.rows.append((dot, name, text))
