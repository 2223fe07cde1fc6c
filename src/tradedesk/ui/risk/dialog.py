"""The window of the risk limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget

from tradedesk.domain.errors import InputError
from tradedesk.ui import words
from tradedesk.ui.risk.day_bar import DayBar
from tradedesk.ui.risk.lock_box import LockBox
from tradedesk.ui.risk.rule_fields import RuleFields
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import card_title, column, row, rule, small
from tradedesk.ui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.settings import Settings
    from tradedesk.ui.risk.view_model import DayView

_WIDTH = 900
_FREE = "Kept in the settings, and by the executor from the moment they are saved."
_BOUND = (
    "While trading is locked, rules only become stricter; what is looser waits for the lock's end."
)


class RiskDialog(QDialog):
    """Beside the desk, not in its way: the market goes on and every button of it works.

    Signals
    -------
    saved(object)
        Settings to keep from now on.
    """

    saved = Signal(object)

    def __init__(
        self, clock: Clock, settings: Settings, *, practice: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setWindowTitle("Risk limits — tradedesk")
        self.setFixedWidth(_WIDTH)
        self.total = NumberLabel("−$1,000,000.00", fonts.figure())
        self.left = small()
        self.bar = DayBar()
        self.fields = RuleFields(practice=practice)
        self.locks = LockBox(clock)
        self.note = small(wrap=True)
        self.save_button = QPushButton("Save")
        self.save_button.setProperty("kind", "primary")
        self.close_button = QPushButton("Close")
        head = QLabel("Risk limits")
        head.setFont(fonts.ui_font(METRICS.figure_px, fonts.SEMIBOLD))
        for button in (self.save_button, self.close_button):
            button.setAutoDefault(False)
        buttons = row(self.note, self.close_button, self.save_button)
        buttons.setStretch(0, 1)
        body = column(
            head,
            column(row(card_title("TODAY"), None, self.total), self.bar, self.left, spacing=6),
            rule(),
            self.fields,
            rule(),
            self.locks,
            rule(),
            buttons,
            spacing=14,
        )
        body.setContentsMargins(20, 16, 20, 16)
        self.setLayout(body)
        self.fields.changed.connect(self._edited)
        self.save_button.clicked.connect(self._save)
        self.close_button.clicked.connect(self.close)
        self.fields.show_settings(settings)
        self._say(_FREE)
        self._edited()
        self._fit()

    def use(self, settings: Settings) -> None:
        """Other settings hold, which were changed elsewhere; what is typed here stays."""
        if settings != self._settings:
            self.fields.follow(self._settings, settings)
            self._settings = settings
            self._edited()

    def show_day(self, view: DayView) -> None:
        """Show where the day stands."""
        tone = Tone.PROFIT if view.total > 0 else Tone.LOSS if view.total < 0 else Tone.TEXT
        self.total.show_text(words.money(view.total), Tone.LABEL if view.stale else tone)
        self.bar.show_view(view)
        if self.left.text() != view.text:
            self.left.setText(view.text)
            restyle(self.left, "tone", "warn" if view.near else "label")

    def show_bound(self, bound: bool) -> None:
        """Say what saving does now."""
        if self.note.property("tone") != "error":
            self._say(_BOUND if bound else _FREE, "warn" if bound else "label")

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    # --- inside -----------------------------------------------------------------------------

    def _edited(self) -> None:
        """Mark what is wrong while it is typed, and let only what is right be saved."""
        try:
            read = self.fields.read(self._settings)
        except InputError as error:
            self._say(str(error).split("\n")[0], "error")
            self.save_button.setEnabled(False)
            return
        if self.note.property("tone") == "error":
            self._say(_FREE)
        self.save_button.setEnabled(read != self._settings)

    def _save(self) -> None:
        try:
            read = self.fields.read(self._settings)
        except InputError:
            return
        self._settings = read
        self.saved.emit(read)
        self._edited()

    def _fit(self) -> None:
        """As high as the words need: they are wrapped, so a layout alone would squeeze fields."""
        layout = self.layout()
        assert layout is not None
        self.setFixedHeight(layout.totalHeightForWidth(_WIDTH))

    def _say(self, text: str, tone: str = "label") -> None:
        if self.note.text() != text or self.note.property("tone") != tone:
            self.note.setText(text)
            restyle(self.note, "tone", tone)
