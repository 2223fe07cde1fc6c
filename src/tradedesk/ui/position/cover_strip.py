"""The line of the position card that tells how the position is covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import row
from tradedesk.ui.widgets.press_button import PressButton
from tradedesk.ui.widgets.shield_mark import ShieldMark

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.ui.cover_words import CoverView

HEIGHT = 34


class CoverStrip(QFrame):
    """Always as high, so that the exits below it never move under the pointer.

    Attributes
    ----------
    protect : PressButton
        Places a stop; there only while contracts are bare.
    """

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("cover", "quiet")
        self.setFixedHeight(HEIGHT)
        self.mark = ShieldMark()
        self.text = QLabel()
        self.text.setFont(fonts.ui_font(METRICS.title_px))
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.protect = PressButton("Place stop", clock, "danger")
        self.protect.setFixedHeight(26)
        self.protect.setToolTip("Place a stop for the contracts that have none")
        self.protect.hide()
        layout = row(self.mark, self.text, self.protect)
        layout.setContentsMargins(0, 0, 3, 0)
        self.setLayout(layout)

    def show_view(self, view: CoverView) -> None:
        """Show another cover; what has not changed is left alone."""
        self.mark.show_state(view.state)
        self.mark.setVisible(view.state is not None)
        text = view.text or "No position, nothing to cover"
        if self.text.text() != text:
            self.text.setText(text)
        tone = "sell" if view.is_bare else "label" if view.state is None else "soft"
        restyle(self.text, "tone", tone)
        restyle(self, "cover", "bare" if view.is_bare else "quiet")
        left = 8 if view.is_bare else 0
        margins = self.contentsMargins()
        if margins.left() != left:
            self.setContentsMargins(left, 0, 0, 0)
        self.protect.setVisible(view.is_bare)
        if self.toolTip() != view.tip:
            self.setToolTip(view.tip)
