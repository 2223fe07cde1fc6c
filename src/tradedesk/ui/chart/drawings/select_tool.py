"""Taking drawings: select, move, change by a handle, open their menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from tradedesk.ui.chart.drawings.pointing import pointed
from tradedesk.ui.chart.drawings.reshape import moved, with_handle
from tradedesk.ui.chart.gestures import START_PX, Gesture
from tradedesk.ui.chart.tools.pan_tool import Pan
from tradedesk.ui.chart.tools.tool import Press, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.services.drawings.drawing import Drawing
    from tradedesk.ui.chart.drawings.easel import Easel
    from tradedesk.ui.chart.drawings.layer import DrawingLayer
    from tradedesk.ui.chart.drawings.menu import DrawingMenus
    from tradedesk.ui.chart.drawings.seen import Seen
    from tradedesk.ui.chart.stage import Stage


class SelectTool(Tool):
    """The selected drawing, which wins over nearly all else, or the others, which win over little.

    The chart has two of these. Tags of orders win over both: a cross that cancels must never be
    covered.

    Parameters
    ----------
    selected : bool
        Whether this one is for the selected drawing.
    act : callable
        Told action, drawing and moment of the press when a button of a drawing was clicked.
    """

    def __init__(
        self,
        stage: Stage,
        easel: Easel,
        layer: DrawingLayer,
        menus: DrawingMenus,
        act: Callable[[str, Drawing, int], None],
        *,
        selected: bool,
    ) -> None:
        self._stage, self._easel, self._layer = stage, easel, layer
        self._menus, self._act, self._selected = menus, act, selected

    def over(self, at: QPointF) -> bool:
        """On the drawing, and on no tag of an order."""
        return self._at(at) is not None

    def begin(self, press: Press) -> Gesture | None:
        """Press a button of it, take a handle, or take all of it."""
        found = self._at(press.at)
        if found is None:
            if self._selected and self._stage.model.panes.price.contains(press.at):
                self._easel.select(None)
            return None
        drawing = found.drawing
        x, y = press.at.x(), press.at.y()
        action = found.figure.action_at(x, y)
        if action:
            return PressButton(self._layer, action, drawing, press, self._act)
        self._easel.select(drawing.id)
        if drawing.locked:
            return Pan(self._stage, press.at, self._stage.model.viewport)
        handle = found.figure.handle_at(x, y)
        if handle is not None:
            return MoveHandle(self._easel, drawing, handle, press.at)
        return MoveDrawing(self._easel, drawing, press.at)

    def menu(self, press: Press) -> bool:
        """What can be done with it."""
        found = self._at(press.at)
        if found is None:
            return False
        self._easel.select(found.drawing.id)
        self._menus.open(found.drawing, press.on_screen)
        return True

    def double_clicked(self, press: Press) -> bool:
        """Change what is most its own: text, levels, risk; else its menu."""
        found = self._at(press.at)
        if found is None:
            return False
        if found.figure.action_at(press.at.x(), press.at.y()):
            return True
        self._easel.select(found.drawing.id)
        self._menus.edit(found.drawing, press.on_screen)
        return True

    def cursor(self, at: QPointF) -> Qt.CursorShape | None:
        """A hand on handles and buttons, arrows where all of it can be moved."""
        found = self._at(at)
        if found is None:
            return None
        x, y = at.x(), at.y()
        if found.figure.action_at(x, y):
            return Qt.CursorShape.PointingHandCursor
        if found.drawing.locked:
            return Qt.CursorShape.ArrowCursor
        if found.figure.handle_at(x, y) is not None or not found.selected:
            return Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.SizeAllCursor

    def drop(self) -> bool:
        """Esc: nothing is selected any more."""
        if not self._selected or self._easel.selected is None:
            return False
        self._easel.select(None)
        return True

    def _at(self, at: QPointF) -> Seen | None:
        if self._stage.overlay.tag_at(at) is not None:
            return None
        return self._layer.at(at, selected=self._selected)


class MoveDrawing(Gesture):
    """Moves all of a drawing by whole bars and ticks; Esc puts it back."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, easel: Easel, drawing: Drawing, at: QPointF) -> None:
        self._easel, self._drawing, self._start = easel, drawing, at
        self._moving = False

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show it there once the pointer has really moved."""
        if not self._moving and (at - self._start).manhattanLength() < START_PX:
            return
        self._moving = True
        view = self._easel.mapping.model.viewport
        bars = round((at.x() - self._start.x()) / view.spacing)
        ticks = round(view.ticks_at(at.y()) - view.ticks_at(self._start.y()))
        self._easel.show_draft(moved(self._drawing, self._easel.mapping, bars, ticks))

    def release(self, at: QPointF) -> None:
        """Keep it there."""
        self._easel.keep_draft()

    def abort(self) -> None:
        """Put it back."""
        self._easel.show_draft(None)


class MoveHandle(MoveDrawing):
    """Moves one anchor."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, easel: Easel, drawing: Drawing, number: int, at: QPointF) -> None:
        super().__init__(easel, drawing, at)
        self._number = number

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show it there once the pointer has really moved."""
        if not self._moving and (at - self._start).manhattanLength() < START_PX:
            return
        self._moving = True
        held = self._drawing if len(self._drawing.anchors) == 2 else None
        anchor = pointed(self._easel, at, modifiers, held, self._number)
        if anchor is not None:
            self._easel.show_draft(with_handle(self._drawing, self._number, anchor))


class PressButton(Gesture):
    """Acts on release, if the pointer is on the button then; it may leave and come back."""

    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(
        self,
        layer: DrawingLayer,
        action: str,
        drawing: Drawing,
        press: Press,
        act: Callable[[str, Drawing, int], None],
    ) -> None:
        self._layer, self._action, self._drawing = layer, action, drawing
        self._press_ns, self._act = press.mono_ns, act

    def release(self, at: QPointF) -> None:
        """Ask for what the button says, if it still says the same."""
        found = self._layer.selected()
        if found is None or found.drawing != self._drawing:
            return
        if found.figure.action_at(at.x(), at.y()) == self._action:
            self._act(self._action, self._drawing, self._press_ns)
