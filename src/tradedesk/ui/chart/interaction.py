"""Turns mouse and keys into views, moves, cancels and orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt

from tradedesk.domain.order import Side
from tradedesk.ui.chart.gestures import (
    Gesture,
    MoveLine,
    Pan,
    PlaceHere,
    PressCross,
    ScalePrices,
    ScaleTime,
)
from tradedesk.ui.chart.keys import physical_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

    from tradedesk.ui.chart.aiming import Aim
    from tradedesk.ui.chart.placing import Offer
    from tradedesk.ui.chart.stage import Stage

_NOTCH: Final = 120.0
_ZOOM_A_NOTCH: Final = 1.15
_PAN_A_NOTCH: Final = 64.0
_CALM_NS: Final = 7_000_000
_AIM_KEYS: Final = {Qt.Key.Key_B.value: Side.BUY, Qt.Key.Key_S.value: Side.SELL}
_LIVE_KEYS: Final = (Qt.Key.Key_End.value, Qt.Key.Key_Space.value)
_CTRL: Final = Qt.KeyboardModifier.ControlModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_PLAIN: Final = Qt.KeyboardModifier.NoModifier | Qt.KeyboardModifier.KeypadModifier


@dataclass(frozen=True, slots=True)
class Requests:
    """Where wishes go. Press moments are nanoseconds of the clock given to the chart."""

    place: Callable[[Offer, int], None]
    move: Callable[[str, int, int], None]
    cancel: Callable[[str, int], None]
    menu: Callable[[QPointF, QPointF], None]
    interval: Callable[[str], None]
    pointer: Callable[[QPointF | None], None]
    reset: Callable[[], None]
    live: Callable[[], None]


class Interaction:
    """The chart's `EventSink`: at most one gesture at a time, the aim beside it."""

    def __init__(
        self, stage: Stage, aim: Aim, mono_ns: Callable[[], int], requests: Requests
    ) -> None:
        self._stage = stage
        self._mono_ns = mono_ns
        self._requests = requests
        self.aim = aim
        self._gesture: Gesture | None = None
        self._pointer: QPointF | None = None
        self._shown_ns = 0
        self._dirty = False

    # --- mouse --------------------------------------------------------------------------------

    def pressed(self, event: QMouseEvent) -> None:
        """Begin a gesture, or open the menu."""
        press_ns = self._mono_ns()
        at = event.position()
        if event.button() == Qt.MouseButton.RightButton and self._gesture is None:
            if self._stage.model.panes.price.contains(at):
                self._requests.menu(at, event.globalPosition())
        elif event.button() == Qt.MouseButton.LeftButton and self._gesture is None:
            self._gesture = self._begin(at, press_ns)
            self._show_pointer(at)

    def moved(self, event: QMouseEvent) -> None:
        """Feed the gesture, or show what is under the pointer; at most once in some ms."""
        self._pointer = event.position()
        if self._gesture is not None:
            self._gesture.move(self._pointer, event.modifiers())
        self._dirty = True
        if self._mono_ns() - self._shown_ns >= _CALM_NS:
            self.catch_up()

    def released(self, event: QMouseEvent) -> None:
        """End the gesture."""
        if event.button() != Qt.MouseButton.LeftButton or self._gesture is None:
            return
        gesture, self._gesture = self._gesture, None
        self.aim.hold(None)
        gesture.move(event.position(), event.modifiers())
        gesture.release(event.position())
        self._show_pointer(event.position())

    def double_clicked(self, event: QMouseEvent) -> None:
        """On an axis back to automatic, in the pane reset; never while aiming."""
        at, stage = event.position(), self._stage
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.aim.side is not None or stage.overlay.tag_at(at) or stage.pill.holds(at):
            self.pressed(event)
        elif stage.model.panes.price_axis.contains(at):
            stage.model.viewport.auto_y = True
            stage.view_changed()
        else:
            self._requests.reset()

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
        self._requests.pointer(event.position())
        self._stage.view_changed()

    def left(self) -> None:
        """Hide what belongs to the pointer."""
        self._pointer = None
        if self._gesture is None:
            self._show_pointer(None)

    # --- keys ---------------------------------------------------------------------------------

    def key_pressed(self, event: QKeyEvent) -> bool:
        """Aim, abort, back to live, or a digit for the bar size."""
        key = physical_key(event)
        plain = not event.modifiers() & ~_PLAIN
        if key == Qt.Key.Key_Escape.value:
            return self.abort()
        if event.isAutoRepeat():
            return key in _AIM_KEYS
        if key in _AIM_KEYS and plain:
            self.aim.side = _AIM_KEYS[key]
            self._show_pointer(self._pointer)
        elif key in _LIVE_KEYS and plain:
            self._requests.live()
        elif plain and event.text().isdigit() and event.text() != "0":
            self._requests.interval(event.text())
        else:
            return False
        return True

    def key_released(self, event: QKeyEvent) -> bool:
        """Letting go of the key ends the aim; a click that has begun goes on."""
        side = _AIM_KEYS.get(physical_key(event))
        if side is None:
            return False
        if not event.isAutoRepeat() and self.aim.side is side:
            self.aim.side = None
            self._show_pointer(self._pointer)
        return True

    def focus_lost(self) -> None:
        """The key's release would go elsewhere: end the aim now."""
        if self.aim.side is not None:
            self.aim.side = None
            self._show_pointer(self._pointer)

    def abort(self) -> bool:
        """Esc: end the gesture, else the aim; tells whether there was one."""
        if self._gesture is not None:
            self._gesture.abort()
            self._gesture = None
            self.aim.hold(None)
        elif self.aim.side is not None:
            self.aim.side = None
        else:
            return False
        self._show_pointer(self._pointer)
        return True

    def abort_all(self) -> None:
        """End the gesture and the aim."""
        while self.abort():
            pass

    def catch_up(self) -> None:
        """Show the newest pointer position if it is not on screen yet."""
        if self._dirty:
            self._show_pointer(self._pointer)

    def show_again(self) -> None:
        """What is under a resting pointer may have changed."""
        if self._pointer is not None:
            self._show_pointer(self._pointer)

    # --- parts --------------------------------------------------------------------------------

    def _begin(self, at: QPointF, press_ns: int) -> Gesture | None:
        stage, panes = self._stage, self._stage.model.panes
        if stage.pill.holds(at):
            self._requests.live()
            return None
        offered = self.aim.offer_at(at)
        if offered is not None:
            self.aim.hold(offered)
            return PlaceHere(stage, offered, press_ns, self._place)
        cross = stage.overlay.cross_at(at)
        if cross is not None:
            return PressCross(stage, cross, press_ns, self._requests.cancel)
        line = stage.overlay.grab_at(at)
        if line is not None:
            return MoveLine(stage, line, at, press_ns, self._requests.move)
        if panes.price_axis.contains(at):
            return ScalePrices(stage, at)
        if panes.time_axis.contains(at):
            return ScaleTime(stage, at)
        return Pan(stage, at)

    def _place(self, offered: Offer, press_ns: int) -> None:
        """An offer that refuses is explained by its label and goes no further."""
        if not offered.refusal:
            self._requests.place(offered, press_ns)

    def _show_pointer(self, at: QPointF | None) -> None:
        stage = self._stage
        self._shown_ns, self._dirty = self._mono_ns(), False
        inside = at if at is not None and stage.model.panes.plot.contains(at) else None
        held = isinstance(self._gesture, MoveLine)
        if self._gesture is None:
            stage.hover_line(self._line_under(at))
        aiming = self.aim.show(at)
        stage.crosshair.show_at(inside, level=not aiming and not held)
        stage.hover_bar(inside)
        stage.pill.hover(at is not None and stage.pill.holds(at))
        stage.view.viewport().setCursor(self._cursor(at))
        self._requests.pointer(inside)

    def _line_under(self, at: QPointF | None) -> str | None:
        if at is None or self.aim.side is not None:
            return None
        return self._stage.overlay.tag_at(at) or self._stage.overlay.grab_at(at)

    def _cursor(self, at: QPointF | None) -> Qt.CursorShape:
        stage = self._stage
        if at is None or isinstance(self._gesture, Pan):
            return Qt.CursorShape.ArrowCursor
        if isinstance(self._gesture, MoveLine):
            return Qt.CursorShape.SizeVerCursor
        if stage.pill.holds(at) or stage.overlay.cross_at(at):
            return Qt.CursorShape.PointingHandCursor
        if stage.model.panes.price_axis.contains(at):
            return Qt.CursorShape.SizeVerCursor
        if stage.model.panes.time_axis.contains(at):
            return Qt.CursorShape.SizeHorCursor
        if self.aim.side is None and stage.overlay.grab_at(at):
            return Qt.CursorShape.SizeVerCursor
        return Qt.CursorShape.CrossCursor
