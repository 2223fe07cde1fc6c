"""The sheet with the score of a drill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import column, row, rule, small
from tradedesk.ui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from tradedesk.ui.drill.view_model import CriterionView, DrillView

_WIDEST = 600
_ROOM = 24
_TOP = Qt.AlignmentFlag.AlignTop


class ScoreSheet(QFrame):
    """Lies over the chart and over nothing else; it never takes the keyboard.

    Parameters
    ----------
    over : QWidget
        In whose middle it stands.

    Signals
    -------
    again_asked()
        The trader wants to live through it once more.
    """

    again_asked = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over.window())
        self._over = over
        self.setProperty("role", "sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.title = QLabel()
        self.title.setFont(fonts.ui_font(METRICS.figure_px, fonts.SEMIBOLD))
        self.outcome = QLabel()
        self.outcome.setProperty("tone", "soft")
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(12)
        self.grid.setColumnStretch(1, 1)
        self.again = QPushButton("Again")
        self.again.setProperty("kind", "primary")
        self.close_button = QPushButton("Close")
        for button in (self.again, self.close_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.again.clicked.connect(self.again_asked)
        self.close_button.clicked.connect(self.hide)
        body = column(
            column(self.title, self.outcome, spacing=4),
            rule(),
            self.grid,
            rule(),
            row(None, self.close_button, self.again),
            spacing=16,
        )
        body.setContentsMargins(20, 16, 20, 16)
        self.setLayout(body)
        over.installEventFilter(self)
        self.hide()

    def show_view(self, view: DrillView) -> None:
        """Fill it and show it; without a score there is nothing to show."""
        if view.score is None:
            return
        self.title.setText(view.title)
        self.outcome.setText(view.outcome)
        while self.grid.count():
            item = self.grid.takeAt(0)
            widget = None if item is None else item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for at, one in enumerate(view.score.criteria):
            self.grid.addWidget(_points(one), at, 0, _TOP)
            self.grid.addWidget(_criterion(one), at, 1, _TOP)
        self.show()
        self._place()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle of what it lies over."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a click beside a button is no click into the chart behind

    def _place(self) -> None:
        over = self._over
        width = min(_WIDEST, over.width() - 2 * _ROOM)
        layout = self.layout()
        assert layout is not None
        height = max(layout.totalHeightForWidth(width), layout.totalMinimumSize().height())
        corner = over.mapTo(self.window(), QPoint(0, 0))
        self.setGeometry(
            corner.x() + (over.width() - width) // 2,
            corner.y() + max(0, (over.height() - height) // 2),
            width,
            height,
        )


def _points(one: CriterionView) -> NumberLabel:
    tone = Tone.OK if one.is_good else Tone.WARN
    tone = Tone.LABEL if one.points is None else tone
    made = NumberLabel("100", fonts.figure(), tone=tone)
    made.show_text(one.points_text)
    return made


def _criterion(one: CriterionView) -> QWidget:
    name = QLabel(one.name)
    name.setFont(fonts.ui_font(weight=fonts.MEDIUM))
    counts = small(f"weight {one.weight}")
    text = QLabel(one.text)
    text.setProperty("tone", "soft")
    for label in (name, text):
        label.setTextFormat(Qt.TextFormat.PlainText)
    text.setWordWrap(True)
    made = QWidget()
    made.setLayout(column(row(name, counts, None), text, spacing=2))
    return made
