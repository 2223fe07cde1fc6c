"""The keys of the view: to and fro, closer and further, and what a trader chose for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.ui.chart.navigator import Navigator
    from tradedesk.ui.chart.tools.tool import KeyStroke

Key = Qt.Key
_NONE: Final = Qt.KeyboardModifier.NoModifier
_CTRL: Final = Qt.KeyboardModifier.ControlModifier
_ALT: Final = Qt.KeyboardModifier.AltModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier
_ZOOM: Final = 1.15
_SCREEN: Final = 0.9
"""Share of a screen that a page moves: a few bars stay in view to hold on to."""


class ViewKeys:
    """What each key does; keys of orders and drawings are asked first.

    Parameters
    ----------
    navigator : Navigator
        What is in view.
    letters : dict of Qt.Key to callable
        What a letter with Alt does.
    """

    def __init__(self, navigator: Navigator, letters: dict[Qt.Key, Callable[[], object]]) -> None:
        self._letters = {key.value: act for key, act in letters.items()}
        move, zoom = navigator.pan_bars, navigator.zoom
        self._plain: dict[int, Callable[[], None]] = {
            Key.Key_Left.value: lambda: move(-1.0),
            Key.Key_Right.value: lambda: move(1.0),
            Key.Key_PageUp.value: lambda: navigator.pan_screens(-_SCREEN),
            Key.Key_PageDown.value: lambda: navigator.pan_screens(_SCREEN),
            Key.Key_Up.value: lambda: zoom(_ZOOM),
            Key.Key_Down.value: lambda: zoom(1 / _ZOOM),
            Key.Key_Plus.value: lambda: zoom(_ZOOM),
            Key.Key_Equal.value: lambda: zoom(_ZOOM),
            Key.Key_Minus.value: lambda: zoom(1 / _ZOOM),
            Key.Key_Home.value: navigator.oldest,
            Key.Key_End.value: navigator.follow,
        }
        self._with_ctrl: dict[int, Callable[[], None]] = {
            Key.Key_Left.value: lambda: navigator.pan_screens(-_SCREEN),
            Key.Key_Right.value: lambda: navigator.pan_screens(_SCREEN),
            Key.Key_Home.value: navigator.oldest,
            Key.Key_End.value: navigator.follow,
        }

    def take(self, stroke: KeyStroke) -> bool:
        """Act on a key; False if it means nothing here."""
        modifiers = stroke.modifiers & ~_KEYPAD
        if modifiers == _ALT:
            act = self._letters.get(stroke.key)
            if act is not None and not stroke.repeated:
                act()
            return act is not None
        table = self._with_ctrl if modifiers == _CTRL else self._plain
        # "+" stands on other keys with Shift on other keyboards.
        shifted = modifiers == _SHIFT and stroke.key in (Key.Key_Plus.value, Key.Key_Equal.value)
        if modifiers not in (_NONE, _CTRL) and not shifted:
            return False
        move = table.get(stroke.key)
        if move is None:
            return False
        move()
        return True
