"""Lines of orders and alerts: drag them, select them, cancel them by their cross."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from tradedesk.services.chart_line import LineKind
from tradedesk.ui.chart.gestures import START_PX, Gesture
from tradedesk.ui.chart.placing import misplaced
from tradedesk.ui.chart.tools.tool import Press, Tool

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.stage import Stage

Move = Callable[[str, int, int], None]
Cancel = Callable[[str, int], None]


class LineTool(Tool):
    """The lines that the desk told the chart to show.

    Parameters
    ----------
    moves_off : callable
        Why no order is moved now; empty if they are. Alerts always are.
    """

    def __init__(
        self, stage: Stage, move: Move, cancel: Cancel, moves_off: Callable[[], str]
    ) -> None:
        self._stage, self._move, self._cancel = stage, move, cancel
        self._moves_off = moves_off

    @property
    def level_shown(self) -> bool:  # type: ignore[override]
        """A line in view that is hovered is one, with a chip of its own."""
        overlay = self._stage.overlay
        tag = None if overlay.hovered is None else overlay.tag_of(overlay.hovered)
        return tag is not None and not tag.shown.edge

    def over(self, at: QPointF) -> bool:
        """On a tag, or near enough to a line that can be moved."""
        overlay = self._stage.overlay
        return overlay.tag_at(at) is not None or overlay.grab_at(at) is not None

    def show(self, at: QPointF | None) -> None:
        """Show all that the tag has to say."""
        overlay = self._stage.overlay
        key = None if at is None else overlay.tag_at(at) or overlay.grab_at(at)
        self._stage.hover_line(key or overlay.pinned)

    def begin(self, press: Press) -> Gesture | None:
        """Take hold of the cross or of the line."""
        stage = self._stage
        cross = stage.overlay.cross_at(press.at)
        if cross is not None:
            return PressCross(stage, cross, press.mono_ns, self._cancel)
        line = stage.overlay.grab_at(press.at)
        if line is not None:
            return MoveLine(stage, line, press, self._move, self._off(line))
        return None

    def cursor(self, at: QPointF) -> Qt.CursorShape | None:
        """A hand on the cross, arrows where a line can be taken."""
        overlay = self._stage.overlay
        if overlay.cross_at(at):
            return Qt.CursorShape.PointingHandCursor
        line = overlay.grab_at(at)
        if line is None:
            return None
        return Qt.CursorShape.ForbiddenCursor if self._off(line) else Qt.CursorShape.SizeVerCursor

    def _off(self, key: str) -> str:
        line = self._stage.moves.line(key)
        return "" if line is None or line.type is None else self._moves_off()


class MoveLine(Gesture):
    """Drags a line tick by tick; a stop or target with Shift together with all the others.

    A click that moves nothing selects it. What must not be moved stays and says `off`.
    """

    cursor = Qt.CursorShape.SizeVerCursor
    level_shown = True
    trades = True

    def __init__(self, stage: Stage, key: str, press: Press, ask: Move, off: str) -> None:
        self._stage, self._key, self._press_ns, self._ask = stage, key, press.mono_ns, ask
        self._off = off
        line = stage.moves.line(key)
        self._is_alert = line is not None and line.kind is LineKind.ALERT
        self._from = stage.moves.price_ticks(key)
        self._start = press.at
        self._moving = False
        # The line keeps its distance from the pointer, so that grabbing alone moves nothing.
        self._offset = stage.model.viewport.ticks_at(press.at.y()) - self._from

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the line at the nearest tick, with the figures it would have there."""
        begins = not self._moving
        if begins and abs(at.y() - self._start.y()) < START_PX:
            return
        self._moving = True
        stage = self._stage
        if begins and self._off:
            stage.moves.object(self._key, self._off, stage.mono_ns())
            stage.lines_changed()
        if self._off or stage.moves.line(self._key) is None:
            return
        pane = stage.model.panes.price
        y = min(max(at.y(), pane.top()), pane.bottom() - 1)
        shift = round(stage.model.viewport.ticks_at(y) - self._offset) - self._from
        whole = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        keys = moved_with(stage, self._key, whole=whole)
        stage.moves.abort()
        held = {key: stage.moves.price_ticks(key) + shift for key in keys}
        # Its own price may have changed meanwhile, as when an older move is refused.
        held[self._key] = self._from + shift
        stage.moves.drag(held)
        stage.lines_changed()

    def release(self, at: QPointF) -> None:
        """Ask for what is shown."""
        if self._moving:
            let_go(self._stage, self._ask, self._press_ns)
        else:
            self._stage.select_line(self._key)

    def lost(self) -> str:
        """The order may have been filled or cancelled meanwhile, the alert may have fired."""
        if self._stage.moves.line(self._key) is not None:
            return ""
        if self._is_alert:
            return "The alert has fired or was removed: the drag ended."
        return "The order is not working any more: the drag ended and nothing was sent."

    def abort(self) -> None:
        """Put it back."""
        self._stage.moves.abort()
        self._stage.lines_changed()


def moved_with(stage: Stage, key: str, *, whole: bool) -> set[str]:
    """Keys of the lines that are moved together with one.

    The `whole` bracket is all stops and targets, if the line is one of them.
    """
    kinds = (LineKind.STOP, LineKind.TARGET)
    exits = {x.key for x in stage.moves.lines if x.draggable and x.kind in kinds}
    return exits if whole and key in exits else {key}


def let_go(stage: Stage, ask: Move, press_ns: int) -> None:
    """Ask for the prices at which lines are held; none of them if one would be wrong."""
    moves, market = stage.moves, stage.model.market
    wrong: dict[str, str] = {}
    for key, ticks in moves.dragged.items():
        line = moves.line(key)
        if line is not None and ticks != line.price_ticks:
            wrong[key] = misplaced(line.side, line.type, ticks, market)
    if any(wrong.values()):
        moves.abort()
        for key, reason in wrong.items():
            if reason:
                moves.object(key, reason, stage.mono_ns())
    for key, ticks in moves.let_go().items():
        ask(key, ticks, press_ns)
    stage.lines_changed()


class PressCross(Gesture):
    """Cancels on release, if the pointer is on the cross then; it may leave and come back."""

    def __init__(
        self, stage: Stage, key: str, press_ns: int, cancel: Callable[[str, int], None]
    ) -> None:
        self._stage, self._key, self._press_ns, self._cancel = stage, key, press_ns, cancel

    def release(self, at: QPointF) -> None:
        """Ask for the cancel."""
        if self._stage.overlay.cross_at(at) == self._key:
            self._cancel(self._key, self._press_ns)
