"""The order ticket: builds its widgets, reads them, shows what the view model makes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from tradedesk.domain.order import OrderType, Side
from tradedesk.ui.memory import BracketTemplate
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.ticket.draft import Outcome, TicketContext, outcome
from tradedesk.ui.ticket.feedback import Feedback
from tradedesk.ui.ticket.layout import TicketWidgets
from tradedesk.ui.ticket.preset_keys import PresetKeys
from tradedesk.ui.ticket.slip_guard import SlipGuard
from tradedesk.ui.ticket.view_model import Reading, TicketInput, TicketView, evaluate, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.clock import Clock
    from tradedesk.domain.settings import Settings
    from tradedesk.services.order_plan import Bracket
    from tradedesk.ui.memory import WindowMemory

_TYPES = {"market": OrderType.MARKET, "limit": OrderType.LIMIT, "stop": OrderType.STOP}


class TicketPanel(QWidget):
    """Order ticket.

    Signals
    -------
    order_requested(OrderDraft, object)
        Place this; the second value is the monotonic moment of the press.
    phantom_changed(object)
        Draft under the pointer, or None when the pointer left.
    changed()
        Quantity, bracket or type changed: the chart and the settings may want to know.
    """

    order_requested = Signal(object, object)
    phantom_changed = Signal(object)
    changed = Signal()

    def __init__(
        self,
        clock: Clock,
        settings: Settings,
        memory: WindowMemory,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._context = self._limited(TicketContext())
        self._slips = SlipGuard()
        self._entered = TicketInput(
            quantity=str(min(memory.size, settings.max_order_size)),
            bracket_on=memory.bracket_on,
            stop=str(memory.bracket.stop_ticks),
            target=str(memory.bracket.target_ticks),
        )
        self.widgets = TicketWidgets(self, clock, settings)
        self._view = evaluate(self._entered, self._context)
        self._feedback = Feedback(self.widgets.feedback)
        self._hovered: Side | None = None
        self.preset_keys = PresetKeys(self, self._take_preset, len(settings.order_size_presets))
        self._connect()
        self._show()

    # --- what others ask ----------------------------------------------------------------------

    @property
    def view(self) -> TicketView:
        """What is shown now."""
        return self._view

    @property
    def entered(self) -> TicketInput:
        """What the fields hold now."""
        return self._entered

    @property
    def context(self) -> TicketContext:
        """What orders are held against now."""
        return self._context

    @property
    def template(self) -> BracketTemplate:
        """The bracket in the fields; unreadable legs count as left out."""
        legs = self._view.reading.bracket
        return BracketTemplate(legs.stop_ticks or 0, legs.target_ticks or 0)

    def use(self, settings: Settings) -> None:
        """Hold orders against other limits from now on."""
        self._settings = settings
        self._context = self._limited(self._context)
        self._show()

    def set_context(self, context: TicketContext) -> None:
        """The market, the position or the permission to trade changed."""
        context = self._limited(context)
        if context == self._context:
            return
        other = context.instrument != self._context.instrument
        if context.block != self._context.block:
            self._feedback.clear_message()
        self._context = context
        if other:
            self._entered = replace(self._entered, price="")
        self._show()

    def set_armed(self, armed: bool) -> None:
        """Say in the card's title whether one click trades."""
        chip = self.widgets.mode
        chip.setText("One click" if armed else "Disarmed")
        restyle(chip, "chip", "plain")

    def say(self, text: str, tone: str = "label") -> None:
        """Show one sentence under the buttons; it stays until the next one."""
        self._feedback.say(text, tone)
        self._show_message()

    def show_refusal(self, why: Callable[[], str]) -> None:
        """Answer a press that did nothing: ``why`` is asked anew, empty once it would act."""
        self._feedback.refuse(why)
        self._show_message()

    def _show_message(self) -> None:
        self._feedback.show(self._blocked_text())

    def _blocked_text(self) -> str:
        """The whole reason why nothing can be placed; the buttons have room for its beginning."""
        block = self._context.block
        return block and self._view.buy.refusal

    @property
    def fields(self) -> Reading:
        """Quantity and bracket as the fields hold them, also while the bracket is off."""
        return read(replace(self._entered, bracket_on=True), self._context)

    def outcome_at(
        self, side: Side, type: OrderType, price_ticks: int, size: int, bracket: Bracket
    ) -> Outcome:
        """What an order of the chart would do under this ticket's limits."""
        return outcome(self._context, side, type, size, price_ticks, bracket)

    def fill(self, entered: TicketInput) -> None:
        """Put something else into the fields; nothing is placed."""
        self._entered = entered
        self._enter()

    def accept_press(self, side: Side, press_ns: int) -> bool:
        """Whether this press counts; a second one right after the first is a slip of the hand."""
        slip = self._slips.note(side, press_ns)
        if slip:
            self.say(slip, "warn")
        return not slip

    # --- inside -------------------------------------------------------------------------------

    def _connect(self) -> None:
        w = self.widgets
        w.types.chosen.connect(self._choose_type)
        w.quantity.edited.connect(lambda text: self._enter(quantity=text))
        w.quantity.stepped.connect(self._step_quantity)
        w.price.edited.connect(lambda text: self._enter(price=text))
        w.price.stepped.connect(self._step_price)
        w.preset_chosen.connect(lambda size: self._enter(quantity=str(size)))
        w.bracket.toggled.connect(lambda on: self._enter(bracket_on=on))
        w.stop.edited.connect(lambda text: self._enter(stop=text))
        w.target.edited.connect(lambda text: self._enter(target=text))
        w.stop.stepped.connect(lambda step: self._step_leg("stop", step))
        w.target.stepped.connect(lambda step: self._step_leg("target", step))
        w.templates.chosen.connect(self._take_template)
        w.templates.offer(
            lambda: [(f"{b.stop_ticks}/{b.target_ticks}", b.text) for b in w.brackets]
        )
        for side, button in w.buttons.items():
            button.fired.connect(lambda press, side=side: self._press(side, press))
            button.refused.connect(lambda _text, side=side: self._refuse(side))
            button.hovered.connect(lambda inside, side=side: self._hover(side, inside))

    def _limited(self, context: TicketContext) -> TicketContext:
        """The same with the limits of the settings, which nobody else has to know."""
        s = self._settings
        return replace(context, max_size=s.max_order_size, min_bracket=s.min_bracket_ticks)

    def _enter(self, **fields: object) -> None:
        self._entered = replace(self._entered, **fields)  # type: ignore[arg-type]
        self._feedback.forget()
        self._show()
        self.changed.emit()

    def _choose_type(self, key: str) -> None:
        price = self._entered.price
        last = self._context.last_ticks
        if _TYPES[key] is not OrderType.MARKET and not price and self._context.instrument:
            price = "" if last is None else self._context.instrument.tick.text(last)
        self._enter(type=_TYPES[key], price=price)

    def _step_quantity(self, step: int) -> None:
        now = self._view.reading.quantity
        if now is None:
            now = self._settings.order_size - step
        self._enter(quantity=str(min(max(1, now + step), self._settings.max_order_size)))

    def _step_price(self, step: int) -> None:
        instrument = self._context.instrument
        now = self._view.reading.price_ticks
        if now is None:
            now, step = self._context.last_ticks, 0
        if instrument is not None and now is not None:
            self._enter(price=instrument.tick.text(max(1, now + step)))

    def _step_leg(self, leg: str, step: int) -> None:
        text = getattr(self._entered, leg).strip()
        now = int(text) if text.isascii() and text.isdigit() else 20
        self._enter(**{leg: str(max(0, now + step))})

    def _take_preset(self, at: int) -> None:
        self._enter(quantity=str(self._settings.order_size_presets[at]))

    def _take_template(self, key: str) -> None:
        stop, target = key.split("/")
        self._enter(bracket_on=True, stop=stop, target=target)

    def _press(self, side: Side, press_ns: int) -> None:
        draft = self._outcome(side).draft
        if draft is not None and self.accept_press(side, press_ns):
            self.say("")
            self.order_requested.emit(draft, press_ns)

    def _refuse(self, side: Side) -> None:
        self.show_refusal(lambda: self._outcome(side).refusal)

    def _hover(self, side: Side, inside: bool) -> None:
        self._hovered = side if inside else None
        self._tell_phantom()

    def _tell_phantom(self) -> None:
        side = self._hovered
        self.phantom_changed.emit(None if side is None else self._outcome(side).draft)

    def _outcome(self, side: Side) -> Outcome:
        return self._view.buy if side is Side.BUY else self._view.sell

    def _show(self) -> None:
        self._view = evaluate(self._entered, self._context)
        with QSignalBlocker(self.widgets.bracket):
            self.widgets.show_view(self._entered, self._view)
        self._show_message()
        if self._hovered is not None:
            self._tell_phantom()
