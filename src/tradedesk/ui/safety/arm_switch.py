"""The arm switch of the top bar; while entries are locked, the lock stands in its place."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from tradedesk.ui.lock_words import FREE, LockView
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import column, row
from tradedesk.ui.widgets.number_label import NumberLabel
from tradedesk.ui.widgets.toggle import Toggle

_RIGHT = Qt.AlignmentFlag.AlignRight


class ArmSwitch(QStackedWidget):
    """Word and toggle, or what locks entries and for how long; both as wide.

    Signals
    -------
    asked(bool)
        The user moved the switch.
    """

    asked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        semibold = fonts.ui_font(METRICS.title_px, fonts.SEMIBOLD)
        self.word = NumberLabel("DISARMED", semibold, _RIGHT, Tone.LABEL)
        self.toggle = Toggle("Armed: one click places orders")
        self.toggle.clicked.connect(self.asked)
        self.locked = NumberLabel("LOCKED 00:00:00", semibold, _RIGHT, Tone.WARN)
        self.reason = NumberLabel("daily profit lock", fonts.label(), _RIGHT, Tone.SOFT)
        free, lock = QWidget(), QWidget()
        free.setLayout(row(self.word, self.toggle))
        lock.setLayout(column(None, self.locked, self.reason, None, spacing=0))
        lock.layout().setAlignment(self.locked, _RIGHT)  # type: ignore[union-attr]
        lock.layout().setAlignment(self.reason, _RIGHT)  # type: ignore[union-attr]
        self.addWidget(free)
        self.addWidget(lock)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def show_state(self, *, armed: bool, why_not: str = "", lock: LockView = FREE) -> None:
        """Show whether one click trades; ``why_not`` forbids arming, never disarming."""
        with QSignalBlocker(self.toggle):
            self.toggle.setChecked(armed)
        self.toggle.setEnabled(armed or not why_not)
        self.toggle.setToolTip(why_not or "Armed: one click places an order")
        self.word.show_text("ARMED" if armed else "DISARMED", Tone.WARN if armed else Tone.LABEL)
        self.toggle.update()
        self.locked.show_text(f"LOCKED {lock.left}".rstrip())
        self.reason.show_text(lock.reason)
        if self.toolTip() != lock.sentence:
            self.setToolTip(lock.sentence)
        self.setCurrentIndex(1 if lock.reason else 0)
