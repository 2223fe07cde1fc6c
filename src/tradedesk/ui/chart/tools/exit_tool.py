"""Dragging a stop or a target off the position, by its line, its tag or the handles beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt

from tradedesk.services.chart_line import LineKind
from tradedesk.ui.chart import inks
from tradedesk.ui.chart.exits import ExitKind, ExitOffer, Held
from tradedesk.ui.chart.gestures import START_PX, Gesture
from tradedesk.ui.chart.items.aim import AimMark
from tradedesk.ui.chart.items.exit_handles import (
    ExitHandles,
    Handle,
    first_clear,
    places_beside,
)
from tradedesk.ui.chart.overlay import GRAB_PX
from tradedesk.ui.chart.tools.tool import Press, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.aiming import Aim
    from tradedesk.ui.chart.stage import Stage

KEY = "position"
_NO_DISTANCE = "The ticket names no {} distance: drag the handle to a price."


class ExitTool(Tool):
    """The line of the position and its handles.

    Parameters
    ----------
    handles : ExitHandles
        In the scene already.
    ask : callable
        Takes an exit that was let go of, and when its press was.
    """

    def __init__(
        self,
        stage: Stage,
        aim: Aim,
        handles: ExitHandles,
        ask: Callable[[ExitOffer, int], None],
    ) -> None:
        self._stage, self._aim, self._handles, self._ask = stage, aim, handles, ask
        self._place = 0

    @property
    def level_shown(self) -> bool:  # type: ignore[override]
        """A handle under the pointer shows where its exit would stand."""
        return any(handle.hovered for handle in self._handles.handles)

    def over(self, at: QPointF) -> bool:
        """On a handle, or on the position where no line of an order is nearer."""
        overlay, pane = self._stage.overlay, self._stage.model.panes.price
        if self._handles.at(at) is not None:
            return True
        on_tag = overlay.tag_at(at)
        if on_tag is not None:
            return on_tag == KEY
        tag = overlay.tag_of(KEY)
        if tag is None or tag.shown.edge or not pane.contains(at):
            return False
        return abs(tag.shown.y - at.y()) <= GRAB_PX and overlay.grab_at(at) is None

    def show(self, at: QPointF | None) -> None:
        """Handles beside the tag; at one of them the exit that a click would make."""
        overlay, held = self._stage.overlay, self.held()
        if at is None or held is None:
            if overlay.pinned is not None:
                overlay.pinned = None
                self._handles.show_handles(())
                self._stage.aim.show_mark(None)
            return
        overlay.pinned = KEY
        self._stage.hover_line(KEY)
        tag = overlay.tag_of(KEY)
        if tag is None:
            return
        pane = self._stage.model.panes.price
        newest = self._newest()
        places = places_beside(tag.box, pane, newest, tag.shown.y)
        if self._handles.at(at) is None:  # What the hand is about to press stays.
            self._place = first_clear(places, [newest, *self._taken()], pane)
        boxes = places[self._place]
        self._handles.show_handles(
            tuple(
                Handle(kind, box, held.lacking[kind] < 1, box.contains(at))
                for kind, box in boxes.items()
            )
        )
        kind = self._handles.at(at)
        self.draw(None if kind is None else self.clicked(held, kind), at.x())

    def _taken(self) -> list[QRectF]:
        """What handles leave free beside the newest bar: other tags, legends."""
        overlay = self._stage.overlay
        tags = [tag.box for tag in overlay.tags if tag.shown.line.key != KEY]
        return tags + overlay.legend_boxes()

    def _newest(self) -> QRectF:
        """What the newest bar takes; empty if there is none."""
        model = self._stage.model
        last = len(model.series) - 1
        if last < 0:
            return QRectF()
        half = max(1.0, model.viewport.spacing / 2)
        ends = [model.y_line(int(side[last])) for side in (model.series.high, model.series.low)]
        return QRectF(model.x_line(last) - half, min(ends), 2 * half, abs(ends[0] - ends[1]) + 1)

    def begin(self, press: Press) -> Gesture | None:
        """Take hold of a handle or of the position."""
        if not self.over(press.at) or self.held() is None:
            return None
        return PullExit(self._stage, self, self._handles.at(press.at), press)

    def cursor(self, at: QPointF) -> Qt.CursorShape | None:
        """A hand on a handle, arrows on the line."""
        if self._handles.at(at) is not None:
            return Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.SizeVerCursor

    # --- for the gesture ------------------------------------------------------------------------

    def held(self) -> Held | None:
        """The position that is shown."""
        instrument = self._stage.model.instrument
        return None if instrument is None else Held.of(self._stage.moves.lines, instrument)

    def clicked(self, held: Held, kind: ExitKind) -> ExitOffer | None:
        """What a click on a handle makes: an exit at the distance of the ticket's bracket."""
        bracket = self._aim.permission.terms.bracket
        distance = bracket.stop_ticks if kind is ExitKind.STOP else bracket.target_ticks
        ticks = held.start_ticks(kind, distance or 0)
        found = self.offer(held, kind, ticks)
        if found is not None and not found.refusal and distance is None:
            text = _NO_DISTANCE.format(kind.noun)
            return ExitOffer(kind, found.side, ticks, found.size, found.text, text)
        return found

    def offer(self, held: Held, kind: ExitKind | None, ticks: int) -> ExitOffer | None:
        """An exit at a price; its kind follows from the market if it is not named."""
        model = self._stage.model
        if model.instrument is None:
            return None
        off = self._aim.permission.exits_off
        kind = kind or held.kind_at(ticks, model.market)
        return held.offer(kind, ticks, model.market, model.instrument, off)

    def draw(self, found: ExitOffer | None, x: float) -> None:
        """Show an exit at its price, its label right of `x`; None for none."""
        if found is None:
            self._stage.aim.show_mark(None)
            return
        ink = inks.STOP if found.kind is ExitKind.STOP else inks.TARGET
        mark = AimMark(
            ticks=found.price_ticks,
            x=x,
            label=found.label,
            side=found.side,
            refused=bool(found.refusal),
            ink=ink,
        )
        self._stage.aim.show_mark(mark)

    def ask(self, found: ExitOffer, press_ns: int) -> None:
        """Hand it on."""
        self._ask(found, press_ns)


