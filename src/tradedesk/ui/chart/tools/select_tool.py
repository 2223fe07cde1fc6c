"""Keys on the selected line: move it by ticks, cancel it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

from tradedesk.ui.chart.tools.line_tool import Cancel, Move, let_go, moved_with
from tradedesk.ui.chart.tools.tool import KeyStroke, Press, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.ui.chart.gestures import Gesture
    from tradedesk.ui.chart.stage import Stage

CALM_NS: Final = 300_000_000
"""So long after the last key the new price is asked for, once."""
_SHIFT_TICKS: Final = 4
_WAYS: Final = {Qt.Key.Key_Up.value: 1, Qt.Key.Key_Down.value: -1}
_CANCELS: Final = (Qt.Key.Key_Delete.value, Qt.Key.Key_Backspace.value)
_SHIFT, _ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


class SelectTool(Tool):
    """Up and Down move the selected line by a tick, with Shift by four, with Alt all exits.

    Parameters
    ----------
    exits_off : callable
        Why nothing is moved by keys now; empty if it is.
    say : callable
        Told why a key did nothing.
    """

    def __init__(
        self,
        stage: Stage,
        move: Move,
        cancel: Cancel,
        exits_off: Callable[[], str],
        say: Callable[[str], None],
    ) -> None:
        self._stage, self._move, self._cancel = stage, move, cancel
        self._exits_off, self._say = exits_off, say
        self._pressed_ns = 0
        self._due_ns: int | None = None

    @property
    def busy(self) -> bool:
        """Whether a line stands where keys have put it and nothing was asked yet."""
        return self._due_ns is not None

    def begin(self, press: Press) -> Gesture | None:
        """A press ends what keys have begun; beside all lines it ends the selection."""
        self.flush()
        overlay = self._stage.overlay
        if overlay.tag_at(press.at) is None and overlay.grab_at(press.at) is None:
            self._stage.select_line(None)
        return None

    def key_pressed(self, stroke: KeyStroke) -> bool:
        """Move or cancel the selected line."""
        key = self._stage.overlay.selected
        line = None if key is None else self._stage.moves.line(key)
        if key is None or line is None:
            return False
        if stroke.key in _CANCELS and stroke.plain:
            if not stroke.repeated and line.cancellable:
                self.undo()
                self._cancel(key, self._stage.mono_ns())
            return True
        if stroke.key not in _WAYS:
            return False
        if line.draggable and self._may(line.type is not None):
            ticks = _SHIFT_TICKS if stroke.modifiers & _SHIFT else 1
            self._shift(key, _WAYS[stroke.key] * ticks, whole=bool(stroke.modifiers & _ALT))
        return True

    def drop(self) -> bool:
        """Esc: put back what is not asked for yet, else end the selection."""
        if self.undo():
            return True
        selected = self._stage.overlay.selected is not None
        self._stage.select_line(None)
        return selected

    def undo(self) -> bool:
        """Put back what is not asked for yet; tells whether there was anything."""
        begun, self._due_ns = self.busy, None
        if begun:
            self._stage.moves.abort()
            self._stage.lines_changed()
        return begun

    def flush(self) -> None:
        """Ask for what keys have moved, now."""
        if self.busy:
            self._due_ns = None
            let_go(self._stage, self._move, self._pressed_ns)

    def frame(self, now_ns: int) -> None:
        """Ask once the keys have been still for a while."""
        if self._due_ns is not None and now_ns >= self._due_ns:
            self.flush()

    def _may(self, order: bool) -> bool:
        reason = self._exits_off() if order else ""
        if reason:
            self._say(reason)
        return not reason

    def _shift(self, key: str, ticks: int, *, whole: bool) -> None:
        moves = self._stage.moves
        held = moves.dragged if self.busy else {}
        for one in moved_with(self._stage, key, whole=whole):
            held[one] = max(1, held.get(one, moves.price_ticks(one, dragged=False)) + ticks)
        moves.drag(held)
        self._pressed_ns = self._stage.mono_ns()
        self._due_ns = self._pressed_ns + CALM_NS
        self._stage.lines_changed()
