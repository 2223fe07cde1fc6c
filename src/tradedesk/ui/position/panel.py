"""The position card: shows a view and asks for exits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from tradedesk.ui import words
from tradedesk.ui.position.cover_strip import CoverStrip
from tradedesk.ui.position.profit_label import ProfitLabel
from tradedesk.ui.position.view_model import PositionView
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import card_title, chip, column, row
from tradedesk.ui.widgets.press_button import PressButton

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock

_PAD = METRICS.card_padding + 2
_TITLE_TONES = {Tone.BUY: "buy", Tone.SELL: "sell"}
_NAMES = ("breakeven", "half", "close", "reverse")


class PositionPanel(QWidget):
    """Position of the selected contract.

    Signals
    -------
    exit_requested(str, object)
        ``breakeven``, ``half``, ``close`` or ``reverse``, and the moment of the press.
    protect_requested(object)
        A stop is wanted for the contracts that have none; the moment of the press.
    """

    exit_requested = Signal(str, object)
    protect_requested = Signal(object)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.badge = chip("")
        self.badge.hide()
        self.title = QLabel()
        self.title.setFont(fonts.figure())
        self.average = QLabel()
        self.average.setProperty("tone", "soft")
        self.pnl = ProfitLabel()
        texts = {
            "breakeven": "Breakeven",
            "half": "Close ½",
            "close": "Close",
            "reverse": "Reverse",
        }
        self.buttons = {name: PressButton(texts[name], clock) for name in _NAMES}
        for name, button in self.buttons.items():
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.setProperty("kind", "tight")
            button.fired.connect(lambda press, name=name: self.exit_requested.emit(name, press))
        self.cover = CoverStrip(clock)
        self.cover.protect.fired.connect(self.protect_requested)
        head = card_title("POSITION")
        head.setFixedHeight(18)
        layout = column(
            row(head, None, self.badge),
            row(self.title, self.average, None, self.pnl),
            self.cover,
            row(*self.buttons.values()),
        )
        layout.setContentsMargins(_PAD, METRICS.card_padding, _PAD, METRICS.card_padding)
        self.setLayout(layout)
        self._view: PositionView | None = None
        self.show_view(PositionView())

    @property
    def view(self) -> PositionView:
        """What is shown now."""
        assert self._view is not None
        return self._view

    def show_view(self, view: PositionView) -> None:
        """Show another view; does nothing if it is the same."""
        if view == self._view:
            return
        self._view = view
        self.title.setText(view.title)
        restyle(self.title, "tone", _TITLE_TONES.get(view.tone, "soft"))
        self.average.setText(view.average)
        self.pnl.show_texts((view.pnl, view.pnl_ticks, view.pnl_points), view.pnl_tone)
        cover = view.cover
        if self.badge.text() != cover.badge:
            self.badge.setText(cover.badge)
        restyle(self.badge, "chip", cover.badge_kind)
        self.badge.setVisible(bool(cover.badge))
        self.cover.show_view(cover)
        average = view.average.removeprefix("@ ")
        self.buttons["breakeven"].allow(
            view.breakeven_block, f"Move the stop to {average} (Ctrl+Shift+E)"
        )
        self.buttons["half"].allow(
            view.half_block, f"Close {view.half_size} of {abs(view.net_size)} at market"
        )
        self.buttons["close"].allow(view.close_block, f"Close {view.title.lower()} at market")
        after = words.position(-view.net_size).lower()
        self.buttons["reverse"].allow(
            view.reverse_block,
            f"Close {view.title.lower()}, cancel its orders, and once that is proven open {after} "
            "with the ticket's bracket",
        )
