"""What a held mouse button does: one class for each gesture, from press to release."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QPointF, Qt

from tradedesk.services.chart_line import LineKind

if TYPE_CHECKING:
    from tradedesk.ui.chart.placing import Offer
    from tradedesk.ui.chart.stage import Stage

START_PX: Final = 3.0
_AXIS_PX: Final = 160.0
Move = Callable[[str, int, int], None]


class Gesture(Protocol):
    """Begun by a press; ended by the release, or aborted by Esc or a lost focus."""

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The pointer moved with the button down."""

    def release(self, at: QPointF) -> None:
        """The button went up."""

    def abort(self) -> None:
        """Undo what the gesture did so far."""


class Pan:
    """Drags the bars; in a fixed price scale up and down as well."""

    def __init__(self, stage: Stage, at: QPointF) -> None:
        self._stage = stage
        self._last = at
        self._start = at
        self._moving = False

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer once it has really moved."""
        if not self._moving and (at - self._start).manhattanLength() < START_PX:
            return
        self._moving = True
        view = self._stage.model.viewport
        view.pan(at.x() - self._last.x())
        if not view.auto_y:
            view.pan_y(at.y() - self._last.y())
        self._last = at
        self._stage.view_changed()

    def release(self, at: QPointF) -> None:
        """Stay there."""

    def abort(self) -> None:
        """Stay there: a pan is easily panned back."""


class ScalePrices:
    """Drag on the price axis."""

    def __init__(self, stage: Stage, at: QPointF) -> None:
        self._stage, self._last = stage, at.y()

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Down shows more prices, up fewer."""
        self._stage.model.viewport.scale_y(2 ** ((at.y() - self._last) / _AXIS_PX))
        self._last = at.y()
        self._stage.view_changed()

    def release(self, at: QPointF) -> None:
        """Stay there."""

    def abort(self) -> None:
        """Stay there."""


class ScaleTime:
    """Drag on the time axis."""

    def __init__(self, stage: Stage, at: QPointF) -> None:
        self._stage, self._last = stage, at.x()

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Right makes bars wider, left narrower."""
        self._stage.model.viewport.zoom(2 ** ((at.x() - self._last) / _AXIS_PX))
        self._last = at.x()
        self._stage.view_changed()

    def release(self, at: QPointF) -> None:
        """Stay there."""

    def abort(self) -> None:
        """Stay there."""


class MoveLine:
    """Drags a line tick by tick; with Shift all stops and targets by the same distance."""

    def __init__(self, stage: Stage, key: str, at: QPointF, press_ns: int, ask: Move) -> None:
        self._stage, self._key, self._press_ns, self._ask = stage, key, press_ns, ask
        self._from = stage.moves.price_ticks(key)
        self._start = at
        self._moving = False
        # The line keeps its distance from the pointer, so that grabbing alone moves nothing.
        self._offset = stage.model.viewport.ticks_at(at.y()) - self._from

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the line at the nearest tick, with the figures it would have there."""
        if not self._moving and abs(at.y() - self._start.y()) < START_PX:
            return
        self._moving = True
        stage = self._stage
        if stage.moves.line(self._key) is None:
            return
        pane = stage.model.panes.price
        y = min(max(at.y(), pane.top()), pane.bottom() - 1)
        shift = round(stage.model.viewport.ticks_at(y) - self._offset) - self._from
        keys = [self._key]
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            keys += [key for key in self._exits() if key != self._key]
        stage.moves.abort()
        stage.moves.drag({key: stage.moves.price_ticks(key) + shift for key in keys})
        stage.lines_changed()

    def release(self, at: QPointF) -> None:
        """Ask for what is shown."""
        for key, ticks in self._stage.moves.let_go().items():
            self._ask(key, ticks, self._press_ns)
        self._stage.lines_changed()

    def abort(self) -> None:
        """Put it back."""
        self._stage.moves.abort()
        self._stage.lines_changed()

    def _exits(self) -> list[str]:
        kinds = (LineKind.STOP, LineKind.TARGET)
        return [x.key for x in self._stage.moves.lines if x.draggable and x.kind in kinds]


class PressCross:
    """Cancels on release, if the pointer is still on the cross."""

    def __init__(
        self, stage: Stage, key: str, press_ns: int, cancel: Callable[[str, int], None]
    ) -> None:
        self._stage, self._key, self._press_ns, self._cancel = stage, key, press_ns, cancel

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Nothing: leaving the cross and coming back is allowed."""

    def release(self, at: QPointF) -> None:
        """Ask for the cancel."""
        if self._stage.overlay.cross_at(at) == self._key:
            self._cancel(self._key, self._press_ns)

    def abort(self) -> None:
        """Nothing was done."""


class PlaceHere:
    """Places on release what was aimed at under the press, wherever in the pane that is."""

    def __init__(
        self, stage: Stage, offer: Offer, press_ns: int, place: Callable[[Offer, int], None]
    ) -> None:
        self._stage, self._offer, self._press_ns, self._place = stage, offer, press_ns, place

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Nothing: the price is that of the press."""

    def release(self, at: QPointF) -> None:
        """Ask for the order, unless the pointer was taken out of the pane."""
        if self._stage.model.panes.price.contains(at):
            self._place(self._offer, self._press_ns)

    def abort(self) -> None:
        """Nothing was asked for."""
