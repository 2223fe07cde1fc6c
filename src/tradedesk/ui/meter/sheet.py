"""The sheet above the status bar: frames, stalls, and the stress test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)
from shiboken6 import isValid

from tradedesk.ui.frame_stats import PARTS, STALL_MS
from tradedesk.ui.meter.figure_row import FigureRow
from tradedesk.ui.meter.histogram import Histogram
from tradedesk.ui.meter.view_model import OFF, SHOWN
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import card_title, column, row, rule, small
from tradedesk.ui.widgets.segments import Segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent

    from tradedesk.ui.meter.view_model import MeterView, StallLine

_WIDTH = 620
_ROOMY = 760
"""In a lower window some of it is left out."""
_NO_STALL = f"None in the last minutes. A stall is a pause of more than {STALL_MS:.0f} ms."
_RIGHT = Qt.AlignmentFlag.AlignRight


class MeterSheet(QFrame):
    """Lies over the window until it is closed.

    Parameters
    ----------
    parent : QWidget
        The window.
    rates : sequence of int
        Events a second that the stress test offers; none where there is no test.

    Signals
    -------
    copy_asked()
        All of it is wanted on the clipboard.
    rate_chosen(int)
        Events a second of the stress test; 0 for off.
    """

    copy_asked = Signal()
    rate_chosen = Signal(int)

    def __init__(self, parent: QWidget, rates: Sequence[int]) -> None:
        super().__init__(parent)
        self.setProperty("role", "sheet")
        self.copy = _button("Copied")
        self.copy.setMinimumWidth(self.copy.sizeHint().width())  # so that nothing moves
        self.copy.setToolTip("Figures, histogram and stalls as text; no prices, accounts or keys")
        self.close_button = _button("Close")
        self.span = small()
        self.figures = FigureRow(5)
        self.histogram = Histogram()
        self.legend = small(
            "Distances between frames in ms; bars are logarithmic, figures are frames."
        )
        self.parts = _PartsGrid()
        self.stalls = _StallGrid()
        self.stress = _StressPart(rates)
        self.copy.clicked.connect(self.copy_asked)
        self.close_button.clicked.connect(self.hide)
        self.stress.segments.chosen.connect(self._choose)
        layout = column(
            row(card_title("FRAMES AND STALLS"), self.span, None, self.copy, self.close_button),
            self.figures,
            self.histogram,
            self.legend,
            rule(),
            self.parts,
            rule(),
            self.stalls,
            spacing=12,
        )
        if rates:
            layout.addWidget(rule())
            layout.addWidget(self.stress)
        layout.setContentsMargins(20, 14, 20, 16)
        self.setLayout(layout)
        self.setFixedWidth(_WIDTH)
        parent.installEventFilter(self)
        self._bar: QWidget | None = None
        self._before: QWidget | None = None
        self.hide()

    def show_view(self, view: MeterView, rate: int) -> None:
        """Show how it stands; what has not changed is left alone."""
        _say(self.span, view.span)
        self.figures.show_figures(view.figures)
        self.histogram.show_counts(view.counts)
        self.parts.show_parts(view.parts)
        self.stalls.show_stalls(view.stalls)
        self.stress.show_stress(view.stress, view.stress_note, rate)
        if self.isVisible():
            self._place()

    def stand_above(self, bar: QWidget) -> None:
        """Show it at the right, just above the bar, and take the keyboard."""
        self._bar = bar
        self._before = QApplication.focusWidget()
        self._place()
        self.show()
        self.raise_()
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay above the bar when the window takes another size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the keyboard back to who had it."""
        super().hideEvent(event)
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a click beside a button is no click into what lies behind

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it; no other key reaches the window behind."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()

    def _place(self) -> None:
        bar, layout = self._bar, self.layout()
        if bar is None or layout is None:
            return
        roomy = self.window().height() >= _ROOMY
        self.legend.setVisible(roomy)
        self.stalls.show_most(SHOWN if roomy else 2)
        layout.setSpacing(12 if roomy else 8)
        tall = max(layout.totalHeightForWidth(_WIDTH), layout.totalMinimumSize().height())
        corner = bar.mapTo(self.window(), QPoint(bar.width() - _WIDTH - 12, 0))
        self.setGeometry(max(0, corner.x()), max(0, corner.y() - tall - 8), _WIDTH, tall)

    def _choose(self, key: str) -> None:
        self.rate_chosen.emit(0 if key == OFF else int(key))


