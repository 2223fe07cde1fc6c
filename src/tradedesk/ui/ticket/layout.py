"""The widgets of the ticket and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from tradedesk.domain.order import OrderType, Side
from tradedesk.ui import words
from tradedesk.ui.memory import BracketTemplate
from tradedesk.ui.theme.current import Tone
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.field import Field
from tradedesk.ui.widgets.layout import card_title, chip, column, row, small
from tradedesk.ui.widgets.menu_button import MenuButton
from tradedesk.ui.widgets.order_button import OrderButton
from tradedesk.ui.widgets.segments import Segments
from tradedesk.ui.widgets.toggle import CheckBox

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.settings import Settings
    from tradedesk.ui.ticket.draft import Outcome
    from tradedesk.ui.ticket.view_model import TicketInput, TicketView

_TYPES = (("market", "Market"), ("limit", "Limit"), ("stop", "Stop"))
_USUAL = (
    BracketTemplate(8, 16),
    BracketTemplate(20, 40),
    BracketTemplate(20, 0),
    BracketTemplate(40, 80),
)
_PAD = METRICS.card_padding + 2


class TicketWidgets(QObject):
    """Builds the ticket inside `owner` and shows a view in it.

    Signals
    -------
    preset_chosen(int)
        The user took a quantity preset.
    """

    preset_chosen = Signal(int)

    def __init__(self, owner: QWidget, clock: Clock, settings: Settings) -> None:
        super().__init__(owner)
        self.mode = chip("Disarmed")
        self.types = Segments(_TYPES, stretch=True)
        self.types.select("market")
        self.quantity = Field("Qty", steppers=True)
        self.price = Field("Price")
        self.hint = _message(2)
        self.bracket = CheckBox("Bracket")
        self.templates = MenuButton("link")
        self.brackets = bracket_templates(settings)
        texts = [*(bracket.text for bracket in self.brackets), "Templates"]
        metrics = self.templates.fontMetrics()
        width = max(metrics.horizontalAdvance(f"{text} ▾") for text in texts)
        self.templates.setFixedWidth(width + 4)
        self.stop = Field("Stop", unit="t", note_widest="−$1,000.00", tone=Tone.STOP)
        self.target = Field("Target", unit="t", note_widest="+$1,000.00", tone=Tone.TARGET)
        self.risk = _message(1)
        self.buttons = {side: OrderButton(side, clock) for side in (Side.SELL, Side.BUY)}
        self.feedback = _message(2)
        self._presets = QButtonGroup(self)
        presets = row(*(self._preset(size) for size in settings.order_size_presets))
        layout = column(
            row(card_title("ORDER"), None, self.mode),
            self.types,
            column(row(self.quantity, self.price), self.hint, spacing=4),
            presets,
            row(self.bracket, None, self.templates),
            column(row(self.stop, self.target), self.risk, spacing=4),
            row(self.buttons[Side.SELL], self.buttons[Side.BUY]),
            self.feedback,
        )
        layout.setContentsMargins(_PAD, METRICS.card_padding, _PAD, 4)
        for left, right in ((self.quantity, self.price), (self.stop, self.target)):
            _share(left, right)
        owner.setLayout(layout)

    @property
    def presets(self) -> list[QAbstractButton]:
        """The quantity presets, in the order of the settings."""
        return self._presets.buttons()

    def show_view(self, entered: TicketInput, view: TicketView) -> None:
        """Show everything; what has not changed is left alone."""
        reading = view.reading
        market = entered.type is OrderType.MARKET
        self.types.select(entered.type.word.lower())
        self.quantity.show_text(entered.quantity)
        self.quantity.show_error(reading.quantity_error)
        self.price.show_text("" if market else entered.price)
        self.price.allow(not market, "market" if market else "")
        self.price.show_error(reading.price_error)
        _tell(self.hint, view.hint, wrong=bool(reading.quantity_error or reading.price_error))
        self._mark_preset(reading.quantity)
        self._show_bracket(entered, view)
        quantity = words.NONE if reading.quantity is None else str(reading.quantity)
        suffix = "" if market else f" {entered.type.word.upper()}"
        for side, outcome in ((Side.SELL, view.sell), (Side.BUY, view.buy)):
            title = f"{side.word.upper()} {quantity}{suffix}"
            self._show_button(side, title, outcome)

    def _show_bracket(self, entered: TicketInput, view: TicketView) -> None:
        self.bracket.setChecked(entered.bracket_on)
        legs = view.reading.bracket
        known = [
            b.text
            for b in self.brackets
            if (b.stop_ticks, b.target_ticks) == (legs.stop_ticks or 0, legs.target_ticks or 0)
        ]
        self.templates.show_text(known[0] if known and entered.bracket_on else "Templates")
        stop_error, target_error = view.reading.stop_error, view.reading.target_error
        for field, text, money, error in (
            (self.stop, entered.stop, view.stop_money, stop_error),
            (self.target, entered.target, view.target_money, target_error),
        ):
            field.show_text(text)
            field.allow(entered.bracket_on)
            field.show_note(money if entered.bracket_on else "")
            field.show_error(error)
        _tell(
            self.risk,
            stop_error or target_error or view.risk,
            wrong=bool(stop_error or target_error),
        )

    def _show_button(self, side: Side, title: str, outcome: Outcome) -> None:
        self.buttons[side].show_state(title, outcome.detail, outcome.refusal)

    def _preset(self, size: int) -> QPushButton:
        button = QPushButton(str(size))
        button.setProperty("kind", "preset")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.preset_chosen.emit(size))
        self._presets.addButton(button, size)
        return button

    def _mark_preset(self, quantity: int | None) -> None:
        self._presets.setExclusive(False)
        for button in self._presets.buttons():
            button.setChecked(self._presets.id(button) == quantity)
        self._presets.setExclusive(True)


def bracket_templates(settings: Settings) -> list[BracketTemplate]:
    """What the template menu offers: the bracket of the settings among the usual ones."""
    own = BracketTemplate(settings.stop_ticks, settings.target_ticks)
    least = settings.min_bracket_ticks
    usual = [b for b in _USUAL if min(b.stop_ticks, b.target_ticks or least) >= least]
    return sorted({own, *usual}, key=lambda b: (b.stop_ticks, -b.target_ticks))


def _message(lines: int) -> QLabel:
    """A sentence with room kept for it, so that its coming moves nothing."""
    label = small(wrap=True)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    label.setFixedHeight(lines * (label.fontMetrics().height() + 1))
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return label


def _share(*fields: QWidget) -> None:
    """Let fields beside each other be equally wide."""
    for field in fields:
        field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)


def _tell(label: QLabel, text: str, *, wrong: bool) -> None:
    if label.text() != text:
        label.setText(text)
    restyle(label, "tone", "error" if wrong else "label")
