"""What a held mouse button does, from press to release."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF, Qt

START_PX: Final = 3.0
"""A pointer that moved less than this has not begun to drag."""


class Gesture:
    """Begun by a press; ended by the release, or aborted by Esc or a lost focus.

    This one does nothing: for a press that has done its work.
    """

    cursor: ClassVar[Qt.CursorShape | None] = None
    """Shape of the pointer meanwhile; None for what it is elsewhere."""

    level_shown: ClassVar[bool] = False
    """Draws a price line of its own, so that the crosshair leaves out its own."""

    trades: ClassVar[bool] = False
    """Would ask the venue for something: news that make it doubtful abort it."""

    def lost(self) -> str:
        """Why it cannot go on, after other lines came; empty if it can."""
        return ""

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The pointer moved with the button down."""

    def release(self, at: QPointF) -> None:
        """The button went up."""

    def abort(self) -> None:
        """Undo what the gesture did so far."""
