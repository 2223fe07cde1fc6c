"""What every tool of the chart answers, and what a press carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF, Qt

    from tradedesk.ui.chart.gestures import Gesture


@dataclass(frozen=True, slots=True)
class Press:
    """A mouse button that went down: where in the chart and on the screen, with what, when.

    `mono_ns` is of the chart's clock: latency counts from here.
    """

    at: QPointF
    on_screen: QPointF
    modifiers: Qt.KeyboardModifier
    mono_ns: int


@dataclass(frozen=True, slots=True)
class KeyStroke:
    """A key that went down or up.

    Attributes
    ----------
    key : int
        The physical key, see `tradedesk.ui.chart.keys.physical_key`.
    text : str
        What it types.
    plain : bool
        Without modifiers; those of the keypad do not count.
    repeated : bool
        Sent by a key that is held down.
    """

    key: int
    text: str
    plain: bool
    repeated: bool
    modifiers: Qt.KeyboardModifier


class Tool:
    """One thing that can be done on the chart. All answers are "not mine" until overridden.

    The chart has its tools in a fixed order and asks the first ones first: the tool that is
    `over` a point gets the press there, shows what a press would do, and chooses the pointer.
    """

    level_shown: bool = False
    """Draws a price line of its own at the pointer, so that the crosshair leaves out its own."""

    def over(self, at: QPointF) -> bool:
        """Whether a press there would be for this tool."""
        return False

    def show(self, at: QPointF | None) -> None:
        """Show what a press there would do; None when the pointer is not this tool's."""

    def begin(self, press: Press) -> Gesture | None:
        """Begin what a press of the left button does; None if it is not for this tool."""
        return None

    def menu(self, press: Press) -> bool:
        """Open a menu of its own for a press of the right button; False if it has none there."""
        return False

    def double_clicked(self, press: Press) -> bool:
        """Second press of a double click; False if it counts as any other press."""
        return False

    def cursor(self, at: QPointF) -> Qt.CursorShape | None:
        """Shape of the pointer where this tool is `over`; None for the cross."""
        return None

    def key_pressed(self, stroke: KeyStroke) -> bool:
        """A key went down; False if it means nothing to this tool."""
        return False

    def key_released(self, stroke: KeyStroke) -> bool:
        """A key went up; False if it means nothing to this tool."""
        return False

    def drop(self) -> bool:
        """Esc: leave what was begun without a button; False if there is nothing to leave."""
        return False

    def focus_lost(self) -> bool:
        """Keys that are held go up elsewhere; tells whether anything changed."""
        return False
