"""The card over the chart's lower left: what nobody has confirmed, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.unknown.view_model import Doubt, Offer
from tradedesk.ui.widgets.layout import column, row, small
from tradedesk.ui.widgets.press_button import PressButton

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock

WIDTH = 372
SHOWN = 2
_LEFT = 12
_BOTTOM = 36
"""Above the time axis."""


class UnknownPanel(QFrame):
    """Lies upon the chart, where the oldest bars are and no tag ever stands.

    Signals
    -------
    settled(str, bool)
        Tag of an order, and whether the person says that the venue has it.
    again_requested(str, object)
        Tag of an order to be sent once more, and the moment of the press.
    dismissed(str)
        Somebody has read it.
    """

    settled = Signal(str, bool)
    again_requested = Signal(str, object)
    dismissed = Signal(str)

    def __init__(self, clock: Clock, over: QWidget) -> None:
        super().__init__(over)
        self.setProperty("role", "alarm")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._over = over
        self.items = [DoubtItem(clock) for _ in range(SHOWN)]
        self.more = small("", "soft")
        layout = column(*self.items, self.more, spacing=12)
        layout.setContentsMargins(14, 12, 14, 12)
        self.setLayout(layout)
        self._shown: tuple[Doubt, ...] = ()
        for item in self.items:
            item.settled.connect(self.settled)
            item.again_requested.connect(self.again_requested)
            item.dismissed.connect(self.dismissed)
        over.installEventFilter(self)
        self.hide()

    @property
    def shown(self) -> tuple[Doubt, ...]:
        """What is shown or waits behind it."""
        return self._shown

    def show_doubts(self, doubts: tuple[Doubt, ...]) -> None:
        """Show others; does nothing if they are the same."""
        if doubts == self._shown:
            return
        self._shown = doubts
        for at, item in enumerate(self.items):
            item.show_doubt(doubts[at] if at < len(doubts) else None)
        rest = len(doubts) - SHOWN
        self.more.setText(f"and {rest} more in the Working tab")
        self.more.setVisible(rest > 0)
        self.setVisible(bool(doubts))
        self.place()

    def place(self) -> None:
        """Stand in the lower left corner, as high as the words need."""
        width = min(WIDTH, self._over.width() - 2 * _LEFT)
        height = (
            self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        )
        self.setGeometry(_LEFT, self._over.height() - height - _BOTTOM, width, height)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the chart's size."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False


class DoubtItem(QWidget):
    """One doubt with its buttons; none of them takes the focus by a click."""

    settled = Signal(str, bool)
    again_requested = Signal(str, object)
    dismissed = Signal(str)

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._doubt: Doubt | None = None
        self.title = QLabel()
        self.title.setFont(fonts.ui_font(METRICS.body_px, fonts.SEMIBOLD))
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setProperty("tone", "soft")
        self.text.setFont(fonts.ui_font(METRICS.title_px))
        self.there = _button("It is there")
        self.absent = _button("It is not there")
        self.again = PressButton("Send again", clock)
        self.close_button = _button("Leave it")
        self._buttons = row(None, self.there, self.absent, self.close_button, self.again)
        layout = column(self.title, self.text, spacing=4)
        layout.addLayout(self._buttons)
        self.setLayout(layout)
        self.there.clicked.connect(lambda: self.settled.emit(self._key, True))
        self.absent.clicked.connect(lambda: self.settled.emit(self._key, False))
        self.close_button.clicked.connect(lambda: self.dismissed.emit(self._key))
        self.again.fired.connect(lambda press: self.again_requested.emit(self._key, press))
        self.hide()

    def show_doubt(self, doubt: Doubt | None) -> None:
        """Show another one; None hides it."""
        self.setVisible(doubt is not None)
        if doubt is None or doubt == self._doubt:
            return
        self._doubt = doubt
        self.title.setText(f"? {doubt.title}")
        self.text.setText(doubt.text)
        settle = doubt.offer is Offer.SETTLE
        self.there.setVisible(settle)
        self.absent.setVisible(settle)
        again = doubt.offer is Offer.SEND_AGAIN
        self.again.setVisible(again)
        self.again.allow(doubt.block, "Place it once more under the same tag")
        self.close_button.setVisible(again or doubt.offer is Offer.READ)
        self.setAccessibleName(f"{doubt.title}: {doubt.text}")

    @property
    def _key(self) -> str:
        return "" if self._doubt is None else self._doubt.key


def _button(text: str) -> QPushButton:
    made = QPushButton(text)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
