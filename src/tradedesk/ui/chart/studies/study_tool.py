"""Clicks in the legends of indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from tradedesk.ui.chart.gestures import Gesture
from tradedesk.ui.chart.studies.legend_rows import Deed
from tradedesk.ui.chart.tools.tool import KeyStroke, Press, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.studies.legend_item import StudyLegend

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class StudyTool(Tool):
    """Buttons of the rows; a double click on a row opens its settings, a slash the list."""

    def __init__(
        self,
        legend: StudyLegend,
        do: Callable[[str, Deed], None],
        choose: Callable[[], None],
    ) -> None:
        self._legend, self._do, self._choose = legend, do, choose

    def over(self, at: QPointF) -> bool:
        """On a row."""
        return self._legend.row_at(at) is not None

    def show(self, at: QPointF | None) -> None:
        """Show the buttons of the row."""
        self._legend.hover(at)

    def begin(self, press: Press) -> Gesture | None:
        """Take hold of a button; the rest of a row takes the press away from what is under it."""
        if not self.over(press.at):
            return None
        self._legend.hover(press.at)
        found = self._legend.deed_at(press.at)
        return Gesture() if found is None else PressButton(self._legend, found, self._do)

    def double_clicked(self, press: Press) -> bool:
        """Settings of the row; on a button it is one more press."""
        row = self._legend.row_at(press.at)
        if row is None or self._legend.deed_at(press.at) is not None:
            return False
        self._do(row.key, Deed.SETTINGS)
        return True

    def key_pressed(self, stroke: KeyStroke) -> bool:
        """A slash opens the list, wherever the keyboard has it."""
        if stroke.text != "/" or stroke.repeated or stroke.modifiers & _COMMANDS:
            return False
        self._choose()
        return True

    def cursor(self, at: QPointF) -> Qt.CursorShape | None:
        """A hand over buttons."""
        over_button = self._legend.deed_at(at) is not None
        return Qt.CursorShape.PointingHandCursor if over_button else Qt.CursorShape.ArrowCursor


class PressButton(Gesture):
    """Does it on release, if the pointer is on the same button then."""

    def __init__(
        self, legend: StudyLegend, found: tuple[str, Deed], do: Callable[[str, Deed], None]
    ) -> None:
        self._legend, self._found, self._do = legend, found, do

    def release(self, at: QPointF) -> None:
        """Do what stands on it."""
        if self._legend.deed_at(at) == self._found:
            self._do(*self._found)