class PullExit(Gesture):
    """From the press on the position to the price where the exit is let go of."""

    cursor = Qt.CursorShape.SizeVerCursor
    level_shown = True
    trades = True

    def __init__(self, stage: Stage, tool: ExitTool, kind: ExitKind | None, press: Press) -> None:
        self._stage, self._tool, self._kind = stage, tool, kind
        self._start, self._press_ns = press.at, press.mono_ns
        self._side = self._shown_side()
        self._moving = False
        self._offer: ExitOffer | None = None

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the exit at the nearest tick, with dollars, ticks and R."""
        if not self._moving and abs(at.y() - self._start.y()) < START_PX:
            return
        self._moving = True
        held, pane = self._tool.held(), self._stage.model.panes.price
        if held is None:
            return
        y = min(max(at.y(), pane.top()), pane.bottom() - 1)
        self._offer = self._tool.offer(held, self._kind, self._stage.model.snapped_ticks(y))
        self._tool.draw(self._offer, at.x())

    def release(self, at: QPointF) -> None:
        """Ask for what is shown; a handle that was only clicked asks at the ticket's distance."""
        held = self._tool.held()
        found = self._offer
        if found is not None and held is not None:
            # The market may have passed the price since the pointer came to rest there.
            found = self._tool.offer(held, found.kind, found.price_ticks)
        elif not self._moving and self._kind is not None and held is not None:
            found = self._tool.clicked(held, self._kind)
        self._stage.aim.show_mark(None)
        if found is not None:
            self._tool.ask(found, self._press_ns)

    def abort(self) -> None:
        """Nothing was asked for."""
        self._stage.aim.show_mark(None)

    def lost(self) -> str:
        """The position may have been closed or turned meanwhile."""
        if self._shown_side() is self._side:
            return ""
        return "The position is not the same any more: the drag ended and nothing was sent."

    def _shown_side(self) -> object:
        lines = self._stage.moves.lines
        return next((line.side for line in lines if line.kind is LineKind.POSITION), None)