class _PartsGrid(QWidget):
    """Median and 99th percentile of each part of a frame's work."""

    def __init__(self) -> None:
        super().__init__()
        grid = _grid()
        grid.setColumnStretch(0, 1)
        for at, text in enumerate(("Work of a frame", "Median", "p99")):
            grid.addWidget(small(text), 0, at, _RIGHT if at else Qt.AlignmentFlag(0))
        self.cells = [[_text(soft=not at) for at in range(3)] for _ in PARTS]
        for line, cells in enumerate(self.cells, 1):
            for at, cell in enumerate(cells):
                grid.addWidget(cell, line, at, _RIGHT if at else Qt.AlignmentFlag(0))
        grid.setColumnMinimumWidth(1, 90)
        grid.setColumnMinimumWidth(2, 90)
        self.setLayout(grid)

    def show_parts(self, parts: Sequence[tuple[str, str, str]]) -> None:
        """Show a line for each part."""
        for cells, texts in zip(self.cells, parts, strict=True):
            for cell, text in zip(cells, texts, strict=True):
                _say(cell, text)


class _StallGrid(QWidget):
    """The longest stalls: when, how long, and what the window was doing."""

    def __init__(self) -> None:
        super().__init__()
        self._stalls: Sequence[StallLine] = ()
        self._most = SHOWN
        grid = _grid()
        grid.setColumnStretch(2, 1)
        grid.addWidget(small("Longest stalls of the last 5 minutes"), 0, 0, 1, 3)
        self.nothing = _text(soft=True)
        self.nothing.setText(_NO_STALL)
        grid.addWidget(self.nothing, 1, 0, 1, 3)
        self.cells = [(_text(soft=True), _text(), _text(soft=True)) for _ in range(SHOWN)]
        for line, cells in enumerate(self.cells, 2):
            for at, cell in enumerate(cells):
                grid.addWidget(cell, line, at)
            cells[2].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        grid.setColumnMinimumWidth(1, 70)
        self.setLayout(grid)

    def show_most(self, count: int) -> None:
        """Show no more than so many."""
        if count != self._most:
            self._most = count
            self.show_stalls(self._stalls)

    def show_stalls(self, stalls: Sequence[StallLine]) -> None:
        """Show a line for each; its tool tip has the whole stack."""
        self._stalls = stalls
        self.nothing.setVisible(not stalls)
        stalls = stalls[: self._most]
        for at, cells in enumerate(self.cells):
            line = stalls[at] if at < len(stalls) else None
            texts = ("", "", "") if line is None else (line.when, line.long, line.doing)
            for cell, text in zip(cells, texts, strict=True):
                _say(cell, text)
                cell.setVisible(line is not None)
                tip = "" if line is None else line.tip
                if cell.toolTip() != tip:
                    cell.setToolTip(tip)


class _StressPart(QWidget):
    """Off and the rates; figures while it runs."""

    def __init__(self, rates: Sequence[int]) -> None:
        super().__init__()
        choices = [(OFF, "Off"), *((str(rate), f"{rate // 1_000}k") for rate in rates)]
        self.segments = Segments(choices)
        self.segments.setAccessibleName("Stress test, events a second")
        self.figures = FigureRow(5)
        self.note = small("", "soft", wrap=True)
        head = row(card_title("STRESS TEST"), small("events a second"), None, self.segments)
        layout = column(head, self.figures, self.note, spacing=12)
        self.setLayout(layout)

    def show_stress(self, figures: Sequence[tuple[str, str]], note: str, rate: int) -> None:
        """Show how the test stands."""
        key = str(rate) if rate else OFF
        if self.segments.taken != key:
            self.segments.select(key)
        self.figures.setVisible(bool(figures))
        self.figures.show_figures(figures)
        _say(self.note, note)


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    return grid


def _text(*, soft: bool = False) -> QLabel:
    made = QLabel()
    made.setFont(fonts.ui_font(METRICS.title_px))
    made.setTextFormat(Qt.TextFormat.PlainText)
    if soft:
        made.setProperty("tone", "soft")
    return made


def _say(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)


def _button(text: str) -> QPushButton:
    made = QPushButton(text)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
