"""Whether tags that were laid out can stay as they are."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final

from tradedesk.ui.chart.tags import column, room_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.ui.chart.primitives import Texts
    from tradedesk.ui.chart.tags import Room, Shown, Tag

_ROUNDING: Final = 1.0


class KeptTags:
    """What tags were laid out for.

    While the chart pans only the room beside the newest bar changes. Tags at rest stay as they are
    as long as all they show fits, and no more would.
    """

    def __init__(
        self, tags: Sequence[Tag], shown: Sequence[Shown], room: Room, texts: Texts
    ) -> None:
        self._shown, self._pane, self._texts = shown, room.pane, texts
        self._right, self._width = column(room)
        self._least, self._most = 0.0, inf
        for tag in tags:
            least, most = _fits(tag, texts)
            self._least, self._most = max(self._least, least), min(self._most, most)

    def holds(self, shown: Sequence[Shown], room: Room, texts: Texts) -> bool:
        """Whether laying these out would give the same tags."""
        right, width = column(room)
        fits = self._least + _ROUNDING <= width <= self._most - _ROUNDING
        return (
            (fits or width == self._width)
            and right == self._right
            and room.pane == self._pane
            and texts is self._texts
            and shown == self._shown
        )


def _fits(tag: Tag, texts: Texts) -> tuple[float, float]:
    """From which width of the column on a tag shows what it does, and from which on more."""
    shown = tag.shown
    if shown.note or shown.hovered or shown.dragged or shown.selected:
        return inf, inf
    parts = shown.line.parts
    texts_shown = {text for _, text in tag.rows[0]}
    kept = [part for part in parts if part.text in texts_shown]
    dropped = [part.keep for part in parts if part.text not in texts_shown]
    if not dropped:
        return room_for(shown, parts, texts), inf
    more = [part for part in parts if part.keep <= min(dropped)]
    return room_for(shown, kept, texts), room_for(shown, more, texts)
