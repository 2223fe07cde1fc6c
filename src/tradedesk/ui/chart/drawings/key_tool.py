"""Keys of the drawings: tools, undo and redo, and what acts on the selected one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

from tradedesk.ui.chart.drawings.modes import MODES, STRIP
from tradedesk.ui.chart.tools.tool import KeyStroke, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.ui.chart.drawings.actions import DrawingActions
    from tradedesk.ui.chart.drawings.easel import Easel

_ALT = Qt.KeyboardModifier.AltModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_ARROWS: Final = {
    Qt.Key.Key_Left.value: (-1, 0),
    Qt.Key.Key_Right.value: (1, 0),
    Qt.Key.Key_Up.value: (0, 1),
    Qt.Key.Key_Down.value: (0, -1),
}
_REMOVE: Final = (Qt.Key.Key_Delete.value, Qt.Key.Key_Backspace.value)
_FAST: Final = 4


class KeyTool(Tool):
    """Alt and a letter takes a tool; the rest acts on the selected drawing.

    Parameters
    ----------
    toggle_strip : callable
        Shows or hides the strip of tools.
    """

    def __init__(
        self, easel: Easel, actions: DrawingActions, toggle_strip: Callable[[], None]
    ) -> None:
        self._easel, self._actions, self._toggle_strip = easel, actions, toggle_strip

    def key_pressed(self, stroke: KeyStroke) -> bool:
        """Take a tool, undo, redo, or act on the selected drawing."""
        held = stroke.modifiers & ~_KEYPAD
        if held in (_ALT, _ALT | _SHIFT):
            return self._with_alt(stroke, shift=bool(held & _SHIFT))
        if held & _CTRL and not held & _ALT:
            return self._with_ctrl(stroke, shift=bool(held & _SHIFT))
        chosen = self._easel.chosen
        if chosen is None:
            return False
        if stroke.key in _REMOVE and not held:
            self._actions.remove(chosen)
            return True
        if stroke.key in _ARROWS and held in (_SHIFT, Qt.KeyboardModifier.NoModifier):
            bars, ticks = _ARROWS[stroke.key]
            times = _FAST if held & _SHIFT else 1
            self._actions.nudge(chosen, bars * times, ticks * times)
            return True
        return False

    def _with_alt(self, stroke: KeyStroke, *, shift: bool) -> bool:
        if stroke.key == STRIP.value and not shift:
            if not stroke.repeated:
                self._toggle_strip()
            return True
        for mode in MODES:
            if stroke.key == mode.key.value and shift is mode.shift:
                if not stroke.repeated:
                    self._easel.choose(None if self._easel.mode is mode else mode)
                return True
        return False

    def _with_ctrl(self, stroke: KeyStroke, *, shift: bool) -> bool:
        book, chosen = self._easel.book, self._easel.chosen
        undoes = book.can_undo or self._easel.draft is not None
        if stroke.key == Qt.Key.Key_D.value and not shift and chosen is not None:
            self._actions.duplicate(chosen)
            return True
        redo = stroke.key == Qt.Key.Key_Y.value or (stroke.key == Qt.Key.Key_Z.value and shift)
        if redo and book.can_redo:
            self._actions.redo()
            return True
        if stroke.key == Qt.Key.Key_Z.value and not shift and undoes:
            self._actions.undo()
            return True
        return False
