"""The band across the window while the kill switch is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from tradedesk.ui.lock_words import RELEASE_WORD
from tradedesk.ui.theme import fonts
from tradedesk.ui.widgets.layout import row

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

HEIGHT = 40


class KillBand(QWidget):
    """Says that the switch is on, and lets it go for the typed word.

    Signals
    -------
    release_requested(str)
        The word was typed.
    """

    release_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("band", "kill")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.text = QLabel()
        self.text.setFont(fonts.ui_font(weight=fonts.SEMIBOLD))
        self.hint = QLabel("Window frozen or gone? “tradedesk panic” in a terminal does the same.")
        self.release = _button("Release…")
        self.word = QLineEdit()
        self.word.setPlaceholderText(f"Type {RELEASE_WORD}")
        self.word.setAccessibleName(f"Type {RELEASE_WORD} to allow entries again")
        self.word.setFixedWidth(150)
        self.confirm = _button("Allow entries again")
        self.keep = _button("Keep it on")
        inside = row(
            self.text, None, self.hint, self.release, self.word, self.confirm, self.keep, spacing=12
        )
        inside.setContentsMargins(14, 0, 12, 0)
        self.setLayout(inside)
        self.release.clicked.connect(lambda: self._ask(asking=True))
        self.keep.clicked.connect(lambda: self._ask(asking=False))
        self.confirm.clicked.connect(self._confirm)
        self.word.textEdited.connect(self._typed)
        self.word.returnPressed.connect(self._confirm)
        self._ask(asking=False)
        self.hide()

    def show_since(self, since: str) -> None:
        """Show the band with the moment of the trip, or take it away if that is empty."""
        if since:
            self.text.setText(f"■ KILL SWITCH ON since {since}: entries off, exits still go")
        elif self.isVisible():
            self._ask(asking=False)
        self.setVisible(bool(since))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves it on."""
        if event.key() == Qt.Key.Key_Escape and self.word.isVisible():
            self._ask(asking=False)
            return
        super().keyPressEvent(event)

    def _ask(self, *, asking: bool) -> None:
        self.hint.setVisible(not asking)
        self.release.setVisible(not asking)
        for widget in (self.word, self.confirm, self.keep):
            widget.setVisible(asking)
        self.word.clear()
        self._typed("")
        if asking:
            self.word.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self, text: str) -> None:
        self.confirm.setEnabled(text.strip() == RELEASE_WORD)

    def _confirm(self) -> None:
        if self.confirm.isEnabled():
            word = self.word.text().strip()
            self._ask(asking=False)
            self.release_requested.emit(word)


def _button(text: str) -> QPushButton:
    made = QPushButton(text)
    made.setProperty("kind", "onkill")
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
