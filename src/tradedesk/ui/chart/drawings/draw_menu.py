"""What the chart's own menu offers for drawing: all that the strip has, by name and key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tradedesk.ui.chart.drawings.modes import MODES, Mode

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu

    from tradedesk.ui.chart.drawings.actions import DrawingActions
    from tradedesk.ui.chart.drawings.easel import Easel
    from tradedesk.ui.chart.look import Looks


class DrawMenu:
    """A sub-menu "Draw"."""

    def __init__(
        self, easel: Easel, actions: DrawingActions, looks: Looks, focus: Callable[[], None]
    ) -> None:
        self._easel, self._actions, self._looks, self._focus = easel, actions, looks, focus

    def fill(self, menu: QMenu) -> None:
        """Add it."""
        easel, look = self._easel, self._looks.now
        draw = menu.addMenu("Draw")
        for mode in MODES:
            action = draw.addAction(f"{mode.name}\t{mode.key_text}")
            action.setCheckable(True)
            action.setChecked(easel.mode is mode)
            action.triggered.connect(partial(self._take, mode))
        draw.addSeparator()
        undo = draw.addAction("Undo\tCtrl+Z", self._actions.undo)
        undo.setEnabled(easel.book.can_undo)
        redo = draw.addAction("Redo\tCtrl+Shift+Z", self._actions.redo)
        redo.setEnabled(easel.book.can_redo)
        draw.addSeparator()
        for name, text in (
            ("drawing_strip", "Tool strip\tAlt+D"),
            ("magnet", "Magnet"),
            ("drawings_hidden", "Hide all drawings"),
        ):
            action = draw.addAction(text)
            action.setCheckable(True)
            action.setChecked(getattr(look, name))
            action.toggled.connect(partial(self._change, name))
        hidden = sum(drawing.hidden for drawing in easel.book.drawings)
        if hidden:
            draw.addAction(f"Show {hidden} hidden", self._actions.show_hidden)
        free = sum(not drawing.locked for drawing in easel.book.drawings)
        remove = draw.addAction(f"Remove all {free}" if free else "Remove all")
        remove.setEnabled(free > 0)
        remove.triggered.connect(lambda: self._actions.remove_all())

    def _take(self, mode: Mode) -> None:
        self._easel.choose(None if self._easel.mode is mode else mode)
        self._focus()

    def _change(self, name: str, on: bool) -> None:
        self._looks.change(**{name: on})
