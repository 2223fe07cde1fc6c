"""Choosing the bars of a fixed volume profile, and moving its ends afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QMenu

from tradedesk.ui.chart.gestures import START_PX, Gesture
from tradedesk.ui.chart.tools.tool import KeyStroke, Press, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.ui.chart.profile.ranges import FixedRanges, Grip
    from tradedesk.ui.chart.stage import Stage

_REMOVING = (Qt.Key.Key_Delete.value, Qt.Key.Key_Backspace.value)


class RangeTool(Tool):
    """Begun from the menu: the next drag chooses a range. Its ends can be taken at any time."""

    def __init__(
        self,
        stage: Stage,
        ranges: FixedRanges,
        show: Callable[[], object],
        prompt: Callable[[bool], None],
    ) -> None:
        self._stage, self._ranges, self._show, self._prompt = stage, ranges, show, prompt
        self._choosing = False
        self._hovered: Grip | None = None

    @property
    def choosing(self) -> bool:
        """Whether the next drag chooses a range."""
        return self._choosing

    def choose(self) -> None:
        """Let the next drag choose a range."""
        self._choosing = True
        self._prompt(True)

    def over(self, at: QPointF) -> bool:
        """Anywhere in the price pane while choosing; else on the end of a range."""
        if self._choosing and self._stage.model.panes.price.contains(at):
            return True
        return self._ranges.grip_at(at) is not None

    def show(self, at: QPointF | None) -> None:
        """Remember which end is under the pointer."""
        self._hovered = None if at is None or self._choosing else self._ranges.grip_at(at)

    def begin(self, press: Press) -> Gesture | None:
        """Choose from the bar at the pointer on, or move an end."""
        if not self.over(press.at):
            return None
        if self._choosing:
            return ChooseRange(self, self._ranges, press.at, self._show)
        grip = self._ranges.grip_at(press.at)
        return None if grip is None else MoveEnd(self._ranges, grip, self._show)

    def menu(self, press: Press) -> bool:
        """Offer to take the range away."""
        grip = self._ranges.grip_at(press.at)
        if grip is None or self._choosing:
            return False
        menu = QMenu(self._stage.view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remove = menu.addAction("Remove this volume profile")
        remove.triggered.connect(lambda: self._ranges.remove(grip.at))
        menu.popup(press.on_screen.toPoint())
        return True

    def cursor(self, at: QPointF) -> Qt.CursorShape | None:
        """Arrows to both sides."""
        return Qt.CursorShape.SizeHorCursor

    def key_pressed(self, stroke: KeyStroke) -> bool:
        """Delete takes away the range whose end is under the pointer."""
        if stroke.key not in _REMOVING or self._hovered is None:
            return False
        at, self._hovered = self._hovered.at, None
        self._ranges.remove(at)
        return True

    def drop(self) -> bool:
        """Choose nothing after all."""
        was = self._choosing
        self.done()
        return was

    def done(self) -> None:
        """A range was chosen, or none will be."""
        if self._choosing:
            self._choosing = False
            self._prompt(False)


class ChooseRange(Gesture):
    """From the bar at the press to the bar at the release; a click alone chooses nothing."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(
        self, tool: RangeTool, ranges: FixedRanges, at: QPointF, show: Callable[[], object]
    ) -> None:
        self._tool, self._ranges, self._show = tool, ranges, show
        self._start = at
        self._from_ns = ranges.moment_near(at.x())

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the profile that it would be."""
        to_ns = self._ranges.moment_near(at.x())
        if to_ns is None or self._from_ns is None:
            return
        if self._ranges.drafted is None and abs(at.x() - self._start.x()) < START_PX:
            return
        self._ranges.drafted = (min(to_ns, self._from_ns), max(to_ns, self._from_ns))
        self._show()

    def release(self, at: QPointF) -> None:
        """Keep it."""
        if self._ranges.drafted is not None:
            self._tool.done()
            self._ranges.keep()

    def abort(self) -> None:
        """Forget it, and choose nothing."""
        self._tool.done()
        self._ranges.let_go()
        self._show()


class MoveEnd(Gesture):
    """Drags one end; it may pass the other one, which then stays where it was."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, ranges: FixedRanges, grip: Grip, show: Callable[[], object]) -> None:
        self._ranges, self._grip, self._show = ranges, grip, show
        self._fixed_ns = ranges.end_of(grip._replace(newer=not grip.newer))

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the profile that it would be."""
        to_ns = self._ranges.moment_at_edge(at.x(), newer=self._grip.newer)
        if to_ns is None:
            return
        ends = (min(to_ns, self._fixed_ns), max(to_ns, self._fixed_ns))
        self._ranges.moved = (self._grip.at, ends)
        self._show()

    def release(self, at: QPointF) -> None:
        """Keep it."""
        if self._ranges.moved is not None:
            self._ranges.keep()

    def abort(self) -> None:
        """Put it back."""
        self._ranges.let_go()
        self._show()
