"""The strip above the chart: what the drill asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.widgets.layout import chip, column, row, rule
from tradedesk.ui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from tradedesk.ui.drill.view_model import DrillView

HEIGHT = 48


class DrillStrip(QWidget):
    """Always as high, so that nothing beside or below it ever moves.

    Signals
    -------
    score_asked(), again_asked()
        The buttons at its end; they are there once the drill is over.
    """

    score_asked = Signal()
    again_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setMinimumWidth(120)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.text.setFont(fonts.ui_font(weight=fonts.MEDIUM))
        self.time = NumberLabel("00:00", fonts.body(), tone=Tone.SOFT)
        self.time.setToolTip("Venue time since the drill began")
        self.score = _button("Score", self.score_asked)
        self.again = _button("Again", self.again_asked)
        inside = row(chip("DRILL"), self.text, self.time, self.score, self.again, spacing=12)
        inside.setStretch(1, 1)
        inside.setContentsMargins(12, 0, 12, 0)
        middle = QWidget()
        middle.setLayout(inside)
        whole = column(middle, rule(), spacing=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)

    def show_view(self, view: DrillView) -> None:
        """Show how the drill stands."""
        if view.text != self.text.text():
            self.text.setText(view.text)
            self.text.setAccessibleName(f"Drill: {view.text}")
        restyle(self.text, "tone", "warn" if view.problem else "")
        self.text.setToolTip(view.title)
        self.time.show_text("" if view.state == "none" else view.clock)
        self.score.setVisible(view.over and view.score is not None)
        self.again.setVisible(view.over)


def _button(text: str, signal: object) -> QPushButton:
    made = QPushButton(text)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.clicked.connect(signal)
    made.hide()
    return made
