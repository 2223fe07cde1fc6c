"""The drawings of one contract, with undo and redo. All charts of the contract share one book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.domain.errors import InputError
from tradedesk.services.drawings.edits import Added, Changed, Edit, Group, Raised, Removed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tradedesk.services.drawings.drawing import Drawing

MOST_STEPS: Final = 200
"""Steps that can be undone; older ones are forgotten."""
MOST_DRAWINGS: Final = 500


class DrawingBook:
    """Keeps drawings in their order, those in front last, and tells everybody who shows them.

    Parameters
    ----------
    drawings : iterable of Drawing
        What was kept.
    taken : iterable of str
        Ids of what is kept beside them.
    """

    def __init__(self, drawings: Iterable[Drawing] = (), taken: Iterable[str] = ()) -> None:
        self._drawings = tuple(drawings)
        self._done: list[Edit] = []
        self._undone: list[Edit] = []
        self._listeners: list[Callable[[], None]] = []
        ids = (*(drawing.id for drawing in self._drawings), *taken)
        self._last_number = max(map(_number, ids), default=0)

    # --- reading ------------------------------------------------------------------------------

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        """All of them, hidden ones too, those in front last."""
        return self._drawings

    def find(self, id: str | None) -> Drawing | None:
        """A drawing by its id."""
        return next((d for d in self._drawings if d.id == id), None)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone step."""
        return bool(self._undone)

    def new_id(self) -> str:
        """An id that no drawing of this book has or had."""
        self._last_number += 1
        return f"d{self._last_number}"

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after every change; returns what ends that."""
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return leave

    # --- changing -----------------------------------------------------------------------------

    def add(self, *drawings: Drawing) -> None:
        """Put drawings in front of all others, in one step.

        Raises
        ------
        InputError
            If there would be too many; nothing is added then.
        """
        if len(self._drawings) + len(drawings) > MOST_DRAWINGS:
            raise InputError(
                f"This contract has {len(self._drawings)} drawings and {MOST_DRAWINGS} is the "
                "most: remove some first."
            )
        first = len(self._drawings)
        self._do([Added(drawing, first + at) for at, drawing in enumerate(drawings)])

    def remove(self, ids: Iterable[str]) -> None:
        """Take drawings out, in one step; ids that are not here do nothing."""
        gone = set(ids)
        # From the end, so that the places of those that come later in the step are still right.
        self._do(
            [
                Removed(drawing, at)
                for at, drawing in reversed(list(enumerate(self._drawings)))
                if drawing.id in gone
            ]
        )

    def change(self, *drawings: Drawing) -> None:
        """Replace drawings by others with the same ids, in one step; equal ones do nothing."""
        places = {drawing.id: at for at, drawing in enumerate(self._drawings)}
        self._do(
            [
                Changed(self._drawings[places[after.id]], after, places[after.id])
                for after in drawings
                if after.id in places and after != self._drawings[places[after.id]]
            ]
        )

    def bring_to_front(self, id: str) -> None:
        """Show a drawing above all others."""
        at = next((at for at, d in enumerate(self._drawings) if d.id == id), None)
        last = len(self._drawings) - 1
        if at is not None and at != last:
            self._do([Raised(at, last)])

    def duplicate(self, drawing: Drawing) -> Drawing:
        """Put a copy with an id of its own in front; returns it.

        Raises
        ------
        InputError
            If there would be too many.
        """
        copy = msgspec.structs.replace(drawing, id=self.new_id(), locked=False, hidden=False)
        self.add(copy)
        return copy

    def undo(self) -> bool:
        """Take the last step back; tells whether there was one."""
        if not self._done:
            return False
        edit = self._done.pop()
        self._undone.append(edit)
        self._apply(edit.inverse())
        return True

    def redo(self) -> bool:
        """Do the last undone step again; tells whether there was one."""
        if not self._undone:
            return False
        edit = self._undone.pop()
        self._done.append(edit)
        self._apply(edit)
        return True

    # --- parts --------------------------------------------------------------------------------

    def _do(self, edits: Sequence[Edit]) -> None:
        if not edits:
            return
        edit = edits[0] if len(edits) == 1 else Group(tuple(edits))
        self._done.append(edit)
        del self._done[:-MOST_STEPS]
        self._undone.clear()
        self._apply(edit)

    def _apply(self, edit: Edit) -> None:
        self._drawings = edit.apply(self._drawings)
        for listener in tuple(self._listeners):
            listener()


def _number(id: str) -> int:
    digits = id[1:]
    return int(digits) if id[:1] == "d" and digits.isascii() and digits.isdigit() else 0
