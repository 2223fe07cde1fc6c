"""The band over the chart while its prices are made up."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.widgets.layout import row

HEIGHT = 32
TITLE = "STRESS · made-up prices"


class StressBand(QWidget):
    """Amber, as wide as the window, and there as long as the test runs.

    Signals
    -------
    end_asked()
        The test is to end.
    """

    end_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("band", "stress")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.title = QLabel(TITLE)
        self.title.setFont(fonts.ui_font(weight=fonts.SEMIBOLD))
        self.hint = QLabel("STRESS is no market: no order for it ever leaves the desk.")
        self.figures = QLabel()
        self.figures.setFont(fonts.ui_font(weight=fonts.MEDIUM))
        self.end = QPushButton("End test")
        self.end.setProperty("kind", "onstress")
        self.end.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.end.clicked.connect(self.end_asked)
        inside = row(self.title, self.hint, None, self.figures, self.end, spacing=12)
        inside.setContentsMargins(14, 0, 12, 0)
        self.setLayout(inside)
        self.hide()

    def show_figures(self, text: str) -> None:
        """Show the band with how the test stands, or take it away if that is empty."""
        if text and self.figures.text() != text:
            self.figures.setText(text)
        if self.isHidden() == bool(text):
            self.setVisible(bool(text))
