"""Locks that hold, and the two presses that lock trading for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.wall_words import time_left, wall_words
from tradedesk.ui.theme import fonts
from tradedesk.ui.widgets.field import Field
from tradedesk.ui.widgets.layout import card_title, chip, column, row, small
from tradedesk.ui.widgets.segments import Segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.clock import Clock
    from tradedesk.ui.risk.view_model import LockLine

MINUTE_NS = 60 * NS_PER_S
LONGEST = 24 * 60
_CHIP_WIDTH = 92
_CHOICES = ("15", "30", "60", "120")


class LockBox(QWidget):
    """Asks once more before it locks, because nothing undoes it.

    Signals
    -------
    lock_asked(object)
        Wall nanoseconds UTC until which to lock; after the second press.
    """

    lock_asked = Signal(object)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._lines: list[LockLine] | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self.choices = Segments([(text, f"{text} min") for text in _CHOICES])
        self.minutes = Field("For", unit="min")
        self.minutes.setFixedWidth(104)
        self.minutes.show_text("30")
        self.choices.select("30")
        self.ask_button = QPushButton("Lock trading…")
        self.ask_button.setProperty("kind", "danger")
        self.question = QLabel()
        self.question.setWordWrap(True)
        self.lock_button = QPushButton()
        self.lock_button.setProperty("kind", "danger")
        self.back_button = QPushButton("Not now")
        for button in (self.ask_button, self.lock_button, self.back_button):
            button.setAutoDefault(False)
        self._pages = QStackedLayout()
        for page in (self._asking(), self._sure()):
            self._pages.addWidget(page)
        self.setLayout(column(card_title("LOCKS"), self._list, self._pages, spacing=10))
        self._connect()
        self.show_lines([])

    def show_lines(self, lines: Sequence[LockLine]) -> None:
        """Show the locks that hold."""
        if list(lines) == self._lines:
            return
        self._lines = list(lines)
        while self._list.count():
            item = self._list.takeAt(0)
            widget = None if item is None else item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for line in self._lines:
            self._list.addWidget(_line(line))
        if not self._lines:
            self._list.addWidget(small("No lock holds. Exits always work, locked or not."))

    def start_over(self) -> None:
        """Back to the first press."""
        self._pages.setCurrentIndex(0)

    # --- inside -----------------------------------------------------------------------------

    @property
    def _wanted(self) -> int | None:
        """Minutes in the field, None if it holds no usable number."""
        text = self.minutes.text.strip()
        if not (text.isascii() and text.isdigit()):
            return None
        return int(text) if 1 <= int(text) <= LONGEST else None

    def _asking(self) -> QWidget:
        page = QWidget()
        page.setLayout(row(self.choices, self.minutes, None, self.ask_button))
        return page

    def _sure(self) -> QWidget:
        page = QWidget()
        made: QHBoxLayout = row(self.question, self.back_button, self.lock_button)
        made.setStretch(0, 1)
        page.setLayout(made)
        return page

    def _connect(self) -> None:
        self.choices.chosen.connect(self._choose)
        self.minutes.edited.connect(lambda _text: self._check())
        self.minutes.stepped.connect(self._step)
        self.ask_button.clicked.connect(self._ask)
        self.back_button.clicked.connect(self.start_over)
        self.lock_button.clicked.connect(self._lock)

    def _choose(self, text: str) -> None:
        self.minutes.show_text(text)
        self._check()

    def _step(self, steps: int) -> None:
        wanted = self._wanted or 0
        self.minutes.show_text(str(min(max(1, wanted + 5 * steps), LONGEST)))
        self._check()

    def _check(self) -> None:
        wrong = "" if self._wanted else f"Type 1 to {LONGEST:,} minutes; a day is the longest."
        self.minutes.show_error(wrong)
        self.ask_button.setEnabled(not wrong)
        self.ask_button.setToolTip(wrong)

    def _ask(self) -> None:
        if self._wanted is None:
            return
        now_ns = self._clock.wall_ns()
        until = wall_words(now_ns + self._wanted * MINUTE_NS, now_ns)
        self.question.setText(
            f"No entry on any account until {until}, and resting entries are cancelled. Nothing "
            "ends that sooner; exits still work."
        )
        self.lock_button.setText(f"Lock for {time_left(self._wanted * MINUTE_NS)}")
        self._pages.setCurrentIndex(1)

    def _lock(self) -> None:
        if self._wanted is not None:
            self.lock_asked.emit(self._clock.wall_ns() + self._wanted * MINUTE_NS)
        self.start_over()


def _line(line: LockLine) -> QWidget:
    text = QLabel(line.text)
    text.setTextFormat(Qt.TextFormat.PlainText)
    text.setWordWrap(True)
    text.setFont(fonts.body())
    made = QWidget()
    left = chip(line.left, "warn")
    left.setMinimumWidth(_CHIP_WIDTH)
    left.setAlignment(Qt.AlignmentFlag.AlignCenter)
    layout = row(left, text, spacing=10)
    layout.setStretch(1, 1)
    layout.setAlignment(left, Qt.AlignmentFlag.AlignTop)
    made.setLayout(layout)
    return made
