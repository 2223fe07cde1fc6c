"""Holding B or S: a click places what the aim line says.

Ctrl forces a stop, Shift a limit, Alt takes the bracket the other way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

from tradedesk.domain.order import OrderType, Side
from tradedesk.ui.chart.gestures import Gesture
from tradedesk.ui.chart.placing import Wish
from tradedesk.ui.chart.tools.tool import KeyStroke, Press, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.aiming import Aim
    from tradedesk.ui.chart.placing import Offer
    from tradedesk.ui.chart.stage import Stage

_KEYS: Final = {Qt.Key.Key_B.value: Side.BUY, Qt.Key.Key_S.value: Side.SELL}
_HELD: Final = {
    Qt.Key.Key_Control.value: Qt.KeyboardModifier.ControlModifier,
    Qt.Key.Key_Shift.value: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Alt.value: Qt.KeyboardModifier.AltModifier,
}


def wish_of(modifiers: Qt.KeyboardModifier) -> Wish:
    """What held modifiers ask for; Ctrl and Shift together ask for nothing."""
    stop = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    limit = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    force = None if stop is limit else OrderType.STOP if stop else OrderType.LIMIT
    return Wish(force, bool(modifiers & Qt.KeyboardModifier.AltModifier))


class AimTool(Tool):
    """Shows the offer under the pointer while the key is down, and places it with a click."""

    def __init__(self, stage: Stage, aim: Aim, place: Callable[[Offer, int], None]) -> None:
        self._stage, self._aim, self._place = stage, aim, place

    @property
    def level_shown(self) -> bool:  # type: ignore[override]
        """The aim line is one."""
        return self._stage.aim.mark is not None

    def over(self, at: QPointF) -> bool:
        """In the price pane while a key is held."""
        return self._aim.offer_at(at) is not None

    def show(self, at: QPointF | None) -> None:
        """Draw the aim line."""
        self._aim.show(at)

    def begin(self, press: Press) -> Gesture | None:
        """Hold the offer: the order is bound to the price under the press."""
        offered = self._aim.pressed_at(press.at, wish_of(press.modifiers))
        if offered is None:
            return None
        return PlaceHere(self._stage, self._aim, offered, press, self._place)

    def key_pressed(self, stroke: KeyStroke) -> bool:
        """Begin to aim, or change what is aimed with."""
        if stroke.key in _HELD and self._aim.side is not None:
            self._aim.wish = wish_of(stroke.modifiers | _HELD[stroke.key])
            return True
        if stroke.key not in _KEYS:
            return False
        if stroke.repeated:
            return True
        if not stroke.plain:
            return False
        self._aim.side, self._aim.wish = _KEYS[stroke.key], Wish()
        return True

    def key_released(self, stroke: KeyStroke) -> bool:
        """Letting go of the key ends the aim; a click that has begun goes on."""
        if stroke.key in _HELD and self._aim.side is not None:
            self._aim.wish = wish_of(stroke.modifiers & ~_HELD[stroke.key])
            return True
        side = _KEYS.get(stroke.key)
        if side is None:
            return False
        if not stroke.repeated and self._aim.side is side:
            self._aim.side, self._aim.wish = None, Wish()
        return True

    def drop(self) -> bool:
        """Stop aiming."""
        return self.focus_lost()

    def focus_lost(self) -> bool:
        """The key's release would go elsewhere: end the aim now."""
        aiming = self._aim.side is not None
        self._aim.side, self._aim.wish = None, Wish()
        return aiming


class PlaceHere(Gesture):
    """Places on release what was aimed at under the press, wherever in the pane that is."""

    level_shown = True
    trades = True

    def __init__(
        self,
        stage: Stage,
        aim: Aim,
        offer: Offer,
        press: Press,
        place: Callable[[Offer, int], None],
    ) -> None:
        self._stage, self._aim, self._offer, self._place = stage, aim, offer, place
        self._press_ns = press.mono_ns
        aim.hold(offer)
        aim.show(press.at)

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The label follows; the price is that of the press."""
        self._aim.show(at)

    def release(self, at: QPointF) -> None:
        """Ask for the order, unless the pointer was taken out of the pane.

        An offer that refuses is explained by its label and goes no further.
        """
        self._aim.hold(None)
        if self._stage.model.panes.price.contains(at) and not self._offer.refusal:
            self._place(self._offer, self._press_ns)

    def abort(self) -> None:
        """Nothing was asked for."""
        self._aim.hold(None)
