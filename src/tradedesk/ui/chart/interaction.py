"""Hands mouse and keys to the tools of the chart: one gesture at a time, the first tool first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt

from tradedesk.ui.chart.held_keys import HeldKeys
from tradedesk.ui.chart.keys import physical_key
from tradedesk.ui.chart.pointer_place import PointerPlace
from tradedesk.ui.chart.tools.tool import KeyStroke, Press
from tradedesk.ui.chart.under_pointer import owner_of, show_pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QKeyCombination
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

    from tradedesk.ui.chart.gestures import Gesture
    from tradedesk.ui.chart.stage import Stage
    from tradedesk.ui.chart.tools.tool import Tool

_NOTCH: Final = 120.0
_ZOOM_A_NOTCH: Final = 1.15
_PAN_A_NOTCH: Final = 64.0
_CALM_NS: Final = 7_000_000
_LEFT: Final = Qt.MouseButton.LeftButton
_CTRL: Final = Qt.KeyboardModifier.ControlModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier


class Interaction:
    """The chart's `EventSink`.

    Parameters
    ----------
    stage : Stage
        What is seen.
    tools : sequence of Tool
        Those that win stand first. The last one takes every press that is left.
    mono_ns : callable
        Monotonic nanoseconds; presses are stamped with it.
    menu : callable
        Opens the menu of the price pane for a press of the right button.
    pointer : callable
        Told where the pointer is over the plot, None when it is not.
    """

    def __init__(
        self,
        stage: Stage,
        tools: Sequence[Tool],
        mono_ns: Callable[[], int],
        menu: Callable[[Press], None],
        pointer: Callable[[QPointF | None], None],
    ) -> None:
        self._stage = stage
        self._tools = tuple(tools)
        self._mono_ns = mono_ns
        self._menu = menu
        self._tell_pointer = pointer
        self._gesture: Gesture | None = None
        self._held = HeldKeys()
        self._pointer = PointerPlace(stage.view.viewport())
        self._shown_ns = 0
        self._seen = 0
        self._dirty = False

    # --- mouse --------------------------------------------------------------------------------

    def pressed(self, event: QMouseEvent) -> None:
        """Begin a gesture, or open a menu."""
        self._let_go()
        self._stage.catch_up(moved=True)
        press = self._press(event)
        if self._gesture is not None:
            if event.button() != _LEFT:
                return
            self.abort()  # Its release never came here, and this press is not the end of it.
        if event.button() == Qt.MouseButton.RightButton:
            owner = owner_of(self._tools, press.at)
            opened = owner is not None and owner.menu(press)
            if not opened and self._stage.model.panes.price.contains(press.at):
                self._menu(press)
        elif event.button() == _LEFT:
            self._gesture = self._begin(press)
            self._show_pointer(press.at)

    def moved(self, event: QMouseEvent) -> None:
        """Feed the gesture, or show what is under the pointer; at most once in some ms."""
        self._let_go()
        self._stage.catch_up(moved=True)
        self._pointer.take(event.position())
        if self._gesture is not None and not event.buttons() & _LEFT:
            self.abort()  # The button went up where nobody told, such as over a dialog.
        if self._gesture is not None:
            self._gesture.move(event.position(), event.modifiers())
        self._dirty = True
        if self._mono_ns() - self._shown_ns >= _CALM_NS:
            self.catch_up()

    def released(self, event: QMouseEvent) -> None:
        """End the gesture."""
        if event.button() != _LEFT or self._gesture is None:
            return
        self._stage.catch_up(moved=True)
        gesture, self._gesture = self._gesture, None
        if event.position() != self._pointer.at:
            # Only then: a pointer at rest means another price once the scale has changed, and what
            # is asked for is what was shown.
            gesture.move(event.position(), event.modifiers())
        gesture.release(event.position())
        self._show_pointer(event.position())

    def double_clicked(self, event: QMouseEvent) -> None:
        """What the tool there makes of it; else it is one more press."""
        if event.button() != _LEFT:
            return
        press = self._press(event)
        owner = owner_of(self._tools, press.at) or self._tools[-1]
        if not owner.double_clicked(press):
            self.pressed(event)

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom; with Shift or sideways pan."""
        view = self._stage.model.viewport
        turn = event.angleDelta()
        sideways = event.modifiers() & _SHIFT or abs(turn.x()) > abs(turn.y())
        notches = (turn.x() or turn.y() if sideways else turn.y()) / _NOTCH
        if sideways:
            view.pan(notches * _PAN_A_NOTCH)
        elif notches:
            at_pointer = event.modifiers() & _CTRL or not view.following
            x = min(event.position().x(), view.width) if at_pointer else None
            view.zoom(_ZOOM_A_NOTCH**notches, x, whole_pixels=notches == int(notches))
        self._tell_pointer(event.position())
        self._stage.view_changed()

    def left(self) -> None:
        """Hide what belongs to the pointer."""
        self._pointer.take(None)
        if self._gesture is None:
            self._show_pointer(None)

    # --- keys ---------------------------------------------------------------------------------

    def key_pressed(self, event: QKeyEvent) -> bool:
        """Esc leaves one layer; every other key is offered to the tools."""
        repeated = self._held.joins(event)
        self._let_go()
        self._stage.catch_up(moved=True)
        stroke = _stroke(event, repeated=repeated)
        if stroke.key == Qt.Key.Key_Escape.value:
            return self.abort()
        return self._offer(taken=any(tool.key_pressed(stroke) for tool in self._tools))

    def take_letter(self, keys: QKeyCombination) -> None:
        """A letter that was pressed elsewhere, with what was held."""
        held = keys.keyboardModifiers()
        stroke = KeyStroke(keys.key().value, "", plain=False, repeated=False, modifiers=held)
        self._offer(taken=any(tool.key_pressed(stroke) for tool in self._tools))

    def key_released(self, event: QKeyEvent) -> bool:
        """Offered to the tools, once it is certain."""
        self._let_go()
        stroke = _stroke(event)
        if self._held.keep(event, stroke, self._mono_ns()):
            return True
        return self._release(stroke)

    def focus_lost(self) -> None:
        """What was held will not be let go of here: neither the button nor a key."""
        self._let_go()
        if self._gesture is not None:
            self.abort()
        lost = [tool for tool in self._tools if tool.focus_lost()]
        self._offer(taken=bool(lost))

    def abort(self) -> bool:
        """Esc: end the gesture, else what a tool has begun; tells whether there was anything."""
        if self._gesture is not None:
            self._gesture.abort()
            self._gesture = None
        elif not any(tool.drop() for tool in self._tools):
            return False
        self._show_pointer(self._pointer.at)
        return True

    def abort_trading(self) -> bool:
        """End a gesture that would ask the venue for something; tells whether there was one."""
        if self._gesture is None or not self._gesture.trades:
            return False
        return self.abort()

    def end_lost(self) -> str:
        """End a gesture that what changed has made void; gives the reason, else nothing."""
        reason = "" if self._gesture is None else self._gesture.lost()
        if reason:
            self.abort()
        return reason

    def abort_all(self) -> None:
        """End everything that is under way."""
        while self.abort():
            pass

    def frame(self) -> None:
        """Once a frame: show what lies under the pointer by now, and the pointer where it is.

        One at rest lies on something else when the view has changed under it, and what a click
        would place depends on the market.
        """
        stamp = self._stage.model.stamp
        if stamp != self._seen or self._stage.aim.mark is not None:
            self._seen = stamp
            self.show_again()
        self.catch_up()

    def catch_up(self) -> None:
        """Show the newest pointer position if it is not on screen yet."""
        if self._held.is_due(self._mono_ns()):
            self._let_go()
        if self._dirty:
            self._show_pointer(self._pointer.at)

    def show_again(self) -> None:
        """What is under a resting pointer may have changed."""
        if self._pointer.at is not None:
            self._show_pointer(self._pointer.at)

    # --- parts --------------------------------------------------------------------------------

    def _let_go(self) -> None:
        """What is heard after a release without its press proves that the key went up."""
        stroke = self._held.give() if self._held.keeps else None
        if stroke is not None:
            self._release(stroke)

    def _release(self, stroke: KeyStroke) -> bool:
        return self._offer(taken=any(tool.key_released(stroke) for tool in self._tools))

    def _offer(self, *, taken: bool) -> bool:
        if taken:
            self._show_pointer(self._pointer.at)
        return taken

    def _press(self, event: QMouseEvent) -> Press:
        now = self._mono_ns()
        return Press(event.position(), event.globalPosition(), event.modifiers(), now)

    def _begin(self, press: Press) -> Gesture | None:
        for tool in self._tools:
            found = tool.begin(press)
            if found is not None:
                return found
        return None

    def _show_pointer(self, at: QPointF | None) -> None:
        self._shown_ns, self._dirty = self._mono_ns(), False
        self._tell_pointer(show_pointer(self._stage, self._tools, self._gesture, at))


def _stroke(event: QKeyEvent, *, repeated: bool = False) -> KeyStroke:
    modifiers = event.modifiers()
    return KeyStroke(
        key=physical_key(event),
        text=event.text(),
        plain=not modifiers & ~_KEYPAD,
        repeated=repeated or event.isAutoRepeat(),
        modifiers=modifiers,
    )
