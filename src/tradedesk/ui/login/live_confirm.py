"""The typed confirmation before the first arming on real money."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import column, row

PHRASE = "TRADE LIVE"


class LiveConfirmDialog(QDialog):
    """Accepted only when the phrase was typed; asked once for each venue."""

    def __init__(self, venue: str, account: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Real account — tradedesk")
        self.setFixedWidth(420)
        head = QLabel(f"{account} at {venue}")
        head.setFont(fonts.ui_font(METRICS.figure_px, fonts.SEMIBOLD))
        head.setProperty("tone", "warn")
        head.setWordWrap(True)
        text = QLabel(
            "Orders placed while armed go to this venue at once, with one click and without "
            f"another question. Type {PHRASE} to allow it. This is asked once for this venue."
        )
        text.setWordWrap(True)
        text.setProperty("tone", "soft")
        self.phrase = QLineEdit()
        self.phrase.setPlaceholderText(PHRASE)
        self.phrase.setAccessibleName(f"Type {PHRASE}")
        self.accept_button = QPushButton("Allow arming")
        self.accept_button.setProperty("kind", "primary")
        self.accept_button.setEnabled(False)
        self.cancel_button = QPushButton("Stay disarmed")
        layout = column(
            head, text, self.phrase, row(None, self.cancel_button, self.accept_button), spacing=12
        )
        layout.setContentsMargins(20, 20, 20, 16)
        self.setLayout(layout)
        self.phrase.textEdited.connect(
            lambda typed: self.accept_button.setEnabled(typed.strip() == PHRASE)
        )
        self.accept_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        self.cancel_button.setAutoDefault(False)
