"""Placing a drawing: click and click again, or press, drag and let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from tradedesk.services.drawings.drawing import ANCHORS, Kind
from tradedesk.ui.chart.drawings.modes import finished_by
from tradedesk.ui.chart.drawings.pointing import pointed
from tradedesk.ui.chart.drawings.two_ends import PlaceEnd
from tradedesk.ui.chart.gestures import Gesture
from tradedesk.ui.chart.tools.tool import Press, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF, Qt

    from tradedesk.services.drawings.drawing import Drawing
    from tradedesk.ui.chart.drawings.easel import Easel


class PlaceTool(Tool):
    """Takes every press in the price pane while a tool of the strip is in hand.

    Parameters
    ----------
    easel : Easel
        Where the tool in hand is known.
    ask_text : callable
        Asks for the text of a new drawing at a point and calls back with it.
    """

    def __init__(
        self, easel: Easel, ask_text: Callable[[QPointF, Callable[[str], None]], None]
    ) -> None:
        self._easel, self._ask_text = easel, ask_text

    def over(self, at: QPointF) -> bool:
        """Anywhere in the price pane."""
        mode = self._easel.mode
        in_pane = self._easel.mapping.model.panes.price.contains(at)
        return mode is not None and mode.kind is not None and in_pane

    def show(self, at: QPointF | None) -> None:
        """Let the second anchor of what was begun follow the pointer."""
        if at is not None and self._easel.draft is not None:
            self.follow(at, QGuiApplication.keyboardModifiers())

    def begin(self, press: Press) -> Gesture | None:
        """Put down the first anchor, or the last one."""
        easel = self._easel
        if not self.over(press.at) or easel.mode is None or easel.mode.kind is None:
            return None
        if easel.draft is not None:
            self.follow(press.at, press.modifiers)
            return PlaceEnd(self, press.at, first=False)
        anchor = pointed(easel, press.at, press.modifiers)
        if anchor is None:
            easel.trouble.emit("There are no bars yet: draw once the first ones are here.")
            return Gesture()
        style = easel.style_for(easel.mode.kind)
        easel.show_draft(easel.mode.begun(easel.book.new_id(), anchor, style))
        return PlaceEnd(self, press.at, first=ANCHORS[easel.mode.kind] > 1)

    def double_clicked(self, press: Press) -> bool:
        """One more press and no more: quick hands place two anchors."""
        return False

    def drop(self) -> bool:
        """Leave what was begun, then the tool."""
        easel = self._easel
        if easel.draft is not None:
            easel.show_draft(None)
            return True
        if easel.mode is not None:
            easel.choose(None)
            return True
        return False

    # --- for the gesture ----------------------------------------------------------------------

    def follow(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the last anchor at a point."""
        easel, draft = self._easel, self._easel.draft
        if draft is None:
            return
        two = draft if len(draft.anchors) == 2 else None
        anchor = pointed(easel, at, modifiers, two, 1)
        if anchor is not None:
            easel.show_draft(finished_by(draft, anchor))

    def wait(self) -> None:
        """The last anchor follows the pointer already."""

    def finish(self, at: QPointF) -> None:
        """Keep what is shown."""
        easel, draft = self._easel, self._easel.draft
        easel.show_draft(None)
        if draft is None:
            return
        if draft.kind is Kind.TEXT:
            easel.done_with_mode()
            self._ask_text(at, lambda text: self._keep(draft, text))
        else:
            self._keep(draft, "")
            easel.done_with_mode()

    def abort(self) -> None:
        """Nothing of it stays."""
        self._easel.show_draft(None)

    def _keep(self, draft: Drawing, text: str) -> None:
        if draft.kind is Kind.TEXT and not text:
            return
        self._easel.place(draft.worded(text))
