"""What can be done to drawings by key, menu and strip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.domain.errors import InputError
from tradedesk.ui.chart.drawings.reshape import moved

if TYPE_CHECKING:
    from tradedesk.services.drawings.drawing import Drawing
    from tradedesk.ui.chart.drawings.easel import Easel

_COPY_PX: Final = 16.0


class DrawingActions:
    """Each is one step that can be undone; locked drawings only let themselves be unlocked."""

    def __init__(self, easel: Easel) -> None:
        self._easel = easel

    def remove(self, drawing: Drawing) -> None:
        """Take it away."""
        if not self._refuses(drawing):
            self._easel.book.remove([drawing.id])

    def remove_all(self) -> None:
        """Take away all that are not locked."""
        book = self._easel.book
        book.remove([drawing.id for drawing in book.drawings if not drawing.locked])

    def duplicate(self, drawing: Drawing) -> None:
        """Put a copy beside it and select that."""
        easel = self._easel
        view = easel.mapping.model.viewport
        bars = max(1, round(_COPY_PX / view.spacing))
        ticks = max(1, round(view.ticks_at(0) - view.ticks_at(_COPY_PX)))
        try:
            copy = easel.book.duplicate(moved(drawing, easel.mapping, bars, -ticks))
        except InputError as refusal:
            easel.trouble.emit(str(refusal))
        else:
            easel.select(copy.id)

    def nudge(self, drawing: Drawing, bars: int, ticks: int) -> None:
        """Move it by bars and ticks."""
        if not self._refuses(drawing):
            self._easel.book.change(moved(drawing, self._easel.mapping, bars, ticks))

    def change(self, drawing: Drawing, **members: object) -> None:
        """Replace members."""
        if not self._refuses(drawing):
            self._easel.book.change(msgspec.structs.replace(drawing, **members))

    def restyle(self, drawing: Drawing, **members: object) -> None:
        """Another colour, width or dash; the next one of its kind looks the same."""
        if not self._refuses(drawing):
            after = drawing.styled(**members)
            self._easel.remember_style(after)
            self._easel.book.change(after)

    def lock(self, drawing: Drawing, *, on: bool) -> None:
        """Lock or unlock it."""
        self._easel.book.change(msgspec.structs.replace(drawing, locked=on))

    def hide(self, drawing: Drawing) -> None:
        """Keep it without showing it."""
        self._easel.book.change(msgspec.structs.replace(drawing, hidden=True))

    def show_hidden(self) -> None:
        """Show all again that were hidden one by one."""
        book = self._easel.book
        book.change(*(msgspec.structs.replace(d, hidden=False) for d in book.drawings))

    def bring_to_front(self, drawing: Drawing) -> None:
        """Show it above all others."""
        self._easel.book.bring_to_front(drawing.id)

    def undo(self) -> None:
        """Take the last step back: what is being placed or moved first."""
        if self._easel.draft is not None:
            self._easel.show_draft(None)
        else:
            self._easel.book.undo()

    def redo(self) -> None:
        """Do the last undone step again."""
        self._easel.show_draft(None)
        self._easel.book.redo()

    def _refuses(self, drawing: Drawing) -> bool:
        if drawing.locked:
            self._easel.trouble.emit("This drawing is locked: unlock it in its menu first.")
        return drawing.locked
